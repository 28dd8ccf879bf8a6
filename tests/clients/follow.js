// @fairway/live: follows several things, each by a line of its own, and tells how their connections do. Told "compare", it
// reads the same anew by other lines until what it shows is equal to that, or its patience ends.
import { createInterface } from "node:readline";
import WebSocket from "ws";

import * as live from "../../web/live/dist/index.js";
import { say, url, variables } from "./talk.js";

const { follows, waits, patience } = variables;
Object.assign(live.WAITS, waits ?? {});
let isAway = false;
const given = follows.map(({ token }) => token);
const follow = ({ what, on }, index) => {
  const source = () => {
    if (isAway) throw new Error("The identity provider is away.");
    return given[index];
  };
  const line = new live.Line({ url, token: source, webSocketImpl: WebSocket, pollingInterval: 300 });
  return { line, followed: live[what]({ line, ...on }) };
};
const screens = follows.map(follow);
const states = (of) => of.map(({ followed }) => shown(followed.get().state));
let told = "";

/** How all of them do: in one word where that is the same. */
function tell() {
  const [status, ...others] = new Set(screens.map(({ followed }) => followed.get().status));
  const now = JSON.stringify({ status: others.length ? "several" : status });
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

const named = (index, [path, ...both]) => [`${follows[index].what}${path}`, ...both];

async function compare(before) {
  const until = Date.now() + patience * 1000;
  for (;;) {
    const fresh = follows.map(follow);
    const isThere = () => fresh.every(({ followed }) => followed.get().state);
    for (let waited = 0; !isThere() && waited < 5_000; waited += 20) await new Promise((done) => setTimeout(done, 20));
    const is = states(screens);
    const differing = states(fresh).flatMap((should, index) => differences(is[index], should).map((one) => named(index, one)));
    for (const { line } of fresh) line.close();
    const unchanged = follows.filter((_, index) => !differences(before[index], is[index]).length).map(({ what }) => what);
    if (!differing.length && !unchanged.length) return say({ equal: true });
    if (Date.now() > until) return say({ equal: false, unchanged, differing: differing.slice(0, 20) });
    await new Promise((done) => setTimeout(done, 300));
  }
}

let before = [];
createInterface({ input: process.stdin })
  .on("line", (word) => {
    if (word === "note") say({ noted: Boolean((before = states(screens))) });
    else if (word === "compare") void compare(before);
    else if (word === "away") say({ isAway: (isAway = true) });
    else {
      given.splice(0, given.length, ...JSON.parse(word));
      say({ isAway: (isAway = false) });
    }
  })
  .on("close", () => process.exit());
for (const { followed } of screens) followed.subscribe(tell);
tell();
