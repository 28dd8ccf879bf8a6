import { followHostedTeeTime, type Golfer, type HostedTeeTime } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { type FormEvent, useEffect, useRef, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import type { Session } from "../session";
import type { Words } from "../words";
import { Avatar } from "./Avatar";
import { Chat } from "./Chat";
import { joining, whenIn } from "./GolfersView";
import { PhotoForm } from "./PhotoForm";
import { keepRoom } from "./rooms";

const MESSAGES = 50;

/** A hosted tee time: who plays, who asks to, what one can do about it, and what they write to each other. */
export default function Room({ session, teeTimeId }: { session: Session; teeTimeId: string }) {
  const { words, locale } = useLanguage();
  const wanted = useRef(MESSAGES);
  const live = useFollowed(() => followHostedTeeTime({ line: session.line, teeTimeId, messages: () => wanted.current }), [session.line, teeTimeId]);
  const older = () => {
    wanted.current += MESSAGES;
    live.refresh();
  };
  useReporting(live);
  const teeTime = live.state;
  const name = teeTime && `${teeTime.placeName} · ${whenIn(teeTime, locale)}`;
  useEffect(() => {
    if (name) keepRoom(session.userId, { id: teeTimeId, name });
  }, [session.userId, teeTimeId, name]);
  if (!teeTime) return <NotYet of={live} />;
  const isHost = teeTime.requests !== null;
  return (
    <article className="card room" aria-label={words.golfers.room}>
      <Problem of={live} />
      <h2>{teeTime.placeName}</h2>
      <p>{whenIn(teeTime, locale)}</p>
      <p className="quiet">
        {[words.golfers.statuses[teeTime.status], words.golfers.open(teeTime.openPlaces, teeTime.places), teeTime.needsApproval ? words.golfers.approval : "", teeTime.cancelReason]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {teeTime.notes && <p className="said">{teeTime.notes}</p>}
      {!isHost && <Mine teeTime={teeTime} />}
      <h3>{words.golfers.slots}</h3>
      <ol className="people">
        {teeTime.slots.map(({ slotNumber, isOpen, golfer }) => (
          <li key={slotNumber}>
            {golfer ? <OneGolfer golfer={golfer} /> : <span className="who quiet">{isOpen ? words.golfers.isOpen : words.golfers.taken}</span>}
            {isHost && golfer && golfer.id !== teeTime.host.id && <Remove teeTimeId={teeTime.id} golfer={golfer} />}
          </li>
        ))}
      </ol>
      {teeTime.requests && <Requests teeTime={teeTime} requests={teeTime.requests} />}
      {isHost && (teeTime.status === "OPEN" || teeTime.status === "FULL") && <Cancel teeTimeId={teeTime.id} />}
      <RefusalNote where={teeTime.id} />
      {teeTime.messages && <Chat teeTime={teeTime} messages={teeTime.messages} older={older} />}
    </article>
  );
}

function Mine({ teeTime }: { teeTime: HostedTeeTime }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const { id, myStatus, status } = teeTime;
  const isOver = status === "CANCELLED" || status === "COMPLETED";
  const leave: Act = { mutation: "leaveTeeTime", input: { teeTimeId: id }, done: words.golfers.left };
  const withdraw: Act = { mutation: "withdrawJoinRequest", input: { teeTimeId: id }, done: words.golfers.withdrawn, undo: () => joining(teeTime, id, words) };
  return (
    <p className="acts" aria-busy={pending.has(id) || undefined}>
      {myStatus && <span>{words.golfers.parts[myStatus]}</span>}
      {!isOver && myStatus === "JOINED" && (
        <button type="button" onClick={() => void act(leave, id)}>
          {words.golfers.leave}
        </button>
      )}
      {!isOver && myStatus === "REQUESTED" && (
        <button type="button" onClick={() => void act(withdraw, id)}>
          {words.golfers.withdraw}
        </button>
      )}
      {status === "OPEN" && myStatus !== "JOINED" && myStatus !== "REQUESTED" && (
        <button type="button" className="primary" onClick={() => void act(joining(teeTime, id, words), id)}>
          {teeTime.needsApproval ? words.golfers.ask : words.golfers.join}
        </button>
      )}
    </p>
  );
}

function connecting(golfer: Golfer, words: Words): Act {
  const end: Act = { mutation: "disconnectGolfers", input: { golferId: golfer.id }, done: words.golfers.disconnected(golfer.name) };
  if (golfer.connection === "CONNECTED" || golfer.connection === "ASKED") return end;
  return { mutation: "connectGolfers", input: { golferId: golfer.id }, done: words.golfers.connectedNow(golfer.name), undo: () => end };
}

function OneGolfer({ golfer }: { golfer: Golfer }) {
  const { words, locale } = useLanguage();
  const { act } = useActs();
  const handicap = golfer.handicapIndex === null ? "" : new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).format(golfer.handicapIndex);
  const isConnected = golfer.connection === "CONNECTED" || golfer.connection === "ASKED";
  return (
    <>
      <Avatar golfer={golfer} />
      <span className="who">
        <strong>{golfer.name}</strong>
        <small className="quiet">
          {[golfer.headline, words.golfers.industries[golfer.industry], golfer.city, handicap && `${words.golfers.handicap} ${handicap}`, words.golfers.connections[golfer.connection]]
            .filter(Boolean)
            .join(" · ")}
        </small>
      </span>
      {golfer.own ? (
        <PhotoForm golfer={golfer} />
      ) : (
        <button type="button" onClick={() => void act(connecting(golfer, words), golfer.id)}>
          {isConnected ? words.golfers.disconnect(golfer.name) : words.golfers.connect(golfer.name)}
        </button>
      )}
      <RefusalNote where={golfer.id} />
    </>
  );
}

function Remove({ teeTimeId, golfer }: { teeTimeId: string; golfer: Golfer }) {
  const { words } = useLanguage();
  const { act } = useActs();
  const remove: Act = { mutation: "removeParticipant", input: { teeTimeId, golferId: golfer.id }, done: words.golfers.removed(golfer.name) };
  return (
    <button type="button" onClick={() => void act(remove, golfer.id)}>
      {words.golfers.remove(golfer.name)}
    </button>
  );
}

function Requests({ teeTime, requests }: { teeTime: HostedTeeTime; requests: NonNullable<HostedTeeTime["requests"]> }) {
  const { words } = useLanguage();
  const { act } = useActs();
  if (!requests.length) return null;
  const answer = (golfer: Golfer, accept: boolean): Act => ({
    mutation: "answerJoinRequest",
    input: { teeTimeId: teeTime.id, golferId: golfer.id, accept },
    done: accept ? words.golfers.accepted(golfer.name) : words.golfers.declined(golfer.name),
    ...(accept && { undo: () => ({ mutation: "removeParticipant", input: { teeTimeId: teeTime.id, golferId: golfer.id }, done: words.golfers.removed(golfer.name) }) }),
  });
  return (
    <section aria-label={words.golfers.requests}>
      <h3>{words.golfers.requests}</h3>
      <ul className="people">
        {requests.map(({ golfer }) => (
          <li key={golfer.id}>
            <OneGolfer golfer={golfer} />
            <button type="button" className="primary" onClick={() => void act(answer(golfer, true), golfer.id)}>
              {words.golfers.accept}
              <span className="unseen"> {golfer.name}</span>
            </button>
            <button type="button" onClick={() => void act(answer(golfer, false), golfer.id)}>
              {words.golfers.decline}
              <span className="unseen"> {golfer.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cancel({ teeTimeId }: { teeTimeId: string }) {
  const { words } = useLanguage();
  const { act } = useActs();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act({ mutation: "cancelHostedTeeTime", input: { teeTimeId, reason }, done: words.golfers.cancelled }, teeTimeId);
  };
  return (
    <details className="danger">
      <summary>{words.golfers.cancel}…</summary>
      <form className="inline" onSubmit={submit}>
        <input aria-label={words.golfers.cancelReason} placeholder={words.golfers.cancelReason} value={reason} onChange={(event) => setReason(event.target.value)} />
        <button type="submit">{words.golfers.cancel}</button>
      </form>
    </details>
  );
}
