// The ballots of a day: staff see who has entered and draw, players enter and withdraw.
import { type Ballot, type BallotEntry, followBallots, type TeeSheet } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { type FormEvent, useState } from "react";

import { RefusalNote, useActs } from "../acts";
import type { Course } from "../clubs";
import { useLanguage } from "../language";
import { mayRunTheDesk, type Session } from "../session";
import { clock, dayIn, momentAt, short } from "../time";
import { fullName } from "./deeds";

const MOST_WISHES = 10;
const RESULT = "ballot { id }";

export function Ballots({ session, course, sheet }: { session: Session; course: Course; sheet: TeeSheet }) {
  const { words } = useLanguage();
  const { date } = sheet;
  const live = useFollowed(() => followBallots({ line: session.line, clubId: course.clubId, courseId: course.id, date }), [session.line, course.clubId, course.id, date]);
  const isStaff = mayRunTheDesk(session);
  const ballots = live.state?.ballots ?? [];
  if (!isStaff && !ballots.length) return null;
  return (
    <section className="waitlist ballots" aria-label={words.ballot.title}>
      {ballots.length > 0 && <h2>{words.ballot.title}</h2>}
      <ol>
        {ballots.map((ballot) => (
          <OneBallot key={ballot.id} ballot={ballot} sheet={sheet} course={course} session={session} />
        ))}
      </ol>
      {isStaff && <Announce sheet={sheet} course={course} />}
    </section>
  );
}

interface BallotProps {
  ballot: Ballot;
  sheet: TeeSheet;
  course: Course;
  session: Session;
}

function OneBallot({ ballot, sheet, course, session }: BallotProps) {
  const { words, locale } = useLanguage();
  const isStaff = mayRunTheDesk(session);
  const at = (moment: string) => `${dayIn(course.timeZone, new Date(moment).getTime())} ${clock(moment, course.timeZone, locale)}`;
  const timeOf = (id: string) => short(sheet.teeTimes.find((one) => one.id === id)?.localTime ?? "–");
  const waiting = ballot.entries.filter(({ status }) => status !== "WITHDRAWN");
  return (
    <li data-ballot={ballot.status}>
      <strong>{[ballot.name, words.ballot.statuses[ballot.status]].filter(Boolean).join(" · ")}</strong>
      <span>{words.ballot.span(short(ballot.firstStart), short(ballot.lastStart))}</span>
      <span aria-live="polite">{words.ballot.counts(ballot.entryCount, ballot.placesWanted, ballot.placesLeft)}</span>
      {ballot.status === "ANNOUNCED" && <span className="quiet">{words.ballot.opens(at(ballot.entriesOpenAt))}</span>}
      {["ANNOUNCED", "OPEN"].includes(ballot.status) && <span className="quiet">{words.ballot.closes(at(ballot.entriesCloseAt))}</span>}
      {!["RELEASED", "CANCELLED"].includes(ballot.status) && <span className="quiet">{words.ballot.releases(at(ballot.releasesAt))}</span>}
      <span className="quiet">{words.ballot.seedHash(ballot.seedHash)}</span>
      {isStaff && <Staff ballot={ballot} />}
      {waiting.map((entry) => (
        <Entry key={entry.id} entry={entry} ballot={ballot} timeOf={timeOf} />
      ))}
      {!isStaff && ballot.status === "OPEN" && !waiting.length && <Enter ballot={ballot} sheet={sheet} />}
      <RefusalNote where={ballot.id} />
    </li>
  );
}

function Staff({ ballot: { id, status } }: { ballot: Ballot }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const to = (mutation: string, done: string, more: Record<string, unknown> = {}) => void act({ mutation, input: { ballotId: id, ...more }, result: RESULT, done }, id);
  const isBusy = pending.has(id);
  return (
    <span className="acts">
      {status === "CLOSED" && (
        <button type="button" className="primary" disabled={isBusy} onClick={() => to("drawBallot", words.ballot.drawn)}>
          {words.ballot.drawNow}
        </button>
      )}
      {["ANNOUNCED", "OPEN", "CLOSED"].includes(status) && (
        <button type="button" disabled={isBusy} onClick={() => to("cancelBallot", words.ballot.cancelled)}>
          {words.ballot.cancelBallot}
        </button>
      )}
      {status === "DRAWN" && (
        <button type="button" disabled={isBusy} onClick={() => to("updateBallot", words.ballot.released, { releasesAt: new Date().toISOString() })}>
          {words.ballot.releaseNow}
        </button>
      )}
    </span>
  );
}

