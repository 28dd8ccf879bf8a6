import { dataOf, Refused, Unreachable, type Variables, wantsToken } from "./answers.js";
import { canShare, SharedTransport } from "./shared.js";
import { type Hooks, type Listening, socketOpens, SocketTransport, type Transport } from "./socket.js";
import { StreamTransport } from "./stream.js";
import { authorization, Tokens, type TokenSource } from "./token.js";
import { POLLING_INTERVALS, WAITS } from "./waiting.js";

/**
 * How a line does. Only `live` and `polling` bring news: the first at once, the second every so often. `signedOut` waits
 * for another token, `failed` for somebody to mend something; both go on trying.
 */
export type Status = "connecting" | "live" | "reconnecting" | "polling" | "signedOut" | "failed";

export type Mode = "socket" | "stream" | "polling";

export interface Access {
  /** The address of the API: https://…/graphql, or a path of the page's own server. */
  url: string;
  /** Empty for who asks without one, as for a course's conditions. */
  token: TokenSource;
  /** Milliseconds between questions where nothing else is possible. */
  pollingInterval?: number;
  /** Whether all tabs of the browser that are the same user's shall have one socket, where they can. */
  shared?: boolean;
  /** A WebSocket for programs that have none of their own. */
  webSocketImpl?: unknown;
}

const PATIENCE_MS = 20_000;

/** A way to one server for one user. All that is followed by it shares its connection. */
export class Line {
  readonly pollingInterval: number;
  readonly #url: string;
  readonly #socketUrl: string;
  readonly #tokens: Tokens;
  readonly #impl: never;
  readonly #shared: boolean;
  readonly #ended = new AbortController();
  readonly #listening = new Map<Listening, () => void>();
  readonly #watchers = new Set<() => void>();
  readonly #kept = new Map<string, { tag: string; data: unknown }>();
  #transport: Transport | null = null;
  #mode: Mode = "socket";
  #status: Status = "connecting";
  #asOf: Date | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor({ url, token, pollingInterval = POLLING_INTERVALS.CRITICAL, shared = false, webSocketImpl }: Access) {
    this.#url = new URL(url, typeof location === "undefined" ? undefined : location.href).href;
    this.#socketUrl = this.#url.replace(/^http/, "ws");
    this.pollingInterval = pollingInterval;
    this.#impl = webSocketImpl as never;
    this.#shared = shared && canShare();
    this.#tokens = new Tokens(token);
    this.#tokens.onFresh = () => this.#transport?.renew();
    if (typeof window !== "undefined") {
      window.addEventListener("offline", this.#lost);
      this.#ended.signal.addEventListener("abort", () => window.removeEventListener("offline", this.#lost));
    }
  }

  get mode(): Mode {
    return this.#mode;
  }

  get status(): Status {
    return this.#status;
  }

  /** When the server was last heard of: what is shown was right then. */
  get asOf(): Date | null {
    return this.#asOf;
  }

  /** Be told of each change of `status` or `mode`. Gives a function that ends it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Ask by POST: never older than the question. Throws `Refused` or `Unreachable`. */
  async ask<T>(query: string, variables: Variables = {}): Promise<T> {
    return this.#asking(async (token) => {
      const headers = { "content-type": "application/json", ...authorization(token) };
      const body = JSON.stringify({ query, variables });
      return dataOf<T>(await this.#fetch(this.#url, { method: "POST", headers, body }));
    });
  }

  /** Ask by GET, as one of many who poll: what has not changed is not sent again. */
  async poll<T>(query: string, variables: Variables = {}): Promise<T> {
    return this.#asking(async (token) => {
      const url = `${this.#url}?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
      const kept = this.#kept.get(url);
      // The second header stands for a token where there is none: no foreign page can have made a browser send it.
      const headers: Record<string, string> = { ...authorization(token), "graphql-require-preflight": "1" };
      if (kept) headers["if-none-match"] = kept.tag;
      const response = await this.#fetch(url, { headers, cache: "no-store" });
      if (response.status === 304 && kept) return kept.data as T;
      const data = await dataOf<T>(response);
      const tag = response.headers.get("etag");
      if (tag) this.#kept.set(url, { tag, data });
      return data;
    });
  }

  /** Follow a subscription for as long as it takes. Its variables are sent anew with each connection. */
  listen(listening: Listening): () => void {
    this.#listening.set(listening, this.#begin(listening));
    return () => {
      this.#listening.get(listening)?.();
      this.#listening.delete(listening);
    };
  }

  /** End all that is followed. */
  close(): void {
    this.#ended.abort();
    this.#tokens.stop();
    clearTimeout(this.#again);
    this.#transport?.close();
    this.#listening.clear();
  }

  /** Note that a poll was answered, or that it was not. */
  polled(answered: boolean): void {
    if (this.#mode !== "polling") return;
    if (answered) this.#asOf = new Date();
    this.#say(answered ? "polling" : "reconnecting");
  }

  async #asking<T>(ask: (token: string) => Promise<T>): Promise<T> {
    const token = () => this.#tokens.get(this.#ended.signal);
    try {
      return await ask(await token());
    } catch (cause) {
      if (!wantsToken(cause)) throw cause;
      this.#tokens.refuse();
      const other = await token();
      if (this.#tokens.isRefused) {
        this.#say("signedOut");
        throw cause;
      }
      return ask(other);
    }
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), this.#ended.signal]) });
    } catch (cause) {
      throw new Unreachable(cause instanceof Error ? cause.message : String(cause));
    }
  }

  #begin(listening: Listening): () => void {
    if (this.#mode === "polling") return () => {};
    this.#transport ??= this.#open(this.#mode);
    return this.#transport.listen(listening);
  }

  #open(mode: "socket" | "stream"): Transport {
    const hooks: Hooks = {
      phase: (phase) => {
        if (this.#mode === mode) this.#say(phase);
      },
      heard: () => (this.#asOf = new Date()),
      blocked: () => void this.#stepDown(mode),
    };
    if (mode === "stream") return new StreamTransport(this.#url, this.#tokens, hooks);
    return new (this.#shared ? SharedTransport : SocketTransport)(this.#socketUrl, this.#tokens, hooks, this.#impl);
  }

  /** Take the next way, if the server answers where this way does not reach it. */
  async #stepDown(from: Mode): Promise<void> {
    try {
      await this.ask("{ __typename }");
    } catch (cause) {
      if (!(cause instanceof Refused)) return;
    }
    if (this.#mode === from && !this.#ended.signal.aborted) this.#switch(from === "socket" ? "stream" : "polling");
  }

  #switch(mode: Mode): void {
    this.#transport?.close();
    this.#transport = null;
    this.#mode = mode;
    this.#say("reconnecting");
    for (const listening of this.#listening.keys()) this.#listening.set(listening, this.#begin(listening));
    this.#tell();
    clearTimeout(this.#again);
    if (mode !== "socket") this.#again = setTimeout(() => void this.#trySocket(), WAITS.socketAgain);
  }

  async #trySocket(): Promise<void> {
    const opens = await socketOpens(this.#socketUrl, this.#impl);
    if (this.#ended.signal.aborted || this.#mode === "socket") return;
    if (opens) this.#switch("socket");
    else this.#again = setTimeout(() => void this.#trySocket(), WAITS.socketAgain);
  }

  readonly #lost = () => this.#transport?.lost();

  #say(status: Status): void {
    if (status === this.#status || this.#ended.signal.aborted) return;
    this.#status = status;
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
