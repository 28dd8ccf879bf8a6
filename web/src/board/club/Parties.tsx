import type { FormEvent, ReactNode } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import type { Course } from "../clubs";
import { useLanguage } from "../language";
import { fullName } from "../sheet/deeds";
import { clock, dayIn, dayInWords, short } from "../time";
import { useDraft } from "../draft";
import type { GroupRow, Named, Part, StandingRow } from "./follow";

const TO_BE_PLAYED = new Set(["CONFIRMED", "CHECKED_IN"]);

/** What was booked for several starts at one stroke: renamed, paid by another, cancelled whole or in part. */
export function Groups({ groups, more, zone }: { groups: Part<GroupRow>; more: () => void; zone: string }) {
  const { words } = useLanguage();
  return (
    <section className="card" aria-label={words.club.groups}>
      <h2>
        {words.club.groups} <Count of={groups} />
      </h2>
      {groups.rows.length === 0 && <p className="quiet">{words.club.noGroups}</p>}
      <ul className="people">
        {groups.rows.map((group) => (
          <OneGroup key={group.id} group={group} zone={zone} />
        ))}
      </ul>
      <More of={groups} label={words.club.groups} more={more} />
    </section>
  );
}

function OneGroup({ group, zone }: { group: GroupRow; zone: string }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const { id, name, organiser, bookings } = group;
  const live = bookings.filter(({ status }) => TO_BE_PLAYED.has(status));
  const when = (startsAt: string) => `${dayInWords(dayIn(zone, new Date(startsAt).getTime()), locale)}, ${clock(startsAt, zone, locale)}`;
  const first = live.map(({ teeTime }) => teeTime.startsAt).sort()[0];
  const players = live.reduce((sum, booking) => sum + booking.players.length, 0);
  const cancel = (bookingIds: string[]): Act => ({ mutation: "cancelBookingGroup", input: { groupId: id, bookingIds }, result: "bookings { id }", done: words.club.groupCancelled(name) });
  const restore = (bookingId: string): Act => ({ mutation: "restoreBooking", input: { bookingId }, result: "booking { id }", done: words.done.undone });
  return (
    <li aria-busy={pending.has(id) || undefined}>
      <span className="who">
        <strong>{name}</strong>{" "}
        <small className="quiet">{[fullName(organiser), first ? when(first) : words.club.over, words.club.starts(live.length), words.players(players)].filter(Boolean).join(" · ")}</small>
      </span>
      <details className="join">
        <summary>
          {words.club.change}
          <span className="unseen"> {name}</span>
        </summary>
        <GroupForm group={group} />
        <ul className="people">
          {bookings.map((booking) => (
            <li key={booking.id}>
              <span className="who">
                {when(booking.teeTime.startsAt)} <small className="quiet">{words.club.statuses[booking.status] ?? booking.status}</small>
              </span>
              {TO_BE_PLAYED.has(booking.status) && live.length > 1 && (
                <button type="button" onClick={() => void act({ ...cancel([booking.id]), undo: () => restore(booking.id) }, id)}>
                  {words.club.cancelStart}
                  <span className="unseen"> {when(booking.teeTime.startsAt)}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
        {live.length > 0 && (
          <Sure label={words.club.cancelGroup(live.length)} of={name}>
            <button type="button" disabled={pending.has(id)} onClick={() => void act(cancel([]), id)}>
              {words.club.cancelGroupDo}
            </button>
          </Sure>
        )}
      </details>
      <RefusalNote where={id} />
    </li>
  );
}

/** How many are shown, and whether there are more. */
function Count({ of }: { of: Part<unknown> }) {
  return (
    <span className="number">
      {of.rows.length}
      {of.hasMore && "+"}
    </span>
  );
}

function More({ of, label, more }: { of: Part<unknown>; label: string; more: () => void }) {
  const { words } = useLanguage();
  if (!of.hasMore) return null;
  return (
    <button type="button" onClick={more}>
      {words.club.more}
      <span className="unseen"> {label}</span>
    </button>
  );
}

/** What has no way back is asked for twice. */
function Sure({ label, of, children }: { label: string; of: string; children: ReactNode }) {
  return (
    <details className="join">
      <summary>
        {label}
        <span className="unseen"> {of}</span>
      </summary>
      {children}
    </details>
  );
}

function PersonFields({ label, of, change }: { label: string; of: Named; change: (to: Named) => void }) {
  const { words } = useLanguage();
  return (
    <fieldset className="window">
      <legend>{label}</legend>
      {(["firstName", "lastName"] as const).map((part) => (
        <label className="stacked" key={part}>
          {words[part]}
          <input maxLength={100} autoComplete="off" value={of[part]} onChange={({ target }) => change({ ...of, [part]: target.value })} />
        </label>
      ))}
    </fieldset>
  );
}

function GroupForm({ group }: { group: GroupRow }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const before = { name: group.name, organiser: group.organiser, payer: group.payer };
  const [given, setGiven, forget] = useDraft(before);
  const set = (input: typeof before): Act => ({ mutation: "updateBookingGroup", input: { groupId: group.id, ...input }, result: "bookingGroup { id }", done: words.club.groupChanged(input.name) });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act({ ...set(given), undo: () => set(before) }, group.id)) forget();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label className="stacked">
        {words.club.name}
        <input required maxLength={200} value={given.name} onChange={({ target }) => setGiven({ ...given, name: target.value })} />
      </label>
      <PersonFields label={words.club.organiser} of={given.organiser} change={(organiser) => setGiven({ ...given, organiser })} />
      <PersonFields label={words.club.payer} of={given.payer} change={(payer) => setGiven({ ...given, payer })} />
      <button type="submit" className="primary" disabled={pending.has(group.id)}>
        {words.club.save}
      </button>
    </form>
  );
}

/** What is booked every week: changed for the dates to come, or ended. */
export function StandingBookings({ standing, more, courses, today }: { standing: Part<StandingRow>; more: () => void; courses: Course[]; today: string }) {
  const { words } = useLanguage();
  return (
    <section className="card" aria-label={words.club.standing}>
      <h2>
        {words.club.standing} <Count of={standing} />
      </h2>
      {standing.rows.length === 0 && <p className="quiet">{words.club.noStanding}</p>}
      <ul className="people">
        {standing.rows.map((one) => (
          <OneStanding key={one.id} one={one} course={courses.find(({ id }) => id === one.courseId)?.name ?? ""} today={today} />
        ))}
      </ul>
      <More of={standing} label={words.club.standing} more={more} />
    </section>
  );
}

function OneStanding({ one, course, today }: { one: StandingRow; course: string; today: string }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const { id, weekday, localTime, until, nextDate, places, payer } = one;
  const name = fullName(payer);
  const next = nextDate ? words.club.next(dayInWords(nextDate, locale)) : "";
  const end: Act = { mutation: "endStandingBooking", input: { standingBookingId: id }, result: "standingBooking { id }", done: words.club.standingEnded(name) };
  return (
    <li aria-busy={pending.has(id) || undefined}>
      <span className="who">
        <strong>{name}</strong>{" "}
        <small className="quiet">
          {[`${words.club.weekdays[weekday]} ${short(localTime)}`, course, words.players(places), next, words.desk.standingUntil(dayInWords(until, locale))].filter(Boolean).join(" · ")}
        </small>
      </span>
      <details className="join">
        <summary>
          {words.club.change}
          <span className="unseen"> {name}</span>
        </summary>
        <StandingForm one={one} today={today} />
        <Sure label={words.club.endStanding} of={name}>
          <p className="quiet">{words.club.endStandingHint}</p>
          <button type="button" disabled={pending.has(id)} onClick={() => void act(end, id)}>
            {words.club.endStandingDo}
          </button>
        </Sure>
      </details>
      <RefusalNote where={id} />
    </li>
  );
}

function StandingForm({ one, today }: { one: StandingRow; today: string }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const { id, nextDate: _next, ...rest } = one;
  const before = { standingBookingId: id, ...rest };
  const [given, setGiven, forget] = useDraft(before);
  const set = (input: typeof before): Act => ({ mutation: "setStandingBooking", input, result: "standingBooking { id }", done: words.club.standingChanged(fullName(input.payer)) });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act({ ...set(given), undo: () => set(before) }, id)) forget();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label className="stacked">
        {words.club.weekday}
        <select value={given.weekday} onChange={({ target }) => setGiven({ ...given, weekday: target.value })}>
          {Object.entries(words.club.weekdays).map(([day, called]) => (
            <option key={day} value={day}>
              {called}
            </option>
          ))}
        </select>
      </label>
      <label className="stacked">
        {words.club.start}
        <input type="time" required value={short(given.localTime)} onChange={({ target }) => setGiven({ ...given, localTime: target.value })} />
      </label>
      <label className="stacked">
        {words.playersLabel}
        <input type="number" min={Math.max(1, one.players.length)} max={4} required value={given.places} onChange={({ target }) => setGiven({ ...given, places: target.valueAsNumber || 1 })} />
      </label>
      <label className="stacked">
        {words.club.lastDate}
        <input type="date" min={today} required value={given.until} onChange={({ target }) => setGiven({ ...given, until: target.value })} />
      </label>
      <button type="submit" className="primary" disabled={pending.has(id)}>
        {words.club.save}
      </button>
    </form>
  );
}
