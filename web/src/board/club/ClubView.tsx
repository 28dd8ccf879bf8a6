import { useFollowed } from "@fairway/live/react";
import { useRef } from "react";

import type { Course } from "../clubs";
import { useUndoKey } from "../keys";
import { useWords } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import { mayAdminister, mayRunTheDesk, type Session } from "../session";
import { PriceClasses, WindowsForm } from "./Classes";
import { followClub, type Pages } from "./follow";
import { Groups, StandingBookings } from "./Parties";

/** What a club sells by: its price classes with their limits and windows; and what it has booked for groups and regulars. */
export default function ClubView({ session, course, courses, today }: { session: Session; course: Course; courses: Course[]; today: string }) {
  const words = useWords();
  const mayLook = mayRunTheDesk(session);
  const pages = useRef<Pages>({ groups: 1, standing: 1 });
  const live = useFollowed(mayLook ? () => followClub(session.line, course.clubId, course.id, pages.current) : null, [session.line, course.clubId, course.id, mayLook]);
  useReporting(live);
  useUndoKey();
  if (!mayLook) return <p className="message">{words.club.forStaff}</p>;
  if (!live.state) return <NotYet of={live} />;
  const { club, groups, standing } = live.state;
  const more = (list: keyof Pages) => () => {
    pages.current[list] += 1;
    live.refresh();
  };
  const isAdmin = mayAdminister(session);
  const ofClub = courses.filter(({ clubId }) => clubId === course.clubId);
  return (
    <div className="club">
      <Problem of={live} />
      <div className="columns">
        <PriceClasses clubId={course.clubId} club={club} isAdmin={isAdmin} />
        <WindowsForm clubId={course.clubId} club={club} isAdmin={isAdmin} />
        <Groups groups={groups} more={more("groups")} zone={course.timeZone} />
        <StandingBookings standing={standing} more={more("standing")} courses={ofClub} today={today} />
      </div>
    </div>
  );
}
