import { passes, Refused, type Variables } from "./answers.js";
import { type Access, Line, type Status } from "./line.js";
import type { Listening } from "./socket.js";
import { backoff, pause } from "./waiting.js";

/** What a screen shows: the state, how it is kept right, and when it was last known to be. */
export interface Live<S> {
  /** Null until it was read once; then never null again. */
  state: S | null;
  status: Status;
  asOf: Date | null;
  /** Why it could not be read the last time, in the server's words; null when it could. */
  problem: string | null;
  /** The code of what was refused; null where the server was not reached, or could be. */
  problemCode: string | null;
}

/** Something that is followed. `get` and `subscribe` are what React's `useSyncExternalStore` takes. */
export interface Followed<S> {
  get: () => Live<S>;
  subscribe: (listener: () => void) => () => void;
  /** Read it anew now. */
  refresh: () => Promise<void>;
  /**
   * Show what an action will come to while it is under way. It is shown until the action's own event is heard, which is
   * known by its cursor; where the action is refused or fails, it is shown no more at once.
   */
  during: (change: (state: S) => S, action: Promise<Acted>) => void;
  stop: () => void;
}

/** What an action came to, as a payload of the API says it. */
export interface Acted {
  cursor?: string | null;
  problems?: readonly unknown[];
}

/** By a line that is open, or by one that is opened for this alone. */
export type On = { line: Line } | Access;

export interface Event {
  __typename: string;
  cursor: string;
  [field: string]: unknown;
}

export type Ask = <T>(query: string, variables?: Variables) => Promise<T>;

/** What an event comes to: another state, and whether the whole has to be read, at once or when there is time. */
export interface Step<S> {
  state: S;
  read?: "soon" | "later";
}

export interface Recipe<S> {
  read: (ask: Ask) => Promise<S>;
  /** What to listen to, from the cursors that were read. */
  follow: (state: S) => { query: string; variables: Variables; after: string | undefined }[];
  apply: (state: S, event: Event) => Step<S>;
  /** What it depends on who is told what, as whether one takes part: where that changes, it is listened to anew. */
  hearing?: (state: S) => string;
}

export interface Merging {
  /** Milliseconds between two readings, however many events ask for one. */
  soon?: number;
  later?: number;
  /** Milliseconds after which it is read anew although nothing was heard; never, if left out. */
  every?: number;
}

const SOON_MS = 1_000;
const LATER_MS = 4_000;
const FIRST_MS = 60;
/** How long an action that was done waits for its own event, before the state is read instead. */
const ECHO_MS = 2_000;
const CURSORS_KEPT = 200;

/** Follow whatever can be read and listened to. */
export function follow<S>(on: On, recipe: Recipe<S>, merging: Merging = {}): Followed<S> {
  return new Following(on, recipe, merging);
}

class Following<S> implements Followed<S> {
  readonly #line: Line;
  readonly #ownsLine: boolean;
  readonly #recipe: Recipe<S>;
  readonly #merging: Merging;
  readonly #listeners = new Set<() => void>();
  readonly #ended = new AbortController();
  readonly #unwatch: () => void;
  #listenings: Listening[] = [];
  #stops: (() => void)[] = [];
  #hearing: string | undefined;
  #live: Live<S>;
  #state: S | null = null;
  #heard: Event[] = [];
  #reading: Promise<void> | null = null;
  #wanted = false;
  #readAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #problem: string | null = null;
  #problemCode: string | null = null;
  /** What is shown over the state, and the cursor at which that is true by itself. */
  #guesses: { change: (state: S) => S; cursor: string | null }[] = [];
  readonly #cursors = new Set<string>();

  constructor(on: On, recipe: Recipe<S>, merging: Merging) {
    this.#ownsLine = !("line" in on);
    this.#line = "line" in on ? on.line : new Line(on);
    this.#recipe = recipe;
    this.#merging = merging;
    this.#live = { state: null, status: this.#line.status, asOf: null, problem: null, problemCode: null };
    this.#unwatch = this.#line.watch(() => this.#moved());
    void this.#read();
  }

  readonly get = (): Live<S> => this.#live;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly refresh = (): Promise<void> => this.#read();

