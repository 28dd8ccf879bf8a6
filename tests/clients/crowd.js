// Many graphql-ws clients as they come: nothing is set but who they are. The token is read from a file whenever it is
// asked for. A line on the standard input is answered by what all of them have seen so far.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const { url, query, variables } = JSON.parse(process.env.FAIRWAY_TEST);
const { tokenFile, clients, ...room } = variables;
const seen = { codes: {}, failed: [], names: Array.from({ length: clients }, () => []) };

for (const names of seen.names) {
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: () => ({ Authorization: `Bearer ${readFileSync(tokenFile, "utf8")}` }),
    on: { closed: ({ code }) => (seen.codes[code] = (seen.codes[code] ?? 0) + 1) },
  });
  const asked = { ...room };
  client.subscribe(
    { query, variables: asked },
    {
      next: ({ data: { clubEvents } }) => {
        names.push(clubEvents.name);
        asked.after = clubEvents.cursor;
      },
      error: (error) => seen.failed.push(String(error.code ?? error)),
      complete: () => seen.failed.push("complete"),
    },
  );
}

createInterface({ input: process.stdin })
  .on("line", () => process.stdout.write(`${JSON.stringify(seen)}\n`))
  .on("close", () => process.exit());
