// What a club is sold by, and what was booked for many starts at once: read whole, and again whenever it moves.
import { type Followed, follow, type Line, type PriceClass } from "@fairway/live";

export const COUNTS = ["bookingsADay", "bookingsAWeek", "bookingsAhead", "guestsADay", "sameGuestAYear", "cancellationsAWeek", "holdsAnHour"] as const;
export const RULES = ["noOverlap", "bookerPlays"] as const;
export const KINDS = ["MEMBER", "GUEST", "PUBLIC"] as const;
export type Kind = (typeof KINDS)[number];

export interface ClassRow {
  code: PriceClass;
  name: string;
  kind: Kind;
  isRetired: boolean;
}

export type Limits = { priceClass: PriceClass } & Record<(typeof COUNTS)[number], number | null> & Record<(typeof RULES)[number], boolean>;

export interface Windows {
  memberWindowDays: number;
  memberOpensAt: string;
  guestWindowDays: number;
  guestOpensAt: string;
  publicWindowDays: number;
  publicOpensAt: string;
}

export interface Named {
  firstName: string;
  lastName: string;
}

export interface GroupRow {
  id: string;
  name: string;
  organiser: Named;
  payer: Named;
  bookings: { id: string; status: string; teeTime: { startsAt: string }; players: { position: number }[] }[];
}

export interface StandingRow {
  id: string;
  courseId: string;
  weekday: string;
  localTime: string;
  places: number;
  holes: number | null;
  firstDate: string;
  until: string;
  nextDate: string | null;
  payer: Named;
  players: (Named & { playerId: string | null; priceClass: PriceClass | null })[];
}

export interface ClubState {
  club: Windows & { priceClasses: ClassRow[]; bookingLimits: Limits[] };
  groups: GroupRow[];
  standing: StandingRow[];
  cursor: string;
}

const CLUB = `query ClubRules($club: ID!, $course: ID!) {
  club(id: $club) {
    memberWindowDays memberOpensAt guestWindowDays guestOpensAt publicWindowDays publicOpensAt
    priceClasses { code name kind isRetired }
    bookingLimits {
      priceClass bookingsADay bookingsAWeek bookingsAhead noOverlap guestsADay sameGuestAYear bookerPlays cancellationsAWeek holdsAnHour
    }
  }
  standingBookings(clubId: $club, first: 100) {
    nodes { id courseId weekday localTime places holes firstDate until nextDate payer { firstName lastName } players { playerId firstName lastName priceClass } }
  }
  courseConditions(courseId: $course) { cursor }
}`;
const GROUPS = `query ClubGroups($club: ID!) {
  bookingGroups(clubId: $club, first: 10) {
    nodes {
      id name organiser { firstName lastName } payer { firstName lastName }
      bookings { id status teeTime { startsAt } players { position } }
    }
  }
}`;
const EVENTS = `subscription ClubRules($club: ID!, $types: [ClubEventType!], $after: String) {
  clubEvents(clubId: $club, types: $types, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;
const TYPES = [
  "CLUB_UPDATED", "PRICE_CLASS_ADDED", "PRICE_CLASS_UPDATED", "PRICE_CLASS_RETIRED", "BOOKING_GROUP_CREATED", "BOOKING_GROUP_UPDATED",
  "STANDING_BOOKING_SET", "STANDING_BOOKING_MADE", "STANDING_BOOKING_SKIPPED", "STANDING_BOOKING_ENDED", "BOOKING_CANCELLED", "BOOKING_RESTORED",
];

/** Follow a club's price classes, windows and limits, its latest groups, and its standing bookings: for its staff. */
export function followClub(line: Line, club: string, course: string): Followed<ClubState> {
  return follow<ClubState>(
    { line },
    {
      read: async (ask) => {
        const answer = await ask<Pick<ClubState, "club"> & { standingBookings: { nodes: StandingRow[] }; courseConditions: { cursor: string } }>(CLUB, { club, course });
        const { bookingGroups } = await ask<{ bookingGroups: { nodes: GroupRow[] } }>(GROUPS, { club });
        return { club: answer.club, groups: bookingGroups.nodes, standing: answer.standingBookings.nodes, cursor: answer.courseConditions.cursor };
      },
      follow: ({ cursor }) => [{ query: EVENTS, variables: { club, types: TYPES }, after: cursor }],
      apply: (state) => ({ state, read: "soon" }),
    },
  );
}
