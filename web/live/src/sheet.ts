import { follow, type Followed, type On } from "./follow.js";
import { applyToSheet } from "./sheet-events.js";

export type SlotStatus = "AVAILABLE" | "HELD" | "BOOKED" | "BLOCKED";
export type BookingStatus = "CONFIRMED" | "CHECKED_IN" | "ON_COURSE" | "COMPLETED" | "NO_SHOW" | "CANCELLED";
/** The code of one of the club's price classes: MEMBER, GUEST and PUBLIC come with each club. */
export type PriceClass = string;

export interface Money {
  amountCents: number;
  currency: string;
}

export interface PersonName {
  firstName: string;
  lastName: string;
}

export interface Slot {
  id: string;
  number: number;
  status: SlotStatus;
  heldUntil: string | null;
  bookingId: string | null;
  payer: PersonName | null;
  price: Money | null;
}

export interface TeeTime {
  id: string;
  startsAt: string;
  localTime: string;
  tee: number;
  /** What is noted on it for all, and for the staff alone; empty, or null for who may not know, where there is nothing. */
  note: string;
  staffNote: string | null;
  restrictions: Restriction[];
  slots: Slot[];
}

/** What is asked of who wants a start, beside a free place. */
export interface Restriction {
  name: string;
  fewestPlayers: number | null;
  mostPlayers: number | null;
  holes: number | null;
  priceClasses: PriceClass[];
  walkingOnly: boolean;
  opensDayBefore: string | null;
}

export interface BookingPlayer {
  position: number;
  firstName: string;
  lastName: string;
  /** Null where the viewer may not know it. */
  priceClass: PriceClass | null;
  /** The player, where the club knows them. */
  playerId: string | null;
  slotId: string | null;
  checkedInAt: string | null;
  noShowAt: string | null;
}

export interface Pace {
  level: "INFO" | "WARNING" | "CRITICAL" | null;
  minutesBehind: number | null;
  /** Minutes behind the group ahead beyond the planned interval; null where that is not known. */
  gapMinutes: number | null;
  lastHole: number | null;
  holesCompleted: number;
  teedOffAt: string;
  expectedMinutes: number;
}

export interface Booking {
  id: string;
  status: BookingStatus;
  holes: number;
  payer: PersonName;
  players: BookingPlayer[];
  pace: Pace | null;
  note: string;
  staffNote: string | null;
  /** The group of bookings that it is of; for staff. */
  groupId: string | null;
  carts: { cartId: string; number: string; status: string }[];
}

export interface Block {
  id: string;
  kind: string;
  reason: string;
  slotIds: string[];
  removedAt: string | null;
}

export interface Figures {
  players: number;
  checkedIn: number;
  noShows: number;
  utilisationPercent: number;
  places: { status: SlotStatus; places: number }[];
  revenue: Money[] | null;
}

export interface TeeSheet {
  id: string;
  cursor: string;
  date: string;
  timeZone: string;
  isOnline: boolean;
  note: string;
  staffNote: string | null;
  groupSizes: number[];
  teeTimes: TeeTime[];
  bookings: Booking[];
  blocks: Block[];
  /** For staff alone. */
  figures: Figures | null;
}

export interface WaitlistEntry {
  id: string;
  name: PersonName;
  partySize: number;
  earliest: string;
  latest: string;
  priceClass: PriceClass;
  status: string;
  place: number | null;
  offer: { id: string; status: string; places: number; expiresAt: string; teeTime: { id: string; localTime: string } } | null;
}

/** A day's sheet of a course; `sheet` is null while there is none. */
export interface SheetState {
  sheet: TeeSheet | null;
  waitlist: WaitlistEntry[];
  /** Since when play is suspended on the course; null while it goes on. */
  playSuspendedSince: string | null;
  cursor: string;
}

