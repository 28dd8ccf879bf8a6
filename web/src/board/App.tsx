import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";

import { config } from "../shared/config";
import { ActsProvider, LastAct } from "./acts";
import { useAddress, type View } from "./address";
import { ClassesProvider } from "./classes";
import { type Course, useCourses } from "./clubs";
import { Header } from "./Header";
import { KeysHelp, Opening, usePageKeys } from "./keys";
import { useWords } from "./language";
import { problemIn } from "./Problem";
import { begin, firstToken, mayHearClubs, type Session } from "./session";
import { SheetView } from "./sheet/SheetView";
import { dayIn, useNow } from "./time";

const StarterView = lazy(async () => ({ default: (await import("./sheet/StarterView")).StarterView }));
const CaddiesView = lazy(async () => ({ default: (await import("./caddies/CaddiesView")).CaddiesView }));
const CourseView = lazy(async () => ({ default: (await import("./course/CourseView")).CourseView }));
const MarshalView = lazy(() => import("./marshal/MarshalView"));
const WallView = lazy(() => import("./wall/WallView"));
const GolfersView = lazy(() => import("./golfers/GolfersView"));
const OccasionView = lazy(async () => ({ default: (await import("./occasion/OccasionView")).OccasionView }));
const GuestView = lazy(async () => ({ default: (await import("./occasion/GuestView")).GuestView }));
const ClubView = lazy(() => import("./club/ClubView"));
const History = lazy(() => import("./History"));

/** The page: who uses it, what it shows, and of which course and day. */
export function App() {
  const words = useWords();
  const [token, setToken] = useState(firstToken);
  const [address, go] = useAddress();
  // Whoever opens an invitation by its code has no token yet.
  const session = useSession(token ?? (address.view === "guest" ? "" : null));
  const courses = useCourses(session?.token ? session.line : null, session !== null && mayHearClubs(session));
  const now = useNow();
  const course = courses.state?.find(({ id }) => id === (address.course ?? config.course)) ?? courses.state?.[0] ?? null;
  const today = dayIn(course?.timeZone, now);
  const day = address.day ?? today;
  const [help, setHelp] = useState(false);
  const [past, setPast] = useState(false);
  const showHelp = useCallback(() => setHelp(true), []);
  const showPast = useCallback(() => setPast(true), []);
  usePageKeys({ day, today, go, help: showHelp, history: showPast });

  useEffect(() => {
    document.title = `${words.views[address.view]} · Fairway`;
  }, [words, address.view]);
  useEffect(() => {
    if (course && course.id !== address.course) go({ course: course.id });
  }, [course, address.course, go]);

  useEffect(() => {
    // A link that named this day is today's board as well: it turns at midnight.
    if (course && address.day === today) go({ day: null });
  }, [course === null]);

  const problem = !session ? words.signInFirst : courses.state ? (course ? null : words.noCourse) : problemIn(courses, words);
  const needsCourse = address.view !== "occasion" && address.view !== "golfers" && address.view !== "guest";
  return (
    <>
      <Header
        session={session}
        signIn={setToken}
        courses={courses.state ?? []}
        course={course}
        day={day}
        today={today}
        otherwise={session?.token ? courses : null}
        help={showHelp}
      />
      {session && (
        <ActsProvider session={session} key={session.token}>
          <main id="view" data-view={address.view} data-day={day} tabIndex={-1}>
            {needsCourse && problem && (
              <p className="message" role="alert">
                {problem}
              </p>
            )}
            {needsCourse && !problem && !course && <p className="message">{words.loading}</p>}
            <Suspense fallback={<p className="message">{words.loading}</p>}>
              {course && (
                <ClassesProvider classes={course.priceClasses}>
                  <OfCourse view={address.view} session={session} course={course} courses={courses.state ?? []} day={day} today={today} />
                </ClassesProvider>
              )}
              {address.view === "occasion" && <OccasionView session={session} clubId={course?.clubId ?? null} />}
              {address.view === "golfers" && <GolfersView session={session} courses={courses.state ?? []} course={course} />}
              {address.view === "guest" && <GuestView session={session} signIn={setToken} />}
            </Suspense>
          </main>
          <LastAct showPast={showPast} />
          <Suspense fallback={<Opening />}>{past && <History zone={course?.timeZone} close={() => setPast(false)} />}</Suspense>
        </ActsProvider>
      )}
      {!session && (
        <main id="view" data-view={address.view}>
          <p className="message" role="alert">
            {problem}
          </p>
        </main>
      )}
      <KeysHelp isOpen={help} close={() => setHelp(false)} />
    </>
  );
}

/** The views that show a course. Another day or course is another page, which keeps nothing of the one before. */
function OfCourse({ view, courses, ...shown }: { view: View; session: Session; course: Course; courses: Course[]; day: string; today: string }) {
  const { session, course, today } = shown;
  const page = `${course.id} ${shown.day}`;
  if (view === "sheet") return <SheetView {...shown} key={page} />;
  if (view === "starter") return <StarterView {...shown} key={page} />;
  if (view === "marshal") return <MarshalView {...shown} key={page} />;
  if (view === "caddies") return <CaddiesView session={session} course={course} key={course.clubId} />;
  if (view === "course") return <CourseView session={session} course={course} day={today} key={course.id} />;
  if (view === "club") return <ClubView session={session} course={course} courses={courses} today={today} key={course.clubId} />;
  return view === "wall" ? <WallView session={session} course={course} today={today} key={course.id} /> : null;
}

function useSession(token: string | null): Session | null {
  const session = useMemo(() => (token === null ? null : begin(token)), [token]);
  useEffect(() => () => session?.line.close(), [session]);
  return session;
}
