/** An account that the demo server offers for signing in. */
export interface DemoToken {
  role: string;
  label: string;
  token: string;
}

/** An operation that the demo server offers to try; `variables` is JSON text. */
export interface Example {
  title: string;
  query: string;
  variables?: string | null;
}

interface Config {
  tokens: DemoToken[];
  examples: Example[];
}

/** What the server wrote into the page; both lists are empty outside demo mode. */
export const config: Config = readConfig();

function readConfig(): Config {
  const text = document.getElementById("fairway-config")?.textContent ?? "{}";
  const { tokens = [], examples = [] } = parse(text);
  return { tokens, examples };
}

function parse(text: string): Partial<Config> {
  try {
    return JSON.parse(text) as Partial<Config>;
  } catch (error) {
    console.error("The fairway-config block of this page is not JSON.", error);
    return {};
  }
}
