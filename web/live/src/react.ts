import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";

import type { Acted, Followed, Live } from "./follow.js";
import type { Line } from "./line.js";

const NOTHING: Live<never> = { state: null, status: "connecting", asOf: null, problem: null, problemCode: null };
const NEVER = () => () => {};

/**
 * Follow something for as long as the component is shown. `begin` is called anew when `keys` change; null follows
 * nothing. `const { state, status, asOf } = useFollowed(() => followSheet({ line, courseId, date }), [line, courseId, date])`
 */
export function useFollowed<S>(begin: (() => Followed<S>) | null, keys: readonly unknown[]): Live<S> & Guessing<S> {
  const key = useRef(0);
  // One store for each set of keys: what it follows begins with the first who listens, and ends with the last.
  const store = useMemo(() => (begin ? new Store(begin, ++key.current) : null), [...keys, begin === null]);
  const live = useSyncExternalStore<Live<S>>(store?.subscribe ?? NEVER, store?.get ?? (() => NOTHING));
  return useMemo(() => ({ ...live, during: store?.during ?? (() => {}), refresh: store?.refresh ?? (() => {}) }), [live, store]);
}

export interface Guessing<S> {
  /** Read it anew now. */
  refresh: () => void;
  /** Show what an action will come to while it is under way. */
  during: (change: (state: S) => S, action: Promise<Acted>) => void;
}

class Store<S> {
  readonly id: number;
  readonly #begin: () => Followed<S>;
  #followed: Followed<S> | null = null;
  #listeners = 0;

  constructor(begin: () => Followed<S>, id: number) {
    this.#begin = begin;
    this.id = id;
  }

  readonly get = (): Live<S> => this.#followed?.get() ?? NOTHING;

  readonly during = (change: (state: S) => S, action: Promise<Acted>): void => this.#followed?.during(change, action);

  readonly refresh = (): void => void this.#followed?.refresh();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#followed ??= this.#begin();
    this.#listeners++;
    const unsubscribe = this.#followed.subscribe(listener);
    return () => {
      unsubscribe();
      if (--this.#listeners) return;
      this.#followed?.stop();
      this.#followed = null;
    };
  };
}

/**
 * Load anew whenever something of these types happens: `types` are subscriptions with the field that they ask for. A
 * burst of events is one load, `merge` milliseconds after its first (500 to 2,000; 1,000 if not said).
 */
export function useRealtimeSync(
  line: Line | null,
  types: readonly { query: string; variables: Record<string, unknown> }[],
  load: () => unknown,
  { merge = 1_000 }: { merge?: number } = {},
): void {
  const latest = useRef(load);
  latest.current = load;
  const wait = Math.min(2_000, Math.max(500, merge));
  const key = JSON.stringify(types);
  useEffect(() => {
    if (!line) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, wait);
    };
    const polling = setInterval(() => line.mode === "polling" && soon(), line.pollingInterval);
    const stops = (JSON.parse(key) as typeof types).map(({ query, variables }) => {
      const listening = {
        query,
        variables: { ...variables },
        next: (data: Record<string, unknown>) => {
          for (const event of Object.values(data)) {
            const { cursor } = event as { cursor?: string };
            if (cursor) (listening.variables as Record<string, unknown>)["after"] = cursor;
          }
          soon();
        },
        refused: () => {
          delete (listening.variables as Record<string, unknown>)["after"];
          soon();
        },
      };
      return line.listen(listening);
    });
    return () => {
      clearTimeout(timer);
      clearInterval(polling);
      for (const stop of stops) stop();
    };
  }, [line, key, wait]);
}
