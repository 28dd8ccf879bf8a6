import { type Followed, follow, type Line, type Live } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";

export interface Course {
  id: string;
  name: string;
  timeZone: string;
  holes: number;
  clubId: string;
  clubName: string;
}

const CLUBS = "{ clubs { id name courses { id name timeZone holes } } }";

/** The courses that the session's token names. They change so seldom that they are read once, until that is answered. */
export function useCourses(line: Line | null): Live<Course[]> {
  return useFollowed(line && (() => read(line)), [line]);
}

function read(line: Line): Followed<Course[]> {
  return follow<Course[]>(
    { line },
    {
      read: async (ask) => {
        const { clubs } = await ask<{ clubs: { id: string; name: string; courses: Omit<Course, "clubId" | "clubName">[] }[] }>(CLUBS);
        return clubs.flatMap(({ id, name, courses }) => courses.map((course) => ({ ...course, clubId: id, clubName: name })));
      },
      follow: () => [],
      apply: (state) => ({ state }),
    },
  );
}
