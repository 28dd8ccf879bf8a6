import { type Event, follow, type Followed, type On, type Step } from "./follow.js";

export type CaddieStatus = "AVAILABLE" | "IN_PREP" | "IN_FIELD" | "LATE" | "ABSENT" | "ON_LEAVE";

export interface Caddie {
  id: string;
  name: string;
  listNumber: number;
  status: CaddieStatus;
  /** The status in the club's language, as the club calls it. */
  statusLabel: string;
  isActive: boolean;
}

export interface Turn {
  id: string;
  listNumber: number;
  caddieName: string;
  startedAt: string | null;
  bookingId: string | null;
  assignedAs: string | null;
}

export interface QueuePlace {
  place: number;
  caddieId: string;
  name: string;
  turnId: string | null;
  bookingId: string | null;
}

export interface CaddieList {
  number: number;
  day: string | null;
  queue: QueuePlace[];
  inField: Turn[];
}

export interface CaddieState {
  cursor: string;
  caddies: Caddie[];
  lists: CaddieList[];
}

interface ReadQueue {
  listNumber: number;
  day: string | null;
  queue: { place: number; caddie: { id: string; name: string }; turn: { id: string; bookingId: string | null } | null }[];
  inField: Turn[];
}

const CADDIES = `query Caddies($club: ID!, $lists: [Int!]) {
  caddies(clubId: $club, lists: $lists) { cursor caddies { id name listNumber status statusLabel isActive } }
}`;

const QUEUE = `query Queue($club: ID!, $list: Int!) {
  caddieQueue(clubId: $club, list: $list) {
    listNumber day
    queue { place caddie { id name } turn { id bookingId } }
    inField { id listNumber caddieName startedAt bookingId assignedAs }
  }
}`;

const EVENTS = `subscription Caddies($club: ID!, $lists: [Int!], $after: String) {
  caddieEvents(clubId: $club, lists: $lists, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
    ... on CaddieStatusChanged { caddieId status statusLabel }
    ... on TurnQueueChanged { listNumber queue { place name caddieId turnId bookingId } }
  }
}`;

/** Follow the caddies of a club, by list: who is there, whose turn it is, who is in the field. */
export function followCaddies(on: On & { clubId: string; lists?: number[] }): Followed<CaddieState> {
  const variables = { club: on.clubId, ...(on.lists && { lists: on.lists }) };
  return follow<CaddieState>(on, {
    read: async (ask) => {
      const { caddies } = await ask<{ caddies: { cursor: string; caddies: Caddie[] } }>(CADDIES, variables);
      const numbers = [...new Set(caddies.caddies.map(({ listNumber }) => listNumber))].sort((a, b) => a - b);
      const read = await Promise.all(numbers.map((list) => ask<{ caddieQueue: ReadQueue }>(QUEUE, { club: on.clubId, list })));
      return { cursor: caddies.cursor, caddies: caddies.caddies, lists: read.map(({ caddieQueue }) => listOf(caddieQueue)) };
    },
    follow: ({ cursor }) => [{ query: EVENTS, variables, after: cursor }],
    apply: applyToCaddies,
  });
}

function applyToCaddies(state: CaddieState, event: Event): Step<CaddieState> {
  if (event.__typename === "CaddieStatusChanged") {
    const told = { status: event["status"] as CaddieStatus, statusLabel: event["statusLabel"] as string };
    const caddies = state.caddies.map((caddie) => (caddie.id === event["caddieId"] ? { ...caddie, ...told } : caddie));
    return { state: { ...state, caddies } };
  }
  if (event.__typename === "TurnQueueChanged") {
    const queue = event["queue"] as QueuePlace[];
    return { state: { ...state, lists: state.lists.map((l) => (l.number === event["listNumber"] ? { ...l, queue } : l)) } };
  }
  return { state, read: "soon" };
}

function listOf({ listNumber, day, queue, inField }: ReadQueue): CaddieList {
  const places = queue.map(({ place, caddie, turn }) => ({
    place,
    caddieId: caddie.id,
    name: caddie.name,
    turnId: turn?.id ?? null,
    bookingId: turn?.bookingId ?? null,
  }));
  return { number: listNumber, day, queue: places, inField };
}
