// Types by graphql-codegen, requests by fetch, events by graphql-ws.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";

import type { FollowSubscription } from "../gql/graphql.js";
import { FOLLOW, HOLD, SHEET } from "../shared/operations.js";
import { tell } from "../shared/refusal.js";
import { course, date, say, teeTime, token, url } from "../shared/settings.js";
import { socket } from "../shared/socket.js";

async function run<R, V>(document: TypedDocumentNode<R, V>, variables: V): Promise<R> {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query: print(document), variables }) });
  const { data, errors } = (await answer.json()) as { data: R | null; errors?: { message: string }[] };
  if (!data) throw new Error(errors?.[0]?.message ?? "no answer");
  return data;
}

const { teeSheet } = await run(SHEET, { course, date });
if (!teeSheet) throw new Error("There is no sheet on that day.");
const places = new Map(teeSheet.teeTimes.flatMap((start) => start.slots).map((slot) => [slot.id, slot]));
say({ places: places.size });

const { holdSlots } = await run(HOLD, { teeTime, places: 4 });
for (const refusal of holdSlots.problems) tell(refusal);

// The variables are read anew whenever the socket comes back: it goes on after the last event, and misses none.
const variables = { course, date, after: teeSheet.cursor };
const events = socket.iterate<FollowSubscription>({ query: print(FOLLOW), variables });
say({ follows: true });
for await (const { data, errors } of events) {
  if (errors) throw new Error(errors[0]?.message);
  const event = data?.teeSheetEvents;
  if (!event) continue;
  variables.after = event.cursor;
  if ("slot" in event) {
    places.set(event.slot.id, event.slot);
    say({ slot: event.slot.id, status: event.slot.status });
  }
}
