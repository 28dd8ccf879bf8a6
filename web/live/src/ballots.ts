import { follow, type Followed, type On } from "./follow.js";

export type BallotStatus = "ANNOUNCED" | "OPEN" | "CLOSED" | "DRAWN" | "RELEASED" | "CANCELLED";
export type BallotEntryStatus = "ENTERED" | "WITHDRAWN" | "DRAWN" | "NOT_DRAWN" | "CANCELLED";

export interface BallotEntry {
  id: string;
  status: BallotEntryStatus;
  places: number;
  /** The starts that are asked for, the dearest first. */
  teeTimeIds: string[];
  rank: number | null;
  /** The number of the choice that it got, from 1. */
  choice: number | null;
  players: { position: number; playerId: string | null; firstName: string; lastName: string }[];
}

export interface Ballot {
  id: string;
  name: string;
  status: BallotStatus;
  firstStart: string;
  lastStart: string;
  entriesOpenAt: string;
  entriesCloseAt: string;
  drawsAt: string | null;
  releasesAt: string;
  seedHash: string;
  entryCount: number;
  placesWanted: number;
  placesLeft: number;
  /** All of them for staff, the user's own for others; the first hundred. */
  entries: BallotEntry[];
}

export interface Ballots {
  cursor: string | null;
  ballots: Ballot[];
}

const BALLOTS = `query Ballots($club: ID!, $course: ID!, $date: Date!) {
  teeSheet(courseId: $course, date: $date) { cursor }
  ballots(clubId: $club, courseId: $course, date: $date) {
    nodes {
      id name status firstStart lastStart entriesOpenAt entriesCloseAt drawsAt releasesAt seedHash
      entryCount placesWanted placesLeft
    }
  }
}`;

const ENTRIES = `query BallotEntries($ballot: ID!) {
  ballotEntries(ballotId: $ballot, first: 100) {
    nodes { id status places teeTimeIds rank choice players { position playerId firstName lastName } }
  }
}`;

const TYPES = ["ANNOUNCED", "UPDATED", "OPENED", "CLOSED", "DRAWN", "RELEASED", "CANCELLED", "ENTERED", "ENTRY_UPDATED", "ENTRY_WITHDRAWN"].map(
  (what) => `BALLOT_${what}`,
);

const EVENTS = `subscription Ballots($course: ID!, $date: Date!, $types: [TeeSheetEventType!], $after: String) {
  teeSheetEvents(courseId: $course, date: $date, types: $types, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
  }
}`;

/** Follow the ballots of a course's day, with their entries: those announced last first. */
export function followBallots(on: On & { clubId: string; courseId: string; date: string }): Followed<Ballots> {
  const { clubId: club, courseId: course, date } = on;
  return follow<Ballots>(on, {
    read: async (ask) => {
      const answer = await ask<{ teeSheet: { cursor: string } | null; ballots: { nodes: Omit<Ballot, "entries">[] } }>(BALLOTS, { club, course, date });
      const ballots = await Promise.all(
        answer.ballots.nodes.map(async (ballot) => {
          const { ballotEntries } = await ask<{ ballotEntries: { nodes: BallotEntry[] } }>(ENTRIES, { ballot: ballot.id });
          return { ...ballot, entries: ballotEntries.nodes };
        }),
      );
      return { cursor: answer.teeSheet?.cursor ?? null, ballots };
    },
    follow: ({ cursor }) => [{ query: EVENTS, variables: { course, date, types: TYPES }, after: cursor ?? undefined }],
    // Who has entered is for some alone, and what is left depends on the places: the whole is small, and a burst is read once.
    apply: (state) => ({ state, read: "soon" }),
  });
}
