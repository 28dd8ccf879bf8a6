import type { Booking, Conditions, SheetState, Slot, TeeSheet, TeeTime } from "@fairway/live";
import type { Guessing } from "@fairway/live/react";
import { type CSSProperties, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";

import { type Act, useActs } from "../acts";
import { useAddress } from "../address";
import type { Course } from "../clubs";
import { Opening, useUndoKey } from "../keys";
import { useLanguage } from "../language";
import { mayRunTheDesk, mayStart, type Session } from "../session";
import { dayInWords, useNow } from "../time";
import type { AsideOf } from "./Aside";
import type { Changing } from "./ChangeDialogs";
import { fullName, hold as holdAct, move as moveAct, type Party, swap } from "./deeds";
import { type Opened, PlacePanel } from "./PlacePanel";
import { Notes } from "./Notes";
import { matches, Row } from "./Row";
import { useStanding } from "./standing";
import { useSheetKeys } from "./useSheetKeys";

// What is only now and then on the page is loaded when it is.
const Aside = lazy(() => import("./Aside"));
const BookDialog = lazy(() => import("./BookDialog"));
const BlockDialog = lazy(async () => ({ default: (await import("./BookDialog")).BlockDialog }));
const ChangeDialog = lazy(() => import("./ChangeDialogs"));
const Finder = lazy(() => import("./Finder"));

const MINUTE_MS = 60_000;
/** A wall shows what has started lately, and what comes. */
const WALL_KEEPS_MS = 20 * MINUTE_MS;

interface DeskProps {
  session: Session;
  sheet: TeeSheet;
  course: Course;
  today: string;
  conditions: Conditions | null;
  wall: boolean;
  during: Guessing<SheetState>["during"];
}

/** The starts of a day, and what is done with them. */
export function Desk({ session, sheet, course, today, conditions, wall, during }: DeskProps) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const now = useNow();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [booking, setBooking] = useState<string | null>(null);
  const [blocking, setBlocking] = useState<{ teeTimeId: string; slotIds: string[] } | null>(null);
  const [moving, setMoving] = useState<{ booking: Booking; from: TeeTime } | null>(null);
  const [changing, setChanging] = useState<Changing | null>(null);
  const [finding, setFinding] = useState(false);
  const [aside, setAside] = useState<AsideOf | null>(null);
  const [chosen, setChosen] = useState<Party | null>(null);
  const [search, setSearch] = useState("");
  const [holds, setHolds] = useState<ReadonlyMap<string, { id: string; places: number }>>(new Map());
  const list = useRef<HTMLOListElement>(null);
  const mayAct = mayRunTheDesk(session) && !wall;
  const standing = useStanding(session.line, course, mayAct);
  useUndoKey();

  const bookings = useMemo(() => new Map(sheet.bookings.map((one) => [one.id, one])), [sheet.bookings]);
  const teeTimes = useMemo(
    () => (wall ? sheet.teeTimes.filter(({ startsAt }) => new Date(startsAt).getTime() > now - WALL_KEEPS_MS) : sheet.teeTimes),
    [sheet.teeTimes, wall, now],
  );
  const next = sheet.date !== today ? undefined : sheet.teeTimes.find(({ startsAt }) => new Date(startsAt).getTime() >= now)?.id;
  const of = (teeTimeId: string) => sheet.teeTimes.find(({ id }) => id === teeTimeId);
  const start = opened && of(opened.teeTimeId);
  const slot = start && opened && start.slots.find(({ id }) => id === opened.slotId);

  const acted = (what: Act, where: string) => {
    const doing = act(what, where);
    // What was refused gives no payload: then the guess is shown no more.
    if (what.guess) during(what.guess, doing.then((payload) => payload ?? { problems: [where] }));
  };
  const open = useCallback(
    (at: Slot, teeTime: TeeTime, anchor: HTMLElement) => {
      if (!wall) setOpened({ slotId: at.id, teeTimeId: teeTime.id, anchor });
    },
    [wall],
  );
  const drop = useCallback(
    (to: TeeTime, at?: Slot) => {
      const other = at?.bookingId && at.bookingId !== moving?.booking.id ? bookings.get(at.bookingId) : undefined;
      if (moving) void act(other ? swap(moving.booking, other, words) : moveAct(moving.booking, moving.from, to, words), to.id);
      setMoving(null);
    },
    [moving, act, words, bookings],
  );
  const drag = useCallback((what: Booking | null, from: TeeTime) => setMoving(what && { booking: what, from }), []);
  const hold = async (teeTime: TeeTime, places: number) => {
    const held = (await act(holdAct(teeTime, places, words), teeTime.id))?.["hold"] as { id: string } | undefined;
    if (held) setHolds((old) => new Map(old).set(teeTime.id, { id: held.id, places }));
  };
  const jump = useCallback(
    (smooth = true) => {
      const row = next && document.getElementById(next);
      if (row) row.scrollIntoView({ block: "center", behavior: smooth ? "smooth" : "instant" });
    },
    [next],
  );
  useFirst(() => !wall && jump(false));
  useSheetKeys({
    list,
    mayAct,
    sheet,
    bookings,
    moving,
    act: (what, teeTime) => acted(what, teeTime.id),
    open,
    drop,
    startMoving: (what, from) => setMoving({ booking: what, from }),
    stopMoving: () => setMoving(null),
    book: (teeTime) => setBooking(teeTime.id),
    hold: (teeTime) => void hold(teeTime, 1),
    block: (teeTime, at) => setBlocking({ teeTimeId: teeTime.id, slotIds: [at.id] }),
    change: (how, what, teeTime) => setChanging({ how, booking: what, teeTime }),
    find: () => setFinding(true),
    aside: setAside,
    jump,
  });
  const [address, go] = useAddress();
  useEffect(() => {
    const wanted = address.booking && list.current?.querySelector<HTMLElement>(`[data-booking="${CSS.escape(address.booking)}"]`);
    if (!wanted) return;
    go({ booking: null });
    wanted.scrollIntoView({ block: "center" });
    wanted.focus();
    wanted.click();
  }, [address.booking, sheet.date, go]);

  const found = search ? sheet.teeTimes.flatMap((each) => each.slots).filter((at) => matches(at, at.bookingId ? bookings.get(at.bookingId) : undefined, search, words)) : [];
  const bookingStart = booking && of(booking);
  const blockStart = blocking && of(blocking.teeTimeId);
  const free = (teeTime: TeeTime) => teeTime.slots.filter(({ status }) => status === "AVAILABLE");
  return (
    <section className="desk" aria-label={words.views.sheet}>
      {!wall && (
        <div className="tools">
          <h2 className="day-name">{dayInWords(sheet.date, locale)}</h2>
          <input
            id="search"
            type="search"
            placeholder={words.search}
            aria-label={words.search}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          {mayAct && (
            <button type="button" onClick={() => setFinding(true)}>
              {words.desk.find} <kbd aria-hidden="true">F</kbd>
            </button>
          )}
          {mayAct && (
            <>
              <button type="button" onClick={() => setAside({ what: "note", on: "day", sheet })}>
                {words.desk.noteDay}
              </button>
              <button type="button" onClick={() => setAside({ what: "print", sheet })}>
                {words.desk.printDo} <kbd aria-hidden="true">P</kbd>
              </button>
            </>
          )}
          {search && <span aria-live="polite">{words.found(found.length)}</span>}
          {next && (
            <button type="button" onClick={() => jump()}>
              {words.jumpToNow} <kbd aria-hidden="true">T</kbd>
            </button>
          )}
        </div>
      )}
      <Notes of={sheet} wall={wall} />
      {chosen && (
        <p className="message" role="status">
          {words.desk.nextBooking(fullName(chosen))}{" "}
          <button type="button" onClick={() => setChosen(null)} aria-label={words.desk.unpick(fullName(chosen))}>
            ×
          </button>
        </p>
      )}
      {moving && (
        <p className="moving" role="status">
          {words.moving(fullName(moving.booking.payer))} <button type="button" onClick={() => setMoving(null)}>{words.cancel}</button>
        </p>
      )}
      <ol id="sheet" className="rows" style={{ "--half": Math.ceil(teeTimes.length / 2) || 1 } as CSSProperties} ref={list} data-moving={moving !== null || undefined}>
        {teeTimes.map((teeTime) => (
          <Row
            key={teeTime.id}
            teeTime={teeTime}
            bookings={teeTime.slots.map(({ bookingId }) => (bookingId ? bookings.get(bookingId) : undefined))}
            standing={standing}
            wall={wall}
            isPast={new Date(teeTime.startsAt).getTime() < now}
            isNext={teeTime.id === next}
            closed={closedAt(teeTime, conditions)}
            isBusy={pending.has(teeTime.id)}
            search={search}
            moving={moving?.booking ?? null}
            canDrag={mayAct}
            drag={drag}
            drop={drop}
            open={moving ? (at, to) => drop(to, at) : open}
          />
        ))}
      </ol>
      {opened && start && slot && (
        <PlacePanel
          opened={opened}
          slot={slot}
          teeTime={start}
          booking={slot.bookingId ? bookings.get(slot.bookingId) : undefined}
          block={sheet.blocks.find((one) => !one.removedAt && one.slotIds.includes(slot.id))}
          holdId={holds.get(start.id)?.id}
          standsUntil={standing.get(slot.bookingId ?? "")}
          sheetOf={{ courseId: course.id, date: sheet.date }}
          mayAct={mayAct}
          mayStart={mayStart(session)}
          close={() => setOpened(null)}
          act={(what) => {
            setOpened(null);
            acted(what, start.id);
          }}
          hold={(places) => {
            setOpened(null);
            void hold(start, places);
          }}
          book={() => {
            setOpened(null);
            setBooking(start.id);
          }}
          move={(what) => {
            setOpened(null);
            setMoving({ booking: what, from: start });
          }}
          change={(how, what) => {
            setOpened(null);
            setChanging({ how, booking: what, teeTime: start });
          }}
          aside={(of) => {
            setOpened(null);
            setAside(of);
          }}
          blockPlaces={(all) => {
            setOpened(null);
            setBlocking({ teeTimeId: start.id, slotIds: all ? free(start).map(({ id }) => id) : [slot.id] });
          }}
        />
      )}
      <Suspense fallback={<Opening />}>
        {bookingStart && (
          <BookDialog
            clubId={course.clubId}
            teeTime={bookingStart}
            {...bookable(bookingStart, holds.get(bookingStart.id), free(bookingStart).length)}
            first={chosen}
            close={() => setBooking(null)}
            booked={() => setChosen(null)}
          />
        )}
        {blockStart && blocking && (
          <BlockDialog courseId={course.id} date={sheet.date} teeTime={blockStart} slotIds={blocking.slotIds} close={() => setBlocking(null)} />
        )}
        {changing && (
          <ChangeDialog
            {...changing}
            clubId={course.clubId}
            day={sheet.teeTimes.flatMap((teeTime) => bookingsAt(teeTime, bookings).map((one) => ({ teeTime, booking: one })))}
            places={changing.teeTime.slots.length}
            close={() => setChanging(null)}
          />
        )}
        {aside && <Aside of={aside} course={course} close={() => setAside(null)} />}
        {finding && <Finder course={course} today={today} go={go} choose={setChosen} close={() => setFinding(false)} />}
      </Suspense>
    </section>
  );
}

