import { type Ask, type Event, follow, type Followed, type On, type Step } from "./follow.js";
import { POLLING_INTERVALS } from "./waiting.js";

export type ConnectionStatus = "NONE" | "ASKED" | "ASKING" | "CONNECTED";
export type HostedStatus = "OPEN" | "FULL" | "CANCELLED" | "COMPLETED";
export type PartStatus = "JOINED" | "REQUESTED" | "DECLINED" | "LEFT" | "REMOVED" | "WITHDRAWN";

export interface Golfer {
  id: string;
  name: string;
  /** Where the photo is, with 400 pixels at the most; null if there is none. */
  smallPhotoUrl: string | null;
  headline: string;
  industry: string;
  city: string;
  handicapIndex: number | null;
  skillLevel: string | null;
  connection: ConnectionStatus;
  /** Null for others than oneself. */
  own: { visibility: string } | null;
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
  /** Whether nothing is near: then these are the nearest. */
  isFar: boolean;
  teeTimes: MatchedTeeTime[];
  cursor: string;
}

export interface Message {
  id: string;
  /** Its number in the room, from 1 on. */
  number: number;
  golferId: string;
  golferName: string;
  isOwn: boolean;
  /** Plain text of several lines; empty where nobody reads it any more. */
  text: string;
  status: "SHOWN" | "HIDDEN" | "DELETED";
  createdAt: string;
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
  /** The newest, newest first; null where the user has never taken part. */
  messages: Message[] | null;
  hasOlderMessages: boolean;
  unreadMessages: number;
}

const GOLFER = "id name smallPhotoUrl headline industry city handicapIndex skillLevel connection own { visibility }";

const MATCH = "match { score industry proximity time skill availability social }";
const OFFERED = "placeName city startsAt timeZone places openPlaces needsApproval industries skillLevel notes";

const FEED = `query Feed($first: Int!) {
  hostedTeeTimes(first: $first) {
    cursor isFar
    nodes { teeTimeId ${OFFERED} host { ${GOLFER} } ${MATCH} }
  }
}`;

const OFFERS = `subscription Feed($after: String) {
  teeTimeFeed(after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
    ... on NewTeeTimeInFeed { teeTimeId }
    ... on FeedTeeTimeUpdated { teeTimeId inFeed ${OFFERED} ${MATCH} }
  }
}`;

const MOVES = `subscription Golfers($after: String) {
  golferEvents(after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

/**
 * Follow the hosted tee times that suit the user best, those first. New ones and changed ones come at once; what no
 * event tells, as that one has started, is read each minute.
 */
export function followFeed(on: On & { first?: number }): Followed<Feed> {
  return follow<Feed>(
    on,
    {
      read: async (ask) => {
        const { hostedTeeTimes } = await ask<{ hostedTeeTimes: Omit<Feed, "teeTimes"> & { nodes: MatchedTeeTime[] } }>(FEED, { first: on.first ?? 30 });
        const { isFar, cursor, nodes } = hostedTeeTimes;
        return { isFar, cursor, teeTimes: nodes };
      },
      follow: ({ cursor }) => [
        { query: OFFERS, variables: {}, after: cursor },
        { query: MOVES, variables: {}, after: undefined },
      ],
      apply: applyToFeed,
    },
    { every: POLLING_INTERVALS.BACKGROUND },
  );
}

/** What an event comes to. Where a tee time stands among the others, and who hosts it, is read. */
function applyToFeed(state: Feed, event: Event): Step<Feed> {
  if (event.__typename !== "FeedTeeTimeUpdated") return { state, read: "soon" };
  const { teeTimeId, inFeed } = event as Event & { teeTimeId: string; inFeed: boolean };
  if (!inFeed) return { state: { ...state, teeTimes: state.teeTimes.filter((one) => one.teeTimeId !== teeTimeId) } };
  const { __typename, cursor, inFeed: _, ...told } = event;
  const teeTimes = state.teeTimes.map((one) => (one.teeTimeId === teeTimeId ? { ...one, ...(told as Partial<MatchedTeeTime>) } : one));
  return { state: { ...state, teeTimes }, read: "soon" };
}

const MESSAGES = "pageInfo { hasNextPage endCursor } nodes { id number golferId golferName isOwn text status createdAt }";

const ROOM = `query Room($id: ID!, $first: Int!) {
  hostedTeeTime(id: $id) {
    id cursor placeName city startsAt timeZone places openPlaces needsApproval industries notes status cancelReason myStatus
    host { ${GOLFER} }
    slots { slotNumber isOpen golfer { ${GOLFER} } }
    requests { createdAt golfer { ${GOLFER} } }
    unreadMessages
    messages(first: $first) { ${MESSAGES} }
  }
}`;

const OLDER = `query Older($id: ID!, $first: Int!, $after: String!) {
  hostedTeeTime(id: $id) { messages(first: $first, after: $after) { ${MESSAGES} } }
}`;

const ROOM_EVENTS = `subscription Room($id: ID!, $after: String) {
  hostedTeeTimeEvents(teeTimeId: $id, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

const PAGE = 100;

interface MessagePage {
  nodes: Message[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

type Answered = Omit<HostedTeeTime, "messages" | "hasOlderMessages"> & { messages: MessagePage | null };

/**
 * Follow a hosted tee time: who takes part, who asks to, how it stands, and what they write to each other. `messages` says
 * how many of these are wanted, the newest; 50 if it is left out. Where it says more than before, `refresh` reads them.
 */
export function followHostedTeeTime(on: On & { teeTimeId: string; messages?: () => number }): Followed<HostedTeeTime> {
  const { teeTimeId: id, messages: wanted = () => 50 } = on;
  return follow<HostedTeeTime>(
    on,
    {
      read: async (ask) => {
        const { hostedTeeTime } = await ask<{ hostedTeeTime: Answered }>(ROOM, { id, first: Math.min(PAGE, wanted()) });
        if (!hostedTeeTime.messages) return { ...hostedTeeTime, messages: null, hasOlderMessages: false };
        const { nodes, pageInfo } = await olderToo(ask, id, hostedTeeTime.messages, wanted());
        return { ...hostedTeeTime, messages: nodes, hasOlderMessages: pageInfo.hasNextPage };
      },
      follow: ({ cursor }) => [{ query: ROOM_EVENTS, variables: { id }, after: cursor }],
      apply: (state) => ({ state, read: "soon" }),
      // Who takes part is told more than others; and it is when one subscribes that this is looked at.
      hearing: ({ requests, myStatus }) => String(requests !== null || myStatus === "JOINED"),
    },
    { soon: 300 },
  );
}

async function olderToo(ask: Ask, id: string, newest: MessagePage, wanted: number): Promise<MessagePage> {
  let page = newest;
  const nodes = [...page.nodes];
  while (nodes.length < wanted && page.pageInfo.hasNextPage) {
    const variables = { id, first: Math.min(PAGE, wanted - nodes.length), after: page.pageInfo.endCursor };
    const older = await ask<{ hostedTeeTime: { messages: MessagePage } }>(OLDER, variables);
    page = older.hostedTeeTime.messages;
    nodes.push(...page.nodes);
  }
  return { nodes, pageInfo: page.pageInfo };
}
