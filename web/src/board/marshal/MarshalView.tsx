import { type Booking, followSheet, type Pace, type TeeTime } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";

import { type Act, RefusalNote, useActs } from "../acts";
import type { Course } from "../clubs";
import { useUndoKey } from "../keys";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import { mayRunTheDesk, type Session } from "../session";
import { fullName } from "../sheet/deeds";
import { Suspended } from "../sheet/Strip";
import { clock, short } from "../time";
import type { Words } from "../words";

interface Group {
  booking: Booking;
  teeTime: TeeTime;
  pace: Pace;
  /** The hole that it plays now, 1 to the course's last. */
  hole: number;
}

/** Who is on the course: where each group is, how far behind, and what to put right. */
export default function MarshalView({ session, course, day }: { session: Session; course: Course; day: string }) {
  const { words } = useLanguage();
  const live = useFollowed(() => followSheet({ line: session.line, courseId: course.id, date: day }), [session.line, course.id, day]);
  useReporting(live);
  useUndoKey();
  if (!live.state) return <NotYet of={live} />;
  const { sheet } = live.state;
  if (!sheet) return <p className="message">{words.noSheet}</p>;
  const groups = sheet.teeTimes.flatMap((teeTime) => groupsAt(teeTime, sheet.bookings, course.holes));
  const late = [...groups].sort((one, other) => (other.pace.minutesBehind ?? -1) - (one.pace.minutesBehind ?? -1));
  const finished = sheet.bookings.filter(({ status }) => status === "COMPLETED").length;
  return (
    <div className="marshal">
      <Problem of={live} />
      <Suspended since={live.state.playSuspendedSince} zone={course.timeZone} />
      <section className="card" aria-label={words.marshal.byHole}>
        <h2>{words.marshal.byHole}</h2>
        <ol className="holes">
          {Array.from({ length: course.holes }, (_, index) => index + 1).map((hole) => (
            <li key={hole}>
              <span className="hole">{hole}</span>
              {groups
                .filter((group) => group.hole === hole)
                .map(({ booking, pace, teeTime }) => (
                  <span key={booking.id} className="chip" data-pace={pace.level ?? "ON"} title={`${short(teeTime.localTime)} ${fullName(booking.payer)}, ${standing(pace, words)}`}>
                    {booking.payer.lastName || short(teeTime.localTime)}
                    <span className="unseen">, {standing(pace, words)}</span>
                  </span>
                ))}
            </li>
          ))}
        </ol>
      </section>
      <section aria-label={words.marshal.groups}>
        <h2>
          {words.marshal.groups} <span className="number">{groups.length}</span>
        </h2>
        <p className="quiet">
          {groups.length ? words.marshal.behindFirst : words.marshal.nobody} {finished > 0 && `${words.marshal.finished}: ${finished}`}
        </p>
        <ol className="groups wide">
          {late.map((group) => (
            <GroupRow key={group.booking.id} {...group} course={course} mayAct={mayRunTheDesk(session)} />
          ))}
        </ol>
      </section>
    </div>
  );
}

function groupsAt(teeTime: TeeTime, bookings: Booking[], holes: number): Group[] {
  const ids = new Set(teeTime.slots.map(({ bookingId }) => bookingId));
  return bookings.flatMap((booking) => {
    const { pace, status } = booking;
    if (!ids.has(booking.id) || status !== "ON_COURSE" || !pace) return [];
    return [{ booking, teeTime, pace, hole: pace.lastHole ? (pace.lastHole % holes) + 1 : teeTime.tee }];
  });
}

function standing({ level, minutesBehind, lastHole }: Pace, words: Words): string {
  if (!lastHole) return words.marshal.unknown;
  return level ? words.behind(Math.round(minutesBehind ?? 0)) : words.onPace;
}

function GroupRow({ booking, teeTime, pace, hole, course, mayAct }: Group & { course: Course; mayAct: boolean }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const name = fullName(booking.payer);
  const lap = Math.ceil(pace.holesCompleted / course.holes) || 1;
  const back: Act = {
    mutation: "correctHole",
    input: { bookingId: booking.id, ...(pace.lastHole && { hole: pace.lastHole, lap }) },
    done: words.done.undone,
  };
  const record: Act = { mutation: "recordHole", input: { bookingId: booking.id, hole }, done: words.marshal.recorded(hole, name), undo: () => back };
  const correct = (to: number): Act => ({
    mutation: "correctHole",
    input: { bookingId: booking.id, ...(to && { hole: to, lap }) },
    done: words.marshal.corrected(name),
    undo: () => back,
  });
  const end: Act = { mutation: "endRound", input: { bookingId: booking.id }, done: words.marshal.ended(name), undo: () => back };
  return (
    <li className="group" data-pace={pace.level ?? "ON"} aria-busy={pending.has(booking.id) || undefined}>
      <span className="time">
        <span className="hole-now">{words.hole(hole)}</span>
        <small>{short(teeTime.localTime)}</small>
      </span>
      <span className="who">
        <strong>{booking.players.map((player) => fullName(player)).filter(Boolean).join(", ") || name}</strong>
        <small className="quiet">
          {[
            standing(pace, words),
            words.starter.started(clock(pace.teedOffAt, course.timeZone, locale)),
            pace.gapMinutes && pace.gapMinutes >= 1 ? words.marshal.ahead(Math.round(pace.gapMinutes)) : "",
            ...booking.carts.map(({ number }) => words.cart(number)),
          ]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </span>
      {mayAct && (
        <span className="acts">
          <button type="button" className="primary" onClick={() => void act(record, booking.id)}>
            {words.marshal.holeDone(hole)}
          </button>
          <label className="field">
            {words.marshal.correct}{" "}
            <select value={pace.lastHole ?? 0} onChange={(event) => void act(correct(Number(event.target.value)), booking.id)}>
              <option value={0}>{words.marshal.correctNone}</option>
              {Array.from({ length: course.holes }, (_, index) => index + 1).map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <button type="button" onClick={() => void act(end, booking.id)}>
            {words.marshal.end}
          </button>
        </span>
      )}
      <RefusalNote where={booking.id} />
    </li>
  );
}
