import { type FormEvent, useCallback, useEffect, useState } from "react";
import { Button } from "react-aria-components/Button";

import { type Act, RefusalNote, useActs } from "../acts";
import type { Address } from "../address";
import { useClasses } from "../classes";
import type { Course } from "../clubs";
import { useLanguage } from "../language";
import { useSession } from "../session";
import { addDays, clock, dayIn, dayInWords } from "../time";
import { Window } from "../Window";
import { cancel, fullName, type Party } from "./deeds";
import { type Known, partyOf, useAbout, useKnown } from "./PlayerPicker";

interface FoundBooking {
  id: string;
  status: string;
  courseId: string;
  payer: { firstName: string; lastName: string };
  players: { firstName: string; lastName: string }[];
  teeTime: { startsAt: string };
}

const BOOKINGS = `query Find($club: ID!, $payer: String, $player: ID, $first: Date!) {
  bookings(clubId: $club, payer: $payer, playerId: $player, firstDate: $first, first: 20) {
    nodes { id status courseId payer { firstName lastName } players { firstName lastName } teeTime { startsAt } }
  }
}`;
const TYPED_MS = 250;
const DAYS_BACK = 60;

interface FinderProps {
  course: Course;
  today: string;
  go: (change: Partial<Address>) => void;
  choose: (player: Party) => void;
  close: () => void;
}

