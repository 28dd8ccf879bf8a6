import { type Conditions, followCourse, type Line } from "@fairway/live";
import { useFollowed, useRealtimeSync } from "@fairway/live/react";
import { type FormEvent, useCallback, useEffect, useState } from "react";

import { RefusalNote, useActs } from "../acts";
import type { Course } from "../clubs";
import { useDraft } from "../draft";
import { useUndoKey } from "../keys";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import { mayRunTheDesk, type Session } from "../session";
import { causesIn, ConditionsStrip, weatherIn } from "../sheet/Strip";
import { clock } from "../time";
import type { Words } from "../words";

interface Entry {
  id: string;
  changedAt: string;
  changedByLabel: string;
  previousStatus: Conditions["status"];
  newStatus: Conditions["status"];
  reason: string;
  causes: string[];
  source: keyof Words["courseView"]["sources"];
}

interface Thresholds {
  windWarningKmh: number;
  windSevereKmh: number;
  precipitationWarningMm: number;
  playabilityWarningThreshold: number;
  playabilitySevereThreshold: number;
  autoBlockOnSevere: boolean;
}

interface Cart {
  id: string;
  number: string;
  status: string;
  isSuspended: boolean;
}

interface Rest {
  history: Entry[];
  thresholds: Thresholds | null;
  carts: Cart[] | null;
}

