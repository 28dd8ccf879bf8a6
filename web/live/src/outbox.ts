import { Refused, Unreachable } from "./answers.js";
import type { Line } from "./line.js";
import { mutationText } from "./mutation-text.js";
import { backoff, pause } from "./waiting.js";

/** A mutation whose input takes an `idempotencyKey`: sent twice, it is done once. */
export interface Action {
  mutation: string;
  input: Record<string, unknown>;
  /** What to ask of its payload beside problems and cursor, as `guests { id }`. */
  result?: string;
  /** What to call it on a screen. */
  label?: string;
}

export interface Problem {
  code: string;
  message: string;
}

export type Payload = Record<string, unknown> & { cursor: string | null; problems: Problem[] };

/** An action that waits for the network, or was refused once it was there. */
export interface Kept extends Action {
  key: string;
  /** When it was wanted, in milliseconds of Unix time. */
  at: number;
  /** Why it was refused; null while it waits. */
  problem: Problem | null;
}

export type Outcome = { status: "done"; payload: Payload } | { status: "refused"; problem: Problem } | { status: "kept"; key: string };

/** Where what waits is kept, so that a page that is loaded again still has it: `localStorage`, or the same of your own. */
export type Keeping = Pick<Storage, "getItem" | "setItem">;

/** Ask for a mutation, with its problems and cursor. Throws `Refused` or `Unreachable`. */
export async function mutate(line: Line, { mutation, input, result = "" }: Action): Promise<Payload> {
  return (await line.ask<Record<string, Payload>>(mutationText(mutation, result), { input }))[mutation] as Payload;
}

/**
 * Actions that are done although the network is away: each is kept until the server has answered it, and they are sent
 * in the order in which they were wanted. What was done but not heard of is answered like the first time.
 */
export class Outbox {
  readonly #line: Line;
  readonly #name: string;
  readonly #keeping: Keeping | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #ended = new AbortController();
  readonly #unwatch: () => void;
  #kept: readonly Kept[];
  #sending = false;

  constructor({ line, name, keeping = globalThis.localStorage }: { line: Line; name: string; keeping?: Keeping | undefined }) {
    this.#line = line;
    this.#name = `fairway.outbox.${name}`;
    this.#keeping = keeping;
    this.#kept = read(keeping?.getItem(this.#name));
    this.#unwatch = line.watch(() => line.status === "live" && void this.#send());
    void this.#send();
  }

  /** What waits, and what was refused when its turn came, in order. */
  readonly get = (): readonly Kept[] => this.#kept;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Do it now, or keep it where the server can't be reached, or others wait before it. */
  async do(action: Action): Promise<Outcome> {
    const key = (action.input["idempotencyKey"] as string | undefined) ?? newKey();
    const keyed = { ...action, input: { ...action.input, idempotencyKey: key } };
    if (!this.#kept.some(({ problem }) => !problem)) {
      try {
        return outcome(await mutate(this.#line, keyed));
      } catch (cause) {
        if (cause instanceof Refused) return { status: "refused", problem: { code: cause.code, message: cause.message } };
        if (!(cause instanceof Unreachable)) throw cause;
      }
    }
    this.#keep([...this.#kept, { ...keyed, key, at: Date.now(), problem: null }]);
    void this.#send();
    return { status: "kept", key };
  }

  /** Forget an action that was refused, or that shall not be sent any more. */
  readonly drop = (key: string): void => this.#keep(this.#kept.filter((one) => one.key !== key));

  readonly stop = (): void => {
    this.#ended.abort();
    this.#unwatch();
    this.#listeners.clear();
  };

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let tries = 0; !this.#ended.signal.aborted; ) {
      const next = this.#kept.find(({ problem }) => !problem);
      if (!next) break;
      try {
        const [problem] = (await mutate(this.#line, next)).problems;
        this.#settle(next.key, problem ?? null);
        tries = 0;
      } catch (cause) {
        if (cause instanceof Refused) this.#settle(next.key, { code: cause.code, message: cause.message });
        else await pause(backoff(tries++), this.#ended.signal);
      }
    }
    this.#sending = false;
  }

  #settle(key: string, problem: Problem | null): void {
    if (problem) this.#keep(this.#kept.map((one) => (one.key === key ? { ...one, problem } : one)));
    else this.drop(key);
  }

  #keep(kept: readonly Kept[]): void {
    this.#kept = kept;
    this.#keeping?.setItem(this.#name, JSON.stringify(kept));
    for (const listener of this.#listeners) listener();
  }
}

function outcome(payload: Payload): Outcome {
  const [problem] = payload.problems;
  return problem ? { status: "refused", problem } : { status: "done", payload };
}

function read(text: string | null | undefined): Kept[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? (kept as Kept[]) : [];
  } catch {
    return [];
  }
}

/** A key that nobody else has; also where a page is not served safely, and there is no `randomUUID`. */
export function newKey(): string {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
