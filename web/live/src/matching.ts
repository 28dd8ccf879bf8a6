import { follow, type Followed, type On } from "./follow.js";
import { POLLING_INTERVALS } from "./waiting.js";

export type ConnectionStatus = "NONE" | "ASKED" | "ASKING" | "CONNECTED";
export type HostedStatus = "OPEN" | "FULL" | "CANCELLED" | "COMPLETED";
export type PartStatus = "JOINED" | "REQUESTED" | "DECLINED" | "LEFT" | "REMOVED" | "WITHDRAWN";

export interface Golfer {
  id: string;
  name: string;
  headline: string;
  industry: string;
  city: string;
  handicapIndex: number | null;
  skillLevel: string | null;
  connection: ConnectionStatus;
}

/** How well a tee time suits the viewer, 100 at the most, and by what. */
export interface Match {
  score: number;
  industry: number;
  proximity: number;
  time: number;
  skill: number;
  availability: number;
  social: number;
}

export interface MatchedTeeTime {
  teeTimeId: string;
  placeName: string;
  city: string;
  startsAt: string;
  timeZone: string;
  places: number;
  openPlaces: number;
  needsApproval: boolean;
  industries: string[];
  skillLevel: string | null;
  notes: string;
  host: Golfer;
  match: Match;
}

export interface Feed {
  cursor: string;
  /** Whether nothing is near: then these are the nearest. */
  isFar: boolean;
  teeTimes: MatchedTeeTime[];
}

export interface HostedTeeTime {
  id: string;
  cursor: string;
  placeName: string;
  city: string;
  startsAt: string;
  timeZone: string;
  places: number;
  openPlaces: number;
  needsApproval: boolean;
  industries: string[];
  notes: string;
  status: HostedStatus;
  cancelReason: string;
  myStatus: PartStatus | null;
  host: Golfer;
  slots: { slotNumber: number; isOpen: boolean; golfer: Golfer | null }[];
  /** Who asks to join; for the host. */
  requests: { createdAt: string; golfer: Golfer }[] | null;
}

const GOLFER = "id name headline industry city handicapIndex skillLevel connection";

const FEED = `query Feed($first: Int!) {
  hostedTeeTimes(first: $first) {
    cursor isFar
    nodes {
      teeTimeId placeName city startsAt timeZone places openPlaces needsApproval industries skillLevel notes
      host { ${GOLFER} }
      match { score industry proximity time skill availability social }
    }
  }
}`;

const MOVES = `subscription Golfers($after: String) {
  golferEvents(after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

const FEED_EVENTS = `subscription Feed($after: String) {
  teeTimeFeed(after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

/**
 * Follow the hosted tee times that suit the user best, those first. That tee times start, and what hosts change about
 * themselves, comes without events: so the list is read anew each minute as well.
 */
export function followFeed(on: On & { first?: number }): Followed<Feed> {
  return follow<Feed>(
    on,
    {
      read: async (ask) => {
        type Told = { cursor: string; isFar: boolean; nodes: MatchedTeeTime[] };
        const { cursor, isFar, nodes } = (await ask<{ hostedTeeTimes: Told }>(FEED, { first: on.first ?? 30 })).hostedTeeTimes;
        return { cursor, isFar, teeTimes: nodes };
      },
      follow: ({ cursor }) => [
        { query: FEED_EVENTS, variables: {}, after: cursor },
        { query: MOVES, variables: {}, after: undefined },
      ],
      apply: (state) => ({ state, read: "soon" }),
    },
    { every: POLLING_INTERVALS.BACKGROUND },
  );
}

const ROOM = `query Room($id: ID!) {
  hostedTeeTime(id: $id) {
    id cursor placeName city startsAt timeZone places openPlaces needsApproval industries notes status cancelReason myStatus
    host { ${GOLFER} }
    slots { slotNumber isOpen golfer { ${GOLFER} } }
    requests { createdAt golfer { ${GOLFER} } }
  }
}`;

const ROOM_EVENTS = `subscription Room($id: ID!, $after: String) {
  hostedTeeTimeEvents(teeTimeId: $id, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

/** Follow a hosted tee time: who takes part, who asks to, and how it stands. */
export function followHostedTeeTime(on: On & { teeTimeId: string }): Followed<HostedTeeTime> {
  const variables = { id: on.teeTimeId };
  return follow<HostedTeeTime>(
    on,
    {
      read: async (ask) => (await ask<{ hostedTeeTime: HostedTeeTime }>(ROOM, variables)).hostedTeeTime,
      follow: ({ cursor }) => [{ query: ROOM_EVENTS, variables, after: cursor }],
      apply: (state) => ({ state, read: "soon" }),
    },
    { soon: 300 },
  );
}
