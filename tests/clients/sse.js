// graphql-sse: when it comes back it asks for its headers anew, which have the cursor of its last event by then.
import { createClient } from "graphql-sse";
import { say, tell, token, url, query, variables } from "./talk.js";

let last;

const client = createClient({
  url,
  headers: async () => ({
    Authorization: `Bearer ${await token()}`,
    ...(last && { "Last-Event-ID": last }),
  }),
  retry: () => new Promise((resolve) => setTimeout(resolve, 20)),
});

client.subscribe(
  { query, variables },
  {
    next: (answer) => (last = tell(answer)),
    error: (error) => say({ failed: String(error) }),
    complete: () => say({ complete: true }),
  },
);
