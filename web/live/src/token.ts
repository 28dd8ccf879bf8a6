import { backoff, pause, WAITS } from "./waiting.js";

/** Gives a token that is good now; `why` says that the last one was refused, or is about to expire. */
export type TokenSource = string | ((why?: "expiring" | "refused") => string | Promise<string>);

const BEFORE_EXPIRY_MS = 30_000;
const LONGEST_TIMER_MS = 2_000_000_000;

/** Keeps the token of a line fresh. */
export class Tokens {
  readonly #source: TokenSource;
  #token: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refused: string | null = null;
  #coming: Promise<string> | null = null;

  /** Called when another token has come before the old one expired: connections are to be made anew with it. */
  onFresh: () => void = () => {};

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** Whether the last token that there was to be had is one that the server has refused. */
  get isRefused(): boolean {
    return this.#refused !== null && this.#refused === this.#token;
  }

  /** Give a token. Asks the source until it gives one: an identity provider that is away comes back. */
  async get(signal: AbortSignal): Promise<string> {
    const why = this.isRefused ? "refused" : undefined;
    if (this.#token && !why && !expires(this.#token, 0)) return this.#token;
    this.#coming ??= this.#fetch(why ?? (this.#token ? "expiring" : undefined), signal).finally(() => (this.#coming = null));
    return this.#coming;
  }

  /** Say that the server takes the present token no more. */
  refuse(): void {
    this.#refused = this.#token;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #fetch(why: "expiring" | "refused" | undefined, signal: AbortSignal): Promise<string> {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        this.#keep(typeof this.#source === "string" ? this.#source : await this.#source(why));
        return this.#token ?? "";
      } catch {
        await pause(backoff(tries), signal);
      }
    }
    return this.#token ?? "";
  }

  #keep(token: string): void {
    this.#token = token;
    clearTimeout(this.#timer);
    const at = expiry(token);
    if (at === null || typeof this.#source === "string") return;
    const left = at - Date.now();
    const wait = Math.max(left / 2, left - BEFORE_EXPIRY_MS);
    if (wait > 0) this.#timer = setTimeout(() => void this.#renew(token), Math.min(wait, LONGEST_TIMER_MS));
  }

  async #renew(old: string): Promise<void> {
    try {
      const token = typeof this.#source === "string" ? old : await this.#source("expiring");
      if (token !== old) {
        this.#keep(token);
        return this.onFresh();
      }
    } catch {
      // The old one is still good for a while; another try comes below.
    }
    clearTimeout(this.#timer);
    if (!expires(old, 0)) this.#timer = setTimeout(() => void this.#renew(old), Math.max(WAITS.first, BEFORE_EXPIRY_MS / 6));
  }
}

/** The header that carries a token; none for an empty one. */
export function authorization(token: string): Record<string, string> {
  return token ? { authorization: `Bearer ${token}` } : {};
}

function expires(token: string, within: number): boolean {
  const at = expiry(token);
  return at !== null && at - Date.now() <= within;
}

/** When a JSON Web Token expires, in milliseconds of Unix time; null for one that does not say. Nothing is verified. */
export function expiry(token: string): number | null {
  const claims = claimsOf(token);
  return typeof claims?.["exp"] === "number" ? claims["exp"] * 1000 : null;
}

/** The claims of a JSON Web Token, or null where it is none. Nothing is verified. */
export function claimsOf(token: string): Record<string, unknown> | null {
  try {
    const [, body = ""] = token.split(".");
    const binary = atob(body.replaceAll("-", "+").replaceAll("_", "/"));
    const text = new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)));
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
