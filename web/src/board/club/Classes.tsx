import { type FormEvent, useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useClasses } from "../classes";
import { useWords } from "../language";
import { useDraft } from "../draft";
import { type ClassRow, type ClubState, COUNTS, type Kind, KINDS, type Limits, RULES, type Windows } from "./follow";

const RESULT = "club { id }";
const CODE = "[A-Z][A-Z0-9_]{0,31}";

interface OfClub {
  clubId: string;
  club: ClubState["club"];
  isAdmin: boolean;
}

/** The classes that people pay by: added, renamed, retired and given again, each with its limits. */
export function PriceClasses({ clubId, club, isAdmin }: OfClub) {
  const words = useWords();
  return (
    <section className="card" aria-label={words.club.classes}>
      <h2>
        {words.club.classes} <span className="number">{club.priceClasses.length}</span>
      </h2>
      {!isAdmin && <p className="quiet">{words.club.forAdmins}</p>}
      <ul className="people">
        {club.priceClasses.map((one) => (
          <OneClass key={one.code} clubId={clubId} one={one} limits={limitsOf(club, one.code)} ofKind={limitsOf(club, one.kind)} isAdmin={isAdmin} />
        ))}
      </ul>
      {isAdmin && <AddClass clubId={clubId} />}
    </section>
  );
}

const limitsOf = (club: ClubState["club"], code: string): Limits | undefined => club.bookingLimits.find(({ priceClass }) => priceClass === code);

const areAlike = (one: Limits, other: Limits): boolean => [...COUNTS, ...RULES].every((name) => one[name] === other[name]);

interface OfClass {
  clubId: string;
  one: ClassRow;
  limits: Limits | undefined;
  /** Those of its kind, which hold for a class that has none of its own. */
  ofKind: Limits | undefined;
  isAdmin: boolean;
}

function OneClass({ clubId, one, limits, ofKind, isAdmin }: OfClass) {
  const words = useWords();
  const { act, pending } = useActs();
  const classes = useClasses();
  const { code, name, kind, isRetired } = one;
  const where = `class ${code}`;
  const isOwn = !KINDS.some((usual) => usual === code);
  const retire = (): Act => ({ mutation: "retirePriceClass", input: { clubId, priceClass: code }, result: RESULT, done: words.club.retired(name) });
  const giveAgain = (): Act => ({ mutation: "addPriceClass", input: { clubId, priceClass: code, name, kind }, result: RESULT, done: words.club.givenAgain(name) });
  const set = limits ? [...COUNTS.filter((count) => limits[count] !== null).map((count) => `${words.club.limits[count]}: ${limits[count]}`), ...RULES.filter((rule) => limits[rule]).map((rule) => words.club.limits[rule])] : [];
  return (
    <li aria-busy={pending.has(where) || undefined} data-class={code}>
      <span className="who">
        <strong>{isOwn ? name : classes.name(code)}</strong>{" "}
        <small className="quiet">{[code, words.club.kinds[kind], isRetired ? words.club.isRetired : ""].filter(Boolean).join(" · ")}</small>
        <small className="quiet">{set.length ? set.join(" · ") : words.club.noLimits}</small>
      </span>
      {isAdmin && isOwn && (
        <button type="button" disabled={pending.has(where)} onClick={() => void act(isRetired ? { ...giveAgain(), undo: retire } : { ...retire(), undo: giveAgain }, where)}>
          {isRetired ? words.club.giveAgain : words.club.retire}
          <span className="unseen"> {name}</span>
        </button>
      )}
      {isAdmin && (
        <details className="join">
          <summary>
            {words.club.change}
            <span className="unseen"> {name}</span>
          </summary>
          <Rename clubId={clubId} one={one} where={where} />
          {limits && <LimitsForm clubId={clubId} name={name} limits={limits} ofKind={isOwn ? ofKind : undefined} where={where} />}
        </details>
      )}
      <RefusalNote where={where} />
    </li>
  );
}

function Rename({ clubId, one, where }: { clubId: string; one: ClassRow; where: string }) {
  const words = useWords();
  const { act, pending } = useActs();
  const [name, setName, forget] = useDraft(one.name);
  const call = (to: string): Act => ({ mutation: "updatePriceClass", input: { clubId, priceClass: one.code, name: to }, result: RESULT, done: words.club.renamed(to) });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act({ ...call(name), undo: () => call(one.name) }, where)) forget();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <label className="stacked">
        {words.club.name}
        <input required maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <button type="submit" disabled={pending.has(where) || name === one.name}>
        {words.club.rename}
      </button>
    </form>
  );
}