/** Find players of the club, and bookings of any day: by name, phone or member number. */
export default function Finder({ course, today, go, choose, close }: FinderProps) {
  const { words } = useLanguage();
  const [search, setSearch] = useState("");
  const [of, setOf] = useState<Known | null>(null);
  const players = useKnown(course.clubId, search);
  const [bookings, again] = useBookings(course.clubId, search, of, today);
  const about = useAbout();
  return (
    <Window title={words.desk.find} close={close}>
      <div className="finder">
        <label className="stacked">
          {words.desk.findLabel}
          <input
            type="search"
            autoFocus
            autoComplete="off"
            value={search}
            onChange={(event) => {
              setOf(null);
              setSearch(event.target.value);
            }}
          />
        </label>
        {!players && <p className="quiet">{words.desk.findHint}</p>}
        {players && (
          <section aria-label={words.desk.players}>
            <h3>{words.desk.players}</h3>
            {players.length === 0 && <p className="quiet">{words.desk.nobodyFound}</p>}
            <ul className="people">
              {players.map((player) => (
                <li key={player.id}>
                  <span className="who">
                    <strong>{fullName(player)}</strong>
                    <small className="quiet">{about(player)}</small>
                  </span>
                  <button type="button" aria-pressed={of?.id === player.id} onClick={() => setOf(of?.id === player.id ? null : player)}>
                    {words.desk.theirBookings}
                  </button>
                  <button
                    type="button"
                    onClick={() => {
                      choose(partyOf(player));
                      close();
                    }}
                  >
                    {words.acts.book}
                    <span className="unseen"> {words.desk.bookFor(fullName(player))}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
        {bookings && <Found bookings={bookings} course={course} today={today} go={go} close={close} again={again} />}
        <AddPlayer
          clubId={course.clubId}
          added={(player) => {
            choose(player);
            close();
          }}
        />
        <footer>
          <Button slot="close">{words.close}</Button>
        </footer>
      </div>
    </Window>
  );
}

function useBookings(clubId: string, search: string, of: Known | null, today: string): [FoundBooking[] | null, () => void] {
  const { line } = useSession();
  const [found, setFound] = useState<FoundBooking[] | null>(null);
  const [turn, setTurn] = useState(0);
  const text = search.trim();
  useEffect(() => {
    if (text.length < 2 && !of) return setFound(null);
    let isWanted = true;
    const timer = setTimeout(
      async () => {
        const wanted = of ? { player: of.id } : { payer: text };
        const answer = await line
          .ask<{ bookings: { nodes: FoundBooking[] } }>(BOOKINGS, { club: clubId, first: addDays(today, -DAYS_BACK), ...wanted })
          .catch(() => null);
        if (isWanted) setFound(answer?.bookings.nodes ?? []);
      },
      of ? 0 : TYPED_MS,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [line, clubId, text, of, today, turn]);
  return [found, useCallback(() => setTurn((old) => old + 1), [])];
}

function Found(props: { bookings: FoundBooking[]; course: Course; today: string; go: FinderProps["go"]; close: () => void; again: () => void }) {
  const { bookings, course, today, go, close, again } = props;
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const restore = async (one: FoundBooking) => {
    const name = fullName(one.payer);
    const what: Act = { mutation: "restoreBooking", input: { bookingId: one.id }, done: words.desk.restored(name), undo: () => cancel(one.id, words) };
    if (await act(what, one.id)) again();
  };
  return (
    <section aria-label={words.desk.bookings}>
      <h3>{words.desk.bookings}</h3>
      {bookings.length === 0 && <p className="quiet">{words.desk.nothingFound}</p>}
      <ul className="people">
        {bookings.map((one) => {
          const day = dayIn(course.timeZone, new Date(one.teeTime.startsAt).getTime());
          const when = `${dayInWords(day, locale)}, ${clock(one.teeTime.startsAt, course.timeZone, locale)}`;
          return (
            <li key={one.id} aria-busy={pending.has(one.id) || undefined}>
              <span className="who">
                <strong>{fullName(one.payer)}</strong>
                <small className="quiet">
                  {[when, words.players(one.players.length), words.desk.statuses[one.status]].join(" · ")}
                </small>
              </span>
              {one.status === "CANCELLED" ? (
                <button type="button" onClick={() => void restore(one)}>
                  {words.desk.restore}
                </button>
              ) : (
                <button
                  type="button"
                  aria-label={words.desk.goThere(when)}
                  onClick={() => {
                    go({ view: "sheet", course: one.courseId, day: day === today ? null : day, booking: one.id });
                    close();
                  }}
                >
                  →
                </button>
              )}
              <RefusalNote where={one.id} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function AddPlayer({ clubId, added }: { clubId: string; added: (player: Party) => void }) {
  const { words } = useLanguage();
  const classes = useClasses();
  const { act, pending } = useActs();
  const [given, setGiven] = useState({ firstName: "", lastName: "", priceClass: "MEMBER", phone: "", memberNumber: "" });
  const set = (name: keyof typeof given) => (event: { target: { value: string } }) => setGiven((old) => ({ ...old, [name]: event.target.value }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { phone, memberNumber, ...person } = given;
    const input = { clubId, ...person, ...(phone && { phone }), ...(memberNumber && { memberNumber }) };
    const done = words.desk.added(fullName(given));
    const payload = await act({ mutation: "addPlayer", input, result: "player { id }", done, undo: (made) => ({ mutation: "deactivatePlayer", input: { playerId: (made["player"] as { id: string }).id }, done: words.done.undone }) }, "addPlayer");
    if (payload) added({ ...person, playerId: (payload["player"] as { id: string }).id });
  };
  return (
    <details>
      <summary>{words.desk.addPlayer}…</summary>
      <form onSubmit={(event) => void submit(event)}>
        <label className="stacked">
          {words.firstName}
          <input required autoComplete="off" value={given.firstName} onChange={set("firstName")} />
        </label>
        <label className="stacked">
          {words.lastName}
          <input required autoComplete="off" value={given.lastName} onChange={set("lastName")} />
        </label>
        <label className="stacked">
          {words.priceClass}
          <select value={given.priceClass} onChange={set("priceClass")}>
            {classes.given.map((one) => (
              <option key={one} value={one}>
                {classes.name(one)}
              </option>
            ))}
          </select>
        </label>
        <label className="stacked">
          {words.desk.phoneLabel}
          <input type="tel" autoComplete="off" value={given.phone} onChange={set("phone")} />
        </label>
        <label className="stacked">
          {words.desk.memberNumber}
          <input autoComplete="off" value={given.memberNumber} onChange={set("memberNumber")} />
        </label>
        <RefusalNote where="addPlayer" />
        <button type="submit" className="primary" disabled={pending.has("addPlayer")}>
          {words.desk.add}
        </button>
      </form>
    </details>
  );
}
