// Apollo Client: its cache follows the events by itself, since they carry what queries show.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { RetryLink } from "@apollo/client/link/retry";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { tap } from "rxjs";

import possibleTypes from "../gql/possibleTypes.json" with { type: "json" };
import { FOLLOW, HOLD, SHEET } from "../shared/operations.js";
import { tell } from "../shared/refusal.js";
import { course, date, say, teeTime, token, url } from "../shared/settings.js";
import { socket } from "../shared/socket.js";

// Whoever connects again sends the same variables: with the cursor of the last event in them by then.
const resuming = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ data }) => {
      for (const event of Object.values(data ?? {})) if (event?.cursor) operation.variables["after"] = event.cursor;
    }),
  ),
);
const http = new HttpLink({ uri: url, headers: { Authorization: `Bearer ${token}` } });
// graphql-ws comes back by itself. Where sockets are blocked, multipart HTTP does, which HttpLink speaks: once it is told to.
const coming = new RetryLink({ delay: { initial: 100, max: 10_000, jitter: true }, attempts: { max: Infinity } });
const events = process.argv[2] === "multipart" ? coming.concat(resuming).concat(http) : resuming.concat(new GraphQLWsLink(socket));
const link = ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, events, http);
// Without possibleTypes, fragments on interfaces match nothing, and the cache drops their fields without a word.
const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes }) });

const { data } = await client.query({ query: SHEET, variables: { course, date } });
if (!data?.teeSheet) throw new Error("There is no sheet on that day.");

const held = await client.mutate({ mutation: HOLD, variables: { teeTime, places: 4 } });
for (const refusal of held.data?.holdSlots.problems ?? []) tell(refusal);

// What a screen would show: it is told whenever the cache knows better. Nothing is written to the cache by hand.
const shown = new Map<string, string>();
client.watchQuery({ query: SHEET, variables: { course, date } }).subscribe((now) => {
  for (const slot of (now.data?.teeSheet?.teeTimes ?? []).flatMap((start) => start?.slots ?? [])) {
    if (!slot?.id || !slot.status) continue;
    if (shown.has(slot.id) && shown.get(slot.id) !== slot.status) say({ slot: slot.id, status: slot.status });
    shown.set(slot.id, slot.status);
  }
});
say({ places: shown.size });

const after = data.teeSheet.cursor;
client.subscribe({ query: FOLLOW, variables: { course, date, after } }).subscribe({
  error: (error: unknown) => say({ failed: String(error) }),
});
say({ follows: true });
