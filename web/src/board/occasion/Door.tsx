import type { Guest, OccasionState, Part } from "@fairway/live";
import { type FormEvent, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import { plain } from "../text";
import { clock } from "../time";
import type { Words } from "../words";
import { Camera } from "./Camera";

/** 16 signs, however they are parted. A name may be as long: it goes before. */
const CODE = /^(?:[0-9A-Za-z][ -]*){16}$/;
const SHOWN = 8;

interface Passing {
  occasionId: string;
  part: Part;
  wholeHousehold: boolean;
}

/** Let guests in: by the code that a scanner types or a camera reads, or by their names. */
export default function Door({ state }: { state: OccasionState }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const { occasion, guests } = state;
  const [partId, setPart] = useState(occasion.parts.find(({ isMain }) => isMain)?.id ?? "");
  const [typed, setTyped] = useState("");
  const [wholeHousehold, setWhole] = useState(false);
  const part = occasion.parts.find(({ id }) => id === partId);
  if (!part) return null;
  const passing: Passing = { occasionId: occasion.id, part, wholeHousehold };
  const at = (guest: Guest) => guest.attendances.find((one) => one.partId === partId);
  const found = typed.trim().length < 2 ? [] : guests.filter((guest) => plain(`${guest.name} ${guest.householdName}`).includes(plain(typed.trim())));
  const came = guests
    .filter((guest) => at(guest)?.arrivedAt)
    .sort((one, other) => (at(other)?.arrivedAt ?? "").localeCompare(at(one)?.arrivedAt ?? ""));
  const expected = guests.filter((guest) => at(guest)?.status === "ACCEPTED").length;
  const scan = async (code: string) => {
    if (await act(byCode(code, passing, words), "door")) setTyped("");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const code = typed.trim();
    if (!found.length && CODE.test(code)) void scan(code);
    else if (found.length === 1 && found[0]) void act(byName(found[0], passing, words), "door").then((done) => done && setTyped(""));
  };
  return (
    <div className="door">
      <form onSubmit={submit} className="card">
        {occasion.parts.length > 1 && (
          <label className="field">
            {words.party.doorPart}{" "}
            <select value={partId} onChange={(event) => setPart(event.target.value)}>
              {occasion.parts.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label className="stacked">
          {words.party.doorCode}
          <input autoFocus autoComplete="off" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
        </label>
        <p className="quiet">{words.party.doorHint}</p>
        <label className="check">
          <input type="checkbox" checked={wholeHousehold} onChange={(event) => setWhole(event.target.checked)} />
          {words.party.wholeHousehold}
        </label>
        <RefusalNote where="door" />
        <ul className="people">
          {found.slice(0, SHOWN).map((guest) => (
            <li key={guest.id} data-status={at(guest)?.status}>
              <GuestAtDoor guest={guest} state={state} partId={partId} />
              <span className="status">{at(guest)?.arrivedAt ? words.occasionView.arrived : words.occasionView.statuses[at(guest)?.status ?? "PENDING"]}</span>
              {!at(guest)?.arrivedAt && (
                <button type="button" disabled={pending.has("door")} onClick={() => void act(byName(guest, passing, words), "door").then((done) => done && setTyped(""))}>
                  {words.party.letInButton}
                  <span className="unseen"> {guest.name}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
        <Camera read={(code) => void scan(code)} />
      </form>
      <section className="card" aria-label={words.party.cameThrough} aria-live="polite">
        <h2>
          {words.party.cameThrough} <span className="number">{words.party.here(came.length, expected)}</span>
        </h2>
        <ol className="people">
          {came.slice(0, SHOWN).map((guest) => (
            <li key={guest.id}>
              <time className="quiet">{clock(at(guest)?.arrivedAt ?? "", occasion.timeZone, locale)}</time>
              <GuestAtDoor guest={guest} state={state} partId={partId} />
              <button
                type="button"
                onClick={() => void act({ mutation: "undoGuestCheckIn", input: { guestId: guest.id, partId }, done: words.occasionView.left(guest.name) }, "door")}
              >
                {words.occasionView.undoCheckIn}
                <span className="unseen"> {guest.name}</span>
              </button>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function GuestAtDoor({ guest, state, partId }: { guest: Guest; state: OccasionState; partId: string }) {
  const { words } = useLanguage();
  const tableId = guest.attendances.find((one) => one.partId === partId)?.tableId;
  const table = state.seating?.partId === partId ? state.seating.tables.find(({ id }) => id === tableId)?.name : undefined;
  return (
    <span className="who">
      <strong>
        {guest.name.trim() || words.guestOf(guest.householdName)} {guest.isVip && "★"}
      </strong>
      <small className="quiet">
        {[guest.householdName, state.seating && (table ? words.party.tableOf(table) : words.party.noTable), ...guest.needs.map((need) => words.party.needs[need] ?? need)]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </span>
  );
}

const DAY_MS = 86_400_000;

/** When somebody came is told, as it may be sent later; not before the day, when a door is only tried. */
function input({ occasionId, part, wholeHousehold }: Passing): Record<string, unknown> {
  const isTheDay = new Date(part.startsAt).getTime() - Date.now() < DAY_MS;
  return { occasionId, partId: part.id, wholeHousehold, ...(isTheDay && { scannedAt: new Date().toISOString() }) };
}

function byCode(code: string, passing: Passing, words: Words): Act {
  const undo = (payload: Record<string, unknown>): Act | null => {
    const [guest, ...more] = (payload["guests"] ?? []) as { id: string; name: string }[];
    return guest && !more.length ? { mutation: "undoGuestCheckIn", input: { guestId: guest.id, partId: passing.part.id }, done: words.occasionView.left(guest.name) } : null;
  };
  return { mutation: "checkInGuest", input: { ...input(passing), code }, result: "guests { id name }", done: words.occasionView.arrived, undo, mayWait: true };
}

function byName(guest: Guest, passing: Passing, words: Words): Act {
  const undo = (): Act => ({ mutation: "undoGuestCheckIn", input: { guestId: guest.id, partId: passing.part.id }, done: words.occasionView.left(guest.name) });
  return { mutation: "checkInGuest", input: { ...input(passing), guestId: guest.id }, done: words.occasionView.came(guest.name), undo, mayWait: true };
}