function Entry({ entry, ballot, timeOf }: { entry: BallotEntry; ballot: Ballot; timeOf: (id: string) => string }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const got = entry.choice && entry.teeTimeIds[entry.choice - 1];
  const names = entry.players.map(fullName).filter(Boolean).join(", ");
  const withdraw = { mutation: "withdrawBallotEntry", input: { ballotEntryId: entry.id }, result: "ballotEntry { id }", done: words.ballot.withdrawn };
  return (
    <div className="entry" aria-busy={pending.has(entry.id) || undefined}>
      <span>
        {names} · {words.players(entry.places)}
      </span>
      <span className="quiet">{got ? words.ballot.got(timeOf(got), entry.choice ?? 0) : words.ballot.entered[entry.status]}</span>
      <span className="quiet">{words.ballot.wishes(entry.teeTimeIds.map(timeOf).join(", "))}</span>
      {ballot.status === "OPEN" && entry.status === "ENTERED" && (
        <button type="button" onClick={() => void act(withdraw, entry.id)}>
          {words.ballot.withdraw}
        </button>
      )}
      <RefusalNote where={entry.id} />
    </div>
  );
}

function Enter({ ballot, sheet }: { ballot: Ballot; sheet: TeeSheet }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [wishes, setWishes] = useState<string[]>([]);
  const [places, setPlaces] = useState(1);
  const offered = sheet.teeTimes.filter(({ id, localTime }) => localTime >= ballot.firstStart && localTime <= ballot.lastStart && !wishes.includes(id));
  const chosen = wishes.flatMap((id) => sheet.teeTimes.find((one) => one.id === id) ?? []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act({ mutation: "enterBallot", input: { ballotId: ballot.id, teeTimeIds: wishes, places }, result: "ballotEntry { id }", done: words.ballot.enteredNow }, ballot.id);
  };
  return (
    <form onSubmit={submit}>
      <label className="stacked">
        {words.ballot.wishesLabel}
        <select value="" disabled={wishes.length >= MOST_WISHES} onChange={(event) => setWishes([...wishes, event.target.value])}>
          <option value="">{chosen.length ? chosen.map(({ localTime }) => short(localTime)).join(", ") : words.ballot.noWish}</option>
          {offered.map(({ id, localTime }) => (
            <option key={id} value={id}>
              {words.ballot.addWish(short(localTime))}
            </option>
          ))}
        </select>
      </label>
      <label className="stacked">
        {words.playersLabel}
        <select value={places} onChange={(event) => setPlaces(Number(event.target.value))}>
          {[1, 2, 3, 4].map((size) => (
            <option key={size}>{size}</option>
          ))}
        </select>
      </label>
      <button type="submit" className="primary" disabled={!wishes.length || pending.has(ballot.id)}>
        {words.ballot.enter}
      </button>
    </form>
  );
}

function Announce({ sheet, course }: { sheet: TeeSheet; course: Course }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [span, setSpan] = useState({ firstStart: "", lastStart: "" });
  const [moments, setMoments] = useState({ closesAt: "", releasesAt: "" });
  const moment = (local: string) => momentAt(local.slice(0, 10), local.slice(11, 16), course.timeZone);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { courseId: course.id, date: sheet.date, ...span, closesAt: moment(moments.closesAt), releasesAt: moment(moments.releasesAt) };
    const undo = (payload: Record<string, unknown>) => ({ mutation: "cancelBallot", input: { ballotId: (payload["ballot"] as { id: string }).id }, done: words.ballot.cancelled });
    await act({ mutation: "announceBallot", input, result: RESULT, done: words.ballot.announced, undo }, "announce");
  };
  return (
    <details className="join">
      <summary>{words.ballot.announce}…</summary>
      <form onSubmit={(event) => void submit(event)}>
        {(["firstStart", "lastStart"] as const).map((name) => (
          <label className="stacked" key={name}>
            {words.ballot[name]}
            <input type="time" required value={span[name]} onChange={(event) => setSpan({ ...span, [name]: event.target.value })} />
          </label>
        ))}
        {(["closesAt", "releasesAt"] as const).map((name) => (
          <label className="stacked" key={name}>
            {words.ballot[name]}
            <input type="datetime-local" required value={moments[name]} onChange={(event) => setMoments({ ...moments, [name]: event.target.value })} />
          </label>
        ))}
        <button type="submit" className="primary" disabled={pending.has("announce")}>
          {words.ballot.announce}
        </button>
        <RefusalNote where="announce" />
      </form>
    </details>
  );
}
