import { mutate, newKey, Outbox, type Payload as Answer, Refused, type SheetState, wantsToken } from "@fairway/live";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";

import { useWords } from "./language";
import { type Session, SessionContext } from "./session";

/** Something to do: a mutation with its input, and what is said and offered when it is done. */
export interface Act {
  mutation: string;
  input: Record<string, unknown>;
  /** What to ask of its payload, as `booking { id }`. */
  result?: string;
  done: string;
  /** How to take it back, from its payload. */
  undo?: (payload: Payload) => Act | null;
  /** It is as good later: kept while the server can't be reached, and done then. It takes an `idempotencyKey`. */
  mayWait?: boolean;
  /** What a sheet shows while it is under way. */
  guess?: (state: SheetState) => SheetState;
}

export type Payload = Answer;
type Insisting = "evenIfClosed" | "evenIfBroken" | "letIn";

/** What was refused, and where: by the id of what it was about. */
export interface Refusal {
  where: string;
  code: string;
  message: string;
  /** The same again in spite of it, and what the button for it says; null where nothing can be done in spite of it. */
  insist: { act: Act; name: Insisting } | null;
}

interface Acting {
  /** Do it. Gives the payload, or null where it was refused: then that is said at `where`. */
  act: (act: Act, where: string) => Promise<Payload | null>;
  pending: ReadonlySet<string>;
  refusals: ReadonlyMap<string, Refusal>;
  dismiss: (where: string) => void;
  said: Done | null;
  undo: () => void;
  /** What was done on this page, the newest first. */
  past: readonly Done[];
  takeBack: (done: Done) => Promise<void>;
}

export interface Done {
  id: number;
  at: number;
  text: string;
  where: string;
  /** None where there is no way back, or it was taken. */
  undo: Act | null;
  takenBack: boolean;
}

const NONE: Acting = {
  act: async () => null,
  pending: new Set(),
  refusals: new Map(),
  dismiss: () => {},
  said: null,
  undo: () => {},
  past: [],
  takeBack: async () => {},
};
const Doing = createContext<Acting>(NONE);

export const useActs = (): Acting => useContext(Doing);

const SHOWN_MS = 12_000;
const KEPT = 30;
/** What can be done in spite of a refusal, by whom it is up to: the refusal, what is sent with it, and by which acts. */
const INSISTED: Record<string, { input: Record<string, unknown>; name: Insisting; by: Set<string> }> = {
  COURSE_CLOSED: {
    input: { evenIfClosed: true },
    name: "evenIfClosed",
    by: new Set(["holdSlots", "bookSlots", "moveBooking", "mergeBookings", "swapBookings", "acceptWaitlistOffer", "updateBooking", "restoreBooking"]),
  },
  SEATING_RULE_BROKEN: { input: { force: true }, name: "evenIfBroken", by: new Set(["seatGuests", "swapSeats", "arrangeSeats"]) },
  NOT_COMING: { input: { accept: true }, name: "letIn", by: new Set(["checkInGuest"]) },
};

function insisting(wanted: Act, code: string): Refusal["insist"] {
  const way = INSISTED[code];
  if (!way?.by.has(wanted.mutation)) return null;
  return { act: { ...wanted, input: { ...wanted.input, ...way.input } }, name: way.name };
}

/** These take a key, by which the same request is not done twice. */
const KEYED = new Set(["holdSlots", "bookSlots", "addBlock", "joinWaitlist", "announceBallot", "addPriceClass", "enterBallot", "acceptWaitlistOffer", "startTurn", "delayTeeTimes", "updateBooking", "addPlayer", "addCaddie", "checkInGuest", "addPost", "createGuestRequest", "joinTeeTime", "hostTeeTime", "sendMessage", "reportMessage", "importGuests"]);

