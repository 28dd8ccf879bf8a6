import { lazy, useEffect, useMemo } from "react";

import { type Address, useAddress, WALLS } from "../address";
import { CaddiesView } from "../caddies/CaddiesView";
import type { Course } from "../clubs";
import { CourseView } from "../course/CourseView";
import { isForPage } from "../keys";
import { useLanguage } from "../language";
import { OccasionView } from "../occasion/OccasionView";
import { useReport } from "../report";
import type { Session } from "../session";
import { SheetView } from "../sheet/SheetView";
import { StarterView } from "../sheet/StarterView";
import { clock, dayInWords, useNow } from "../time";

const MarshalView = lazy(() => import("../marshal/MarshalView"));

/** A screen that hangs in the hall: any view, large, for who looks from afar; nobody can do anything on it. */
export default function WallView({ session, course, today }: { session: Session; course: Course; today: string }) {
  const { words, locale } = useLanguage();
  const [address, go] = useAddress();
  const now = useNow();
  // Who looks only has no roles: so no view offers anything to do.
  const looking = useMemo(() => ({ ...session, roles: [] }), [session]);
  const shows = WALLS.find((one) => one === address.shows) ?? "sheet";
  useFullScreenKey();
  return (
    <div className="wall">
      <header className="wall-title">
        <h2>{shows === "occasion" ? words.views.occasion : course.name}</h2>
        <span>{dayInWords(today, locale)}</span>
        <time>{clock(now, course.timeZone, locale)}</time>
        <WallConnection />
        <span className="wall-tools">
          <label className="field">
            <span>{words.marshal.show}</span>
            <select id="shows" value={shows} onChange={(event) => go({ shows: event.target.value as Address["shows"] })}>
              {WALLS.map((one) => (
                <option key={one} value={one}>
                  {words.views[one]}
                </option>
              ))}
            </select>
          </label>
          <button type="button" onClick={fullScreen}>
            {words.marshal.fullScreen} <kbd>0</kbd>
          </button>
        </span>
      </header>
      {shows === "sheet" && <SheetView session={looking} course={course} day={today} today={today} wall key={today} />}
      {shows === "starter" && <StarterView session={looking} course={course} day={today} key={today} />}
      {shows === "marshal" && <MarshalView session={looking} course={course} day={today} key={today} />}
      {shows === "caddies" && <CaddiesView session={looking} course={course} />}
      {shows === "course" && <CourseView session={looking} course={course} day={today} />}
      {shows === "occasion" && <OccasionView session={looking} clubId={course.clubId} wall />}
    </div>
  );
}

/** The head of the page is not on a screen that shows the wall alone. */
function WallConnection() {
  const { words } = useLanguage();
  const report = useReport();
  if (!report || report.status === "live") return null;
  return <span className="wall-status">{words.status[report.status]}</span>;
}

function fullScreen(): void {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  done.catch(() => {}); // a browser that shows no page alone shows this one as it is
}

function useFullScreenKey(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isForPage(event) && event.key === "0") fullScreen();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
