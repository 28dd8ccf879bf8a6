import type { OccasionState } from "@fairway/live";
import { useState } from "react";

import { type Act, RefusalNote, useActs } from "../acts";
import { useLanguage } from "../language";

interface Planned {
  guestId: string;
  tableId: string | null;
  previousTableId: string | null;
}
interface Plan {
  seats: Planned[];
  seatingProblems: { flaw: string }[];
}

const PLAN = "plan { seats { guestId tableId previousTableId } seatingProblems { flaw } }";
const moved = (plan: Plan) => plan.seats.filter(({ tableId, previousTableId }) => tableId !== previousTableId);

/** A plan by the machine, looked at before it is taken; and whether guests see where they sit. */
export function PlanTools({ state }: { state: OccasionState }) {
  const { words } = useLanguage();
  const { act, pending } = useActs();
  const [plan, setPlan] = useState<Plan | null>(null);
  const { occasion, seating } = state;
  if (!seating) return null;
  const where = "plan";
  const input = { occasionId: occasion.id, partId: seating.partId };
  const propose = async () => {
    const payload = await act({ mutation: "autoSeat", input: { ...input, apply: false }, result: PLAN, done: words.party.autoSeat }, where);
    setPlan((payload?.["plan"] as Plan | undefined) ?? null);
  };
  const apply = async () => {
    const undo = (): Act => ({ mutation: "undoAutoSeat", input, done: words.done.undone });
    const done = words.party.applied(plan ? moved(plan).length : 0);
    if (await act({ mutation: "autoSeat", input: { ...input, apply: true }, result: PLAN, done, undo }, where)) setPlan(null);
  };
  const reveal = (show: boolean): Act => ({
    mutation: "revealSeating",
    input: { occasionId: occasion.id, reveal: show },
    done: show ? words.party.revealed : words.party.unrevealed,
  });
  const isShown = occasion.isSeatingRevealed;
  return (
    <div className="tools">
      <button type="button" disabled={pending.has(where)} onClick={() => void propose()}>
        {words.party.autoSeat}
      </button>
      <button type="button" disabled={pending.has(where)} onClick={() => void act({ ...reveal(!isShown), undo: () => reveal(isShown) }, where)}>
        {isShown ? words.party.unreveal : words.party.reveal}
      </button>
      {plan && (
        <p className="message" role="status">
          {moved(plan).length ? words.party.proposal(moved(plan).length, plan.seatingProblems.length) : words.party.noBetter}{" "}
          {moved(plan).length > 0 && (
            <button type="button" className="primary" onClick={() => void apply()}>
              {words.party.applyPlan}
            </button>
          )}{" "}
          <button type="button" onClick={() => setPlan(null)}>
            {words.cancel}
          </button>
        </p>
      )}
      <RefusalNote where={where} />
    </div>
  );
}
