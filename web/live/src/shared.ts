import { newKey } from "./outbox.js";
import { type Hooks, type Impl, type Listening, SocketTransport, type Transport } from "./socket.js";
import { claimsOf, type Tokens } from "./token.js";
import { WAITS } from "./waiting.js";

type Phase = Parameters<Hooks["phase"]>[0];

/** What tabs say to each other. `tab` is who speaks; `to` whom it is for. */
type Said =
  | { kind: "who"; tab: string }
  | { kind: "lead"; tab: string }
  | { kind: "here"; tab: string; to: string | null; phase: Phase; knows: boolean; isFresh: boolean }
  | { kind: "listen"; tab: string; id: number; query: string; variables: Record<string, unknown> }
  | { kind: "stop"; tab: string; id: number }
  | { kind: "bye"; tab: string }
  | { kind: "next"; tab: string; to: string; id: number; data: Record<string, unknown> }
  | { kind: "refused"; tab: string; to: string; id: number; cause: unknown };

interface Guest {
  heardAt: number;
  stops: Map<number, () => void>;
}

/** A tab in the background is let speak once a minute only. */
const GONE_MS = 150_000;
const TIMES = new Set(["exp", "iat", "nbf", "jti"]);

/** Whether tabs can share a connection here: where they can speak to each other, and agree on who holds it. */
export const canShare = (): boolean => typeof BroadcastChannel !== "undefined" && typeof navigator !== "undefined" && "locks" in navigator;

/**
 * One socket for all tabs of a browser that are the same user's. Whoever has the lock holds the socket, and passes on what
 * the others follow; the next one takes its place when it closes, or says nothing any more. Each follows on from its own
 * cursor, so nothing is missed and nothing comes twice.
 */
export class SharedTransport implements Transport {
  readonly #url: string;
  readonly #tokens: Tokens;
  readonly #hooks: Hooks;
  readonly #impl: Impl | undefined;
  readonly #tab = newKey();
  readonly #ended = new AbortController();
  readonly #mine = new Map<Listening, { id: number; stop: () => void }>();
  readonly #guests = new Map<string, Guest>();
  #channel: BroadcastChannel | null = null;
  #leading: SocketTransport | null = null;
  #phase: Phase = "connecting";
  #heardAt = 0;
  #leaderAt = Date.now();
  #count = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #release: () => void = () => {};

  constructor(url: string, tokens: Tokens, hooks: Hooks, webSocketImpl: Impl | undefined) {
    this.#url = url;
    this.#tokens = tokens;
    this.#hooks = hooks;
    this.#impl = webSocketImpl;
    hooks.phase("connecting");
    void this.#begin();
  }

  listen(listening: Listening): () => void {
    this.#mine.set(listening, { id: 0, stop: () => {} });
    this.#follow(listening);
    return () => {
      this.#mine.get(listening)?.stop();
      this.#mine.delete(listening);
    };
  }

  renew(): void {
    this.#leading?.renew();
  }

  lost(): void {
    this.#leading?.lost();
  }

