import type { Booking, Slot, TeeTime } from "@fairway/live";
import { memo, useState } from "react";

import { RefusalNote } from "../acts";
import { useClasses } from "../classes";
import { useLanguage } from "../language";
import { plain } from "../text";
import { short } from "../time";
import { fullName, nameAt } from "./deeds";
import { Notes, restrictionIn } from "./Notes";
import { Tile, type TileProps } from "./Tile";

interface RowProps {
  teeTime: TeeTime;
  /** By place; none where nothing is booked. */
  bookings: (Booking | undefined)[];
  /** Until when a standing booking stands, by the bookings that it made. */
  standing: ReadonlyMap<string, string>;
  /** On a wall, what is noted for a party or for the staff is not shown. */
  wall: boolean;
  isPast: boolean;
  isNext: boolean;
  /** Why the course is closed at this start; null when it is not. */
  closed: string | null;
  isBusy: boolean;
  search: string;
  moving: Booking | null;
  canDrag: boolean;
  /** Begin or end a drag; the start that it came from goes along. */
  drag: (booking: Booking | null, from: TeeTime) => void;
  drop: (to: TeeTime) => void;
  open: (slot: Slot, teeTime: TeeTime, anchor: HTMLElement) => void;
}

/** One start with its places. */
export const Row = memo(
  function Row(props: RowProps) {
    const { teeTime, bookings, standing, wall, isPast, isNext, closed, isBusy, search, moving, canDrag, drag, drop, open } = props;
    const { words } = useLanguage();
    const classes = useClasses();
    const [isOver, setOver] = useState(false);
    const fits = moving !== null && !isPast && fitsInto(teeTime, moving);
    return (
      <li
        className="row"
        id={teeTime.id}
        data-past={isPast || undefined}
        data-next={isNext || undefined}
        data-closed={closed !== null || undefined}
        data-over={(isOver && fits) || undefined}
        onDragOver={(event) => {
          if (!fits) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (fits) drop(teeTime);
        }}
      >
        {isNext && <span className="now-line">{words.now}</span>}
        <span className="time">
          <time dateTime={teeTime.startsAt}>{short(teeTime.localTime)}</time>
          {teeTime.tee !== 1 && <small>{words.tee(teeTime.tee)}</small>}
          {closed !== null && (
            <small className="closed-mark" title={words.closedBand(closed)}>
              {words.closed}
            </small>
          )}
        </span>
        <div className="places" data-size={teeTime.slots.length}>
          {teeTime.slots.map((slot, index) => (
            <Tile
              key={slot.id}
              slot={slot}
              teeTime={teeTime}
              booking={bookings[index]}
              isNoted={!wall && Boolean(bookings[index]?.note || bookings[index]?.staffNote)}
              isStanding={standing.has(slot.bookingId ?? "")}
              together={together(teeTime.slots, index)}
              isBusy={isBusy}
              isDim={search !== "" && !matches(slot, bookings[index], search, words)}
              isTarget={fits && slot.status === "AVAILABLE"}
              canDrag={canDrag}
              open={(opened, anchor) => open(opened, teeTime, anchor)}
              drag={(booking) => drag(booking, teeTime)}
            />
          ))}
        </div>
        {teeTime.restrictions.length > 0 && <p className="restrictions">{teeTime.restrictions.map((one) => restrictionIn(one, words, classes)).join(" · ")}</p>}
        <Notes of={teeTime} wall={wall} />
        {!wall && [...new Set(bookings)].map((booking) => booking && <Notes key={booking.id} of={booking} name={fullName(booking.payer)} />)}
        <RefusalNote where={teeTime.id} />
      </li>
    );
  },
  (before, after) => {
    const names = Object.keys(after) as (keyof RowProps)[];
    return names.every((name) => (name === "bookings" ? same(before.bookings, after.bookings) : Object.is(before[name], after[name])));
  },
);

const same = (one: unknown[], other: unknown[]): boolean => one.length === other.length && one.every((each, index) => each === other[index]);

/** Whether a booking has room at a start that is not its own. */
export function fitsInto(teeTime: TeeTime, booking: Booking): boolean {
  if (teeTime.slots.some(({ bookingId }) => bookingId === booking.id)) return false;
  return teeTime.slots.filter(({ status }) => status === "AVAILABLE").length >= booking.players.length;
}

export function matches(slot: Slot, booking: Booking | undefined, search: string, words: Parameters<typeof nameAt>[2]): boolean {
  if (slot.status !== "BOOKED") return false;
  const said = `${nameAt(slot, booking, words)} ${booking ? `${booking.payer.firstName} ${booking.payer.lastName}` : ""}`;
  return plain(said).includes(plain(search));
}

function together(slots: Slot[], index: number): TileProps["together"] {
  const id = slots[index]?.bookingId;
  const before = Boolean(id) && slots[index - 1]?.bookingId === id;
  const after = Boolean(id) && slots[index + 1]?.bookingId === id;
  return before ? (after ? "middle" : "last") : after ? "first" : "alone";
}
