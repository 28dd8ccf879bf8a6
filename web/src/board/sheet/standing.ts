import { type Ask, type Followed, follow, type Line } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";

interface Page {
  nodes: { until: string; dates: { bookingId: string | null }[] }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface Standing {
  /** The last date of the standing booking that a booking was made by, by that booking. */
  untilOf: ReadonlyMap<string, string>;
  cursor: string;
}

// Each has twenty dates, and a document may ask for two thousand entries.
const STANDING = `query Standing($club: ID!, $course: ID!, $after: String) {
  standingBookings(clubId: $club, first: 80, after: $after) { nodes { until dates { bookingId } } pageInfo { hasNextPage endCursor } }
  courseConditions(courseId: $course) { cursor }
}`;

const EVENTS = `subscription Standing($club: ID!, $types: [ClubEventType!], $after: String) {
  clubEvents(clubId: $club, types: $types, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;
const TYPES = ["SET", "MADE", "ENDED"].map((what) => `STANDING_BOOKING_${what}`);

function followStanding(line: Line, club: string, course: string): Followed<Standing> {
  return follow<Standing>(
    { line },
    {
      read: (ask) => readAll(ask, { club, course }),
      follow: ({ cursor }) => [{ query: EVENTS, variables: { club, types: TYPES }, after: cursor }],
      apply: (state) => ({ state, read: "soon" }),
    },
  );
}

async function readAll(ask: Ask, of: { club: string; course: string }): Promise<Standing> {
  const untilOf = new Map<string, string>();
  let cursor = "";
  for (let after: string | null = null, more = true; more; ) {
    const page: { standingBookings: Page; courseConditions: { cursor: string } } = await ask(STANDING, { ...of, after });
    // The first page's: what happens between two pages is read again.
    cursor ||= page.courseConditions.cursor;
    for (const { until, dates } of page.standingBookings.nodes) for (const { bookingId } of dates) if (bookingId) untilOf.set(bookingId, until);
    ({ hasNextPage: more, endCursor: after } = page.standingBookings.pageInfo);
  }
  return { untilOf, cursor };
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Which bookings were made by a standing one, and until when that stands; for staff. */
export function useStanding(line: Line, of: { clubId: string; id: string }, isWanted: boolean): ReadonlyMap<string, string> {
  const live = useFollowed(isWanted ? () => followStanding(line, of.clubId, of.id) : null, [line, of.clubId, of.id]);
  return live.state?.untilOf ?? NONE;
}
