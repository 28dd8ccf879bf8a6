import { follow, type Followed, type On } from "./follow.js";

export type CourseStatus = "OPEN" | "CONDITIONAL" | "CLOSED";

/** How a course can be played now. Speeds are km/h, rain mm/h, temperatures °C. */
export interface Conditions {
  cursor: string;
  name: string;
  timeZone: string;
  status: CourseStatus;
  causes: string[];
  reason: string;
  source: string;
  since: string;
  closedUntil: string | null;
  overrideUntil: string | null;
  score: number | null;
  level: string | null;
  stale: boolean;
  lightningUntil: string | null;
  cartPolicy: string;
  holesOpen: number[];
  temporaryGreens: number[];
  note: string;
  weather: {
    attribution: string;
    observedAt: string;
    windKmh: number | null;
    gustKmh: number | null;
    rainMmPerHour: number | null;
    temperatureC: number | null;
  } | null;
}

const FIELDS = `status causes reason source since closedUntil overrideUntil score level stale lightningUntil cartPolicy
  holesOpen temporaryGreens note weather { attribution observedAt windKmh gustKmh rainMmPerHour temperatureC }`;

const CONDITIONS = `query Conditions($course: ID!) { courseConditions(courseId: $course) { cursor name timeZone ${FIELDS} } }`;

const EVENTS = `subscription Conditions($course: ID!, $after: String) {
  courseStatusEvents(courseId: $course, after: $after) {
    __typename
    ... on StreamEvent { cursor }
    ... on StreamReset { cursor }
    ... on CourseConditionsChanged { ${FIELDS} }
  }
}`;

/** Follow how a course can be played. */
export function followCourse(on: On & { courseId: string }): Followed<Conditions> {
  const variables = { course: on.courseId };
  return follow<Conditions>(on, {
    read: async (ask) => (await ask<{ courseConditions: Conditions }>(CONDITIONS, variables)).courseConditions,
    follow: ({ cursor }) => [{ query: EVENTS, variables, after: cursor }],
    apply: (state, { __typename, cursor, ...told }) =>
      __typename === "CourseConditionsChanged"
        ? { state: { ...state, ...(told as Partial<Conditions>), cursor } }
        : { state: { ...state, cursor } },
  });
}
