import type { Block, Booking, Slot, TeeTime } from "@fairway/live";
import type { KeyboardEvent, ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Popover } from "react-aria-components/Popover";

import type { Act } from "../acts";
import { useAnswer } from "../answer";
import { useClasses } from "../classes";
import { useLanguage } from "../language";
import { useSession } from "../session";
import { dayInWords, leftUntil, short, useSeconds } from "../time";
import type { AsideOf } from "./Aside";
import { cancel, checkIn, fullName, mayArrive, mayChange, nameAt, noShow, playerAt, release, teeOff, unblock, undoCheckIn } from "./deeds";
import { Deposits } from "./Deposits";
import { Notes, restrictionIn } from "./Notes";

export interface Opened {
  slotId: string;
  teeTimeId: string;
  anchor: HTMLElement;
}

interface PanelProps {
  opened: Opened;
  slot: Slot;
  teeTime: TeeTime;
  booking: Booking | undefined;
  block: Block | undefined;
  sheetOf: { courseId: string; date: string };
  holdId: string | undefined;
  /** Until when the standing booking stands that made this one; undefined for others. */
  standsUntil: string | undefined;
  mayAct: boolean;
  mayStart: boolean;
  close: () => void;
  act: (act: Act) => void;
  hold: (places: number) => void;
  book: () => void;
  move: (booking: Booking) => void;
  change: (how: "split" | "merge" | "edit", booking: Booking) => void;
  blockPlaces: (all: boolean) => void;
  aside: (of: AsideOf) => void;
}

/** What can be done with a place, beside it. */
export function PlacePanel(props: PanelProps) {
  const { opened, slot, teeTime, booking, close } = props;
  const { words } = useLanguage();
  const classes = useClasses();
  const title = slot.status === "BOOKED" ? nameAt(slot, booking, words) : words.places[slot.status];
  return (
    <Popover isOpen onOpenChange={close} triggerRef={{ current: opened.anchor }} placement="bottom start" className="popover">
      <Dialog className="panel">
        <Heading slot="title">
          {title} <small>{short(teeTime.localTime)}</small>
        </Heading>
        <div className="deeds" onKeyDown={byLetter}>
          {teeTime.restrictions.map((one, index) => (
            <p key={index} className="quiet">
              {restrictionIn(one, words, classes)}
            </p>
          ))}
          <Notes of={teeTime} />
          {slot.status === "AVAILABLE" && <Free {...props} />}
          {slot.status === "HELD" && <Held {...props} />}
          {slot.status === "BOOKED" && booking && <Booked {...props} booking={booking} />}
          {slot.status === "BLOCKED" && <Blocked {...props} />}
        </div>
      </Dialog>
    </Popover>
  );
}

/** The letters that stand beside the deeds work here as they do on the sheet. */
function byLetter(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = event.key.toUpperCase();
  [...event.currentTarget.querySelectorAll<HTMLElement>("[data-key]")].find((deed) => deed.dataset["key"] === letter)?.click();
}

function Free({ teeTime, mayAct, hold, book, blockPlaces, aside }: PanelProps) {
  const { words } = useLanguage();
  const free = teeTime.slots.filter(({ status }) => status === "AVAILABLE").length;
  if (!mayAct) return null;
  return (
    <>
      <Do act={book} isFirst hint="B">
        {words.acts.book}
      </Do>
      {Array.from({ length: free }, (_, index) => index + 1).map((places) => (
        <Do key={places} act={() => hold(places)} hint={places === 1 ? "H" : undefined}>
          {words.acts.holdPlaces(places)}
        </Do>
      ))}
      <Do act={() => blockPlaces(false)} hint="L">
        {words.acts.block}…
      </Do>
      {free > 1 && <Do act={() => blockPlaces(true)}>{words.acts.blockStart}…</Do>}
      <Do act={() => aside({ what: "note", on: "start", teeTime })} hint="N">
        {words.desk.noteStart}
      </Do>
    </>
  );
}

function Held({ slot, holdId, mayAct, act, book }: PanelProps) {
  const { words } = useLanguage();
  const left = slot.heldUntil && leftUntil(slot.heldUntil, useSeconds());
  return (
    <>
      <p>{left ? words.heldFor(left) : words.holdEnds}</p>
      {mayAct && holdId && (
        <>
          <Do act={book} isFirst hint="B">
            {words.acts.book}
          </Do>
          <Do act={() => act(release(holdId, words))}>{words.acts.release}</Do>
        </>
      )}
    </>
  );
}

