import { follow, type Followed, followFeed, type Line, type Match, type MatchedTeeTime, Refused } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { lazy, Suspense, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useAddress } from "../address";
import type { Course } from "../clubs";
import { useUndoKey } from "../keys";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import type { Session } from "../session";
import { clock, dayIn, dayInWords } from "../time";
import type { Words } from "../words";
import { Avatar } from "./Avatar";
import { HostForm, ProfileForm } from "./forms";
import { keepRoom, keptRooms } from "./rooms";

const Room = lazy(() => import("./Room"));

const MOST = { industry: 30, proximity: 25, time: 15, skill: 15, availability: 10, social: 5 } as const;
const PROFILE = "{ hostedTeeTimes(first: 1) { isFar } }";

/** Whether the user is a golfer here: it is asked until it is known. */
function followProfile(line: Line): Followed<{ isMissing: boolean }> {
  return follow(
    { line },
    {
      read: async (ask) => {
        try {
          await ask(PROFILE);
          return { isMissing: false };
        } catch (cause) {
          if (cause instanceof Refused && cause.code === "PROFILE_MISSING") return { isMissing: true };
          throw cause;
        }
      },
      follow: () => [],
      apply: (state) => ({ state }),
    },
  );
}

/** Who wants to play with whom: tee times that others host, and one's own. */
export default function GolfersView({ session, courses, course }: { session: Session; courses: Course[]; course: Course | null }) {
  const { words } = useLanguage();
  const [round, setRound] = useState(0);
  const profile = useFollowed(() => followProfile(session.line), [session.line, round]);
  const [address, go] = useAddress();
  useUndoKey();
  if (!profile.state) return <NotYet of={profile} />;
  if (profile.state.isMissing) return <ProfileForm saved={() => setRound(round + 1)} />;
  if (!address.room) return <FeedView session={session} courses={courses} course={course} />;
  return (
    <div className="golfers">
      <p>
        <button type="button" onClick={() => go({ room: null })}>
          ← {words.golfers.back}
        </button>
      </p>
      <Suspense>
        <Room session={session} teeTimeId={address.room} key={address.room} />
      </Suspense>
    </div>
  );
}

function FeedView({ session, courses, course }: { session: Session; courses: Course[]; course: Course | null }) {
  const { words } = useLanguage();
  const [, go] = useAddress();
  const live = useFollowed(() => followFeed({ line: session.line }), [session.line]);
  useReporting(live);
  const rooms = keptRooms(session.userId);
  return (
    <div className="golfers">
      <Problem of={live} />
      {rooms.length > 0 && (
        <nav aria-label={words.golfers.yours} className="tools">
          <span className="quiet">{words.golfers.yours}:</span>
          {rooms.map(({ id, name }) => (
            <button key={id} type="button" onClick={() => go({ room: id })}>
              {name}
            </button>
          ))}
        </nav>
      )}
      <section aria-label={words.golfers.feed}>
        <h2>{words.golfers.feed}</h2>
        {!live.state && !live.problem && <p className="quiet">{words.loading}</p>}
        {live.state?.isFar && <p className="quiet">{words.golfers.far}</p>}
        {live.state?.teeTimes.length === 0 && <p className="quiet">{words.golfers.none}</p>}
        <ol className="posts feed">
          {live.state?.teeTimes.map((teeTime) => (
            <Offered key={teeTime.teeTimeId} teeTime={teeTime} userId={session.userId} />
          ))}
        </ol>
      </section>
      <HostForm
        courses={courses}
        course={course}
        hosted={(id, name) => {
          keepRoom(session.userId, { id, name });
          go({ room: id });
        }}
      />
    </div>
  );
}

/** Where and when, on the clock of the place. */
export function whenIn({ startsAt, timeZone }: { startsAt: string; timeZone: string }, locale: string): string {
  return `${dayInWords(dayIn(timeZone, new Date(startsAt).getTime()), locale)}, ${clock(startsAt, timeZone, locale)}`;
}

export function joining(teeTime: { needsApproval: boolean }, id: string, words: Words): Act {
  const back = teeTime.needsApproval ? { mutation: "withdrawJoinRequest", done: words.golfers.withdrawn } : { mutation: "leaveTeeTime", done: words.golfers.left };
  return {
    mutation: "joinTeeTime",
    input: { teeTimeId: id },
    done: teeTime.needsApproval ? words.golfers.asked : words.golfers.joined,
    undo: () => ({ ...back, input: { teeTimeId: id } }),
  };
}

function Offered({ teeTime, userId }: { teeTime: MatchedTeeTime; userId: string }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const [, go] = useAddress();
  const { teeTimeId, placeName, host, industries } = teeTime;
  const open = () => {
    keepRoom(userId, { id: teeTimeId, name: `${placeName} · ${whenIn(teeTime, locale)}` });
    go({ room: teeTimeId });
  };
  const join = async () => {
    if (await act(joining(teeTime, teeTimeId, words), teeTimeId)) open();
  };
  return (
    <li className="card" aria-busy={pending.has(teeTimeId) || undefined}>
      <span className="with-photo">
        <Avatar golfer={host} />
        <span className="who">
          <strong>{placeName}</strong>
          <span>{whenIn(teeTime, locale)}</span>
          <small className="quiet">
            {[words.golfers.host(host.name), words.golfers.industries[host.industry], teeTime.city].filter(Boolean).join(" · ")}
          </small>
        </span>
      </span>
      <Why match={teeTime.match} />
      {teeTime.notes && <p className="said">{teeTime.notes}</p>}
      <small className="quiet">
        {[words.golfers.open(teeTime.openPlaces, teeTime.places), ...industries.map((one) => words.golfers.industries[one] ?? one), teeTime.needsApproval ? words.golfers.approval : ""]
          .filter(Boolean)
          .join(" · ")}
      </small>
      <span className="acts">
        <button type="button" className="primary" onClick={() => void join()}>
          {teeTime.needsApproval ? words.golfers.ask : words.golfers.join}
          <span className="unseen"> {placeName}</span>
        </button>
        <button type="button" onClick={open}>
          {words.golfers.show}
          <span className="unseen"> {placeName}</span>
        </button>
      </span>
      <RefusalNote where={teeTimeId} />
    </li>
  );
}

/** The score with its reasons: how much of each factor it has. */
function Why({ match }: { match: Match }) {
  const { words } = useLanguage();
  return (
    <div className="match">
      <strong className="score">{words.golfers.score(match.score)}</strong>
      <ul aria-label={words.golfers.why}>
        {(Object.keys(MOST) as (keyof typeof MOST)[]).map((factor) => {
          const said = words.golfers.factor(words.golfers.factors[factor] ?? factor, match[factor], MOST[factor]);
          return (
            <li key={factor} title={said}>
              <span aria-hidden="true">{words.golfers.factors[factor]}</span>
              <span className="bar" aria-hidden="true">
                <span style={{ width: `${(100 * match[factor]) / MOST[factor]}%` }} />
              </span>
              <span className="unseen">{said}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
