// Relay: its store follows the events by itself, since they carry what queries show, with their ids.
import relay, { type GraphQLResponse, type RequestParameters, type Variables } from "relay-runtime";

import { course, date, say, teeTime, token, url } from "../shared/settings.js";
import { socket } from "../shared/socket.js";
import follow, { type sheetFollowSubscription } from "./__generated__/sheetFollowSubscription.graphql.js";
import hold, { type sheetHoldMutation } from "./__generated__/sheetHoldMutation.graphql.js";
import sheet, { type sheetQuery } from "./__generated__/sheetQuery.graphql.js";

const { commitMutation, createOperationDescriptor, Environment, fetchQuery, Network, Observable, RecordSource, requestSubscription, Store } = relay;

async function run({ text }: RequestParameters, variables: Variables): Promise<GraphQLResponse> {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query: text, variables }) });
  return (await answer.json()) as GraphQLResponse;
}

function listen({ text }: RequestParameters, variables: Variables) {
  return Observable.create<GraphQLResponse>((sink) => {
    // graphql-ws sends the same variables again when it comes back: with the cursor of the last event in them by then.
    const given = { ...variables };
    return socket.subscribe<Record<string, { cursor?: string }>>(
      { query: text ?? "", variables: given },
      {
        next: (answer) => {
          for (const event of Object.values(answer.data ?? {})) if (event.cursor) given["after"] = event.cursor;
          sink.next(answer as GraphQLResponse);
        },
        error: (error) => sink.error(error instanceof Error ? error : new Error(JSON.stringify(error))),
        complete: () => sink.complete(),
      },
    );
  });
}

const environment = new Environment({ network: Network.create(run, listen), store: new Store(new RecordSource()) });

const { teeSheet } = (await fetchQuery<sheetQuery>(environment, sheet, { course, date }).toPromise()) ?? {};
if (!teeSheet) throw new Error("There is no sheet on that day.");

// Which refusals there are is known: the compiler narrows each to what it has.
const held = await new Promise<sheetHoldMutation["response"]>((onCompleted, onError) => {
  commitMutation<sheetHoldMutation>(environment, { mutation: hold, variables: { teeTime, places: 4 }, onCompleted, onError });
});
for (const refusal of held.holdSlots.problems) {
  if (refusal.__typename === "SlotsUnavailable") say({ placesLeft: refusal.placesLeft });
  else if (refusal.__typename === "CourseClosed") say({ closed: refusal.reason });
  else say({ refused: refusal.message });
}

// What a screen would show: it is told whenever the store knows better. Nothing is written to the store by hand.
const shown = new Map<string, string>();
const operation = createOperationDescriptor(sheet, { course, date });
environment.retain(operation);
const show = (data: sheetQuery["response"]) => {
  for (const slot of (data.teeSheet?.teeTimes ?? []).flatMap((start) => start.slots)) {
    if (shown.has(slot.id) && shown.get(slot.id) !== slot.status) say({ slot: slot.id, status: slot.status });
    shown.set(slot.id, slot.status);
  }
};
const snapshot = environment.lookup(operation.fragment);
show(snapshot.data as unknown as sheetQuery["response"]);
environment.subscribe(snapshot, ({ data }) => show(data as unknown as sheetQuery["response"]));
say({ places: shown.size });

requestSubscription<sheetFollowSubscription>(environment, {
  subscription: follow,
  variables: { course, date, after: teeSheet.cursor },
  onError: (error) => say({ failed: error.message }),
});
say({ follows: true });
