import { type Caddie, type CaddieList, type CaddieState, followCaddies, type QueuePlace, type Turn } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { useState } from "react";

import { type Act, type Payload, RefusalNote, useActs } from "../acts";
import type { Course } from "../clubs";
import { useUndoKey } from "../keys";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import { mayRunTheDesk, mayStart, type Session } from "../session";
import { clock } from "../time";
import { AddCaddie } from "./AddCaddie";

/** The caddies of a club: whose turn it is, who is in the field, who is there. */
export function CaddiesView({ session, course }: { session: Session; course: Course }) {
  const { words } = useLanguage();
  const live = useFollowed(() => followCaddies({ line: session.line, clubId: course.clubId }), [session.line, course.clubId]);
  useReporting(live);
  useUndoKey();
  if (!live.state) return <NotYet of={live} />;
  return (
    <div className="caddies">
      <Problem of={live} />
      {live.state.lists.map((list) => (
        <List key={list.number} list={list} state={live.state as CaddieState} clubId={course.clubId} mayAct={mayStart(session)} zone={course.timeZone} />
      ))}
      {live.state.lists.length === 0 && <p className="message">{words.caddies.nobody}</p>}
      {mayRunTheDesk(session) && <AddCaddie line={session.line} clubId={course.clubId} />}
    </div>
  );
}

interface ListProps {
  list: CaddieList;
  state: CaddieState;
  clubId: string;
  mayAct: boolean;
  zone: string;
}

function List({ list, state, clubId, mayAct, zone }: ListProps) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const where = `list ${list.number}`;
  const first = list.queue[0];
  const start = (place: QueuePlace, reason?: string) =>
    void act(startTurn(clubId, list.number, place, { done: words.caddies.started(place.name), undone: words.done.undone }, reason), where);
  return (
    <section className="card caddie-list" aria-label={words.caddies.list(list.number)} aria-busy={pending.has(where) || undefined}>
      <h2>{words.caddies.list(list.number)}</h2>
      {mayAct && first && (
        <button type="button" className="primary" onClick={() => start(first)}>
          {words.caddies.sendFirst}: {first.name}
        </button>
      )}
      <RefusalNote where={where} />
      <h3>
        {words.caddies.inField} <span className="number">{list.inField.length}</span>
      </h3>
      {list.inField.length === 0 && <p className="quiet">{words.caddies.nobodyOut}</p>}
      <ul className="people">
        {list.inField.map((turn) => (
          <Out key={turn.id} turn={turn} mayAct={mayAct} zone={zone} />
        ))}
      </ul>
      <h3>
        {words.caddies.queue} <span className="number">{list.queue.length}</span>
      </h3>
      {list.queue.length === 0 && <p className="quiet">{words.caddies.nobodyQueued}</p>}
      <ol className="people">
        {list.queue.map((place) => (
          <Queued
            key={place.caddieId}
            place={place}
            isFirst={place === first}
            mayAct={mayAct}
            start={start}
            skip={() => void act(skipTurn(clubId, list.number, place, { done: words.caddies.skipped(place.name), undone: words.done.undone }), where)}
          />
        ))}
      </ol>
      <details>
        <summary>
          {words.caddies.all} ({state.caddies.filter(({ listNumber }) => listNumber === list.number).length})
        </summary>
        <ul className="people">
          {state.caddies
            .filter(({ listNumber }) => listNumber === list.number)
            .map((caddie) => (
              <Member key={caddie.id} caddie={caddie} mayAct={mayAct} />
            ))}
        </ul>
      </details>
    </section>
  );
}

/** What is said when something is done, and when it is taken back. */
interface Said {
  done: string;
  undone: string;
}

function startTurn(clubId: string, listNumber: number, { caddieId }: QueuePlace, said: Said, reason?: string): Act {
  const input = { clubId, listNumber, ...(reason !== undefined && { caddieId, reason }) };
  return { mutation: "startTurn", input, result: "turn { id }", done: said.done, undo: undoing("START", said) };
}

function skipTurn(clubId: string, listNumber: number, { caddieId }: QueuePlace, said: Said): Act {
  return { mutation: "skipTurn", input: { clubId, listNumber, caddieId }, result: "turn { id }", done: said.done, undo: undoing("SKIP", said) };
}

function endTurn(turn: Turn, feeTier: string, said: Said): Act {
  return { mutation: "endTurn", input: { turnId: turn.id, feeTier }, result: "turn { id }", done: said.done, undo: undoing("END", said) };
}

