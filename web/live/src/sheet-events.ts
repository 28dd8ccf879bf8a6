import type { Event, Step } from "./follow.js";
import type { Booking, BookingPlayer, BookingStatus, Figures, Pace, PersonName, SheetState, SlotStatus, TeeSheet } from "./sheet.js";

/** What an event of a sheet comes to. What it does not tell, as a price or a cart, is read when there is time. */
export function applyToSheet(state: SheetState, event: Event): Step<SheetState> {
  const { sheet } = state;
  if (!sheet) return { state, read: "soon" };
  const shown = (next: TeeSheet, read?: "soon" | "later"): Step<SheetState> => ({
    state: { ...state, sheet: next === sheet ? next : { ...next, figures: countAgain(next) } },
    ...(read && { read }),
  });
  switch (event.__typename) {
    case "SlotAvailable":
    case "SlotReleased":
    case "SlotBlocked":
    case "SlotHeld":
    case "SlotBooked": {
      const next = withSlot(sheet, event);
      return shown(next, next === sheet ? "soon" : undefined);
    }
    case "BookingCreated":
    case "BookingUpdated":
      return shown(withBooking(sheet, event), event.__typename === "BookingUpdated" ? "soon" : "later");
    case "BookingCheckedIn":
    case "BookingCheckInUndone":
    case "BookingNoShow":
    case "BookingNoShowUndone":
    case "BookingTeeOff":
    case "BookingPaceUpdated":
    case "BookingHoleCorrected":
    case "BookingRoundEnded":
    case "BookingCancelled": {
      if (!sheet.bookings.some(({ id }) => id === event["bookingId"])) return { state, read: "soon" };
      return shown(withBooking(sheet, event), "later");
    }
    case "TeeSheetOnline":
    case "TeeSheetOffline":
      return shown({ ...sheet, isOnline: event["isOnline"] as boolean });
    case "PlaySuspended":
    case "PlayResumed":
      return { state: { ...state, playSuspendedSince: (event["suspendedAt"] as string | undefined) ?? null }, read: "later" };
    case "BallotEntered":
    case "BallotEntryUpdated":
    case "BallotEntryWithdrawn":
      return { state }; // a sheet does not show who asks for its starts
    case "PaceAlert":
      return { state, read: "later" };
    default:
      return { state, read: "soon" };
  }
}

function withSlot(sheet: TeeSheet, event: Event): TeeSheet {
  const row = sheet.teeTimes.findIndex(({ slots }) => slots.some(({ id }) => id === event["slotId"]));
  const teeTime = sheet.teeTimes[row];
  if (!teeTime) return sheet;
  const booked = event["slotStatus"] === "BOOKED";
  const slots = teeTime.slots.map((slot) =>
    slot.id !== event["slotId"]
      ? slot
      : {
          ...slot,
          status: event["slotStatus"] as SlotStatus,
          heldUntil: (event["heldUntil"] as string | undefined) ?? null,
          bookingId: booked ? (event["bookingId"] as string) : null,
          payer: booked ? payerOf(event) : null,
        },
  );
  return { ...sheet, teeTimes: sheet.teeTimes.with(row, { ...teeTime, slots }) };
}

function withBooking(sheet: TeeSheet, event: Event): TeeSheet {
  const id = event["bookingId"] as string;
  const old = sheet.bookings.find((booking) => booking.id === id);
  const status = event["bookingStatus"] as BookingStatus;
  const next: Booking = {
    ...(old ?? { id, holes: 18, payer: payerOf(event), players: [], pace: null, note: "", staffNote: null, groupId: null, carts: [] }),
    status,
    ...("holes" in event && { holes: event["holes"] as number, payer: payerOf(event) }),
    ...("players" in event && { players: event["players"] as BookingPlayer[] }),
  };
  if (event.__typename === "BookingTeeOff") next.pace = paceFrom(event, null);
  if ("holesCompleted" in event) next.pace = paceFrom(event, old?.pace ?? null);
  const others = sheet.bookings.filter((booking) => booking.id !== id);
  return { ...sheet, bookings: status === "CANCELLED" ? others : [...others, next] };
}

function paceFrom(event: Event, old: Pace | null): Pace {
  return {
    level: (event["level"] as Pace["level"] | undefined) ?? null,
    minutesBehind: ((event["minutesBehind"] ?? event["behind"]) as number | undefined) ?? null,
    gapMinutes: (event["gapMinutes"] as number | undefined) ?? null,
    lastHole: ((event["hole"] ?? event["lastHole"]) as number | undefined) ?? null,
    holesCompleted: (event["holesCompleted"] as number | undefined) ?? 0,
    teedOffAt: (event["teedOffAt"] as string | undefined) ?? old?.teedOffAt ?? "",
    expectedMinutes: (event["expectedMinutes"] as number | undefined) ?? old?.expectedMinutes ?? 0,
  };
}

function payerOf(event: Event): PersonName {
  return { firstName: (event["payerFirstName"] as string) ?? "", lastName: (event["payerLastName"] as string) ?? "" };
}

/** The figures that follow from what is shown; revenue is the server's to say. */
function countAgain({ teeTimes, bookings, figures }: TeeSheet): Figures | null {
  if (!figures) return null;
  const slots = teeTimes.flatMap((teeTime) => teeTime.slots);
  const of = (status: SlotStatus) => slots.filter((slot) => slot.status === status).length;
  const players = bookings.filter(({ status }) => status !== "CANCELLED").flatMap((booking) => booking.players);
  const forSale = slots.length - of("BLOCKED");
  return {
    ...figures,
    players: players.length,
    checkedIn: players.filter(({ checkedInAt }) => checkedInAt).length,
    noShows: players.filter(({ noShowAt }) => noShowAt).length,
    utilisationPercent: forSale ? Math.round((1000 * of("BOOKED")) / forSale) / 10 : 0,
    places: (["AVAILABLE", "HELD", "BOOKED", "BLOCKED"] as const).map((status) => ({ status, places: of(status) })),
  };
}
