// A component that loads anew by `useRealtimeSync`, on a line that the test speaks on.
import type { Line } from "@fairway/live";
import { useRealtimeSync } from "@fairway/live/react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";

interface Listening {
  variables: Record<string, unknown>;
  next: (data: Record<string, unknown>) => void;
  refused: () => void;
}

const listening = new Set<Listening>();
const line = {
  mode: "socket",
  pollingInterval: 30_000,
  listen: (one: Listening) => {
    listening.add(one);
    return () => listening.delete(one);
  },
};
let loads = 0;
const load = () => void loads++;

function Follower({ of, merge }: { of: string; merge: number | undefined }) {
  useRealtimeSync(line as unknown as Line, [{ query: "subscription", variables: { of } }], load, merge === undefined ? {} : { merge });
  return null;
}

const root = createRoot(document.body);
Object.assign(window, {
  show: (of: string, merge?: number) => flushSync(() => root.render(<Follower of={of} merge={merge} />)),
  hide: () => flushSync(() => root.render(null)),
  tell: (cursor: string) => listening.forEach(({ next }) => next({ events: { cursor } })),
  refuse: () => listening.forEach(({ refused }) => refused()),
  poll: () => (line.mode = "polling"),
  after: () => [...listening].map(({ variables }) => [variables["of"], variables["after"] ?? null]),
  loads: () => loads,
});
