/** How long is waited: for signs of life, and between tries. All in milliseconds. */
export const WAITS = {
  /** From a sign of life to the question whether there is another. With `pong`, a dead network shows within 10 s. */
  ping: 4_000,
  /** From that question to giving a connection up. */
  pong: 5_000,
  /** Until a connection has to stand. */
  open: 8_000,
  /** The first try again; each further one takes twice as long, up to `longest`. */
  first: 300,
  longest: 10_000,
  /** Between tries where the last was refused for good: somebody has to do something first. */
  refused: 30_000,
  /** An event stream says something every 15 s at least. */
  silence: 20_000,
  /** Between looks whether a socket can be opened after all. */
  socketAgain: 60_000,
};

/** How often a screen asks anew where no connection can be held: one on a wall, one in the background. */
export const POLLING_INTERVALS = { CRITICAL: 30_000, BACKGROUND: 60_000 } as const;

/** How long to wait before another try, after `tries` that failed: so spread that a thousand screens do not ask at once. */
export function backoff(tries: number, longest = WAITS.longest): number {
  return Math.min(longest, WAITS.first * 2 ** Math.min(tries, 20)) * (0.5 + Math.random());
}

const calls = new EventTarget();

/** Have all that waits for another try do it now: something has changed, as that somebody has signed in again. */
export function tryNow(): void {
  calls.dispatchEvent(new Event("now"));
}

/** Wait, but no longer than until the network is back, `tryNow`, or the signal says that nobody waits any more. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const page = typeof window === "undefined" ? undefined : window;
    const done = () => {
      clearTimeout(timer);
      page?.removeEventListener("online", done);
      calls.removeEventListener("now", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    page?.addEventListener("online", done);
    calls.addEventListener("now", done);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) done();
  });
}
