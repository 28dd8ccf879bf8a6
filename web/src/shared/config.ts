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

/** The identity provider that people sign in at. */
export interface Provider {
  issuer: string;
  clientId: string;
  scope: string;
  audience: string;
}

interface Config {
  provider: Provider | null;
  tokens: DemoToken[];
  examples: Example[];
  /** The course that the demo begins with, as the examples do. */
  course: string | null;
}

/** What the server wrote into the page: in demo mode, and where an identity provider is set. */
export const config: Config = readConfig();

/** Whom the demo begins as. */
export const firstDemoToken = (): string | null => config.tokens.find(({ role }) => role === "STAFF")?.token ?? null;

function readConfig(): Config {
  const text = document.getElementById("fairway-config")?.textContent ?? "{}";
  const { provider = null, tokens = [], examples = [], course = null } = parse(text);
  return { provider, tokens, examples, course };
}

function parse(text: string): Partial<Config> {
  try {
    return JSON.parse(text) as Partial<Config>;
  } catch (error) {
    console.error("The fairway-config block of this page is not JSON.", error);
    return {};
  }
}