function bookingsAt({ slots }: TeeTime, bookings: ReadonlyMap<string, Booking>): Booking[] {
  const ids = new Set(slots.map(({ bookingId }) => bookingId));
  return [...ids].flatMap((id) => (id && bookings.get(id)) || []);
}

/** For whom a start can be booked: what this page holds there, as long as it is held, or what is free. */
function bookable(teeTime: TeeTime, held: { id: string; places: number } | undefined, free: number): { holdId: string | undefined; places: number } {
  const stands = held && teeTime.slots.some(({ status }) => status === "HELD");
  return stands ? { holdId: held.id, places: held.places } : { holdId: undefined, places: free };
}

/** Why the course is closed at a start; null where the closure does not reach it. */
function closedAt({ startsAt }: TeeTime, conditions: Conditions | null): string | null {
  if (conditions?.status !== "CLOSED") return null;
  const at = new Date(startsAt).getTime();
  const from = new Date(conditions.since).getTime();
  const until = conditions.closedUntil ? new Date(conditions.closedUntil).getTime() : Infinity;
  return at >= from && at < until ? conditions.reason : null;
}

/** Do something once, when what it is about is on the page. */
function useFirst(act: () => unknown): void {
  const done = useRef(false);
  useEffect(() => {
    if (!done.current) act();
    done.current = true;
  });
}