const SHEET = `query Sheet($course: ID!, $day: Date!) {
  teeSheet(courseId: $course, date: $day) {
    id cursor date timeZone isOnline note staffNote groupSizes
    teeTimes {
      id startsAt localTime tee note staffNote
      restrictions { name fewestPlayers mostPlayers holes priceClasses walkingOnly opensDayBefore }
      slots { id number status heldUntil bookingId payer { firstName lastName } price { amountCents currency } }
    }
    bookings {
      id status holes note staffNote groupId payer { firstName lastName }
      players { position firstName lastName priceClass playerId slotId checkedInAt noShowAt }
      pace { level minutesBehind gapMinutes lastHole holesCompleted teedOffAt expectedMinutes }
      carts { cartId number status }
    }
    blocks { id kind reason slotIds removedAt }
    figures { players checkedIn noShows utilisationPercent places { status places } revenue { amountCents currency } }
  }
  waitlist(courseId: $course, date: $day) {
    entries {
      id name { firstName lastName } partySize earliest latest priceClass status place
      offer { id status places expiresAt teeTime { id localTime } }
    }
  }
  courseConditions(courseId: $course) { cursor }
  course(id: $course) { playSuspendedSince }
}`;

const PLAYERS = "players { position firstName lastName priceClass playerId slotId checkedInAt noShowAt }";

const EVENTS = `subscription Sheet($course: ID!, $day: Date!, $after: String) {
  teeSheetEvents(courseId: $course, date: $day, after: $after) {
    __typename
    ... on StreamEvent { cursor slotId bookingId }
    ... on StreamReset { cursor }
    ... on SlotAvailable { slotStatus: status }
    ... on SlotReleased { slotStatus: status }
    ... on SlotBlocked { slotStatus: status }
    ... on SlotHeld { slotStatus: status heldUntil }
    ... on SlotBooked { slotStatus: status payerFirstName payerLastName }
    ... on BookingCreated { bookingStatus: status holes payerFirstName payerLastName ${PLAYERS} }
    ... on BookingUpdated { bookingStatus: status holes payerFirstName payerLastName ${PLAYERS} }
    ... on BookingCancelled { bookingStatus: status }
    ... on BookingCheckedIn { bookingStatus: status ${PLAYERS} }
    ... on BookingCheckInUndone { bookingStatus: status ${PLAYERS} }
    ... on BookingNoShow { bookingStatus: status ${PLAYERS} }
    ... on BookingNoShowUndone { bookingStatus: status ${PLAYERS} }
    ... on BookingTeeOff { bookingStatus: status teedOffAt expectedMinutes ${PLAYERS} }
    ... on BookingPaceUpdated { bookingStatus: status level minutesBehind gapMinutes hole holesCompleted }
    ... on BookingHoleCorrected { bookingStatus: status level behind: minutesBehind gapMinutes lastHole: hole holesCompleted }
    ... on BookingRoundEnded { bookingStatus: status level behind: minutesBehind gapMinutes lastHole: hole holesCompleted }
    ... on PlaySuspended { suspendedAt }
    ... on TeeSheetOnline { isOnline }
    ... on TeeSheetOffline { isOnline }
  }
}`;

/** Follow the tee sheet of a course on a day (`YYYY-MM-DD`), with its bookings, blocks, waitlist and figures. */
export function followSheet(on: On & { courseId: string; date: string }): Followed<SheetState> {
  const variables = { course: on.courseId, day: on.date };
  return follow<SheetState>(on, {
    read: async (ask) => {
      const answer = await ask<{
        teeSheet: TeeSheet | null;
        waitlist: { entries: WaitlistEntry[] } | null;
        courseConditions: { cursor: string };
        course: { playSuspendedSince: string | null };
      }>(SHEET, variables);
      const { teeSheet: sheet, waitlist, courseConditions, course } = answer;
      return {
        sheet,
        waitlist: waitlist?.entries ?? [],
        playSuspendedSince: course.playSuspendedSince,
        cursor: sheet?.cursor ?? courseConditions.cursor,
      };
    },
    follow: ({ cursor }) => [{ query: EVENTS, variables, after: cursor }],
    apply: applyToSheet,
  });
}
