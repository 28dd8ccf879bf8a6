import { type Client, createClient } from "graphql-ws";

import type { Variables } from "./answers.js";
import type { Tokens } from "./token.js";
import { backoff, pause, WAITS } from "./waiting.js";

/** One subscription: what is asked, and who hears it. Its variables may change; a new connection sends what they are then. */
export interface Listening {
  query: string;
  variables: Variables;
  next: (data: Record<string, unknown>) => void;
  /** It can't be followed as it is asked; `cause` is what the server said. */
  refused: (cause: unknown) => void;
}

/** What a transport tells of itself. */
export interface Hooks {
  phase: (phase: "connecting" | "live" | "reconnecting" | "signedOut" | "failed") => void;
  /** Something was heard: the connection lives. */
  heard: () => void;
  /** Tries fail one after the other, and none of them has reached the server. */
  blocked: () => void;
}

export interface Transport {
  listen: (listening: Listening) => () => void;
  /** Connect anew, with a fresh token. */
  renew: () => void;
  /** The network is gone: do not wait for silence to show it. */
  lost: () => void;
  close: () => void;
}

const OTHER_TOKEN = 4205;
const FORBIDDEN = 4403;
const TRIES_UNTIL_BLOCKED = 2;
/** Closes that the server did not speak: something between has. */
const UNSPOKEN = new Set([0, 1002, 1005, 1006, 1015, 4499]);

interface Closable {
  close: (code: number, reason: string) => void;
  send: (text: string) => void;
}

export type Impl = NonNullable<Parameters<typeof createClient>[0]["webSocketImpl"]>;

/** Follow over one WebSocket, for as many connections as it takes. */
export class SocketTransport implements Transport {
  readonly #client: Client;
  readonly #tokens: Tokens;
  readonly #hooks: Hooks;
  readonly #ended = new AbortController();
  #socket: Closable | null = null;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #code = 0;
  /** When a sign of life was asked for by hand; 0 while none is awaited. */
  #probedAt = 0;

  constructor(url: string, tokens: Tokens, hooks: Hooks, webSocketImpl: Impl | undefined) {
    this.#tokens = tokens;
    this.#hooks = hooks;
    this.#client = createClient({
      url,
      ...(webSocketImpl ? { webSocketImpl } : {}),
      connectionParams: async () => {
        const token = await tokens.get(this.#ended.signal);
        return token ? { Authorization: `Bearer ${token}` } : {};
      },
      keepAlive: WAITS.ping,
      lazyCloseTimeout: 2_000,
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: (retries) => this.#wait(retries),
      on: {
        connecting: (isRetry) => {
          hooks.phase(isRetry ? "reconnecting" : "connecting");
          this.#giveUpIn(WAITS.open);
        },
        opened: (socket) => (this.#socket = socket as Closable),
        connected: () => {
          clearTimeout(this.#watch);
          hooks.heard();
          hooks.phase("live");
        },
        ping: (received) => {
          if (!received) this.#giveUpIn(WAITS.pong);
        },
        message: () => {
          this.#probedAt = 0;
          hooks.heard();
        },
        pong: (received) => {
          if (received) clearTimeout(this.#watch);
        },
        closed: (event) => this.#closed(event),
      },
    });
  }

  listen(listening: Listening): () => void {
    const { next, refused } = listening;
    let stop: () => void = () => {};
    let ended = false;
    const begin = () => {
      if (ended) return;
      stop = this.#client.subscribe(listening, {
        next: (answer) => (answer.data ? next(answer.data as Record<string, unknown>) : refused(answer.errors)),
        error: (cause) => {
          if (Array.isArray(cause)) return refused(cause);
          // A close that graphql-ws takes as final. Nothing is final for a screen on a wall: the server may be mended.
          this.#hooks.phase("failed");
          void pause(WAITS.refused, this.#ended.signal).then(begin);
        },
        complete: () => {},
      });
    };
    begin();
    return () => {
      ended = true;
      stop();
    };
  }

  renew(): void {
    this.#socket?.close(OTHER_TOKEN, "Another token");
  }

  lost(): void {
    this.#client.terminate();
  }

  /** Ask for a sign of life now; give the connection up where one that was asked for has not come. */
  probe(): void {
    if (!this.#socket) return;
    if (!this.#probedAt) {
      this.#probedAt = Date.now();
      this.#socket.send(JSON.stringify({ type: "ping" }));
    } else if (Date.now() - this.#probedAt > WAITS.pong) this.#client.terminate();
  }

  close(): void {
    clearTimeout(this.#watch);
    this.#ended.abort();
    // It waits for the connection that it ends, which may never stand.
    Promise.resolve(this.#client.dispose()).catch(() => {});
  }

  #giveUpIn(milliseconds: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#client.terminate(), milliseconds);
  }

  #closed(event: unknown): void {
    clearTimeout(this.#watch);
    this.#socket = null;
    this.#probedAt = 0;
    this.#code = Number((event as { code?: number }).code ?? 0);
    if (this.#ended.signal.aborted || this.#code === 1000) return;
    if (this.#code === FORBIDDEN) this.#tokens.refuse();
    this.#hooks.phase("reconnecting");
  }

  async #wait(retries: number): Promise<void> {
    if (this.#code === OTHER_TOKEN) return;
    if (this.#code === FORBIDDEN) {
      if (retries === 0) return;
      if (this.#tokens.isRefused) {
        this.#hooks.phase("signedOut");
        return pause(WAITS.refused, this.#ended.signal);
      }
    }
    if (retries >= TRIES_UNTIL_BLOCKED && UNSPOKEN.has(this.#code)) this.#hooks.blocked();
    return pause(backoff(retries), this.#ended.signal);
  }
}

/** Whether a socket can be opened at all from here. */
export function socketOpens(url: string, webSocketImpl: Impl | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const Socket = (webSocketImpl ?? WebSocket) as typeof WebSocket;
    const socket = new Socket(url, "graphql-transport-ws");
    const say = (opens: boolean) => {
      clearTimeout(timer);
      socket.onerror = () => {};
      socket.close();
      resolve(opens);
    };
    const timer = setTimeout(() => say(false), WAITS.open);
    socket.onopen = () => say(true);
    socket.onerror = () => say(false);
  });
}