function LimitsForm({ clubId, name, limits, ofKind, where }: { clubId: string; name: string; limits: Limits; ofKind: Limits | undefined; where: string }) {
  const words = useWords();
  const { act, pending } = useActs();
  const [given, setGiven, forget] = useDraft(limits);
  const set = (input: Limits): Act => ({ mutation: "setBookingLimits", input: { clubId, ...input }, result: RESULT, done: words.club.limitsSet(name) });
  const asItsKind = (): Act => ({ mutation: "setBookingLimits", input: { clubId, priceClass: limits.priceClass, asItsKind: true }, result: RESULT, done: words.club.limitsOfKind(name) });
  const isAsItsKind = ofKind !== undefined && areAlike(limits, ofKind);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act({ ...set(given), undo: () => (isAsItsKind ? asItsKind() : set(limits)) }, where)) forget();
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p className="quiet">{words.club.emptyIsNone}</p>
      {COUNTS.map((count) => (
        <label className="stacked" key={count}>
          {words.club.limits[count]}
          <input type="number" min={0} value={given[count] ?? ""} onChange={({ target }) => setGiven({ ...given, [count]: target.value === "" ? null : target.valueAsNumber })} />
        </label>
      ))}
      {RULES.map((rule) => (
        <label className="check" key={rule}>
          <input type="checkbox" checked={given[rule]} onChange={({ target }) => setGiven({ ...given, [rule]: target.checked })} /> {words.club.limits[rule]}
        </label>
      ))}
      <button type="submit" className="primary" disabled={pending.has(where)}>
        {words.club.setLimits}
      </button>
      {ofKind && !isAsItsKind && (
        <button type="button" disabled={pending.has(where)} onClick={() => void act({ ...asItsKind(), undo: () => set(limits) }, where).then((done) => done && forget())}>
          {words.club.asItsKind}
        </button>
      )}
    </form>
  );
}

const NEW = { priceClass: "", name: "", kind: "MEMBER" as Kind };

function AddClass({ clubId }: { clubId: string }) {
  const words = useWords();
  const { act, pending } = useActs();
  const [given, setGiven] = useState(NEW);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const undo = (): Act => ({ mutation: "retirePriceClass", input: { clubId, priceClass: given.priceClass }, result: RESULT, done: words.club.retired(given.name) });
    const added = await act({ mutation: "addPriceClass", input: { clubId, ...given }, result: RESULT, done: words.club.added(given.name), undo }, ADDING);
    if (added) setGiven(NEW);
  };
  return (
    <details className="join">
      <summary>{words.club.add}…</summary>
      <form onSubmit={(event) => void submit(event)}>
        <label className="stacked">
          {words.club.code}
          <input required pattern={CODE} title={words.club.codeHint} autoComplete="off" value={given.priceClass} onChange={({ target }) => setGiven({ ...given, priceClass: target.value.toUpperCase() })} />
        </label>
        <label className="stacked">
          {words.club.name}
          <input required maxLength={60} autoComplete="off" value={given.name} onChange={({ target }) => setGiven({ ...given, name: target.value })} />
        </label>
        <label className="stacked">
          {words.club.kind}
          <select value={given.kind} onChange={({ target }) => setGiven({ ...given, kind: target.value as Kind })}>
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {words.club.kinds[kind]}
              </option>
            ))}
          </select>
        </label>
        <RefusalNote where={ADDING} />
        <button type="submit" className="primary" disabled={pending.has(ADDING)}>
          {words.club.add}
        </button>
      </form>
    </details>
  );
}

const ADDING = "class";
const WINDOWS = [
  ["MEMBER", "memberWindowDays", "memberOpensAt"],
  ["GUEST", "guestWindowDays", "guestOpensAt"],
  ["PUBLIC", "publicWindowDays", "publicOpensAt"],
] as const;

function windowsOf({ memberWindowDays, memberOpensAt, guestWindowDays, guestOpensAt, publicWindowDays, publicOpensAt }: Windows): Windows {
  return { memberWindowDays, memberOpensAt, guestWindowDays, guestOpensAt, publicWindowDays, publicOpensAt };
}

/** How far ahead each kind of class may book, and from what time of the day on. */
export function WindowsForm({ clubId, club, isAdmin }: OfClub) {
  const words = useWords();
  const { act, pending } = useActs();
  const before = windowsOf(club);
  const [given, setGiven, forget] = useDraft(before);
  const set = (input: Windows): Act => ({ mutation: "updateClub", input: { clubId, ...input }, result: RESULT, done: words.club.windowsSet });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act({ ...set(given), undo: () => set(before) }, SETTING)) forget();
  };
  return (
    <section className="card" aria-label={words.club.windows}>
      <h2>{words.club.windows}</h2>
      <p className="quiet">{words.club.windowsHint}</p>
      <form onSubmit={(event) => void submit(event)}>
        {WINDOWS.map(([kind, days, at]) => (
          <fieldset key={kind} className="window" disabled={!isAdmin}>
            <legend>{words.club.kinds[kind]}</legend>
            <label className="stacked">
              {words.club.daysAhead}
              <input type="number" min={0} required value={given[days]} onChange={({ target }) => setGiven({ ...given, [days]: target.valueAsNumber || 0 })} />
            </label>
            <label className="stacked">
              {words.club.opensAt}
              <input type="time" required value={given[at].slice(0, 5)} onChange={({ target }) => setGiven({ ...given, [at]: target.value })} />
            </label>
          </fieldset>
        ))}
        <RefusalNote where={SETTING} />
        {isAdmin && (
          <button type="submit" className="primary" disabled={pending.has(SETTING)}>
            {words.club.setWindows}
          </button>
        )}
      </form>
    </section>
  );
}

const SETTING = "windows";
