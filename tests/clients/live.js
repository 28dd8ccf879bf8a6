// @fairway/live: follows a sheet as a screen does, and tells whatever would change on it.
import WebSocket from "ws";

import { followSheet, Line, WAITS } from "../../web/live/dist/index.js";
import { query, say, token, url, variables } from "./talk.js";

Object.assign(WAITS, JSON.parse(query || "{}"));
const line = new Line({ url, token, webSocketImpl: WebSocket, pollingInterval: 300 });
const followed = followSheet({ line, courseId: variables.course, date: variables.day });
let shown = "";

function show() {
  const { state, status, problem } = followed.get();
  const slots = state?.sheet?.teeTimes.flatMap(({ slots }) => slots) ?? null;
  const now = {
    status,
    mode: line.mode,
    held: slots && slots.filter((slot) => slot.status === "HELD").length,
    places: slots && slots.length,
    payers: slots && slots.filter((slot) => slot.payer).map((slot) => slot.payer.lastName),
    checkedIn: state?.sheet?.figures.checkedIn ?? null,
    waiting: state?.waitlist.map((entry) => entry.name.lastName) ?? null,
    failing: problem !== null,
  };
  if (JSON.stringify(now) === shown) return;
  shown = JSON.stringify(now);
  say(now);
}

followed.subscribe(show);
show();
