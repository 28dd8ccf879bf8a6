// What a desk does on a sheet, as acts that say how they are taken back.
import type { Booking, BookingPlayer, Slot, TeeTime, WaitlistEntry } from "@fairway/live";

import type { Act } from "../acts";
import { short } from "../time";
import type { Words } from "../words";

export const fullName = ({ firstName, lastName }: { firstName: string; lastName: string }): string => `${firstName} ${lastName}`.trim();

/** Whose place it is: the player's name, or whom they come with. */
export function nameAt(slot: Slot, booking: Booking | undefined, words: Words): string {
  const player = playerAt(slot, booking);
  const payer = booking ? fullName(booking.payer) : slot.payer ? fullName(slot.payer) : "";
  return (player && fullName(player)) || (payer && (player ? words.guestOf(payer) : payer)) || words.places.BOOKED;
}

export function playerAt(slot: Slot, booking: Booking | undefined): BookingPlayer | undefined {
  return booking?.players.find((player) => player.slotId === slot.id);
}

export const mayArrive = (player: BookingPlayer): boolean => !player.checkedInAt;

export function checkIn(booking: Booking, players: BookingPlayer[], words: Words): Act {
  const positions = players.map(({ position }) => position);
  const name = players.map(fullName).filter(Boolean).join(", ") || fullName(booking.payer);
  const input = { bookingId: booking.id, positions };
  return { mutation: "checkIn", input, done: words.done.checkIn(name), undo: () => undoCheckIn(booking, players, words) };
}

export function undoCheckIn(booking: Booking, players: BookingPlayer[], words: Words): Act {
  const name = players.map(fullName).filter(Boolean).join(", ") || fullName(booking.payer);
  const input = { bookingId: booking.id, positions: players.map(({ position }) => position) };
  return { mutation: "undoCheckIn", input, done: words.done.undoCheckIn(name), undo: () => checkIn(booking, players, words) };
}

export function noShow(booking: Booking, player: BookingPlayer, words: Words): Act {
  const input = { bookingId: booking.id, positions: [player.position] };
  const name = fullName(player) || fullName(booking.payer);
  const undo = (): Act => ({ mutation: "undoNoShow", input, done: words.done.undone });
  return { mutation: "markNoShow", input, done: words.done.noShow(name), undo };
}

export function hold(teeTime: TeeTime, places: number, words: Words): Act {
  return {
    mutation: "holdSlots",
    input: { teeTimeId: teeTime.id, places },
    result: "hold { id expiresAt }",
    done: words.done.hold,
    undo: (payload) => release((payload["hold"] as { id: string }).id, words),
  };
}

export function release(holdId: string, words: Words): Act {
  return { mutation: "releaseHold", input: { holdId }, done: words.done.release };
}

export interface Party {
  firstName: string;
  lastName: string;
  priceClass: string;
}

export function book(teeTime: TeeTime, holdId: string | undefined, party: Party[], words: Words): Act {
  const where = holdId ? { holdId } : { teeTimeId: teeTime.id };
  return {
    mutation: "bookSlots",
    input: { ...where, players: party },
    result: "booking { id }",
    done: words.done.book(fullName(party[0] ?? { firstName: "", lastName: "" })),
    undo: (payload) => cancel((payload["booking"] as { id: string }).id, words),
  };
}

export function cancel(bookingId: string, words: Words): Act {
  const undo = (): Act => ({ mutation: "restoreBooking", input: { bookingId }, done: words.done.undone, undo: () => cancel(bookingId, words) });
  return { mutation: "cancelBooking", input: { bookingId }, done: words.done.cancelBooking, undo };
}

export function move(booking: Booking, from: TeeTime, to: TeeTime, words: Words): Act {
  return {
    mutation: "moveBooking",
    input: { bookingId: booking.id, teeTimeId: to.id },
    done: words.done.move(short(to.localTime)),
    undo: () => move(booking, to, from, words),
  };
}

export function block(courseId: string, date: string, slots: Slot[], kind: string, reason: string, words: Words): Act {
  return {
    mutation: "addBlock",
    input: { courseId, date, kind, reason, slotIds: slots.map(({ id }) => id) },
    result: "block { id }",
    done: words.done.block,
    undo: (payload) => unblock((payload["block"] as { id: string }).id, words),
  };
}

export function unblock(blockId: string, words: Words): Act {
  return { mutation: "removeBlock", input: { blockId }, done: words.done.unblock };
}

export function teeOff(bookingId: string, words: Words): Act {
  const undo = (): Act => ({ mutation: "undoTeeOff", input: { bookingId }, done: words.done.undone });
  return { mutation: "teeOff", input: { bookingId }, done: words.done.teeOff, undo };
}

export function acceptOffer(offerId: string, name: string, words: Words): Act {
  return {
    mutation: "acceptWaitlistOffer",
    input: { offerId },
    result: "booking { id }",
    done: words.done.book(name),
    undo: (payload) => cancel((payload["booking"] as { id: string }).id, words),
  };
}

export function leaveWaitlist(entry: WaitlistEntry, words: Words): Act {
  return { mutation: "leaveWaitlist", input: { entryId: entry.id }, done: words.leftWaitlist(fullName(entry.name)) };
}

export function declineOffer(offerId: string, words: Words): Act {
  return { mutation: "declineWaitlistOffer", input: { offerId }, done: words.declined };
}
