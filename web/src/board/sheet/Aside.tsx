// What is noted, what happened, and what is printed: beside the sheet, and wanted now and then.
import { type Block, type Booking, type Followed, follow, type Line, type TeeSheet, type TeeTime } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { Button } from "react-aria-components/Button";

import { type Act, RefusalNote, useActs } from "../acts";
import { useClasses } from "../classes";
import type { Course } from "../clubs";
import { useLanguage, useWords } from "../language";
import { Problem } from "../Problem";
import { useSession } from "../session";
import { clock, dayIn, dayInWords, short } from "../time";
import { Window } from "../Window";
import type { Words } from "../words";
import { fullName } from "./deeds";
import { changesIn } from "./changes";

export type AsideOf =
  | { what: "note"; on: "booking"; booking: Booking; teeTime: TeeTime }
  | { what: "note"; on: "start"; teeTime: TeeTime }
  | { what: "note"; on: "day"; sheet: TeeSheet }
  | { what: "history"; booking: Booking; teeTime: TeeTime }
  | { what: "history"; block: Block; teeTime: TeeTime }
  | { what: "print"; sheet: TeeSheet };

interface AsideProps {
  of: AsideOf;
  course: Course;
  close: () => void;
}

export default function Aside({ of, course, close }: AsideProps) {
  if (of.what === "print") return <PrintDialog course={course} date={of.sheet.date} close={close} />;
  if (of.what === "history") return <HistoryDialog {...("booking" in of ? { booking: of.booking } : { block: of.block })} course={course} teeTime={of.teeTime} close={close} />;
  return <NoteDialog of={of} course={course} close={close} />;
}

type Noting = Extract<AsideOf, { what: "note" }>;

/** Where a note goes, and what it says now. */
function notedOn(of: Noting, course: Course, words: Words): { mutation: string; input: Record<string, unknown>; title: string; forAll: string; note: string; staffNote: string } {
  if (of.on === "booking") {
    const { id, note, staffNote, payer } = of.booking;
    return { mutation: "setBookingNote", input: { bookingId: id }, title: `${fullName(payer)} · ${short(of.teeTime.localTime)}`, forAll: words.desk.noteParty, note, staffNote: staffNote ?? "" };
  }
  if (of.on === "start") {
    const { id, note, staffNote, localTime } = of.teeTime;
    return { mutation: "setTeeTimeNote", input: { teeTimeId: id }, title: short(localTime), forAll: words.desk.noteAll, note, staffNote: staffNote ?? "" };
  }
  const { date, note, staffNote } = of.sheet;
  return { mutation: "setTeeSheetNote", input: { courseId: course.id, date }, title: words.day, forAll: words.desk.noteAll, note, staffNote: staffNote ?? "" };
}

const LONGEST = 500;

function NoteDialog({ of, course, close }: { of: Noting; course: Course; close: () => void }) {
  const words = useWords();
  const { act, pending } = useActs();
  // What was noted when the window opened is what is taken back to.
  const [noted] = useState(() => notedOn(of, course, words));
  const [text, setText] = useState({ note: noted.note, staffNote: noted.staffNote });
  const where = `note ${JSON.stringify(noted.input)}`;
  const submit = async () => {
    const { mutation, input, note, staffNote } = noted;
    if (text.note === note && text.staffNote === staffNote) return close();
    const undo = (): Act => ({ mutation, input: { ...input, note, staffNote }, done: words.done.undone });
    if (await act({ mutation, input: { ...input, ...text }, done: words.desk.noted, undo }, where)) close();
  };
  const byEnter = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };
  const field = (name: "note" | "staffNote", label: string, isFirst: boolean) => (
    <label className="stacked">
      {label}
      <textarea
        rows={3}
        maxLength={LONGEST}
        autoFocus={isFirst}
        value={text[name]}
        // A note is one line, however it was typed or pasted.
        onChange={(event) => setText({ ...text, [name]: event.target.value.replaceAll(/\s*\n\s*/g, " ") })}
        onKeyDown={byEnter}
      />
    </label>
  );
  return (
    <Window title={`${words.desk.note} · ${noted.title}`} close={close}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void submit();
        }}
      >
        {field("note", noted.forAll, true)}
        {field("staffNote", words.desk.noteStaff, false)}
        <RefusalNote where={where} />
        <footer>
          <Button slot="close">{words.cancel}</Button>
          <button type="submit" className="primary" disabled={pending.has(where)}>
            {words.desk.editDo}
          </button>
        </footer>
      </form>
    </Window>
  );
}

export interface Entry {
  at: string;
  by: string | null;
  what: string;
  changes: { field: string; before: string | null; after: string | null }[];
}

