/** Why a WebSocket closed: its code, and the reason in the server's words or, without any, in ours. */
export interface Close {
  code: number;
  reason: string;
}

const MEANINGS: Record<number, string> = {
  1000: "normal closure",
  1001: "server going away",
  1006: "connection lost",
  1011: "server error",
  1012: "server restarting",
  1013: "server busy",
  4400: "bad request",
  4401: "unauthorized",
  4403: "forbidden",
  4406: "subprotocol not accepted",
  4408: "no connection_init in time",
  4409: "subscriber already exists",
  4429: "too many requests",
  4499: "no answer to ping",
  4500: "internal server error",
  4504: "no acknowledgement in time",
};

// Trying again with the same token and the same message would only be refused again.
const FATAL = new Set([4400, 4401, 4403, 4406, 4409, 4429, 4500]);

/** Read the code and reason of whatever graphql-ws reports, or null when it is no close at all. */
export function readClose(event: unknown): Close | null {
  if (typeof event !== "object" || event === null || !("code" in event)) return null;
  const code = Number(event.code);
  const given = "reason" in event && code !== 4499 ? String(event.reason) : "";
  return { code, reason: given || (MEANINGS[code] ?? "no reason given") };
}

/** Whether to connect again after this close event or network error. */
export function mayRetry(cause: unknown): boolean {
  const close = readClose(cause);
  return close ? !FATAL.has(close.code) : cause instanceof Event;
}

/** Turn what ended a subscription into something that GraphiQL can show as a result. */
export function toShownError(cause: unknown): unknown {
  const close = readClose(cause);
  if (close) return { message: `The socket closed with ${close.code}: ${close.reason}` };
  return cause instanceof Event ? { message: "The socket could not be opened." } : cause;
}
