// What a desk does on a sheet, as acts that say how they are taken back.
import type { Block, Booking, BookingPlayer, SheetState, Slot, TeeTime, WaitlistEntry } from "@fairway/live";

import type { Act, Payload } from "../acts";
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

/** Whether a booking is still to be played, so that its players can change. */
export const mayChange = ({ status }: Booking): boolean => status === "CONFIRMED" || status === "CHECKED_IN" || status === "NO_SHOW";

export const mayArrive = (player: BookingPlayer): boolean => !player.checkedInAt;

export function checkIn(booking: Booking, players: BookingPlayer[], words: Words): Act {
  const positions = players.map(({ position }) => position);
  const name = players.map(fullName).filter(Boolean).join(", ") || fullName(booking.payer);
  const input = { bookingId: booking.id, positions };
  const guess = arriving(booking.id, positions, new Date().toISOString());
  return { mutation: "checkIn", input, done: words.done.checkIn(name), guess, undo: () => undoCheckIn(booking, players, words) };
}

/** The sheet as it will be when these players have come, or have not. */
function arriving(bookingId: string, positions: number[], checkedInAt: string | null) {
  return (state: SheetState): SheetState => {
    const { sheet } = state;
    if (!sheet) return state;
    const bookings = sheet.bookings.map((booking) => {
      if (booking.id !== bookingId) return booking;
      const players = booking.players.map((player) => (positions.includes(player.position) ? { ...player, checkedInAt, noShowAt: null } : player));
      return { ...booking, players };
    });
    return { ...state, sheet: { ...sheet, bookings } };
  };
}

export function undoCheckIn(booking: Booking, players: BookingPlayer[], words: Words): Act {
  const name = players.map(fullName).filter(Boolean).join(", ") || fullName(booking.payer);
  const input = { bookingId: booking.id, positions: players.map(({ position }) => position) };
  const guess = arriving(booking.id, input.positions, null);
  return { mutation: "undoCheckIn", input, done: words.done.undoCheckIn(name), guess, undo: () => checkIn(booking, players, words) };
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
  /** The player, where the club knows them: name and class are theirs then. */
  playerId?: string;
}

export const NOBODY: Party = { firstName: "", lastName: "", priceClass: "PUBLIC" };

const named = ({ playerId, firstName, lastName, priceClass }: Party) => (playerId ? { playerId, priceClass } : { firstName, lastName, priceClass });

export function book(teeTime: TeeTime, holdId: string | undefined, party: Party[], words: Words): Act {
  const where = holdId ? { holdId } : { teeTimeId: teeTime.id };
  return {
    mutation: "bookSlots",
    input: { ...where, players: party.map(named) },
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

export function block(courseId: string, date: string, slotIds: string[], kind: string, reason: string, words: Words): Act {
  return {
    mutation: "addBlock",
    input: { courseId, date, kind, reason, slotIds },
    result: "block { id }",
    done: words.done.block,
    undo: (payload) => ({ mutation: "removeBlock", input: { blockId: (payload["block"] as { id: string }).id }, done: words.done.unblock }),
  };
}

export function unblock({ id, kind, reason, slotIds }: Block, at: { courseId: string; date: string } | null, words: Words): Act {
  const undo = at ? () => block(at.courseId, at.date, slotIds, kind, reason, words) : undefined;
  return { mutation: "removeBlock", input: { blockId: id }, done: words.done.unblock, ...(undo && { undo }) };
}

/** Some players get a booking of their own; taken back, they come to this one again. */
export function split(booking: Booking, positions: number[], words: Words): Act {
  const name = booking.players.filter(({ position }) => positions.includes(position)).map(fullName).filter(Boolean).join(", ");
  return {
    mutation: "splitBooking",
    input: { bookingId: booking.id, positions },
    result: "newBooking { id }",
    done: words.desk.splitDone(name || fullName(booking.payer)),
    undo: (payload) => ({
      mutation: "mergeBookings",
      input: { bookingId: booking.id, otherBookingIds: [(payload["newBooking"] as { id: string }).id] },
      done: words.done.undone,
    }),
  };
}

/** Other bookings come to this one. One that was at the same start can have its players back. */
export function merge(booking: Booking, at: TeeTime, others: { teeTime: TeeTime; booking: Booking }[], words: Words): Act {
  const [other, ...more] = others;
  const undo = (payload: Payload): Act | null => {
    if (!other || more.length || other.teeTime.id !== at.id) return null;
    const known = new Set(booking.players.map(({ slotId }) => slotId));
    const { players } = payload["booking"] as { players: BookingPlayer[] };
    const positions = players.filter(({ slotId }) => !known.has(slotId)).map(({ position }) => position);
    return { mutation: "splitBooking", input: { bookingId: booking.id, positions, payer: other.booking.payer }, done: words.done.undone };
  };
  return {
    mutation: "mergeBookings",
    input: { bookingId: booking.id, otherBookingIds: others.map((one) => one.booking.id) },
    result: "booking { players { position slotId } }",
    done: words.desk.mergeDone,
    undo,
  };
}

export function swap(one: Booking, other: Booking, words: Words): Act {
  return {
    mutation: "swapBookings",
    input: { bookingId: one.id, otherBookingId: other.id },
    done: words.desk.swap(fullName(one.payer), fullName(other.payer)),
    undo: () => ({ mutation: "swapBookings", input: { bookingId: one.id, otherBookingId: other.id }, done: words.done.undone }),
  };
}

/** Set the players of a booking; null where nothing is to change. Taken back only where nobody was taken off. */
export function change(booking: Booking, party: (Party & { position?: number })[], words: Words): Act | null {
  const before = new Map(booking.players.map((player) => [player.position, player]));
  const changed = party.filter((player) => {
    const old = player.position ? before.get(player.position) : undefined;
    if (!old) return true;
    return old.firstName !== player.firstName || old.lastName !== player.lastName || old.priceClass !== player.priceClass || old.playerId !== (player.playerId ?? null);
  });
  const removePositions = [...before.keys()].filter((position) => !party.some((player) => player.position === position));
  if (!changed.length && !removePositions.length) return null;
  const players = changed.map((player) => ({ ...named(player), ...(player.position && { position: player.position }) }));
  const undo = (payload: Payload): Act => {
    const now = (payload["booking"] as { players: { position: number }[] }).players.map(({ position }) => position);
    const old = changed.flatMap(({ position }) => {
      const was = position ? before.get(position) : undefined;
      return was ? [{ ...named({ ...was, priceClass: was.priceClass ?? "PUBLIC", ...(was.playerId && { playerId: was.playerId }) } as Party), position }] : [];
    });
    const input = { bookingId: booking.id, players: old, removePositions: now.filter((position) => !before.has(position)) };
    return { mutation: "updateBooking", input, done: words.done.undone };
  };
  return {
    mutation: "updateBooking",
    input: { bookingId: booking.id, players, removePositions },
    result: "booking { players { position } }",
    done: words.desk.edited(fullName(booking.payer)),
    ...(!removePositions.length && { undo }),
  };
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
