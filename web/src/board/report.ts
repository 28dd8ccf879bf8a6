import type { Live } from "@fairway/live";
import { useEffect, useSyncExternalStore } from "react";

export type Report = Pick<Live<unknown>, "status" | "asOf" | "problem"> | null;

let report: Report = null;
const listeners = new Set<() => void>();

function say(next: Report): void {
  report = next;
  for (const listener of listeners) listener();
}

/** Say in the page's head how what the view shows is kept. */
export function useReporting({ status, asOf, problem }: Live<unknown>): void {
  useEffect(() => {
    say({ status, asOf, problem });
  }, [status, asOf, problem]);
  useEffect(() => () => say(null), []);
}

export function useReport(): Report {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => report,
  );
}
