/** The questions that the board asks, and the shapes of their answers. */

export type SlotStatus = "AVAILABLE" | "HELD" | "BOOKED" | "BLOCKED";

export interface Slot {
  id: string;
  number: number;
  status: SlotStatus;
  payer: { firstName: string; lastName: string } | null;
}

export interface TeeTime {
  id: string;
  startsAt: string;
  localTime: string;
  tee: number;
  slots: Slot[];
}

export interface TeeSheet {
  cursor: string;
  teeTimes: TeeTime[];
}

export interface Course {
  id: string;
  name: string;
  timeZone: string;
}

export type CourseStatus = "OPEN" | "CONDITIONAL" | "CLOSED";

export interface Weather {
  windKmh: number | null;
  gustKmh: number | null;
  rainMmPerHour: number | null;
  temperatureC: number | null;
}

/** How the course can be played now; an event tells all of it but the cursor's meaning. */
export interface Conditions {
  cursor: string;
  status: CourseStatus;
  causes: string[];
  reason: string;
  closedUntil: string | null;
  score: number | null;
  level: string | null;
  weather: Weather | null;
  stale: boolean;
  lightningUntil: string | null;
  cartPolicy: string;
  note: string;
}

export interface Club {
  name: string;
  courses: Course[];
}

/** What the board needs of an event of the sheet. */
export interface SheetEvent {
  __typename: string;
  cursor: string;
  slotId?: string | null;
  status?: SlotStatus;
  payerFirstName?: string;
  payerLastName?: string;
}

/** What the board needs of an event of the course. */
export type ConditionsEvent = { __typename: string; cursor: string } & Partial<Conditions>;

export const CLUBS = "{ clubs { name courses { id name timeZone } } }";

export const SHEET = `query Sheet($course: ID!, $day: Date!) {
  teeSheet(courseId: $course, date: $day) {
    cursor
    teeTimes { id startsAt localTime tee slots { id number status payer { firstName lastName } } }
  }
}`;

export const EVENTS = `subscription Board($course: ID!, $day: Date!, $after: String) {
  teeSheetEvents(courseId: $course, date: $day, after: $after) {
    __typename
    ... on StreamEvent { cursor slotId }
    ... on StreamReset { cursor }
    ... on SlotAvailable { status }
    ... on SlotReleased { status }
    ... on SlotHeld { status }
    ... on SlotBlocked { status }
    ... on SlotBooked { status payerFirstName payerLastName }
  }
}`;

const CONDITIONS_FIELDS = `status causes reason closedUntil score level stale lightningUntil cartPolicy note
    weather { windKmh gustKmh rainMmPerHour temperatureC }`;

export const CONDITIONS = `query Conditions($course: ID!) {
  courseConditions(courseId: $course) { cursor ${CONDITIONS_FIELDS} }
}`;

export const CONDITIONS_EVENTS = `subscription BoardConditions($course: ID!, $after: String) {
  courseStatusEvents(courseId: $course, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
    ... on CourseConditionsChanged { ${CONDITIONS_FIELDS} }
  }
}`;

/** An answer of the server that says why not. */
export class Refused extends Error {}

/** Ask the server. Throws `Refused` with its sentence, or whatever the network threw. */
export async function ask<T>(query: string, variables: Record<string, unknown>, token: string | null): Promise<T> {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token) headers["authorization"] = `Bearer ${token}`;
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const answer = (await response.json()) as { data?: T; errors?: { message: string }[] };
  if (answer.errors?.[0]) throw new Refused(answer.errors[0].message);
  return answer.data as T;
}
