// @fairway/live: follows anything, and tells how its connection does. Told "compare", it reads the same anew by another
// line until what it shows is equal to that, or its patience ends.
import { createInterface } from "node:readline";
import WebSocket from "ws";

import * as live from "../../web/live/dist/index.js";
import { say, url, variables } from "./talk.js";

const { what, on, token, waits, patience } = variables;
Object.assign(live.WAITS, waits ?? {});
let isAway = false;
let given = token;
const source = () => {
  if (isAway) throw new Error("The identity provider is away.");
  return given;
};
const follow = () => {
  const line = new live.Line({ url, token: source, webSocketImpl: WebSocket, pollingInterval: 300 });
  return { line, followed: live[what]({ line, ...on }) };
};
const { line, followed } = follow();
let told = "";

function tell() {
  const { state, status } = followed.get();
  const now = JSON.stringify({ status, isThere: state !== null });
  if (now !== told) say(JSON.parse((told = now)));
}

/** What is shown, by its path. Where it was read at is no part of it. */
function shown(value, path = "", found = {}) {
  if (typeof value !== "object" || value === null) found[path] = value;
  else for (const [name, part] of Object.entries(value)) if (name !== "cursor") shown(part, `${path}.${name}`, found);
  return found;
}

function differences(is, should) {
  const paths = [...new Set([...Object.keys(is), ...Object.keys(should)])];
  return paths.filter((path) => is[path] !== should[path]).map((path) => [path, is[path] ?? null, should[path] ?? null]);
}

async function compare(before) {
  const until = Date.now() + patience * 1000;
  for (;;) {
    const fresh = follow();
    while (!fresh.followed.get().state) await new Promise((done) => setTimeout(done, 20));
    const is = shown(followed.get().state);
    const differing = differences(is, shown(fresh.followed.get().state));
    fresh.line.close();
    const hasChanged = differences(before, is).length > 0;
    if (!differing.length && hasChanged) return say({ equal: true, status: followed.get().status });
    if (Date.now() > until) return say({ equal: false, hasChanged, differing: differing.slice(0, 20) });
    await new Promise((done) => setTimeout(done, 100));
  }
}

let before = {};
createInterface({ input: process.stdin })
  .on("line", (word) => {
    if (word === "note") say({ noted: Boolean((before = shown(followed.get().state))) });
    else if (word === "compare") void compare(before);
    else if (word === "away") say({ isAway: (isAway = true) });
    else {
      given = word.replace("token ", "");
      say({ isAway: (isAway = false) });
    }
  })
  .on("close", () => process.exit());
followed.subscribe(tell);
tell();
