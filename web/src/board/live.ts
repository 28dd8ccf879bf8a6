import { type Client, createClient } from "graphql-ws";

import { mayRetry, readClose } from "../shared/close";
import { EVENTS, type SheetEvent } from "./api";

export type Phase = "connecting" | "connected" | "reconnecting" | "closed";

interface Listener {
  event: (event: SheetEvent) => void;
  phase: (phase: Phase, why: string) => void;
}

const LONGEST_WAIT_MS = 10_000;

/** Follow a sheet from a cursor on, over as many connections as it takes. Gives a function that ends it. */
export function follow(course: string, day: string, after: string, token: string, listener: Listener): () => void {
  // graphql-ws sends these anew with each connection: the cursor of the last event goes along, so nothing comes twice.
  const variables = { course, day, after };
  const client = connect(token, listener);
  const stop = client.subscribe<{ teeSheetEvents: SheetEvent }>(
    { query: EVENTS, variables },
    {
      next: ({ data }) => {
        if (!data) return;
        variables.after = data.teeSheetEvents.cursor;
        listener.event(data.teeSheetEvents);
      },
      error: (cause) => listener.phase("closed", sentence(cause)),
      complete: () => {},
    },
  );
  return () => {
    stop();
    void client.dispose();
  };
}

function connect(token: string, listener: Listener): Client {
  return createClient({
    url: new URL("/graphql", location.href.replace(/^http/, "ws")).href,
    connectionParams: { Authorization: `Bearer ${token}` },
    keepAlive: 12_000,
    retryAttempts: Infinity,
    shouldRetry: mayRetry,
    retryWait: (retries) => {
      listener.phase("reconnecting", `attempt ${retries + 1}`);
      const wait = Math.min(LONGEST_WAIT_MS, 300 * 2 ** retries) * (0.75 + Math.random() / 2);
      return new Promise((resolve) => setTimeout(resolve, wait));
    },
    on: {
      connecting: (isRetry) => listener.phase(isRetry ? "reconnecting" : "connecting", ""),
      connected: () => listener.phase("connected", ""),
    },
  });
}

function sentence(cause: unknown): string {
  const close = readClose(cause);
  if (close) return `${close.code} ${close.reason}`;
  return Array.isArray(cause) ? String((cause[0] as { message?: string })?.message ?? "refused") : "connection lost";
}
