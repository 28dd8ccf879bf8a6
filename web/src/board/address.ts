import { useCallback, useSyncExternalStore } from "react";

export const VIEWS = ["sheet", "starter", "marshal", "caddies", "course", "wall", "occasion", "golfers", "club", "guest"] as const;
/** What a wall can show. */
export const WALLS = ["sheet", "starter", "marshal", "caddies", "course", "occasion"] as const;
export type View = (typeof VIEWS)[number];

/** What the page's address names: a view, and what it shows. Today is not named, so that it stays today's. */
export interface Address {
  view: View;
  course: string | null;
  day: string | null;
  occasion: string | null;
  code: string | null;
  /** A hosted tee time that is looked at. */
  room: string | null;
  /** What of an occasion is worked on. */
  tab: string | null;
  /** What the wall shows. */
  shows: (typeof WALLS)[number] | null;
  /** A booking to show at once, as one that was searched for. */
  booking: string | null;
}

const NAMES = ["course", "day", "occasion", "code", "room", "tab", "booking", "shows"] as const;
const listeners = new Set<() => void>();
let hash = "";
let current: Address = read();

function read(): Address {
  hash = location.hash;
  const named = new URLSearchParams(hash.slice(1));
  const view = VIEWS.find((one) => one === named.get("view")) ?? "sheet";
  return { view, ...Object.fromEntries(NAMES.map((name) => [name, named.get(name)])) } as Address;
}

function subscribe(listener: () => void): () => void {
  const moved = () => {
    if (location.hash !== hash) current = read();
    listener();
  };
  listeners.add(listener);
  addEventListener("hashchange", moved);
  return () => {
    listeners.delete(listener);
    removeEventListener("hashchange", moved);
  };
}

/** Say what the page shows now. */
export function go(change: Partial<Address>): void {
  const next = { ...current, ...change };
  const named = new URLSearchParams();
  if (next.view !== "sheet") named.set("view", next.view);
  for (const name of NAMES) if (next[name]) named.set(name, next[name]);
  const moved = next.view !== current.view;
  history[moved ? "pushState" : "replaceState"](null, "", `#${named}`);
  current = read();
  for (const listener of listeners) listener();
}

export function useAddress(): [Address, (change: Partial<Address>) => void] {
  const address = useSyncExternalStore(subscribe, () => current);
  return [address, useCallback(go, [])];
}