/** The way back from an act of a turn, which its payload names. */
function undoing(act: "START" | "END" | "SKIP", { undone }: Said): (payload: Payload) => Act {
  return (payload) => ({ mutation: "undoTurn", input: { turnId: (payload["turn"] as { id: string }).id, act }, result: "turn { id }", done: undone });
}

/** Somebody who waits. Whoever is not the first goes out only with a reason. */
function Queued(props: { place: QueuePlace; isFirst: boolean; mayAct: boolean; start: (place: QueuePlace, reason?: string) => void; skip: () => void }) {
  const { place, isFirst, mayAct, start, skip } = props;
  const { words } = useLanguage();
  const [reason, setReason] = useState<string | null>(null);
  return (
    <li>
      <span className="place-number">{place.place}</span>
      <span className="who">{place.name}</span>
      {mayAct && isFirst && (
        <span className="acts">
          <button type="button" onClick={() => start(place)}>
            {words.caddies.startTurn}
            <span className="unseen"> {place.name}</span>
          </button>
          {!place.bookingId && (
            <button type="button" onClick={skip}>
              {words.caddies.skip}
              <span className="unseen"> {place.name}</span>
            </button>
          )}
        </span>
      )}
      {mayAct && !isFirst && reason === null && (
        <button type="button" onClick={() => setReason("")}>
          {words.caddies.startTurn}…<span className="unseen"> {place.name}</span>
        </button>
      )}
      {reason !== null && (
        <form
          className="inline"
          onSubmit={(event) => {
            event.preventDefault();
            start(place, reason);
            setReason(null);
          }}
        >
          <input autoFocus required aria-label={words.caddies.reasonNeeded} placeholder={words.caddies.reasonNeeded} value={reason} onChange={(event) => setReason(event.target.value)} />
          <button type="submit" className="primary">
            {words.caddies.startTurn}
          </button>
          <button type="button" onClick={() => setReason(null)}>
            {words.cancel}
          </button>
        </form>
      )}
    </li>
  );
}

function Out({ turn, mayAct, zone }: { turn: Turn; mayAct: boolean; zone: string }) {
  const { words, locale } = useLanguage();
  const { act, pending } = useActs();
  const [feeTier, setFeeTier] = useState<keyof typeof words.caddies.tiers>("SINGLE");
  return (
    <li aria-busy={pending.has(turn.id) || undefined}>
      <span className="who">
        {turn.caddieName} {turn.startedAt && <small className="quiet">{words.caddies.since(clock(turn.startedAt, zone, locale))}</small>}
      </span>
      {mayAct && (
        <span className="acts">
          <select aria-label={turn.caddieName} value={feeTier} onChange={(event) => setFeeTier(event.target.value as typeof feeTier)}>
            {Object.entries(words.caddies.tiers).map(([tier, word]) => (
              <option key={tier} value={tier}>
                {word}
              </option>
            ))}
          </select>
          <button
            type="button"
            onClick={() => void act(endTurn(turn, feeTier, { done: words.caddies.ended(turn.caddieName), undone: words.done.undone }), turn.id)}
          >
            {words.caddies.endTurn}
          </button>
        </span>
      )}
      <RefusalNote where={turn.id} />
    </li>
  );
}

const BY_HAND = ["AVAILABLE", "IN_PREP", "LATE", "ABSENT", "ON_LEAVE"] as const;

function Member({ caddie, mayAct }: { caddie: Caddie; mayAct: boolean }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const set = (status: (typeof BY_HAND)[number]): void => {
    const of = (one: Caddie["status"]): Act => ({
      mutation: "setCaddieStatus",
      input: { caddieId: caddie.id, status: one },
      done: `${caddie.name}: ${words.caddies.statuses[one]}`,
    });
    void act({ ...of(status), undo: () => of(caddie.status) }, caddie.id);
  };
  return (
    <li data-status={caddie.status} aria-busy={pending.has(caddie.id) || undefined}>
      <span className="who">{caddie.name}</span>
      {mayAct && caddie.status !== "IN_FIELD" ? (
        <select aria-label={caddie.name} value={caddie.status} onChange={(event) => set(event.target.value as (typeof BY_HAND)[number])}>
          {BY_HAND.map((status) => (
            <option key={status} value={status}>
              {words.caddies.statuses[status]}
            </option>
          ))}
        </select>
      ) : (
        <span className="status">{words.caddies.statuses[caddie.status]}</span>
      )}
      <RefusalNote where={caddie.id} />
    </li>
  );
}
