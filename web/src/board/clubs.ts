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

/** The courses that the session's token names. They change so seldom that they are read once, until that is answered. */
export function useCourses(line: Line | null): Live<Course[]> {
  return useFollowed(line && (() => read(line)), [line]);
}

function read(line: Line): Followed<Course[]> {
  return follow<Course[]>(
    { line },
    {
      read: async (ask) => {
        const { clubs } = await ask<{ clubs: (Pick<Course, "id" | "name" | "priceClasses"> & { courses: Omit<Course, "clubId" | "clubName" | "priceClasses">[] })[] }>(CLUBS);
        return clubs.flatMap(({ id, name, priceClasses, courses }) => courses.map((course) => ({ ...course, clubId: id, clubName: name, priceClasses })));
      },
      follow: () => [],
      apply: (state) => ({ state }),
    },
  );
}
