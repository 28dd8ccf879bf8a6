import type { Observable } from "@graphiql/toolkit";
import type { ExecutionResult } from "graphql";
import { type Client, createClient, type SubscribePayload } from "graphql-ws";

import { Cell } from "./cell";
import { type Close, mayRetry, readClose, toShownError } from "../shared/close";

/** What became of the socket of the latest subscription; `attempt` counts the reconnects since it last worked. */
export interface LiveStatus {
  phase: "idle" | "connecting" | "connected" | "reconnecting" | "closed";
  events: number;
  attempt: number;
  close: Close | null;
}

interface Sink {
  next: (result: ExecutionResult) => void;
  error: (error: unknown) => void;
  complete: () => void;
}

type ConnectionParams = () => Record<string, unknown>;

const PING_EVERY_MS = 12_000;
const PONG_WITHIN_MS = 5_000;
const ACKNOWLEDGED_WITHIN_MS = 10_000;
const RETRIES = 100;
const LONGEST_WAIT_MS = 20_000;

const FRESH: LiveStatus = { phase: "idle", events: 0, attempt: 0, close: null };

/** The state of the socket, for the bar. */
export const liveStatus = new Cell<LiveStatus>(FRESH);

let current: Session | null = null;

/** End the running subscription, if there is one, and close its socket. */
export function endSubscription(): void {
  current?.end();
}

/** Subscribe over a socket of its own, so that every subscription starts with the token of its moment. */
export function openSubscription(payload: SubscribePayload, params: ConnectionParams): Observable<ExecutionResult> {
  return {
    subscribe: (sink: unknown) => {
      endSubscription();
      liveStatus.set(FRESH);
      const session = new Session(payload, params, sink as Sink);
      return { unsubscribe: () => session.stop() };
    },
  };
}

/** One subscription and its socket; only the latest one reports to `liveStatus`. */
class Session {
  readonly #sink: Sink;
  readonly #client: Client;
  readonly #unsubscribe: () => void;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  #sent = "";
  #done = false;

  constructor(payload: SubscribePayload, params: ConnectionParams, sink: Sink) {
    current = this;
    this.#sink = sink;
    this.#client = this.#createClient(params);
    this.#unsubscribe = this.#client.subscribe(payload, {
      next: (result) => this.#receive(result as ExecutionResult),
      error: (cause) => this.#finish(() => sink.error(toShownError(cause))),
      complete: () => this.#finish(() => sink.complete()),
    });
  }

  /** Stop without a word to GraphiQL, which asked for it. */
  stop(): void {
    this.#finish(this.#unsubscribe);
    // No close event follows while the client only waits for its next attempt.
    if (liveStatus.get().phase === "reconnecting") this.#report({ phase: "closed" });
  }

  /** Stop, and tell GraphiQL that no more results will come. */
  end(): void {
    this.#finish(() => {
      this.#unsubscribe();
      this.#sink.complete();
    });
  }

  #receive(result: ExecutionResult): void {
    if (this.#done) return;
    this.#report({ events: liveStatus.get().events + 1 });
    this.#sink.next(result);
  }

  #finish(last: () => void): void {
    if (this.#done) return;
    this.#done = true;
    last();
  }

  #report(change: Partial<LiveStatus>): void {
    if (current === this) liveStatus.set({ ...liveStatus.get(), ...change });
  }

  #createClient(params: ConnectionParams): Client {
    const url = new URL("/graphql", location.href.replace(/^http/, "ws"));
    return createClient({
      url: url.href,
      connectionParams: () => {
        const given = params();
        this.#sent = JSON.stringify(given);
        return given;
      },
      connectionAckWaitTimeout: ACKNOWLEDGED_WITHIN_MS,
      keepAlive: PING_EVERY_MS,
      retryAttempts: RETRIES,
      retryWait: (retries) => this.#waitBeforeRetry(retries),
      // A token that has expired was renewed meanwhile; the same one would only be refused again.
      shouldRetry: (cause) => mayRetry(cause) || JSON.stringify(params()) !== this.#sent,
      on: {
        connecting: (isRetry) => this.#report({ phase: isRetry ? "reconnecting" : "connecting" }),
        connected: () => this.#report({ phase: "connected", attempt: 0, close: null }),
        closed: (event) => this.#closed(event),
        ping: (received) => {
          if (!received) this.#expectPong();
        },
        pong: () => clearTimeout(this.#pongTimer),
      },
    });
  }

  #closed(event: unknown): void {
    clearTimeout(this.#pongTimer);
    // A failed connection reports an error first, upon which the client already waits to retry.
    const waiting = liveStatus.get().phase === "reconnecting" && !this.#done && mayRetry(event);
    this.#report({ close: readClose(event), ...(waiting ? {} : { phase: "closed" }) });
  }

  #waitBeforeRetry(retries: number): Promise<void> {
    if (!this.#done) this.#report({ phase: "reconnecting", attempt: retries + 1 });
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** retries) * (0.75 + Math.random() / 2);
    return new Promise((resolve) => setTimeout(resolve, wait));
  }

  #expectPong(): void {
    this.#pongTimer = setTimeout(() => this.#client.terminate(), PONG_WITHIN_MS);
  }
}