export function ActsProvider({ session, children }: { session: Session; children: ReactNode }) {
  const words = useWords();
  const [pending, setPending] = useState<ReadonlySet<string>>(NONE.pending);
  const [refusals, setRefusals] = useState<ReadonlyMap<string, Refusal>>(NONE.refusals);
  const [said, setSaid] = useState<Acting["said"]>(null);
  const [past, setPast] = useState<readonly Done[]>([]);
  const count = useRef(0);
  /** Whether what is under way is to be taken back once it is done: screens show it before its answer is here. */
  const wantsBack = useRef(false);
  const outbox = useMemo(() => new Outbox({ line: session.line, name: session.userId }), [session]);
  useEffect(() => outbox.stop, [outbox]);
  const wordsNow = useRef(words);
  wordsNow.current = words;

  const dismiss = useCallback((where: string) => setRefusals((old) => without(old, where)), []);

  const act = useCallback(
    async (wanted: Act, where: string): Promise<Payload | null> => {
      setPending((old) => new Set(old).add(where));
      dismiss(where);
      setSaid(null); // so that nobody takes back what came before this
      wantsBack.current = false;
      const refuse = (code: string, message: string) => {
        const text = wordsNow.current.refusals[code] ?? message;
        setRefusals((old) => new Map(old).set(where, { where, code, message: text, insist: insisting(wanted, code) }));
        return null;
      };
      try {
        const payload = wanted.mayWait ? await runOrKeep(outbox, wanted) : await run(session, wanted);
        if (!payload) {
          setSaid({ id: ++count.current, at: Date.now(), text: wordsNow.current.acts.kept, undo: null, where, takenBack: false });
          return { cursor: null, problems: [] };
        }
        const [problem] = payload.problems;
        if (problem) return refuse(problem.code, problem.message);
        const done = { id: ++count.current, at: Date.now(), text: wanted.done, undo: wanted.undo?.(payload) ?? null, where, takenBack: false };
        setSaid(done);
        setPast((old) => [done, ...old].slice(0, KEPT));
        return payload;
      } catch (cause) {
        if (cause instanceof Refused) return refuse(cause.code, cause.message);
        return refuse("", wordsNow.current.unreachable);
      } finally {
        setPending((old) => new Set([...old].filter((one) => one !== where)));
      }
    },
    [session, outbox, dismiss],
  );

  const takeBack = useCallback(
    async (done: Done) => {
      if (!done.undo || !(await act(done.undo, done.where))) return;
      setPast((old) => old.map((one) => (one.id === done.id ? { ...one, undo: null, takenBack: true } : one)));
    },
    [act],
  );
  const undo = useCallback(() => {
    if (said?.undo) void takeBack(said);
    else wantsBack.current = pending.size > 0;
    setSaid(null);
  }, [said, pending, takeBack]);

  useEffect(() => {
    if (!said?.undo || !wantsBack.current) return;
    setSaid(null);
    void takeBack(said);
  }, [said, takeBack]);

  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const acting = useMemo(
    () => ({ act, pending, refusals, dismiss, said, undo, past, takeBack }),
    [act, pending, refusals, dismiss, said, undo, past, takeBack],
  );
  return (
    <SessionContext value={session}>
      <Doing value={acting}>
        <Kept outbox={outbox} />
        {children}
      </Doing>
    </SessionContext>
  );
}

function without(old: ReadonlyMap<string, Refusal>, where: string): ReadonlyMap<string, Refusal> {
  if (!old.has(where)) return old;
  const next = new Map(old);
  next.delete(where);
  return next;
}

/** Do it. Where the sign-in has expired meanwhile, it is done once the user has signed in again. */
async function run({ line, signedInAgain }: Session, { mutation, input, result = "" }: Act): Promise<Payload> {
  const wanted = { mutation, result, input: KEYED.has(mutation) ? { idempotencyKey: newKey(), ...input } : input };
  for (;;) {
    try {
      return await mutate(line, wanted);
    } catch (cause) {
      if (!wantsToken(cause) || !(await signedInAgain())) throw cause;
    }
  }
}

/** Do what may wait. Gives null where it was kept for later. */
async function runOrKeep(outbox: Outbox, { mutation, input, result = "", done }: Act): Promise<Payload | null> {
  const outcome = await outbox.do({ mutation, input, result, label: done });
  if (outcome.status === "refused") throw new Refused(outcome.problem.message, outcome.problem.code);
  return outcome.status === "done" ? outcome.payload : null;
}

/** What waits for the network, and what was refused when its turn came. */
function Kept({ outbox }: { outbox: Outbox }) {
  const words = useWords();
  const kept = useSyncExternalStore(outbox.subscribe, outbox.get);
  if (!kept.length) return null;
  const waiting = kept.filter(({ problem }) => !problem).length;
  return (
    <div className="kept" role="status">
      {waiting > 0 && <p className="message">{words.acts.waiting(waiting)}</p>}
      {kept.map(
        ({ key, label, problem }) =>
          problem && (
            <p className="refusal" key={key}>
              <span>
                {label} {words.refusals[problem.code] ?? problem.message}
              </span>
              <button type="button" onClick={() => outbox.drop(key)} aria-label={words.dismiss} title={words.dismiss}>
                ×
              </button>
            </p>
          ),
      )}
    </div>
  );
}

/** What was refused here, in words; with the way on, where there is one. */
export function RefusalNote({ where }: { where: string }) {
  const words = useWords();
  const { refusals, dismiss, act } = useActs();
  const refusal = refusals.get(where);
  if (!refusal) return null;
  const { message, insist } = refusal;
  return (
    <p className="refusal" role="alert">
      <span>{message}</span>
      {insist && (
        <button type="button" onClick={() => void act(insist.act, where)}>
          {words.acts[insist.name]}
        </button>
      )}
      <button type="button" onClick={() => dismiss(where)} aria-label={words.dismiss} title={words.dismiss}>
        ×
      </button>
    </p>
  );
}

/** What was done last, and how to take it back. It is there before it says anything, or screen readers do not hear it. */
export function LastAct({ showPast }: { showPast: () => void }) {
  const words = useWords();
  const { said, undo } = useActs();
  return (
    <div className="last-act" role="status" data-idle={!said || undefined}>
      {said && <span>{said.text}</span>}
      {said?.undo && (
        <button type="button" onClick={undo}>
          {words.acts.undo} <kbd>Z</kbd>
        </button>
      )}
      {said && (
        <button type="button" onClick={showPast}>
          {words.desk.history} <kbd>Y</kbd>
        </button>
      )}
    </div>
  );
}
