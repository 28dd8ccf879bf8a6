import "./board.css";

import { config } from "../shared/config";
import { ask, type Club, CLUBS, CONDITIONS, type Conditions, type Course, SHEET, type TeeSheet } from "./api";
import { ConditionsStrip } from "./conditions";
import { follow, type Phase } from "./live";
import { Board } from "./view";

const STORAGE_KEY = "fairway.token";
const PASTE = "paste";
const PHASES: Record<Phase, string> = {
  connecting: "Connecting…",
  connected: "Live",
  reconnecting: "Reconnecting…",
  closed: "Closed",
};

const find = <T extends HTMLElement>(id: string): T => document.getElementById(id) as T;
const courses = find<HTMLSelectElement>("course");
const who = find<HTMLSelectElement>("who");
const day = find<HTMLInputElement>("day");
const paste = find<HTMLDialogElement>("paste");

let token = sessionStorage.getItem(STORAGE_KEY) ?? config.tokens.find((t) => t.role === "STAFF")?.token ?? null;
let known: Course[] = [];
let stop: () => void = () => {};
let turn = 0;

/** Show the chosen sheet, and follow it from where it was read. */
async function show(): Promise<void> {
  const mine = ++turn;
  stop();
  if (!token) return say("Sign in to see a tee sheet.");
  keepInAddress();
  try {
    const variables = { course: courses.value, day: day.value };
    const [{ teeSheet }, { courseConditions }] = await Promise.all([
      ask<{ teeSheet: TeeSheet | null }>(SHEET, variables, token),
      ask<{ courseConditions: Conditions }>(CONDITIONS, { course: courses.value }, token),
    ]);
    if (mine !== turn) return;
    if (!teeSheet) return say("There is no tee sheet for this day yet.");
    say("");
    const conditions = new ConditionsStrip(courseConditions, find("conditions"), zoneOfCourse());
    const board = new Board(teeSheet, find("sheet"), find("figures"));
    find("sheet").dataset["day"] = day.value;
    const cursors = { sheet: teeSheet.cursor, conditions: courseConditions.cursor };
    stop = follow(courses.value, day.value, cursors, token, {
      event: (event) => {
        // After a reset, or when tee times were added, the sheet is read anew.
        if (event.__typename === "StreamReset" || !board.apply(event)) void show();
      },
      conditions: (event) => {
        if (event.__typename === "StreamReset") void show();
        else conditions.apply(event);
      },
      phase: report,
    });
  } catch (error) {
    if (mine === turn) say(error instanceof Error ? error.message : String(error));
  }
}

async function start(): Promise<void> {
  fillWho();
  courses.disabled = true;
  if (!token) return say("Sign in to see a tee sheet.");
  try {
    const { clubs } = await ask<{ clubs: Club[] }>(CLUBS, {}, token);
    known = clubs.flatMap((club) => club.courses);
    const named = new URLSearchParams(location.hash.slice(1));
    const chosen = courses.value || named.get("course");
    courses.replaceChildren(...clubs.flatMap((club) => club.courses.map((c) => new Option(`${c.name} · ${club.name}`, c.id))));
    if (chosen && known.some((course) => course.id === chosen)) courses.value = chosen;
    courses.disabled = known.length === 0;
    if (!known.length) return say("Your token names no club with a course.");
    day.value ||= named.get("day") ?? "";
    day.value ||= today();
    await show();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

/** Name the sheet in the page's address, for when it is loaded again; today's is not named, so that it stays today's. */
function keepInAddress(): void {
  const named = new URLSearchParams({ course: courses.value, ...(day.value !== today() && { day: day.value }) });
  history.replaceState(null, "", `#${named}`);
}

function zoneOfCourse(): string | undefined {
  return known.find((course) => course.id === courses.value)?.timeZone;
}

function today(): string {
  const zone = zoneOfCourse();
  return new Intl.DateTimeFormat("en-CA", zone ? { timeZone: zone } : {}).format(new Date());
}

function say(text: string): void {
  const message = find("message");
  message.textContent = text;
  message.hidden = !text;
  if (text) {
    stop();
    find("sheet").replaceChildren();
    find("figures").replaceChildren();
    find("conditions").hidden = true;
    report("closed", "");
  }
}

function report(phase: Phase, why: string): void {
  const live = find("live");
  live.dataset["phase"] = phase;
  live.textContent = [PHASES[phase], why].filter(Boolean).join(" ");
}

function fillWho(): void {
  const options = config.tokens.map((t) => new Option(t.label, t.token));
  if (token && !config.tokens.some((t) => t.token === token)) options.push(new Option("A pasted token", token));
  if (!token) options.unshift(new Option("Nobody", ""));
  who.replaceChildren(...options, new Option("Paste a token…", PASTE));
  who.value = token ?? "";
}

function signIn(raw: string): void {
  token = raw.replaceAll(/\s|^bearer/gi, "") || null;
  if (token) sessionStorage.setItem(STORAGE_KEY, token);
  void start();
}

function move(days: number): void {
  const [year = 0, month = 1, date = 1] = day.value.split("-").map(Number);
  day.value = new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
  void show();
}

who.addEventListener("change", () => (who.value === PASTE ? paste.showModal() : signIn(who.value)));
paste.addEventListener("close", () => {
  const field = find<HTMLTextAreaElement>("token");
  if (paste.returnValue === "use" && field.value.trim()) signIn(field.value);
  else fillWho();
  field.value = "";
});
courses.addEventListener("change", () => void show());
day.addEventListener("change", () => void show());
find("earlier").addEventListener("click", () => move(-1));
find("later").addEventListener("click", () => move(1));
void start();
