import { useState } from "react";
import { Button } from "react-aria-components/Button";

import { claimsOf } from "@fairway/live";

import { config } from "../shared/config";
import { provider } from "../shared/provider";
import icon from "../shared/icon.svg";
import { useAddress, type View } from "./address";
import type { Course } from "./clubs";
import { type Language, useLanguage } from "./language";
import { News } from "./News";
import { type Report, useReport } from "./report";
import { ProvidedSignIn } from "./ProvidedSignIn";
import { cleanToken, mayHearClubs, mayRunTheDesk, mayStart, type Session } from "./session";
import { addDays, clock } from "./time";
import { Window } from "./Window";

interface HeaderProps {
  session: Session | null;
  signIn: (token: string) => void;
  courses: Course[];
  course: Course | null;
  day: string;
  today: string;
  /** How the connection does, as long as no view says so. */
  otherwise: Report;
  help: () => void;
}

/** The head of the page: where one is, whose page it is, and how the connection does. */
export function Header({ session, signIn, courses, course, day, today, otherwise, help }: HeaderProps) {
  const { words, language, choose } = useLanguage();
  const [address, go] = useAddress();
  const views = viewsFor(session, address.view);
  const hasDay = address.view === "sheet" || address.view === "starter" || address.view === "marshal";
  const hasCourse = hasDay || address.view === "course" || address.view === "wall" || address.view === "caddies" || address.view === "club";
  return (
    <header className="head">
      <h1>
        <img src={icon} alt="" width="24" height="24" /> Fairway
      </h1>
      <nav aria-label="Fairway">
        {views.map((view) => (
          <a
            key={view}
            href={`#${new URLSearchParams({ view })}`}
            aria-current={view === address.view ? "page" : undefined}
            onClick={(event) => {
              event.preventDefault();
              go({ view });
            }}
          >
            {words.views[view]}
          </a>
        ))}
      </nav>
      {views.length > 1 && (
        <label className="views">
          <span className="unseen">{words.view}</span>
          <select id="views" value={address.view} onChange={(event) => go({ view: event.target.value as View })}>
            {views.includes(address.view) || <option value={address.view}>{words.views[address.view]}</option>}
            {views.map((view) => (
              <option key={view} value={view}>
                {words.views[view]}
              </option>
            ))}
          </select>
        </label>
      )}
      {hasCourse && (
        <label className="field">
          <span className="unseen">{words.course}</span>
          <select id="course" value={course?.id ?? ""} disabled={!courses.length} onChange={(event) => go({ course: event.target.value })}>
            {[...new Set(courses.map(({ clubName }) => clubName))].map((club) => (
              <optgroup key={club} label={club}>
                {courses
                  .filter(({ clubName }) => clubName === club)
                  .map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
      )}
      {hasDay && (
        <span className="day">
          <button type="button" aria-label={words.dayBefore} title={words.dayBefore} onClick={() => go({ day: named(addDays(day, -1), today) })}>
            ‹
          </button>
          <input
            id="day"
            type="date"
            aria-label={words.day}
            value={day}
            onChange={(event) => event.target.value && go({ day: named(event.target.value, today) })}
          />
          <button type="button" aria-label={words.dayAfter} title={words.dayAfter} onClick={() => go({ day: named(addDays(day, 1), today) })}>
            ›
          </button>
          <button type="button" onClick={() => go({ day: null })} disabled={day === today}>
            {words.today}
          </button>
        </span>
      )}
      <Connection zone={course?.timeZone} otherwise={otherwise} />
      <span className="head-end">
        {provider ? <ProvidedSignIn provider={provider} session={session} /> : <SignedInAs session={session} signIn={signIn} />}
        <label className="field">
          <span className="unseen">{words.language}</span>
          <select id="language" value={language} onChange={(event) => choose(event.target.value as Language)}>
            <option value="en" lang="en">
              English
            </option>
            <option value="es" lang="es">
              Español
            </option>
          </select>
        </label>
        {session?.token && <News session={session} />}
        <button type="button" onClick={help} title={words.keys} aria-label={words.keys} className="help">
          ?
        </button>
        <a className="graphiql" href="/graphql">
          GraphiQL
        </a>
      </span>
    </header>
  );
}

/** The views that a session has a use for. */
function viewsFor(session: Session | null, address: View): View[] {
  if (!session?.token) return address === "guest" ? ["guest"] : ["sheet"];
  const roles = new Set(session.roles);
  const views: View[] = [];
  if (mayHearClubs(session)) views.push("sheet");
  if (mayStart(session)) views.push("starter", "marshal");
  if (mayStart(session) || roles.has("CADDIE")) views.push("caddies");
  if (views.length) views.push("course", "wall");
  if (mayRunTheDesk(session) || roles.has("PLANNER")) views.push("occasion");
  if (mayRunTheDesk(session) || roles.has("PLAYER")) views.push("golfers");
  if (mayRunTheDesk(session)) views.push("club");
  if (roles.has("GUEST")) views.push("guest");
  return views.length ? views : ["sheet"];
}

const named = (day: string, today: string): string | null => (day === today ? null : day);

/** How the connection does, in words: it is green only while each change comes at once. */
function Connection({ zone, otherwise }: { zone: string | undefined; otherwise: Report }) {
  const { words, locale } = useLanguage();
  const report = useReport() ?? otherwise;
  if (!report) return <span id="live" role="status" data-status="none" />;
  const { status, asOf } = report;
  const when = status !== "live" && asOf ? words.asOf(clock(asOf, zone, locale, true)) : "";
  return (
    <span id="live" role="status" data-status={status}>
      {[words.status[status], when].filter(Boolean).join(" · ")}
    </span>
  );
}

const PASTE = "paste";

function SignedInAs({ session, signIn }: { session: Session | null; signIn: (token: string) => void }) {
  const { words } = useLanguage();
  const [pasting, setPasting] = useState(false);
  const isKnown = config.tokens.some(({ token }) => token === session?.token);
  return (
    <label className="field">
      <span className="unseen">{words.signedInAs}</span>
      <select
        id="who"
        value={session?.token ?? ""}
        onChange={(event) => (event.target.value === PASTE ? setPasting(true) : signIn(event.target.value))}
      >
        {!session?.token && <option value="">{words.nobody}</option>}
        {config.tokens.map(({ label, token }) => (
          <option key={token} value={token}>
            {label}
          </option>
        ))}
        {session?.token && !isKnown && <option value={session.token}>{session.userId || words.pastedToken}</option>}
        <option value={PASTE}>{words.pasteToken}</option>
      </select>
      <PasteToken isOpen={pasting} close={() => setPasting(false)} signIn={signIn} />
    </label>
  );
}

function PasteToken({ isOpen, close, signIn }: { isOpen: boolean; close: () => void; signIn: (token: string) => void }) {
  const { words } = useLanguage();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  return (
    <Window title={words.signIn} isOpen={isOpen} close={close}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const token = cleanToken(text);
            if (!claimsOf(token)) return setProblem(words.notAToken);
            setText("");
            close();
            return signIn(token);
          }}
        >
          <label className="stacked">
            {words.pasteTokenLabel}
            <textarea rows={5} spellCheck={false} autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} autoFocus />
          </label>
          {problem && (
            <p className="refusal" role="alert">
              {problem}
            </p>
          )}
          <footer>
            <Button slot="close">{words.cancel}</Button>
            <button type="submit" className="primary">
              {words.signIn}
            </button>
          </footer>
        </form>
      </Window>
  );
}