const HISTORY = `query History($course: ID!) {
  courseStatusHistory(courseId: $course, first: 12) {
    nodes { id changedAt changedByLabel previousStatus newStatus reason causes source }
  }
}`;
const FOR_STAFF = `query Course($course: ID!) {
  courseThresholds(courseId: $course) {
    windWarningKmh windSevereKmh precipitationWarningMm playabilityWarningThreshold playabilitySevereThreshold autoBlockOnSevere
  }
  carts(courseId: $course) { carts { id number status isSuspended } }
}`;
const MOVES = `subscription CourseMoves($course: ID!, $after: String) {
  courseStatusEvents(courseId: $course, after: $after) { ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

/** How a course can be played, why, and what the staff can do about it. */
export function CourseView({ session, course }: { session: Session; course: Course; day: string }) {
  const isStaff = mayRunTheDesk(session);
  const live = useFollowed(() => followCourse({ line: session.line, courseId: course.id }), [session.line, course.id]);
  const [rest, problem] = useRest(session.line, course.id, isStaff);
  useReporting(live);
  useUndoKey();
  const conditions = live.state;
  if (!conditions) return <NotYet of={live} />;
  return (
    <div className="course">
      <ConditionsStrip conditions={conditions} zone={course.timeZone} />
      <Problem of={live} />
      {problem && <p className="message problem" role="alert">{problem}</p>}
      <div className="columns">
        <Gauge conditions={conditions} />
        {isStaff && <Override course={course} conditions={conditions} />}
        {rest && <History entries={rest.history} zone={course.timeZone} />}
        {rest?.thresholds && <ThresholdsForm courseId={course.id} thresholds={rest.thresholds} />}
        {rest?.carts && <Carts carts={rest.carts} />}
      </div>
    </div>
  );
}

function useRest(line: Line, course: string, isStaff: boolean): [Rest | null, string | null] {
  const [rest, setRest] = useState<Rest | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(async () => {
    try {
      const [{ courseStatusHistory }, staff] = await Promise.all([
        line.ask<{ courseStatusHistory: { nodes: Entry[] } }>(HISTORY, { course }),
        isStaff ? line.ask<{ courseThresholds: Thresholds; carts: { carts: Cart[] } }>(FOR_STAFF, { course }) : null,
      ]);
      setRest({ history: courseStatusHistory.nodes, thresholds: staff?.courseThresholds ?? null, carts: staff?.carts.carts ?? null });
      setProblem(null);
    } catch (cause) {
      // What was read before stays on the screen.
      setProblem(cause instanceof Error ? cause.message : String(cause));
    }
  }, [line, course, isStaff]);
  useEffect(() => void load(), [load]);
  useRealtimeSync(line, [{ query: MOVES, variables: { course } }], load, { merge: 500 });
  return [rest, problem];
}

function Gauge({ conditions }: { conditions: Conditions }) {
  const { words, locale } = useLanguage();
  const { score, level, weather } = conditions;
  return (
    <section className="card" aria-label={words.courseView.gauge}>
      <h2>{words.courseView.gauge}</h2>
      {score !== null && (
        <div className="gauge" data-level={level}>
          <svg viewBox="0 0 120 66" role="img" aria-label={words.playability(score, words.levels[level as keyof Words["levels"]] ?? "")}>
            <path className="track" d="M10 60 A50 50 0 0 1 110 60" pathLength="100" />
            <path className="value" d="M10 60 A50 50 0 0 1 110 60" pathLength="100" strokeDasharray={`${score} 100`} />
            <text x="60" y="56" textAnchor="middle">
              {score}
            </text>
          </svg>
          <p>{words.levels[level as keyof Words["levels"]]}</p>
        </div>
      )}
      <h3>{words.courseView.weather}</h3>
      <ul className="facts">
        {weatherIn(conditions, words, locale)
          .filter(Boolean)
          .map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        {!weather && <li>{words.weatherUnknown}</li>}
      </ul>
      {weather && (
        <p className="quiet">
          {[words.asOf(clock(weather.observedAt, conditions.timeZone, locale)), weather.attribution].filter(Boolean).join(" · ")}
        </p>
      )}
    </section>
  );
}

const STATUSES = ["OPEN", "CONDITIONAL", "CLOSED"] as const;

function Override({ course, conditions }: { course: Course; conditions: Conditions }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [status, setStatus] = useState<Conditions["status"]>(conditions.status);
  const [reason, setReason] = useState("");
  const where = `override ${course.id}`;
  const clear = () => ({ mutation: "clearCourseStatusOverride", input: { courseId: course.id }, done: words.courseView.clear });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = { courseId: course.id, status, reason };
    if (await act({ mutation: "setCourseStatus", input, done: words.conditions[status], undo: clear }, where)) setReason("");
  };
  return (
    <section className="card" aria-label={words.courseView.override} aria-busy={pending.has(where) || undefined}>
      <h2>{words.courseView.override}</h2>
      <form onSubmit={(event) => void submit(event)}>
        <fieldset className="choices">
          <legend className="unseen">{words.courseView.override}</legend>
          {STATUSES.map((one) => (
            <label key={one} data-status={one}>
              <input type="radio" name="status" checked={status === one} onChange={() => setStatus(one)} /> {words.conditions[one]}
            </label>
          ))}
        </fieldset>
        <label className="stacked">
          {words.courseView.reasonFirst}
          <input required value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        <RefusalNote where={where} />
        <span className="acts">
          <button type="submit" className="primary">
            {words.courseView.set}
          </button>
          {conditions.overrideUntil && (
            <button type="button" onClick={() => void act(clear(), where)}>
              {words.courseView.clear}
            </button>
          )}
          <button
            type="button"
            onClick={() => void act({ mutation: "reportLightning", input: { courseId: course.id }, done: words.courseView.reported }, where)}
          >
            {words.courseView.lightning}
          </button>
        </span>
      </form>
    </section>
  );
}

function History({ entries, zone }: { entries: Entry[]; zone: string }) {
  const { words, locale } = useLanguage();
  const when = new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (
    <section className="card" aria-label={words.courseView.history}>
      <h2>{words.courseView.history}</h2>
      {entries.length === 0 && <p className="quiet">{words.courseView.nothing}</p>}
      <ol className="history">
        {entries.map((entry) => (
          <li key={entry.id} data-status={entry.newStatus}>
            <time dateTime={entry.changedAt}>{when.format(new Date(entry.changedAt))}</time>
            <span>
              <b>{words.courseView.was(words.conditions[entry.previousStatus], words.conditions[entry.newStatus])}</b>{" "}
              {[entry.reason || causesIn(entry.causes, words).join(", "), words.courseView.sources[entry.source]].filter(Boolean).join(" · ")}
              {entry.source === "MANUAL" && entry.changedByLabel && ` · ${words.courseView.by(entry.changedByLabel)}`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function ThresholdsForm({ courseId, thresholds }: { courseId: string; thresholds: Thresholds }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [given, setGiven, forget] = useDraft(thresholds);
  const where = `thresholds ${courseId}`;
  const set = (input: Thresholds) => ({ mutation: "setCourseThresholds", input: { courseId, ...input }, done: words.courseView.saved });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act({ ...set(given), undo: () => set(thresholds) }, where)) forget();
  };
  const numbers = [
    ["windWarningKmh", words.courseView.windWarning],
    ["windSevereKmh", words.courseView.windSevere],
    ["precipitationWarningMm", words.courseView.rainWarning],
    ["playabilityWarningThreshold", words.courseView.scoreWarning],
    ["playabilitySevereThreshold", words.courseView.scoreSevere],
  ] as const;
  return (
    <section className="card" aria-label={words.courseView.thresholds}>
      <h2>{words.courseView.thresholds}</h2>
      <form onSubmit={(event) => void submit(event)}>
        {numbers.map(([name, label]) => (
          <label key={name} className="stacked">
            {label}
            <input type="number" step="any" required value={given[name]} onChange={(event) => setGiven({ ...given, [name]: event.target.valueAsNumber || 0 })} />
          </label>
        ))}
        <label className="check">
          <input type="checkbox" checked={given.autoBlockOnSevere} onChange={(event) => setGiven({ ...given, autoBlockOnSevere: event.target.checked })} />{" "}
          {words.courseView.autoBlock}
        </label>
        <RefusalNote where={where} />
        <button type="submit" className="primary" disabled={pending.has(where)}>
          {words.courseView.save}
        </button>
      </form>
    </section>
  );
}

function Carts({ carts }: { carts: Cart[] }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const serve = (cart: Cart, inService: boolean) => ({
    mutation: "setCartStatus",
    input: { cartId: cart.id, inService },
    done: `${words.cart(cart.number)}: ${words.courseView.cartStatuses[inService ? "ACTIVE" : "INACTIVE"]}`,
  });
  return (
    <section className="card" aria-label={words.courseView.carts}>
      <h2>
        {words.courseView.carts} <span className="number">{carts.length}</span>
      </h2>
      {carts.length === 0 && <p className="quiet">{words.courseView.noCarts}</p>}
      <ul className="people">
        {carts.map((cart) => (
          <li key={cart.id} data-status={cart.status} aria-busy={pending.has(cart.id) || undefined}>
            <span className="who">
              {words.cart(cart.number)} <small className="quiet">{words.courseView.cartStatuses[cart.status]}</small>
              {cart.isSuspended && <small className="quiet"> · {words.courseView.stopped}</small>}
            </span>
            {(cart.status === "ACTIVE" || cart.status === "INACTIVE") && (
              <button
                type="button"
                onClick={() => {
                  const inService = cart.status === "INACTIVE";
                  void act({ ...serve(cart, inService), undo: () => serve(cart, !inService) }, cart.id);
                }}
              >
                {cart.status === "ACTIVE" ? words.courseView.takeOut : words.courseView.putBack}
              </button>
            )}
            <RefusalNote where={cart.id} />
          </li>
        ))}
      </ul>
    </section>
  );
}