function Booked({ slot, teeTime, booking, standsUntil, mayAct, mayStart, act, move, change, aside }: PanelProps & { booking: Booking }) {
  const { words } = useLanguage();
  const player = playerAt(slot, booking);
  const expected = booking.players.filter(mayArrive);
  const isOpen = mayChange(booking);
  return (
    <>
      <BookingFacts booking={booking} standsUntil={standsUntil} />
      <Deposits booking={booking} mayAct={mayAct} act={act} />
      {mayAct && isOpen && (
        <>
          {player && mayArrive(player) && (
            <Do act={() => act(checkIn(booking, [player], words))} isFirst hint="C">
              {words.acts.checkIn}
            </Do>
          )}
          {expected.length > 1 && <Do act={() => act(checkIn(booking, expected, words))}>{words.acts.checkInAll}</Do>}
          {player?.checkedInAt && (
            <Do act={() => act(undoCheckIn(booking, [player], words))} hint="U">
              {words.acts.undoCheckIn}
            </Do>
          )}
          {player && mayArrive(player) && !player.noShowAt && (
            <Do act={() => act(noShow(booking, player, words))} hint="X">
              {words.acts.noShow}
            </Do>
          )}
        </>
      )}
      {mayAct && (
        <>
          <Do act={() => aside({ what: "note", on: "booking", booking, teeTime })} hint="N">
            {words.desk.noteDo}
          </Do>
          <Do act={() => aside({ what: "history", booking, teeTime })} hint="I">
            {words.desk.historyDo}
          </Do>
        </>
      )}
      {mayStart && booking.status === "CHECKED_IN" && <Do act={() => act(teeOff(booking.id, words))}>{words.acts.teeOff}</Do>}
      {mayAct && isOpen && (
        <>
          <Do act={() => move(booking)} hint="M">
            {words.acts.move}
          </Do>
          <Do act={() => change("edit", booking)} hint="E">
            {words.desk.edit}
          </Do>
          {booking.players.length > 1 && (
            <Do act={() => change("split", booking)} hint="S">
              {words.desk.split}
            </Do>
          )}
          <Do act={() => change("merge", booking)} hint="G">
            {words.desk.merge}
          </Do>
          <Do act={() => aside({ what: "note", on: "start", teeTime })}>{words.desk.noteStart}</Do>
          <details className="danger">
            <summary>{words.acts.cancelBooking}…</summary>
            <Do act={() => act(cancel(booking.id, words))}>{words.acts.confirmCancel}</Do>
          </details>
        </>
      )}
    </>
  );
}

const GROUP = "query Group($id: ID!) { bookingGroup(id: $id) { name bookings { status } } }";

function BookingFacts({ booking, standsUntil }: { booking: Booking; standsUntil: string | undefined }) {
  const { words, locale } = useLanguage();
  const { line } = useSession();
  const group = useAnswer<{ bookingGroup: { name: string; bookings: { status: string }[] } }>(line, booking.groupId ? GROUP : null, { id: booking.groupId })?.bookingGroup;
  const classes = useClasses();
  const { pace } = booking;
  const facts = [
    pace?.lastHole ? words.hole(pace.lastHole) : "",
    pace?.level && pace.minutesBehind ? words.behind(Math.round(pace.minutesBehind)) : "",
    ...booking.carts.map(({ number }) => words.cart(number)),
    group ? words.desk.groupOf(group.name, group.bookings.filter(({ status }) => status !== "CANCELLED").length) : "",
    standsUntil ? words.desk.standingUntil(dayInWords(standsUntil, locale)) : "",
  ].filter(Boolean);
  return (
    <>
    <ul className="party">
      {booking.players.map((player) => (
        <li key={player.position}>
          {fullName(player) || words.guestOf(fullName(booking.payer))}
          {player.priceClass && <small> {classes.name(player.priceClass)}</small>}
          {player.checkedInAt && <small> · {words.arrived}</small>}
          {player.noShowAt && <small> · {words.noShow}</small>}
        </li>
      ))}
      {facts.length > 0 && <li className="quiet">{facts.join(" · ")}</li>}
    </ul>
    <Notes of={booking} />
    </>
  );
}

function Blocked({ block, teeTime, sheetOf, mayAct, act, aside }: PanelProps) {
  const { words } = useLanguage();
  if (!block) return null;
  const kind = words.blockKinds[block.kind as keyof typeof words.blockKinds] ?? block.kind;
  return (
    <>
      <p>{[kind, block.reason].filter(Boolean).join(": ")}</p>
      {mayAct && (
        <Do act={() => act(unblock(block, sheetOf, words))} isFirst>
          {words.acts.unblock} ({words.found(block.slotIds.length)})
        </Do>
      )}
      {mayAct && (
        <Do act={() => aside({ what: "history", block, teeTime })} hint="I">
          {words.desk.historyDo}
        </Do>
      )}
    </>
  );
}

function Do({ act, hint, isFirst = false, children }: { act: () => void; hint?: string | undefined; isFirst?: boolean; children: ReactNode }) {
  return (
    <button type="button" className="do" data-key={hint} onClick={act} autoFocus={isFirst}>
      <span>{children}</span>
      {hint && <kbd aria-hidden="true">{hint}</kbd>}
    </button>
  );
}
