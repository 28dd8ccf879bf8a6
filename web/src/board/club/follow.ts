// What a club is sold by, and what was booked for many starts at once: read whole, and again whenever it moves.
import { type Ask, type Followed, follow, type Line, type PriceClass } from "@fairway/live";

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

/** A list that is read as far as it is wanted, and whether it goes on. */
export interface Part<T> {
  rows: T[];
  hasMore: boolean;
}

export interface ClubState {
  club: Windows & { priceClasses: ClassRow[]; bookingLimits: Limits[] };
  groups: Part<GroupRow>;
  standing: Part<StandingRow>;
  cursor: string;
}

/** How many pages are wanted of each list. */
export interface Pages {
  groups: number;
  standing: number;
}

interface Page<T> {
  nodes: T[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const CLUB = `query ClubRules($club: ID!, $course: ID!) {
  club(id: $club) {
    memberWindowDays memberOpensAt guestWindowDays guestOpensAt publicWindowDays publicOpensAt
    priceClasses { code name kind isRetired }
    bookingLimits {
      priceClass bookingsADay bookingsAWeek bookingsAhead noOverlap guestsADay sameGuestAYear bookerPlays cancellationsAWeek holdsAnHour
    }
  }
  courseConditions(courseId: $course) { cursor }
}`;
const STANDING = `query ClubStanding($club: ID!, $after: String) {
  page: standingBookings(clubId: $club, first: 50, after: $after) {
    nodes { id courseId weekday localTime places holes firstDate until nextDate payer { firstName lastName } players { playerId firstName lastName priceClass } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const GROUPS = `query ClubGroups($club: ID!, $after: String) {
  page: bookingGroups(clubId: $club, first: 10, after: $after) {
    nodes {
      id name organiser { firstName lastName } payer { firstName lastName }
      bookings { id status teeTime { startsAt } players { position } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
const EVENTS = `subscription ClubRules($club: ID!, $types: [ClubEventType!], $after: String) {
  clubEvents(clubId: $club, types: $types, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;
const TYPES = [
  "CLUB_UPDATED", "PRICE_CLASS_ADDED", "PRICE_CLASS_UPDATED", "PRICE_CLASS_RETIRED", "BOOKING_GROUP_CREATED", "BOOKING_GROUP_UPDATED",
  "STANDING_BOOKING_SET", "STANDING_BOOKING_MADE", "STANDING_BOOKING_SKIPPED", "STANDING_BOOKING_ENDED", "BOOKING_CANCELLED", "BOOKING_RESTORED",
];

/** Follow a club's price classes, windows and limits, its groups, the latest first, and its standing bookings: for its staff. */
export function followClub(line: Line, club: string, course: string, wanted: Pages): Followed<ClubState> {
  return follow<ClubState>(
    { line },
    {
      read: async (ask) => {
        const answer = await ask<Pick<ClubState, "club"> & { courseConditions: { cursor: string } }>(CLUB, { club, course });
        const groups = await pagesOf<GroupRow>(ask, GROUPS, club, wanted.groups);
        const standing = await pagesOf<StandingRow>(ask, STANDING, club, wanted.standing);
        return { club: answer.club, groups, standing, cursor: answer.courseConditions.cursor };
      },
      follow: ({ cursor }) => [{ query: EVENTS, variables: { club, types: TYPES }, after: cursor }],
      apply: (state) => ({ state, read: "soon" }),
    },
  );
}

/** Read the first pages of a list. */
async function pagesOf<T>(ask: Ask, query: string, club: string, wanted: number): Promise<Part<T>> {
  const rows: T[] = [];
  let hasMore = true;
  for (let read = 0, after: string | null = null; read < wanted && hasMore; read++) {
    const { page }: { page: Page<T> } = await ask(query, { club, after });
    rows.push(...page.nodes);
    ({ hasNextPage: hasMore, endCursor: after } = page.pageInfo);
  }
  return { rows, hasMore };
}
