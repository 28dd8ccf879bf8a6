import { type Client, createClient } from "graphql-ws";

import { mayRetry, readClose } from "../shared/close";
import { CONDITIONS_EVENTS, type ConditionsEvent, EVENTS, type SheetEvent } from "./api";

export type Phase = "connecting" | "connected" | "reconnecting" | "closed";

interface Listener {
  event: (event: SheetEvent) => void;
  conditions: (event: ConditionsEvent) => void;
  phase: (phase: Phase, why: string) => void;
}

const LONGEST_WAIT_MS = 10_000;

/** Where a sheet and its course's conditions were read: what happens after these is heard. */
export interface Cursors {
  sheet: string;
  conditions: string;
}

/** Follow a sheet and its course, over as many connections as it takes. Gives a function that ends it. */
export function follow(course: string, day: string, after: Cursors, token: string, listener: Listener): () => void {
  const client = connect(token, listener);
  const failed = (cause: unknown) => listener.phase("closed", sentence(cause));
  hear(client, EVENTS, { course, day, after: after.sheet }, listener.event, failed);
  hear(client, CONDITIONS_EVENTS, { course, after: after.conditions }, listener.conditions, failed);
  return () => void client.dispose();
}

function hear<E extends { cursor: string }>(
  client: Client,
  query: string,
  variables: Record<string, unknown>,
  listen: (event: E) => void,
  error: (cause: unknown) => void,
): void {
  // graphql-ws sends these anew with each connection: the cursor of the last event goes along, so nothing comes twice.
  const next = ({ data }: { data?: Record<string, E> | null }) => {
    for (const event of Object.values(data ?? {})) {
      variables["after"] = event.cursor;
      listen(event);
    }
  };
  client.subscribe<Record<string, E>>({ query, variables }, { next, error, complete: () => {} });
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
