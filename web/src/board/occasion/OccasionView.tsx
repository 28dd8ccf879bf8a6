import { type Attendance, follow, followOccasion, type Guest, type OccasionState, type Part, type Table } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { lazy, Suspense, useMemo, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useAddress } from "../address";
import { useUndoKey } from "../keys";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import type { Session } from "../session";
import { plain } from "../text";

const PlannerTabs = lazy(() => import("./Tabs"));

interface Named {
  id: string;
  name: string;
}

const OCCASIONS = "query Occasions($club: ID!) { occasions(clubId: $club) { id name } }";

/** An occasion as those see it who plan it. */
export function OccasionView({ session, clubId, wall = false }: { session: Session; clubId: string | null; wall?: boolean }) {
  const { words } = useLanguage();
  const [address, go] = useAddress();
  const all = useFollowed<Named[]>(
    clubId
      ? () =>
          follow(
            { line: session.line },
            {
              read: async (ask) => (await ask<{ occasions: Named[] }>(OCCASIONS, { club: clubId })).occasions,
              follow: () => [],
              apply: (state) => ({ state }),
            },
          )
      : null,
    [session.line, clubId],
  );
  const chosen = all.state?.find(({ id }) => id === address.occasion)?.id ?? all.state?.[0]?.id ?? null;
  if (!all.state) return <NotYet of={all} />;
  if (!chosen) return <p className="message">{words.occasionView.none}</p>;
  return (
    <div className="occasion">
      {wall && <h3 className="occasion-name">{all.state.find(({ id }) => id === chosen)?.name}</h3>}
      <label className="field" hidden={wall}>
        <span>{words.occasionView.which}</span>
        <select id="occasion" value={chosen} onChange={(event) => go({ occasion: event.target.value })}>
          {all.state.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Planned session={session} occasionId={chosen} key={chosen} />
    </div>
  );
}

function Planned({ session, occasionId }: { session: Session; occasionId: string }) {
  const { words, locale } = useLanguage();
  const plans = session.roles.includes("PLANNER") || session.roles.includes("ADMIN");
  const live = useFollowed(() => followOccasion({ line: session.line, occasionId, plans }), [session.line, occasionId, plans]);
  useReporting(live);
  useUndoKey();
  const { state } = live;
  if (!state) return <NotYet of={live} />;
  const deadline = new Intl.DateTimeFormat(locale, { timeZone: state.occasion.timeZone, dateStyle: "long" }).format(new Date(state.occasion.rsvpDeadline));
  return (
    <>
      <p className="quiet">{words.occasionView.deadline(deadline)}</p>
      <Problem of={live} />
      <Headcounts state={state} />
      {plans && (
        <Suspense>
          <PlannerTabs state={state} guests={<GuestList state={state} />} />
        </Suspense>
      )}
    </>
  );
}

function Headcounts({ state }: { state: OccasionState }) {
  const { words } = useLanguage();
  const { of, arrived, statuses, headcount } = words.occasionView;
  return (
    <section className="columns" aria-label={headcount}>
      {state.occasion.parts.map((part) => {
        const count = state.headcounts[part.id];
        if (!count) return null;
        return (
          <div className="card" key={part.id}>
            <h2>{part.name}</h2>
            <dl className="counts">
              <div className="main-count">
                <dt>{statuses["ACCEPTED"]}</dt>
                <dd>{of(count.taken, count.capacity)}</dd>
              </div>
              {count.statuses
                .filter(({ status, guests }) => status !== "ACCEPTED" && guests)
                .map(({ status, guests }) => (
                  <div key={status}>
                    <dt>{statuses[status]}</dt>
                    <dd>{guests}</dd>
                  </div>
                ))}
              <div>
                <dt>{arrived}</dt>
                <dd>{count.arrived}</dd>
              </div>
              {part.isSeated && (
                <div>
                  <dt>{words.occasionView.unseated}</dt>
                  <dd>{count.unassigned}</dd>
                </div>
              )}
              {count.meals.map(({ meal, guests }) => (
                <div key={meal}>
                  <dt>{meal}</dt>
                  <dd>{guests}</dd>
                </div>
              ))}
            </dl>
          </div>
        );
      })}
    </section>
  );
}

function GuestList({ state }: { state: OccasionState }) {
  const { words } = useLanguage();
  const [search, setSearch] = useState("");
  const [status, setStatus] = useState("");
  const main = state.occasion.parts.find(({ isMain }) => isMain) ?? state.occasion.parts[0];
  const tables = useMemo(() => new Map(state.seating?.tables.map((table) => [table.id, table])), [state.seating]);
  const shown = state.guests.filter((guest) => {
    if (status && !guest.attendances.some((one) => one.status === status)) return false;
    return plain(`${guest.name} ${guest.householdName}`).includes(plain(search));
  });
  if (!main) return null;
  return (
    <section className="card" aria-label={words.occasionView.guests}>
      <h2>
        {words.occasionView.guests} <span className="number">{shown.length}</span>
      </h2>
      <div className="tools">
        <input type="search" aria-label={words.occasionView.search} placeholder={words.occasionView.search} value={search} onChange={(event) => setSearch(event.target.value)} />
        <select aria-label={words.filter} value={status} onChange={(event) => setStatus(event.target.value)}>
          <option value="">{words.occasionView.all}</option>
          {Object.entries(words.occasionView.statuses).map(([one, word]) => (
            <option key={one} value={one}>
              {word}
            </option>
          ))}
        </select>
      </div>
      <ul className="people guests">
        {shown.map((guest) => (
          <GuestRow key={guest.id} guest={guest} main={main} tables={tables} occasionId={state.occasion.id} />
        ))}
      </ul>
    </section>
  );
}

function GuestRow({ guest, main, tables, occasionId }: { guest: Guest; main: Part; tables: ReadonlyMap<string, Table>; occasionId: string }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const at = guest.attendances.find(({ partId }) => partId === main.id);
  const meal = main.meals.find(({ mealId }) => mealId === at?.mealId)?.name;
  const table = at?.tableId ? tables.get(at.tableId)?.name : undefined;
  return (
    <li data-status={at?.status} aria-busy={pending.has(guest.id) || undefined}>
      <span className="who">
        <strong>{guest.name.trim() || words.guestOf(guest.householdName)}</strong>
        <small className="quiet">
          {[guest.householdName === guest.name ? "" : guest.householdName, meal, table].filter(Boolean).join(" · ")}
        </small>
      </span>
      {at?.arrivedAt && <span className="status">{words.occasionView.arrived}</span>}
      {at && !at.arrivedAt && <Answered guest={guest} at={at} act={(what) => void act(what, guest.id)} />}
      {at?.status === "ACCEPTED" && <Arrival guest={guest} at={at} occasionId={occasionId} act={(what) => void act(what, guest.id)} />}
      <RefusalNote where={guest.id} />
    </li>
  );
}

const ANSWERS = ["PENDING", "ACCEPTED", "DECLINED"] as const;

/** What a guest answered, and another answer on their behalf. */
function Answered({ guest, at, act }: { guest: Guest; at: Attendance; act: (act: Act) => void }) {
  const { words } = useLanguage();
  const { statuses } = words.occasionView;
  const answer = (status: string): Act => ({
    mutation: "setRsvpOnBehalf",
    input: { householdId: guest.householdId, guests: [{ guestId: guest.id, parts: [{ partId: at.partId, status }] }] },
    done: words.party.answeredFor(guest.name, statuses[status] ?? status),
  });
  const before = at.status === "WAITLISTED" ? "ACCEPTED" : at.status;
  return (
    <select
      className="status"
      aria-label={words.party.answerFor(guest.name.trim() || guest.householdName)}
      value={at.status}
      onChange={(event) => act({ ...answer(event.target.value), undo: () => answer(before) })}
    >
      {ANSWERS.map((one) => (
        <option key={one} value={one}>
          {statuses[one]}
        </option>
      ))}
      {at.status === "WAITLISTED" && <option value="WAITLISTED">{statuses["WAITLISTED"]}</option>}
    </select>
  );
}

function Arrival({ guest, at, occasionId, act }: { guest: Guest; at: Attendance; occasionId: string; act: (act: Act) => void }) {
  const { words } = useLanguage();
  const input = { occasionId, guestId: guest.id, partId: at.partId };
  const came: Act = { mutation: "checkInGuest", input, done: words.occasionView.came(guest.name) };
  const left: Act = { mutation: "undoGuestCheckIn", input: { guestId: guest.id, partId: at.partId }, done: words.occasionView.left(guest.name) };
  return at.arrivedAt ? (
    <button type="button" onClick={() => act({ ...left, undo: () => came })}>
      {words.occasionView.undoCheckIn}
    </button>
  ) : (
    <button type="button" onClick={() => act({ ...came, undo: () => left })}>
      {words.occasionView.checkIn}
    </button>
  );
}
