/** What one request came to. */
export type Variables = Record<string, unknown>;

export interface GraphQLError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string };
}

/** The server answered, and said why not. */
export class Refused extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = "Refused";
    this.code = code;
  }
}

/** No answer came: the network, a proxy, or a server that is away. What was asked may be asked again. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

const SIGNED_OUT = new Set(["UNAUTHENTICATED", "TOKEN_EXPIRED", "TOKEN_REFUSED", "TOKEN_REVOKED"]);
const PASSING = new Set(["INTERNAL", "UNAVAILABLE", "TOO_MANY_CONNECTIONS", "TOO_MANY_TRIES"]);

/** Whether another token would help. */
export function wantsToken(cause: unknown): boolean {
  return cause instanceof Refused && SIGNED_OUT.has(cause.code);
}

/** Whether the same question may be answered later. */
export function passes(cause: unknown): boolean {
  return !(cause instanceof Refused) || PASSING.has(cause.code) || SIGNED_OUT.has(cause.code);
}

/** Read the answer of one request. Throws `Refused` or `Unreachable`. */
export async function dataOf<T>(response: Response): Promise<T> {
  let answer: { data?: T | null; errors?: GraphQLError[] };
  try {
    answer = (await response.json()) as typeof answer;
  } catch {
    throw new Unreachable(`The answer was none of Fairway's (${response.status}).`);
  }
  const [error] = answer.errors ?? [];
  if (error) throw new Refused(error.message, error.extensions?.code ?? (response.status === 401 ? "UNAUTHENTICATED" : ""));
  if (!answer.data) throw new Unreachable(`The answer was empty (${response.status}).`);
  return answer.data;
}
