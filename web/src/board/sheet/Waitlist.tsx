import type { WaitlistEntry } from "@fairway/live";
import { type FormEvent, lazy, Suspense, useState } from "react";

import { RefusalNote, useActs } from "../acts";
import { useClasses } from "../classes";
import { useWords } from "../language";
import { leftUntil, short, useSeconds } from "../time";
import { acceptOffer, declineOffer, fullName, leaveWaitlist, NOBODY, type Party } from "./deeds";

const PersonFields = lazy(async () => ({ default: (await import("./PlayerPicker")).PersonFields }));

/** Who waits for a place, with what they are offered. */
export function Waitlist({ entries, mayAct, clubId, courseId, date }: { entries: WaitlistEntry[]; mayAct: boolean; clubId: string; courseId: string; date: string }) {
  const words = useWords();
  const waiting = entries.filter(({ status }) => status === "WAITING");
  return (
    <aside className="waitlist" id="waitlist" tabIndex={-1} aria-label={words.waitlist}>
      <h2>
        {words.waitlist} {waiting.length > 0 && <span className="number">{waiting.length}</span>}
      </h2>
      {waiting.length === 0 && <p className="quiet">{words.nobodyWaits}</p>}
      <ol>
        {waiting.map((entry) => (
          <Entry key={entry.id} entry={entry} mayAct={mayAct} />
        ))}
      </ol>
      {mayAct && <Join clubId={clubId} courseId={courseId} date={date} />}
    </aside>
  );
}

function Entry({ entry, mayAct }: { entry: WaitlistEntry; mayAct: boolean }) {
  const words = useWords();
  const classes = useClasses();
  const { act, pending } = useActs();
  const offer = entry.offer?.status === "PENDING" ? entry.offer : null;
  return (
    <li aria-busy={pending.has(entry.id) || undefined}>
      <strong>{fullName(entry.name)}</strong>
      <span className="quiet">
        {words.players(entry.partySize)} · {words.between(short(entry.earliest), short(entry.latest))} · {classes.name(entry.priceClass)}
      </span>
      {offer && <Offer time={offer.teeTime.localTime} until={offer.expiresAt} />}
      {mayAct && (
        <span className="acts">
          {offer && (
            <>
              <button type="button" onClick={() => void act(acceptOffer(offer.id, fullName(entry.name), words), entry.id)}>
                {words.acceptOffer}
              </button>
              <button type="button" onClick={() => void act(declineOffer(offer.id, words), entry.id)}>
                {words.declineOffer}
              </button>
            </>
          )}
          <button type="button" onClick={() => void act(leaveWaitlist(entry, words), entry.id)}>
            {words.leaveWaitlist}
          </button>
        </span>
      )}
      <RefusalNote where={entry.id} />
    </li>
  );
}

function Offer({ time, until }: { time: string; until: string }) {
  const words = useWords();
  const left = leftUntil(until, useSeconds());
  return <span className="offer">{words.offered(short(time), left ?? "0:00")}</span>;
}

function Join({ clubId, courseId, date }: { clubId: string; courseId: string; date: string }) {
  const words = useWords();
  const { act, pending } = useActs();
  const [who, setWho] = useState<Party>(NOBODY);
  const [span, setSpan] = useState({ earliest: "", latest: "" });
  const name = { firstName: who.firstName, lastName: who.lastName };
  const [partySize, setPartySize] = useState(1);
  const [isOpen, setOpen] = useState(false);
  const [offerNow, setOfferNow] = useState(true);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const { earliest, latest } = span;
    const input = { courseId, date, partySize, offerNow, ...(earliest && { earliest }), ...(latest && { latest }), ...(who.playerId ? { playerId: who.playerId } : name) };
    const undo = (payload: Record<string, unknown>) => ({
      mutation: "leaveWaitlist",
      input: { entryId: (payload["waitlistEntry"] as { id: string }).id },
      done: words.leftWaitlist(fullName(name)),
    });
    const joined = { mutation: "joinWaitlist", input, result: "waitlistEntry { id }", done: `${fullName(name)}: ${words.waitlist}`, undo };
    if (await act(joined, "join")) setWho(NOBODY);
  };
  return (
    <details className="join" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.joinWaitlist}…</summary>
      {isOpen && <form onSubmit={(event) => void submit(event)}>
        <Suspense>
          <PersonFields clubId={clubId} legend={words.waitlist} player={who} change={setWho} hasClass={false} />
        </Suspense>
        <label className="stacked">
          {words.desk.earliest}
          <input type="time" value={span.earliest} onChange={(event) => setSpan({ ...span, earliest: event.target.value })} />
        </label>
        <label className="stacked">
          {words.desk.latest}
          <input type="time" value={span.latest} onChange={(event) => setSpan({ ...span, latest: event.target.value })} />
        </label>
        <label className="stacked">
          {words.playersLabel}
          <select value={partySize} onChange={(event) => setPartySize(Number(event.target.value))}>
            {[1, 2, 3, 4].map((size) => (
              <option key={size}>{size}</option>
            ))}
          </select>
        </label>
        <label className="check">
          <input type="checkbox" checked={offerNow} onChange={(event) => setOfferNow(event.target.checked)} />
          {words.desk.offerNow}
        </label>
        <button type="submit" className="primary" disabled={pending.has("join")}>
          {words.joinWaitlist}
        </button>
        <RefusalNote where="join" />
      </form>}
    </details>
  );
}
