import { type Followed, follow, type Line, type Live } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";

import type { ClubPriceClass } from "./classes";

export interface Course {
  id: string;
  name: string;
  timeZone: string;
  holes: number;
  clubId: string;
  clubName: string;
  priceClasses: ClubPriceClass[];
}

const CLUBS = "{ clubs { id name priceClasses { code name isRetired } courses { id name timeZone holes } } }";

const EVENTS = `subscription Classes($club: ID!, $types: [ClubEventType!], $after: String) {
  clubEvents(clubId: $club, types: $types, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;
const TYPES = ["PRICE_CLASS_ADDED", "PRICE_CLASS_UPDATED", "PRICE_CLASS_RETIRED"];

/** The courses that the session's token names. They change so seldom that they are read once; who hears of the clubs hears of their price classes. */
export function useCourses(line: Line | null, hears: boolean): Live<Course[]> {
  return useFollowed(line && (() => read(line, hears)), [line, hears]);
}

function read(line: Line, hears: boolean): Followed<Course[]> {
  return follow<Course[]>(
    { line },
    {
      read: async (ask) => {
        const { clubs } = await ask<{ clubs: (Pick<Course, "id" | "name" | "priceClasses"> & { courses: Omit<Course, "clubId" | "clubName" | "priceClasses">[] })[] }>(CLUBS);
        return clubs.flatMap(({ id, name, priceClasses, courses }) => courses.map((course) => ({ ...course, clubId: id, clubName: name, priceClasses })));
      },
      follow: (courses) => (hears ? [...new Set(courses.map(({ clubId }) => clubId))].map((club) => ({ query: EVENTS, variables: { club, types: TYPES }, after: undefined })) : []),
      apply: (state) => ({ state, read: "soon" }),
    },
  );
}
