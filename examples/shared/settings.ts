function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`Set ${name}.`);
  return value;
}

/** What the examples are told: where the server is, who asks, and what about. */
export const url = needed("FAIRWAY_URL");
export const token = needed("FAIRWAY_TOKEN");
export const course = needed("FAIRWAY_COURSE");
export const date = needed("FAIRWAY_DATE");
export const teeTime = needed("FAIRWAY_TEE_TIME");

export const socketUrl = url.replace(/^http/, "ws");

export function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
