import type { Booking, Slot, TeeTime } from "@fairway/live";
import { type DragEvent, memo } from "react";

import { useClasses } from "../classes";
import { useLanguage } from "../language";
import { leftUntil, money, short, useSeconds } from "../time";
import { nameAt, playerAt } from "./deeds";

export interface TileProps {
  slot: Slot;
  teeTime: TeeTime;
  booking: Booking | undefined;
  isNoted: boolean;
  isStanding: boolean;
  /** Whether this place begins, continues or ends what is booked together. */
  together: "alone" | "first" | "middle" | "last";
  isBusy: boolean;
  isDim: boolean;
  /** Where a booking is being moved: whether it would fit here. */
  isTarget: boolean;
  canDrag: boolean;
  open: (slot: Slot, anchor: HTMLElement) => void;
  drag: (booking: Booking | null) => void;
}

/** One place of a start: who has it, and how it stands. */
export const Tile = memo(function Tile(props: TileProps) {
  const { slot, teeTime, booking, isNoted, isStanding, together, isBusy, isDim, isTarget, canDrag, open, drag } = props;
  const { words, locale } = useLanguage();
  const classes = useClasses();
  const player = playerAt(slot, booking);
  const state = stateOf(slot, booking, props);
  // What is said of a whole booking is said once.
  const begins = together === "alone" || together === "first";
  const start = (event: DragEvent) => {
    if (!booking) return;
    event.dataTransfer.setData("text/plain", booking.id);
    event.dataTransfer.effectAllowed = "move";
    // Chromium ends a drag at once when what is dragged changes while it begins.
    setTimeout(() => drag(booking));
  };
  return (
    <button
      type="button"
      className="tile"
      data-slot={slot.id}
      data-booking={slot.bookingId ?? undefined}
      data-status={slot.status}
      data-state={state}
      data-together={together}
      data-pace={booking?.status === "ON_COURSE" ? (booking.pace?.level ?? "ON") : undefined}
      data-dim={isDim || undefined}
      data-target={isTarget || undefined}
      aria-busy={isBusy || undefined}
      aria-haspopup="dialog"
      tabIndex={-1}
      draggable={canDrag && Boolean(booking)}
      onDragStart={start}
      onDragEnd={() => drag(null)}
      onClick={(event) => open(slot, event.currentTarget)}
    >
      <span className="unseen">
        {short(teeTime.localTime)}, {words.place(slot.number)}:{" "}
      </span>
      {slot.status === "BOOKED" ? (
        <>
          <span className="name">{nameAt(slot, booking, words)}</span>
          <span className="marks">
            {player?.priceClass && (
              <abbr className="class" title={classes.name(player.priceClass)} data-class={player.priceClass}>
                {classes.letters(player.priceClass)}
              </abbr>
            )}
            {player?.checkedInAt && (
              <span className="mark arrived" role="img" aria-label={words.arrived} title={words.arrived}>
                ✓
              </span>
            )}
            {player?.noShowAt && <span className="mark absent">{words.noShow}</span>}
            {begins && booking?.groupId && <span className="mark">{words.desk.group}</span>}
            {begins && isStanding && <span className="mark">{words.desk.standing}</span>}
            {begins && isNoted && (
              <span className="mark" role="img" aria-label={words.desk.hasNote}>
                ✎
              </span>
            )}
            {booking && <Going booking={booking} />}
            {booking && cartsOf(booking, slot, teeTime).map((number) => (
              <span key={number} className="mark cart">
                {words.cart(number)}
              </span>
            ))}
          </span>
        </>
      ) : slot.status === "HELD" ? (
        <Held until={slot.heldUntil} />
      ) : (
        <>
          <span className="name">{words.places[slot.status]}</span>
          {slot.status === "AVAILABLE" && slot.price && <span className="price">{money(slot.price, locale)}</span>}
        </>
      )}
    </button>
  );
});

function stateOf({ status }: Slot, booking: Booking | undefined, { slot }: TileProps): string {
  if (status !== "BOOKED") return status.toLowerCase();
  const player = playerAt(slot, booking);
  if (player?.noShowAt) return "absent";
  if (booking?.status === "ON_COURSE") return "out";
  if (booking?.status === "COMPLETED") return "done";
  return player?.checkedInAt ? "arrived" : "booked";
}

/** Carts go by two: the first belongs to the first two places of a booking, and so on. */
function cartsOf(booking: Booking, slot: Slot, teeTime: TeeTime): string[] {
  const own = teeTime.slots.filter(({ bookingId }) => bookingId === booking.id);
  const index = own.findIndex(({ id }) => id === slot.id);
  const cart = index % 2 === 0 ? booking.carts.filter(({ status }) => status !== "RETURNED")[index / 2] : undefined;
  return cart ? [cart.number] : [];
}

function Going({ booking: { status, pace } }: { booking: Booking }) {
  const { words } = useLanguage();
  if (status === "COMPLETED") return <span className="mark">{words.completed}</span>;
  if (status !== "ON_COURSE") return null;
  const late = pace?.level ? words.pace[pace.level] : words.onPace;
  const where = pace?.lastHole ? words.hole(pace.lastHole) : words.onCourse;
  return (
    <span className="mark pace" title={`${where}, ${late}`}>
      {where}
      <span className="unseen">, {late}</span>
      {pace?.level && pace.minutesBehind ? ` +${Math.round(pace.minutesBehind)}′` : ""}
    </span>
  );
}

function Held({ until }: { until: string | null }) {
  const { words } = useLanguage();
  const now = useSeconds();
  const left = until && leftUntil(until, now);
  return (
    <>
      <span className="name">{words.places.HELD}</span>
      {until && (
        <span className="count" title={left ? words.heldFor(left) : words.holdEnds}>
          {left ?? "0:00"}
        </span>
      )}
    </>
  );
}
