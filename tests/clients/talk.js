// What both clients share: what they are told comes by the environment, what they tell goes out as lines of JSON.
import { createInterface } from "node:readline";

export const { url, query, variables } = JSON.parse(process.env.FAIRWAY_TEST);

let lines;

export function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Ask the test for a token, as an application asks its identity provider. */
export async function token() {
  say({ wants: "token" });
  lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  return (await lines.next()).value;
}

/** Tell of an answer, and give the cursor of its event. */
export function tell({ data, errors }) {
  if (errors) {
    say({ errors });
    return undefined;
  }
  const [event] = Object.values(data);
  say({ name: event.name });
  return event.cursor;
}

/** Let nobody wait for a client that has lost its test. */
process.stdin.on("end", () => process.exit());
