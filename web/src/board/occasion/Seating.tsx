import type { Guest, OccasionState, Table } from "@fairway/live";
import { type DragEvent, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import type { Words } from "../words";

type Chart = NonNullable<OccasionState["seating"]>;

/** Tables with who sits there. Guests are seated by choosing one and then a table, or by dragging them to it. */
export function Seating({ state, seating }: { state: OccasionState; seating: Chart }) {
  const { words } = useLanguage();
  const { act } = useActs();
  const [chosen, setChosen] = useState<string | null>(null);
  const tableOf = (guest: Guest) => guest.attendances.find(({ partId }) => partId === seating.partId)?.tableId ?? null;
  const standing = (guest: Guest) => guest.attendances.find(({ partId }) => partId === seating.partId)?.status;
  // Who has not answered yet may have a seat all the same, which is taken then.
  const comes = state.guests.filter((guest) => standing(guest) === "ACCEPTED" || tableOf(guest));
  const at = (tableId: string | null) => comes.filter((guest) => tableOf(guest) === tableId);
  const guest = comes.find(({ id }) => id === chosen);
  const sit = (who: Guest, table: Table | null) => {
    setChosen(null);
    if (tableOf(who) === (table?.id ?? null)) return;
    const before = seating.tables.find(({ id }) => id === tableOf(who)) ?? null;
    const place = (to: Table | null): Act => (to ? seat(who, to, seating.partId, words) : unseat(who, seating.partId, words));
    void act({ ...place(table), undo: () => place(before) }, table?.id ?? "unseated");
  };
  const shared = { chosen, choose: setChosen, guest, sit: (id: string, table: Table | null) => {
    const who = comes.find((one) => one.id === id);
    if (who) sit(who, table);
  }, isAwaited: (one: Guest) => standing(one) === "PENDING", partId: seating.partId };
  return (
    <section className="card seating" aria-label={words.occasionView.seating}>
      <h2>{words.occasionView.seating}</h2>
      <p className="quiet">{words.occasionView.choose}</p>
      <div className="tables">
        {(at(null).length > 0 || guest) && <TableCard {...shared} table={null} guests={at(null)} problems={[]} />}
        {seating.tables.map((table) => (
          <TableCard
            key={table.id}
            {...shared}
            table={table}
            guests={at(table.id)}
            problems={seating.problems.filter(({ tableIds }) => tableIds.includes(table.id)).map((one) => problemIn(one, state.guests, words))}
          />
        ))}
      </div>
      <h3>{words.occasionView.problems}</h3>
      <ul className="facts">
        {seating.problems.length === 0 && <li className="quiet">{words.occasionView.noProblems}</li>}
        {seating.problems.map((problem, index) => (
          <li key={index}>{problemIn(problem, state.guests, words)}</li>
        ))}
      </ul>
    </section>
  );
}

function problemIn({ flaw, guestIds }: Chart["problems"][number], guests: Guest[], words: Words): string {
  const names = guestIds.map((id) => guests.find((guest) => guest.id === id)?.name).filter(Boolean);
  return `${names.join(", ")}: ${words.occasionView.flaws[flaw] ?? flaw}`;
}

function seat(guest: Guest, table: Table, partId: string, words: Words): Act {
  const input = { tableId: table.id, guests: [{ guestId: guest.id }] };
  return { mutation: "seatGuests", input, done: words.occasionView.seated(guest.name, table.name), undo: () => unseat(guest, partId, words) };
}

/** Let a guest stay where they sit, or be moved again. */
function keep(guest: Guest, isLocked: boolean, partId: string, words: Words): Act {
  const done = isLocked ? words.party.lockedNow(guest.name) : words.party.unlockedNow(guest.name);
  const undo = () => keep(guest, !isLocked, partId, words);
  return { mutation: isLocked ? "lockSeat" : "unlockSeat", input: { guestIds: [guest.id], partId }, done, undo };
}

function unseat(guest: Guest, partId: string, words: Words): Act {
  return { mutation: "unseatGuests", input: { guestIds: [guest.id], partId }, done: words.occasionView.unseatedNow(guest.name) };
}

interface TableCardProps {
  table: Table | null;
  guests: Guest[];
  problems: string[];
  chosen: string | null;
  choose: (id: string | null) => void;
  guest: Guest | undefined;
  sit: (guestId: string, table: Table | null) => void;
  isAwaited: (guest: Guest) => boolean;
  partId: string;
}

function TableCard({ table, guests, problems, chosen, choose, guest, sit, isAwaited, partId }: TableCardProps) {
  const { words } = useLanguage();
  const { act } = useActs();
  const at = (one: Guest) => one.attendances.find((each) => each.partId === partId);
  const [isOver, setOver] = useState(false);
  const name = table?.name ?? words.occasionView.unseated;
  const isFull = table !== null && table.seated >= table.capacity;
  return (
    <div
      className="table"
      data-over={isOver || undefined}
      data-full={isFull || undefined}
      data-flawed={problems.length > 0 || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        setOver(false);
        sit(event.dataTransfer.getData("text/plain"), table);
      }}
    >
      <h3>
        {name} <span className="number">{table ? words.occasionView.of(table.seated, table.capacity) : guests.length}</span>
      </h3>
      <ul>
        {guests.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className="seat"
              draggable
              aria-pressed={chosen === one.id}
              onClick={() => choose(chosen === one.id ? null : one.id)}
              onDragStart={(event) => event.dataTransfer.setData("text/plain", one.id)}
            >
              {one.name.trim() || words.guestOf(one.householdName)}
              {at(one)?.isLocked && (
                <span role="img" aria-label={words.party.locked} title={words.party.locked}>
                  {" "}
                  🔒
                </span>
              )}
              {isAwaited(one) && <small className="quiet"> {words.occasionView.statuses["PENDING"]}</small>}
            </button>
          </li>
        ))}
      </ul>
      {guest && table && at(guest)?.tableId === table.id && (
        <button type="button" onClick={() => void act(keep(guest, !at(guest)?.isLocked, partId, words), table.id)}>
          {at(guest)?.isLocked ? words.party.unlock(guest.name) : words.party.lock(guest.name)}
        </button>
      )}
      {guest && at(guest)?.tableId !== (table?.id ?? null) && (
        <button type="button" className="here" onClick={() => sit(guest.id, table)}>
          {table ? `${words.occasionView.seatAt(guest.name)} ${table.name}` : words.occasionView.unseat}
        </button>
      )}
      <RefusalNote where={table?.id ?? "unseated"} />
    </div>
  );
}
