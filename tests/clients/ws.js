// graphql-ws: when it comes back it sends the same operation again, in which the cursor is the last event's by then.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { say, tell, token, url, query, variables } from "./talk.js";

const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: async () => ({ Authorization: `Bearer ${await token()}` }),
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
  on: { closed: ({ code }) => say({ closed: code }) },
});

client.subscribe(
  { query, variables },
  {
    next: (answer) => (variables.after = tell(answer)),
    error: (error) => say({ failed: String(error) }),
    complete: () => say({ complete: true }),
  },
);
