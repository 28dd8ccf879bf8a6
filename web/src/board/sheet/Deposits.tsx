// The deposits of a booking, beside its players: how far each has come, and what the desk can do about it.
import type { Booking } from "@fairway/live";
import { useEffect, useState } from "react";

import type { Act } from "../acts";
import { useLanguage } from "../language";
import { useSession } from "../session";
import { money } from "../time";

interface Money {
  amountCents: number;
  currency: string;
}

interface Deposit {
  id: string;
  status: string;
  payUrl: string | null;
  amount: Money;
  paid: Money;
  refunded: Money;
}

const READ = `query Deposits($booking: ID!) {
  booking(id: $booking) {
    deposits {
      id status payUrl amount { amountCents currency } paid { amountCents currency } refunded { amountCents currency }
    }
  }
}`;
const MAY_WAIVE = new Set(["REQUESTED", "PENDING", "AUTHORISED"]);

export function Deposits({ booking, mayAct, act }: { booking: Booking; mayAct: boolean; act: (act: Act) => void }) {
  const { words, locale } = useLanguage();
  const deposits = useDeposits(booking);
  if (deposits.length === 0) return null;
  return (
    <ul className="party">
      {deposits.map((one) => {
        const left = { ...one.paid, amountCents: one.paid.amountCents - one.refunded.amountCents };
        return (
          <li key={one.id}>
            {words.desk.deposit(money(one.amount, locale))} <small>{words.desk.depositStatuses[one.status] ?? one.status}</small>
            {one.payUrl && (
              <>
                {" "}
                <a href={one.payUrl} target="_blank" rel="noreferrer">
                  {words.desk.payPage}
                </a>
              </>
            )}
            {mayAct && MAY_WAIVE.has(one.status) && (
              <button type="button" className="do" onClick={() => act(waive(one, words.desk))}>
                {words.desk.waive}
              </button>
            )}
            {mayAct && left.amountCents > 0 && (
              <details className="danger">
                <summary>{words.desk.refund}…</summary>
                <button type="button" className="do" onClick={() => act(refund(one, words.desk))}>
                  {words.desk.refundDo(money(left, locale))}
                </button>
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}

type DeskWords = ReturnType<typeof useLanguage>["words"]["desk"];

function waive(deposit: Deposit, words: DeskWords): Act {
  return { mutation: "waiveDeposit", input: { depositId: deposit.id, reason: words.waivedBecause }, done: words.waived };
}

function refund(deposit: Deposit, words: DeskWords): Act {
  return { mutation: "refundDeposit", input: { depositId: deposit.id, reason: words.refundedBecause }, done: words.refunded };
}

/** Deposits are told of by the sheet's events: whatever moves with one, the booking is given anew, and this is read anew. */
function useDeposits(booking: Booking): Deposit[] {
  const { line } = useSession();
  const [found, setFound] = useState<Deposit[]>([]);
  useEffect(() => {
    let isWanted = true;
    void line
      .ask<{ booking: { deposits: Deposit[] | null } }>(READ, { booking: booking.id })
      .catch(() => null)
      .then((answer) => {
        if (isWanted && answer) setFound(answer.booking.deposits ?? []);
      });
    return () => {
      isWanted = false;
    };
  }, [line, booking]);
  return found;
}