const ENTRIES = "history { at by what changes { field before after } }";
const OF_BOOKING = `query History($id: ID!, $course: ID!) { booking(id: $id) { ${ENTRIES} } courseConditions(courseId: $course) { cursor } }`;
const OF_BLOCK = `query History($id: ID!, $course: ID!) { node(id: $id) { ... on Block { ${ENTRIES} } } courseConditions(courseId: $course) { cursor } }`;
const EVENTS = `subscription History($id: ID!, $after: String) {
  bookingEvents(bookingId: $id, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

interface Told {
  entries: Entry[];
  cursor: string;
}

/** A block is put up and taken away, and nothing else; a booking's history goes on while one looks. */
function followHistory(line: Line, course: string, id: string, isBooking: boolean): Followed<Told> {
  return follow<Told>(
    { line },
    {
      read: async (ask) => {
        const answer = await ask<{ booking?: { history: Entry[] | null }; node?: { history: Entry[] | null }; courseConditions: { cursor: string } }>(isBooking ? OF_BOOKING : OF_BLOCK, { id, course });
        return { entries: (answer.booking ?? answer.node)?.history ?? [], cursor: answer.courseConditions.cursor };
      },
      follow: ({ cursor }) => (isBooking ? [{ query: EVENTS, variables: { id }, after: cursor }] : []),
      apply: (state) => ({ state, read: "soon" }),
    },
  );
}

function HistoryDialog({ booking, block, teeTime, course, close }: { booking?: Booking; block?: Block; teeTime: TeeTime; course: Course; close: () => void }) {
  const { words, locale } = useLanguage();
  const { line } = useSession();
  const classes = useClasses();
  const id = (booking ?? block)?.id ?? "";
  const live = useFollowed(() => followHistory(line, course.id, id, booking !== undefined), [line, course.id, id]);
  const name = booking ? fullName(booking.payer) : words.places.BLOCKED;
  return (
    <Window title={`${words.desk.historyOf} · ${name} · ${short(teeTime.localTime)}`} close={close}>
      <Problem of={live} />
      {!live.state && !live.problem && <p className="quiet">{words.loading}</p>}
      <ol className="told" tabIndex={0} aria-label={words.desk.historyOf}>
        {live.state?.entries.map((entry, index) => {
          const at = new Date(entry.at).getTime();
          return (
            <li key={`${entry.at} ${index}`}>
              <strong>{words.desk.events[entry.what] ?? entry.what}</strong>
              <small className="quiet">
                {dayInWords(dayIn(course.timeZone, at), locale)}, {clock(at, course.timeZone, locale, true)} · {entry.by ?? words.desk.byItself}
              </small>
              <ul>
                {changesIn(entry, { words, locale, zone: course.timeZone, className: classes.name }).map((change) => (
                  <li key={change}>{change}</li>
                ))}
              </ul>
            </li>
          );
        })}
      </ol>
      <footer>
        <Button slot="close" autoFocus>
          {words.close}
        </Button>
      </footer>
    </Window>
  );
}

const PAGE = "query Print($course: ID!, $date: Date!, $form: DaySheetForm!) { daySheet(courseId: $course, date: $date, form: $form) }";
const FORMS = ["STARTER", "CART_SIGNS"] as const;

/** The day on paper: it opens as a page of its own, which the browser prints. */
function PrintDialog({ course, date, close }: { course: Course; date: string; close: () => void }) {
  const { words, locale } = useLanguage();
  const { line } = useSession();
  const [problem, setProblem] = useState("");
  const print = async (form: (typeof FORMS)[number]) => {
    setProblem("");
    // Browsers let a page open another only at once, so it is opened before there is anything on it.
    const page = open("", "_blank");
    if (!page) return setProblem(words.desk.printRefused);
    try {
      const { daySheet } = await line.ask<{ daySheet: string }>(PAGE, { course: course.id, date, form });
      const address = URL.createObjectURL(new Blob([daySheet], { type: "text/html" }));
      page.location.replace(address);
      setTimeout(() => {
        page.print();
        URL.revokeObjectURL(address);
      }, PRINTS_AFTER_MS);
      close();
    } catch (cause) {
      page.close();
      setProblem(cause instanceof Error ? cause.message : words.unreachable);
    }
  };
  return (
    <Window title={`${words.desk.print} · ${dayInWords(date, locale)}`} close={close}>
      <div className="deeds">
        {FORMS.map((form, index) => (
          <button type="button" className="do" key={form} autoFocus={index === 0} onClick={() => void print(form)}>
            {words.desk.printForms[form]}
          </button>
        ))}
      </div>
      {problem && (
        <p className="refusal" role="alert">
          {problem}
        </p>
      )}
      <footer>
        <Button slot="close">{words.cancel}</Button>
      </footer>
    </Window>
  );
}

/** The page is of one file, and drawn long before this. */
const PRINTS_AFTER_MS = 400;
