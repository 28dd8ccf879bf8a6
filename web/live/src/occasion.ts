import { follow, type Followed, type On } from "./follow.js";

export type RsvpStatus = "PENDING" | "ACCEPTED" | "DECLINED" | "WAITLISTED";

export interface Attendance {
  partId: string;
  status: RsvpStatus;
  mealId: string | null;
  tableId: string | null;
  seat: number | null;
  /** Whether the guest is to stay there. */
  isLocked: boolean;
  arrivedAt: string | null;
}

export interface Guest {
  id: string;
  name: string;
  householdId: string;
  householdName: string;
  groupName: string;
  ageGroup: string;
  isVip: boolean | null;
  isPlusOne: boolean;
  diets: string[];
  needs: string[];
  checkInCode: string;
  attendances: Attendance[];
}

export interface Part {
  id: string;
  name: string;
  place: string;
  startsAt: string;
  capacity: number | null;
  isMain: boolean;
  isSeated: boolean;
  meals: { mealId: string; name: string }[];
}

export interface Headcount {
  partId: string;
  invited: number;
  taken: number;
  capacity: number | null;
  arrived: number;
  unassigned: number;
  statuses: { status: RsvpStatus; guests: number }[];
  meals: { meal: string; guests: number }[];
}

export interface Table {
  id: string;
  name: string;
  capacity: number;
  seated: number;
  shape: string;
  x: number;
  y: number;
  isVip: boolean;
}

export interface SeatingFlaw {
  flaw: string;
  guestIds: string[];
  tableIds: string[];
}

export interface OccasionState {
  cursor: string;
  occasion: { id: string; name: string; kind: string; status: string; timeZone: string; rsvpDeadline: string; isSeatingRevealed: boolean; parts: Part[] };
  guests: Guest[];
  /** For each part that has one. */
  headcounts: Record<string, Headcount>;
  seating: { partId: string; tables: Table[]; problems: SeatingFlaw[] } | null;
}

const ABOUT = `occasion(id: $id) {
    id cursor name kind status timeZone rsvpDeadline isSeatingRevealed
    parts { id name place startsAt capacity isMain isSeated meals { mealId name } }
  }`;

const OCCASION = `query Occasion($id: ID!) {
  ${ABOUT}
}`;

const PLANNED = `query Planned($id: ID!) {
  ${ABOUT}
  guests(occasionId: $id) {
    guests {
      id name householdId householdName groupName ageGroup isVip isPlusOne diets needs checkInCode
      attendances { partId status mealId tableId seat isLocked arrivedAt }
    }
  }
}`;

const COUNT = "partId invited taken capacity arrived unassigned statuses { status guests } meals { meal guests }";

const COUNTS = `query Counts($id: ID!, $part: ID!) {
  headcount(occasionId: $id, partId: $part) { ${COUNT} }
}`;

const COUNTED = `subscription Counted($id: ID!, $part: ID!, $after: String) {
  headcount(occasionId: $id, partId: $part, after: $after) { __typename cursor ${COUNT} }
}`;

const SEATING = `query Seating($id: ID!, $part: ID!) {
  seatingChart(occasionId: $id, partId: $part) {
    partId
    tables { id name capacity seated shape x y isVip }
    seatingProblems { flaw guestIds tableIds }
  }
}`;

const EVENTS = `subscription Occasion($id: ID!, $after: String) {
  occasionEvents(occasionId: $id, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
  }
}`;

/**
 * Follow an occasion as those see it who plan it: guests and their answers, headcounts, and who sits where. The club's
 * staff (`plans: false`) see the headcounts alone.
 */
export function followOccasion(on: On & { occasionId: string; plans?: boolean }): Followed<OccasionState> {
  const variables = { id: on.occasionId };
  const plans = on.plans ?? true;
  return follow<OccasionState>(on, {
    read: async (ask) => {
      type Told = OccasionState["occasion"] & { cursor: string };
      const { occasion, guests } = await ask<{ occasion: Told; guests?: { guests: Guest[] } }>(plans ? PLANNED : OCCASION, variables);
      const seated = plans ? occasion.parts.find(({ isSeated }) => isSeated) : undefined;
      const [counts, chart] = await Promise.all([
        Promise.all(occasion.parts.map(({ id }) => ask<{ headcount: Headcount }>(COUNTS, { ...variables, part: id }))),
        seated ? ask<{ seatingChart: Chart }>(SEATING, { ...variables, part: seated.id }) : null,
      ]);
      const headcounts = Object.fromEntries(counts.map(({ headcount }) => [headcount.partId, headcount]));
      const seating = chart && { partId: chart.seatingChart.partId, tables: chart.seatingChart.tables, problems: chart.seatingChart.seatingProblems };
      return { cursor: occasion.cursor, occasion, guests: guests?.guests ?? [], headcounts, seating };
    },
    follow: ({ cursor, occasion }) =>
      plans
        ? [{ query: EVENTS, variables, after: cursor }]
        : occasion.parts.map(({ id }) => ({ query: COUNTED, variables: { ...variables, part: id }, after: undefined })),
    // Whatever happens to a guest moves counts and problems too, which only the server can say.
    apply: (state, event) => {
      const { __typename, ...told } = event;
      if (__typename !== "Headcount") return { state, read: "soon" };
      const { cursor: _, ...count } = told as unknown as Headcount & { cursor: string };
      return { state: { ...state, headcounts: { ...state.headcounts, [count.partId]: count } } };
    },
  });
}

interface Chart {
  partId: string;
  tables: Table[];
  seatingProblems: SeatingFlaw[];
}
