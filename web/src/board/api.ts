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
