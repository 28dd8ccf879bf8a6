import { type Booking, type CaddieState, followCaddies, followCourse, followSheet, type TeeTime } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { type FormEvent, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import type { Course } from "../clubs";
import { useUndoKey } from "../keys";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import { mayRunTheDesk, mayStart, type Session } from "../session";
import { clock, short, useNow } from "../time";
import { checkIn, fullName, mayArrive, teeOff } from "./deeds";
import { Notes } from "./Notes";
import { ConditionsStrip, Suspended } from "./Strip";

const SOON = 12;

/** What a starter needs: who is next, who is late, who is out. */
export function StarterView({ session, course, day }: { session: Session; course: Course; day: string }) {
  const { words } = useLanguage();
  const now = useNow();
  const live = useFollowed(() => followSheet({ line: session.line, courseId: course.id, date: day }), [session.line, course.id, day]);
  const conditions = useFollowed(() => followCourse({ line: session.line, courseId: course.id }), [session.line, course.id]);
  const caddies = useFollowed(mayStart(session) ? () => followCaddies({ line: session.line, clubId: course.clubId }) : null, [session.line, course.clubId]);
  useReporting(live);
  useUndoKey();
  if (!live.state) return <NotYet of={live} />;
  const { sheet } = live.state;
  if (!sheet) return <p className="message">{words.noSheet}</p>;
  const groups = sheet.teeTimes.flatMap((teeTime) => groupsOf(teeTime, sheet.bookings, caddies.state));
  const waiting = groups.filter(({ booking }) => booking.status === "CONFIRMED" || booking.status === "CHECKED_IN");
  const late = waiting.filter(({ teeTime }) => new Date(teeTime.startsAt).getTime() < now);
  const next = waiting.filter(({ teeTime }) => new Date(teeTime.startsAt).getTime() >= now).slice(0, SOON);
  const out = groups.filter(({ booking }) => booking.status === "ON_COURSE");
  return (
    <div className="starter">
      {conditions.state && <ConditionsStrip conditions={conditions.state} zone={course.timeZone} />}
      <Problem of={live} />
      <Suspended since={live.state.playSuspendedSince} zone={course.timeZone} />
      <Notes of={sheet} wall={!mayStart(session)} />
      {mayRunTheDesk(session) && (
        <Flow courseId={course.id} date={day} isSuspended={live.state.playSuspendedSince !== null} first={sheet.teeTimes.find(({ startsAt }) => new Date(startsAt).getTime() >= now)?.localTime} />
      )}
      <div className="columns">
        {late.length > 0 && <Groups title={words.starter.late} groups={late} session={session} zone={course.timeZone} />}
        <Groups title={words.starter.next} groups={next} session={session} zone={course.timeZone} />
        <Groups title={words.starter.out} groups={out} session={session} zone={course.timeZone} />
      </div>
    </div>
  );
}

/** Whether play goes on, and when the next groups start. */
function Flow({ courseId, date, isSuspended, first }: { courseId: string; date: string; isSuspended: boolean; first: string | undefined }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [from, setFrom] = useState("");
  const [minutes, setMinutes] = useState(10);
  const where = `flow ${courseId}`;
  const suspend: Act = { mutation: "suspendPlay", input: { courseId }, done: words.starter.suspend };
  const resume: Act = { mutation: "resumePlay", input: { courseId }, done: words.starter.resumed };
  const delay = (by: number): Act => ({
    mutation: "delayTeeTimes",
    input: { courseId, date, firstStart: from || short(first ?? ""), minutes: by },
    done: words.starter.delayed(by),
    undo: () => ({ mutation: "delayTeeTimes", input: { courseId, date, firstStart: later(from || short(first ?? ""), by), minutes: -by }, done: words.done.undone }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act(delay(minutes), where);
  };
  return (
    <div className="flow">
      <button type="button" disabled={pending.has(where)} onClick={() => void act(isSuspended ? { ...resume, undo: () => suspend } : { ...suspend, undo: () => resume }, where)}>
        {isSuspended ? words.starter.resume : words.starter.suspend}
      </button>
      {first && (
        <form className="inline" onSubmit={submit}>
          <label className="field">
            {words.starter.delayFrom} <input type="time" value={from || short(first)} onChange={(event) => setFrom(event.target.value)} />
          </label>
          <label className="field">
            {words.starter.delayBy}{" "}
            <input type="number" required min={-240} max={240} value={minutes} onChange={(event) => setMinutes(event.target.valueAsNumber || 0)} />
          </label>
          <button type="submit" disabled={pending.has(where)}>
            {words.starter.delay}
          </button>
        </form>
      )}
      <RefusalNote where={where} />
    </div>
  );
}

/** A local time so many minutes later, as 08:10. */
function later(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  const at = Math.min(1439, Math.max(0, hour * 60 + minute + minutes));
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

interface Group {
  teeTime: TeeTime;
  booking: Booking;
  /** Who carries for it: who waits for it, and who is out with it. */
  caddies: string[];
}

function groupsOf(teeTime: TeeTime, bookings: Booking[], caddies: CaddieState | null): Group[] {
  const ids = new Set(teeTime.slots.map(({ bookingId }) => bookingId));
  return bookings.filter(({ id }) => ids.has(id)).map((booking) => ({ teeTime, booking, caddies: caddiesOf(booking.id, caddies) }));
}

function caddiesOf(booking: string, caddies: CaddieState | null): string[] {
  const lists = caddies?.lists ?? [];
  const waiting = lists.flatMap(({ queue }) => queue.filter(({ bookingId }) => bookingId === booking).map(({ name }) => name));
  return [...waiting, ...lists.flatMap(({ inField }) => inField.filter(({ bookingId }) => bookingId === booking).map(({ caddieName }) => caddieName))];
}

function Groups({ title, groups, session, zone }: { title: string; groups: Group[]; session: Session; zone: string }) {
  const { words } = useLanguage();
  return (
    <section className="card" aria-label={title}>
      <h2>
        {title} <span className="number">{groups.length}</span>
      </h2>
      {groups.length === 0 && <p className="quiet">{words.starter.nobody}</p>}
      <ol className="groups">
        {groups.map((group) => (
          <GroupCard key={group.booking.id} {...group} session={session} zone={zone} />
        ))}
      </ol>
    </section>
  );
}

function GroupCard({ teeTime, booking, caddies, session, zone }: Group & { session: Session; zone: string }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const here = booking.players.filter(({ checkedInAt }) => checkedInAt);
  const expected = booking.players.filter((player) => mayArrive(player) && !player.noShowAt);
  const { pace } = booking;
  return (
    <li className="group" data-pace={pace ? (pace.level ?? "ON") : undefined} aria-busy={pending.has(booking.id) || undefined}>
      <span className="time">
        <time dateTime={teeTime.startsAt}>{short(teeTime.localTime)}</time>
        {teeTime.tee !== 1 && <small>{words.tee(teeTime.tee)}</small>}
      </span>
      <span className="who">
        {booking.players.map((player) => (
          <span key={player.position} className="player" data-here={Boolean(player.checkedInAt) || undefined} data-absent={Boolean(player.noShowAt) || undefined}>
            {fullName(player) || words.guestOf(fullName(booking.payer))}
            {player.checkedInAt && <span role="img" aria-label={words.arrived}> ✓</span>}
            {player.noShowAt && <small> {words.noShow}</small>}
          </span>
        ))}
        <small className="quiet">
          {pace
            ? [words.starter.started(clock(pace.teedOffAt, zone, locale)), pace.lastHole ? words.hole(pace.lastHole) : "", pace.level ? words.behind(Math.round(pace.minutesBehind ?? 0)) : words.onPace].filter(Boolean).join(" · ")
            : words.starter.expected(here.length, booking.players.length)}
          {booking.carts.length > 0 && ` · ${booking.carts.map(({ number }) => words.cart(number)).join(", ")}`}
          {caddies.length > 0 && ` · ${words.starter.caddies(caddies)}`}
        </small>
        <Notes of={teeTime} wall={!mayStart(session)} />
        {mayStart(session) && <Notes of={booking} />}
      </span>
      <span className="acts">
        {mayRunTheDesk(session) && !pace && expected.length > 0 && (
          <button type="button" onClick={() => void act(checkIn(booking, expected, words), booking.id)}>
            {expected.length > 1 ? words.acts.checkInAll : words.acts.checkIn}
          </button>
        )}
        {mayStart(session) && booking.status === "CHECKED_IN" && (
          <button type="button" className="primary" onClick={() => void act(teeOff(booking.id, words), booking.id)}>
            {words.acts.teeOff}
          </button>
        )}
      </span>
      <RefusalNote where={booking.id} />
    </li>
  );
}