  close(): void {
    this.#say({ kind: "bye", tab: this.#tab });
    this.#ended.abort();
    clearInterval(this.#timer);
    this.#stopLeading();
    this.#channel?.close();
  }

  async #begin(): Promise<void> {
    const name = `fairway ${this.#url} ${whose(await this.#tokens.get(this.#ended.signal))}`;
    if (this.#ended.signal.aborted) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }) => this.#hear(data as Said);
    this.#leaderAt = Date.now();
    this.#await(name, false);
    this.#say({ kind: "who", tab: this.#tab });
    this.#timer = setInterval(() => this.#look(name), WAITS.ping);
  }

  /** Hold the socket as soon as nobody else does, or at once. */
  #await(name: string, steal: boolean): void {
    const options: LockOptions = steal ? { steal: true } : { signal: this.#ended.signal };
    navigator.locks
      .request(name, options, () => {
        if (this.#ended.signal.aborted) return;
        this.#lead();
        return new Promise<void>((resolve) => (this.#release = resolve));
      })
      .catch(() => {
        // Another tab has taken it, who heard nothing from here for too long.
        if (this.#ended.signal.aborted) return;
        this.#stopLeading();
        this.#leaderAt = Date.now();
        this.#await(name, false);
      });
  }

  #lead(): void {
    if (this.#leading) return;
    this.#leading = new SocketTransport(
      this.#url,
      this.#tokens,
      {
        phase: (phase) => {
          this.#phase = phase;
          this.#hooks.phase(phase);
          this.#say({ kind: "here", tab: this.#tab, to: null, phase, knows: true, isFresh: phase === "live" });
        },
        heard: () => {
          this.#heardAt = Date.now();
          this.#hooks.heard();
        },
        blocked: () => this.#hooks.blocked(),
      },
      this.#impl,
    );
    for (const listening of this.#mine.keys()) this.#follow(listening);
    this.#say({ kind: "lead", tab: this.#tab });
  }

  #stopLeading(): void {
    this.#leading?.close();
    this.#leading = null;
    this.#guests.clear();
    this.#release();
  }

  #follow(listening: Listening): void {
    const mine = this.#mine.get(listening);
    if (!mine) return;
    mine.stop();
    // Another number each time: what an earlier holder of the socket still says is not meant any more.
    mine.id = ++this.#count;
    if (this.#leading) {
      mine.stop = this.#leading.listen(listening);
      return;
    }
    const { id } = mine;
    mine.stop = () => this.#say({ kind: "stop", tab: this.#tab, id });
    this.#say({ kind: "listen", tab: this.#tab, id, query: listening.query, variables: listening.variables });
  }

  #look(name: string): void {
    if (this.#leading) {
      for (const [tab, { heardAt }] of this.#guests) if (Date.now() - heardAt > GONE_MS) this.#forget(tab);
      return;
    }
    if (Date.now() - this.#leaderAt > WAITS.ping + WAITS.pong) {
      this.#leaderAt = Date.now();
      this.#hooks.phase("reconnecting");
      return this.#await(name, true);
    }
    this.#say({ kind: "who", tab: this.#tab });
  }

  #hear(said: Said): void {
    if (this.#leading) this.#serve(said, this.#leading);
    else if (said.kind === "lead") {
      this.#leaderAt = Date.now();
      for (const listening of this.#mine.keys()) this.#follow(listening);
    } else if (said.kind === "here") this.#told(said);
    else if ((said.kind === "next" || said.kind === "refused") && said.to === this.#tab) {
      const [listening] = [...this.#mine].find(([, { id }]) => id === said.id) ?? [];
      this.#hooks.heard();
      if (said.kind === "next") listening?.next(said.data);
      else listening?.refused(said.cause);
    }
  }

  #told({ to, phase, knows, isFresh }: Said & { kind: "here" }): void {
    if (to !== null && to !== this.#tab) return;
    this.#leaderAt = Date.now();
    this.#hooks.phase(phase);
    if (isFresh) this.#hooks.heard();
    if (!knows) for (const listening of this.#mine.keys()) this.#follow(listening);
  }

  #serve(said: Said, leading: SocketTransport): void {
    const guest = this.#guests.get(said.tab);
    if (guest) guest.heardAt = Date.now();
    if (said.kind === "who") {
      const isSilent = Date.now() - this.#heardAt > WAITS.ping + WAITS.pong;
      // A tab in the background asks for signs of life too seldom by itself: who looks at another one asks for it.
      if (this.#phase === "live" && isSilent) leading.probe();
      this.#say({ kind: "here", tab: this.#tab, to: said.tab, phase: this.#phase, knows: guest !== undefined, isFresh: this.#phase === "live" && !isSilent });
      if (!guest) this.#guests.set(said.tab, { heardAt: Date.now(), stops: new Map() });
    } else if (said.kind === "listen") {
      const { tab, id, query } = said;
      const variables = { ...said.variables };
      const next = (data: Record<string, unknown>) => {
        for (const event of Object.values(data)) {
          const cursor = (event as { cursor?: string } | null)?.cursor;
          if (cursor) variables["after"] = cursor;
        }
        this.#say({ kind: "next", tab: this.#tab, to: tab, id, data });
      };
      const refused = (cause: unknown) => this.#say({ kind: "refused", tab: this.#tab, to: tab, id, cause: plain(cause) });
      const known = guest ?? { heardAt: Date.now(), stops: new Map<number, () => void>() };
      this.#guests.set(tab, known);
      known.stops.set(id, leading.listen({ query, variables, next, refused }));
    } else if (said.kind === "stop") {
      guest?.stops.get(said.id)?.();
      guest?.stops.delete(said.id);
    } else if (said.kind === "bye") this.#forget(said.tab);
  }

  #forget(tab: string): void {
    for (const stop of this.#guests.get(tab)?.stops.values() ?? []) stop();
    this.#guests.delete(tab);
  }

  #say(said: Said): void {
    if (!this.#ended.signal.aborted) this.#channel?.postMessage(said);
  }
}

/** Whose a token is, and what it opens: all but when it does. */
function whose(token: string): string {
  const claims = Object.entries(claimsOf(token) ?? {}).filter(([name]) => !TIMES.has(name));
  return JSON.stringify(claims.sort(([one], [other]) => one.localeCompare(other)));
}

/** What can be told to another tab: an error is an object of its browser, which can not. */
const plain = (cause: unknown): unknown => JSON.parse(JSON.stringify(cause ?? null)) as unknown;
