import { type Followed, follow, type Line } from "@fairway/live";
import { useFollowed } from "@fairway/live/react";
import { type FormEvent, lazy, Suspense, useEffect, useState } from "react";

import { RefusalNote, useActs } from "../acts";
import { useAddress } from "../address";
import { useLanguage } from "../language";
import { NotYet, Problem } from "../Problem";
import { useReporting } from "../report";
import type { Session } from "../session";

const GuestPosts = lazy(() => import("./GuestPosts"));

interface OwnAttendance {
  partId: string;
  status: string;
  mealId: string | null;
  declineUntil: string | null;
}

interface OwnGuest {
  id: string;
  name: string;
  attendances: OwnAttendance[];
}

interface InvitedPart {
  id: string;
  name: string;
  place: string;
  startsAt: string;
  meals: { mealId: string; name: string }[];
}

interface Invited {
  household: {
    cursor: string;
    id: string;
    name: string;
    guests: OwnGuest[];
    parts: InvitedPart[];
    tables: { tableName: string; partId: string }[];
  };
  occasion: { id: string; name: string; timeZone: string; rsvpDeadline: string };
}

const HOUSEHOLD = `query Invited($id: ID!) {
  household(id: $id) {
    cursor id name occasionId
    guests { id name attendances { partId status mealId declineUntil } }
    parts { id name place startsAt meals { mealId name } }
    tables { tableName partId }
  }
}`;
const OCCASION = "query Occasion($id: ID!) { occasion(id: $id) { id name timeZone rsvpDeadline } }";
const EVENTS = `subscription Invited($id: ID!, $after: String) {
  occasionEvents(occasionId: $id, after: $after) { __typename ... on StreamEvent { cursor } ... on StreamReset { cursor } }
}`;

function followInvitation(line: Line, householdId: string): Followed<Invited> {
  return follow<Invited>(
    { line },
    {
      read: async (ask) => {
        const { household } = await ask<{ household: Invited["household"] & { occasionId: string } }>(HOUSEHOLD, { id: householdId });
        const { occasion } = await ask<{ occasion: Invited["occasion"] }>(OCCASION, { id: household.occasionId });
        return { household, occasion };
      },
      follow: ({ household, occasion }) => [{ query: EVENTS, variables: { id: occasion.id }, after: household.cursor }],
      apply: (state) => ({ state, read: "soon" }),
    },
  );
}

/** What a guest sees on their phone: what they are invited to, what they answer, where they sit. */
export function GuestView({ session, signIn }: { session: Session; signIn: (token: string) => void }) {
  const live = useFollowed(session.householdId ? () => followInvitation(session.line, session.householdId ?? "") : null, [session.line, session.householdId]);
  useReporting(live);
  if (!session.householdId) return <OpenByCode signIn={signIn} />;
  if (!live.state) return <NotYet of={live} />;
  return (
    <div className="guest-page">
      <Problem of={live} />
      <Invitation invited={live.state} />
    </div>
  );
}

function OpenByCode({ signIn }: { signIn: (token: string) => void }) {
  const { words } = useLanguage();
  const { act } = useActs();
  const [address, go] = useAddress();
  const [code, setCode] = useState(address.code ?? "");
  const open = async (event: FormEvent) => {
    event.preventDefault();
    const payload = await act({ mutation: "redeemInvitation", input: { code }, result: "token", done: words.views.guest }, "code");
    if (typeof payload?.["token"] === "string") {
      go({ code: null });
      signIn(payload["token"]);
    }
  };
  return (
    <form className="guest-page card" onSubmit={(event) => void open(event)}>
      <p>{words.guestView.noHousehold}</p>
      <label className="stacked">
        {words.guestView.code}
        <input required autoComplete="off" value={code} onChange={(event) => setCode(event.target.value)} />
      </label>
      <RefusalNote where="code" />
      <button type="submit" className="primary">
        {words.guestView.open}
      </button>
    </form>
  );
}

function Invitation({ invited: { household, occasion } }: { invited: Invited }) {
  const { words, locale } = useLanguage();
  const { timeZone } = occasion;
  // The club's clock, which is named: who comes from afar has to know which it is.
  const when = new Intl.DateTimeFormat(locale, {
    timeZone, weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  const deadline = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: "long" }).format(new Date(occasion.rsvpDeadline));
  return (
    <>
      <h2 className="occasion-name">{occasion.name}</h2>
      <p className="household">{household.name}</p>
      <p className="quiet">{words.occasionView.deadline(deadline)}</p>
      {household.parts.toSorted((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt)).map((part) => (
        <section className="card" key={part.id} aria-label={part.name}>
          <h3>{part.name}</h3>
          <p>
            {when.format(new Date(part.startsAt))}
            {part.place && <> · {part.place}</>}
          </p>
          {household.tables
            .filter(({ partId }) => partId === part.id)
            .map(({ tableName }) => (
              <p key={tableName} className="own-table">
                {words.guestView.table(tableName)}
              </p>
            ))}
          <ul className="people">
            {household.guests.map((guest) => {
              const at = guest.attendances.find(({ partId }) => partId === part.id);
              const until = at?.declineUntil && when.format(new Date(at.declineUntil));
              return at && <Answer key={guest.id} guest={guest} at={at} part={part} declineUntil={until || null} />;
            })}
          </ul>
        </section>
      ))}
      <Suspense>
        <GuestPosts occasionId={occasion.id} guestId={household.guests[0]?.id} />
      </Suspense>
    </>
  );
}

function Answer({ guest, at, part, declineUntil }: { guest: OwnGuest; at: OwnAttendance; part: InvitedPart; declineUntil: string | null }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [mealId, setMeal] = useState(at.mealId);
  useEffect(() => setMeal(at.mealId), [at.mealId]);
  const where = `${guest.id} ${part.id}`;
  const answer = (status: string, meal: string | null) => {
    const one = { guestId: guest.id, parts: [{ partId: part.id, status, ...(meal && { mealId: meal }) }] };
    void act({ mutation: "submitRsvp", input: { guests: [one] }, done: words.guestView.saved }, where);
  };
  return (
    <li aria-busy={pending.has(where) || undefined} data-status={at.status}>
      <span className="who">
        <strong>{guest.name.trim() || words.guestView.plusOne}</strong> <small className="quiet">{words.occasionView.statuses[at.status]}</small>
      </span>
      {part.meals.length > 0 && at.status === "ACCEPTED" && (
        <label className="field">
          {words.guestView.meal}
          <select
            value={mealId ?? ""}
            onChange={(event) => {
              setMeal(event.target.value || null);
              answer("ACCEPTED", event.target.value || null);
            }}
          >
            <option value="">{words.guestView.noMeal}</option>
            {part.meals.map((meal) => (
              <option key={meal.mealId} value={meal.mealId}>
                {meal.name}
              </option>
            ))}
          </select>
        </label>
      )}
      <span className="acts">
        <button type="button" aria-pressed={at.status === "ACCEPTED"} onClick={() => answer("ACCEPTED", mealId)}>
          {words.guestView.yes}
        </button>
        <button type="button" aria-pressed={at.status === "DECLINED"} onClick={() => answer("DECLINED", null)}>
          {words.guestView.no}
        </button>
      </span>
      {declineUntil && at.status === "ACCEPTED" && <p className="quiet">{words.guestView.movedUp(declineUntil)}</p>}
      <RefusalNote where={where} />
    </li>
  );
}