  readonly during = (change: (state: S) => S, action: Promise<Acted>): void => {
    const guess = { change, cursor: null as string | null };
    const end = () => {
      this.#guesses = this.#guesses.filter((one) => one !== guess);
      this.#show();
    };
    this.#guesses = [...this.#guesses, guess];
    this.#show();
    action.then(({ cursor, problems }) => {
      if (problems?.length || !cursor || this.#cursors.has(cursor)) return end();
      guess.cursor = cursor;
      void pause(ECHO_MS, this.#ended.signal).then(async () => {
        if (!this.#guesses.includes(guess)) return;
        await this.#read();
        end();
      });
    }, end);
  };

  readonly stop = (): void => {
    this.#ended.abort();
    clearTimeout(this.#timer);
    this.#unwatch();
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
    if (this.#ownsLine) this.#line.close();
  };

  #read(): Promise<void> {
    if (this.#reading) this.#wanted = true;
    else this.#reading = this.#readUntilAnswered().finally(() => (this.#reading = null));
    return this.#reading as Promise<void>;
  }

  async #readUntilAnswered(): Promise<void> {
    clearTimeout(this.#timer);
    this.#due = Infinity;
    for (let tries = 0; !this.#ended.signal.aborted; tries++) {
      this.#wanted = false;
      this.#heard = [];
      this.#readAt = Date.now();
      try {
        const polls = this.#line.mode === "polling";
        const ask: Ask = (query, variables) => (polls ? this.#line.poll(query, variables) : this.#line.ask(query, variables));
        const state = await this.#recipe.read(ask);
        if (this.#ended.signal.aborted) return;
        this.#answered(state);
        if (!this.#wanted) return;
        tries = -1;
        await pause(this.#merging.soon ?? SOON_MS, this.#ended.signal);
      } catch (cause) {
        if (this.#ended.signal.aborted) return;
        this.#problem = cause instanceof Error ? cause.message : String(cause);
        this.#problemCode = cause instanceof Refused ? cause.code : null;
        this.#line.polled(false);
        this.#show();
        await pause(passes(cause) ? backoff(tries) : backoff(tries + 4, 30_000), this.#ended.signal);
      }
    }
  }

  /** Show what was read, and over it what was told meanwhile: the last word on each thing is the newest. */
  #answered(state: S): void {
    this.#problem = null;
    this.#problemCode = null;
    this.#state = this.#heard.reduce((so, event) => this.#recipe.apply(so, event).state, state);
    this.#line.polled(true);
    const hearing = this.#recipe.hearing?.(state);
    if (hearing !== this.#hearing) this.#listenNoMore();
    this.#hearing = hearing;
    if (!this.#stops.length) this.#listen(state);
    else if (this.#line.mode === "polling") this.#goOnAfter(state);
    if (this.#line.mode === "polling") this.#readIn(this.#line.pollingInterval * (1 + Math.random() / 6));
    if (this.#merging.every) this.#readIn(this.#merging.every);
    this.#show();
  }

  #listenNoMore(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#listenings = [];
  }

  #listen(state: S): void {
    for (const { query, variables, after } of this.#recipe.follow(state)) {
      const listening: Listening = {
        query,
        variables: { ...variables, ...(after && { after }) },
        next: (data) => {
          for (const event of Object.values(data)) this.#hear(listening, event as Event);
        },
        refused: (cause) => this.#refused(listening, cause),
      };
      this.#listenings.push(listening);
      this.#stops.push(this.#line.listen(listening));
    }
  }

  #goOnAfter(state: S): void {
    this.#recipe.follow(state).forEach(({ after }, index) => {
      const listening = this.#listenings[index];
      if (listening && after) listening.variables["after"] = after;
    });
  }

  #hear(listening: Listening, event: Event): void {
    if (this.#ended.signal.aborted) return;
    listening.variables["after"] = event.cursor;
    this.#note(event.cursor);
    if (event.__typename === "StreamReset") return this.#readIn(FIRST_MS);
    if (this.#reading) this.#heard.push(event);
    if (this.#state === null) return;
    const { state, read } = this.#recipe.apply(this.#state, event);
    if (read === "soon") this.#readIn(Math.max(FIRST_MS, this.#readAt + (this.#merging.soon ?? SOON_MS) - Date.now()));
    if (read === "later") this.#readIn(this.#merging.later ?? LATER_MS);
    const told = this.#guesses.length;
    this.#guesses = this.#guesses.filter(({ cursor }) => cursor === null || cursor !== event.cursor);
    if (state === this.#state && told === this.#guesses.length) return;
    this.#state = state;
    this.#show();
  }

  #note(cursor: string): void {
    this.#cursors.add(cursor);
    for (const oldest of this.#cursors) {
      if (this.#cursors.size <= CURSORS_KEPT) return;
      this.#cursors.delete(oldest);
    }
  }

  #readIn(milliseconds: number): void {
    if (this.#reading) this.#wanted = true;
    const due = Date.now() + milliseconds;
    if (this.#reading || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#read(), milliseconds);
  }

  /** A cursor that counts no more, or a right that was taken away: begin at what can be read. */
  #refused(listening: Listening, cause: unknown): void {
    const [error] = Array.isArray(cause) ? (cause as { message?: string; extensions?: { code?: string } }[]) : [];
    this.#problem = error?.message ?? "refused";
    this.#problemCode = error?.extensions?.code ?? "";
    this.#show();
    void pause(backoff(6), this.#ended.signal).then(async () => {
      if (this.#ended.signal.aborted) return;
      delete listening.variables["after"];
      const index = this.#listenings.indexOf(listening);
      if (index < 0) return;
      this.#stops[index]?.();
      this.#stops[index] = this.#line.listen(listening);
      await this.#read();
    });
  }

  #moved(): void {
    if (this.#line.mode === "polling" && this.#due === Infinity) this.#readIn(FIRST_MS);
    this.#show();
  }

  #show(): void {
    const { status, asOf } = this.#line;
    // What can't be read is not live, whatever the connection does.
    const shown = this.#problem !== null && (status === "live" || status === "polling") ? "reconnecting" : status;
    const state = this.#state === null ? null : this.#guesses.reduce<S>((so, { change }) => change(so), this.#state);
    this.#live = { state, status: shown, asOf, problem: this.#problem, problemCode: this.#problemCode };
    for (const listener of this.#listeners) listener();
  }
}
