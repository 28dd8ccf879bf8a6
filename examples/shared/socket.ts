import { createClient } from "graphql-ws";
import { WebSocket } from "ws";

import { socketUrl, token } from "./settings.js";

/** A socket that comes back by itself, without end, soon at first and then more rarely. */
export const socket = createClient({
  url: socketUrl,
  webSocketImpl: WebSocket,
  connectionParams: { Authorization: `Bearer ${token}` },
  retryAttempts: Infinity,
  shouldRetry: () => true,
  retryWait: (tries) => new Promise((done) => setTimeout(done, Math.min(100 * 2 ** tries, 10_000) * Math.random())),
});
