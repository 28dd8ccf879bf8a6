import { followCourse, followSheet } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";

import type { Course } from "../clubs";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import { mayRunTheDesk, type Session } from "../session";
import { Ballots } from "./Ballots";
import { Desk } from "./Desk";
import { ConditionsStrip, DayFigures, Suspended } from "./Strip";
import { Waitlist } from "./Waitlist";

interface SheetViewProps {
  session: Session;
  course: Course;
  day: string;
  today: string;
  wall?: boolean;
}

/** A day's tee sheet: to look at, and to work with. */
export function SheetView({ session, course, day, today, wall = false }: SheetViewProps) {
  const { words } = useLanguage();
  const live = useFollowed(() => followSheet({ line: session.line, courseId: course.id, date: day }), [session.line, course.id, day]);
  const conditions = useFollowed(() => followCourse({ line: session.line, courseId: course.id }), [session.line, course.id]);
  useReporting(live);
  const sheet = live.state?.sheet;
  if (!live.state) return <NotYet of={live} />;
  return (
    <div className="sheet-view" data-wall={wall || undefined}>
      {conditions.state && <ConditionsStrip conditions={conditions.state} zone={course.timeZone} />}
      <Problem of={live} />
      <Suspended since={live.state.playSuspendedSince} zone={course.timeZone} />
      {!sheet && <p className="message">{words.noSheet}</p>}
      {sheet && !sheet.isOnline && <p className="message">{words.offline}</p>}
      {sheet?.figures && <DayFigures figures={sheet.figures} forAll={wall} />}
      {sheet && <Desk session={session} sheet={sheet} course={course} today={today} conditions={conditions.state} wall={wall} during={live.during} />}
      {!wall && (
        <div className="beside">
          {sheet && <Ballots session={session} course={course} sheet={sheet} />}
          <Waitlist entries={live.state.waitlist} mayAct={mayRunTheDesk(session)} clubId={course.clubId} courseId={course.id} date={day} />
        </div>
      )}
    </div>
  );
}
