// urql with Graphcache: its cache follows the events by itself, since they carry what queries show.
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { pipe, subscribe } from "wonka";

import { FOLLOW, HOLD, SHEET } from "../shared/operations.js";
import { tell } from "../shared/refusal.js";
import { course, date, say, teeTime, token, url } from "../shared/settings.js";
import { socket } from "../shared/socket.js";

const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: { headers: { Authorization: `Bearer ${token}` } },
  exchanges: [
    // Things without an id are parts of what holds them.
    cacheExchange({ keys: { Money: () => null }, logger: () => undefined }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => {
          // graphql-ws sends the same variables again when it comes back: with the last event's cursor by then.
          const given: Record<string, unknown> = { ...variables };
          const unsubscribe = socket.subscribe<Record<string, { cursor?: string }>>(
            { query: query ?? "", variables: given },
            {
              next: (answer) => {
                for (const event of Object.values(answer.data ?? {})) if (event.cursor) given["after"] = event.cursor;
                sink.next(answer as Parameters<typeof sink.next>[0]);
              },
              error: (error) => sink.error(error),
              complete: () => sink.complete(),
            },
          );
          return { unsubscribe };
        },
      }),
    }),
  ],
});

const { data } = await client.query(SHEET, { course, date }).toPromise();
if (!data?.teeSheet) throw new Error("There is no sheet on that day.");

const held = await client.mutation(HOLD, { teeTime, places: 4 }).toPromise();
for (const refusal of held.data?.holdSlots.problems ?? []) tell(refusal);

// What a screen would show: it is told whenever the cache knows better. Nothing is written to the cache by hand.
const shown = new Map<string, string>();
pipe(
  client.query(SHEET, { course, date }),
  subscribe((now) => {
    for (const slot of (now.data?.teeSheet?.teeTimes ?? []).flatMap((start) => start.slots)) {
      if (shown.has(slot.id) && shown.get(slot.id) !== slot.status) say({ slot: slot.id, status: slot.status });
      shown.set(slot.id, slot.status);
    }
  }),
);
say({ places: shown.size });

pipe(
  client.subscription(FOLLOW, { course, date, after: data.teeSheet.cursor }),
  subscribe(({ error }) => {
    if (error) say({ failed: error.message });
  }),
);
say({ follows: true });
