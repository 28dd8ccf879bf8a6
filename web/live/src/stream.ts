import { dataOf, type GraphQLError, Refused, wantsToken } from "./answers.js";
import type { Hooks, Listening, Transport } from "./socket.js";
import { authorization, type Tokens } from "./token.js";
import { backoff, pause, WAITS } from "./waiting.js";

const TRIES_UNTIL_BLOCKED = 2;

/** Follow by event streams, one request for each subscription: for networks that let no WebSocket through. */
export class StreamTransport implements Transport {
  readonly #url: string;
  readonly #tokens: Tokens;
  readonly #hooks: Hooks;
  readonly #open = new Set<object>();
  readonly #all = new Map<object, AbortController>();
  readonly #ended = new AbortController();

  constructor(url: string, tokens: Tokens, hooks: Hooks) {
    this.#url = url;
    this.#tokens = tokens;
    this.#hooks = hooks;
    hooks.phase("connecting");
  }

  listen(listening: Listening): () => void {
    const stopped = new AbortController();
    const key = {};
    void this.#keepOn(key, listening, stopped.signal);
    return () => {
      stopped.abort();
      this.#all.get(key)?.abort();
      this.#all.delete(key);
      this.#open.delete(key);
    };
  }

  renew(): void {
    for (const request of this.#all.values()) request.abort();
  }

  lost(): void {
    this.renew();
  }

  close(): void {
    this.#ended.abort();
    this.renew();
  }

  async #keepOn(key: object, listening: Listening, stopped: AbortSignal): Promise<void> {
    for (let tries = 0; !this.#ended.signal.aborted && !stopped.aborted; tries++) {
      const request = new AbortController();
      this.#all.set(key, request);
      try {
        const opened = () => {
          tries = 0;
          this.#open.add(key);
          if (this.#open.size === this.#all.size) this.#hooks.phase("live");
        };
        if (await this.#run(listening, request, opened)) return;
      } catch (cause) {
        if (stopped.aborted) return;
        if (wantsToken(cause)) {
          if (this.#tokens.isRefused) this.#hooks.phase("signedOut");
          this.#tokens.refuse();
          if (tries > 0) await pause(WAITS.refused, this.#ended.signal);
        }
      }
      if (this.#ended.signal.aborted || stopped.aborted) return;
      this.#open.delete(key);
      this.#hooks.phase("reconnecting");
      if (tries >= TRIES_UNTIL_BLOCKED) this.#hooks.blocked();
      await pause(backoff(tries), this.#ended.signal);
    }
  }

  /** Hear one stream to its end. Gives whether the server has ended it for good. */
  async #run(listening: Listening, request: AbortController, opened: () => void): Promise<boolean> {
    let watch = setTimeout(() => request.abort(), WAITS.open);
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: {
          accept: "text/event-stream",
          "content-type": "application/json",
          ...authorization(await this.#tokens.get(this.#ended.signal)),
        },
        body: JSON.stringify({ query: listening.query, variables: listening.variables }),
        signal: request.signal,
        cache: "no-store",
      });
      if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
        await dataOf(response);
        return false;
      }
      for await (const event of eventsOf(response)) {
        clearTimeout(watch);
        watch = setTimeout(() => request.abort(), WAITS.silence);
        opened();
        this.#hooks.heard();
        if (event.name === "complete") return true;
        if (event.name === "next") deliver(listening, event.data);
      }
      return false;
    } finally {
      clearTimeout(watch);
    }
  }
}

function deliver(listening: Listening, text: string): void {
  const answer = JSON.parse(text) as { data?: Record<string, unknown> | null; errors?: GraphQLError[] };
  if (answer.data) return listening.next(answer.data);
  const code = answer.errors?.[0]?.extensions?.code ?? "";
  const cause = new Refused(answer.errors?.[0]?.message ?? "", code);
  if (wantsToken(cause)) throw cause;
  listening.refused(answer.errors);
}

/** Read an event stream; a comment is an event without a name. */
async function* eventsOf(response: Response): AsyncGenerator<{ name: string; data: string }> {
  const reader = response.body?.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  let text = "";
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) return;
    text += piece.value.replaceAll("\r", "");
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n");
      const all = (field: string) =>
        lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ""));
      yield { name: all("event").join(""), data: all("data").join("\n") };
    }
  }
}
