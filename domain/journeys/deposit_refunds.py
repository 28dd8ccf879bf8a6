"""Refunds of deposits, step by step: the ledger has them once they are ordered, and takes them back if they fail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.journeys.deposits import LEASE, lock_deposit
from domain.journeys.deposits_for_bookings import enter, tell_staff
from domain.payments.deposits import put_off, tell
from kit.paying import ProviderFault, Refunded, RefundOrder
from models.notifications import NotificationKind
from models.payments import Deposit, DepositRefund, DepositStatus, RefundStatus
from models.tee_sheet.ledger import LedgerKind
from models.tee_sheet.tables import Booking

FAILED = "A refund of the deposit has failed"


async def claim_refund(session: AsyncSession, *, refund_id: UUID, provider: str, now: datetime) -> RefundOrder | None:
    """Take a refund in hand, and say what its provider is to be asked; None where nothing is. Commit before asking."""
    _, deposit, row = await _lock(session, refund_id)
    if row is None or deposit is None or row.due_at is None or row.due_at > now:
        return None
    if row.status is RefundStatus.FAILED or not deposit.payment_id:
        row.due_at = None
        return None
    if deposit.provider != provider:
        put_off(row, asked=None, now=now)
        row.fault = f"provider {deposit.provider} is not set here"
        return None
    row.due_at = now + LEASE
    made = RefundOrder(
        key=f"{row.id}:REFUND:{row.round}",
        is_repeat=row.tries > 0,
        only_look=row.status is RefundStatus.DONE,
        tenant_id=row.tenant_id,
        deposit_id=deposit.id,
        refund_id=row.id,
        amount_cents=row.amount_cents,
        currency=row.currency,
        account=deposit.account,
        payment_id=deposit.payment_id,
        known_as=row.refund_id or "",
    )
    row.tries += 1  # a worker that dies has tried
    return made


async def settle_refund(
    session: AsyncSession, *, refund_id: UUID, said: Refunded | ProviderFault, now: datetime
) -> None:
    """Let what a provider says of a refund become true here. One that fails counts as paid again, and is told of."""
    booking, deposit, row = await _lock(session, refund_id)
    if booking is None or deposit is None or row is None or row.status is RefundStatus.FAILED:
        return
    if isinstance(said, ProviderFault) and not (said.is_final and row.status is RefundStatus.REQUESTED):
        row.tries -= row.tries > 0
        put_off(row, asked=said.after, now=now)
        row.fault, row.round = said.said, row.round + said.is_spent
        return
    row.due_at, row.tries, row.updated_at = None, 0, now
    if isinstance(said, Refunded) and not said.has_failed:
        if row.status is not RefundStatus.DONE:
            row.status, row.refund_id, row.fault = RefundStatus.DONE, said.known_as or row.refund_id, ""
            await tell(session, booking, deposit, now=now)
        return
    row.status, row.fault = RefundStatus.FAILED, said.said if isinstance(said, ProviderFault) else said.fault
    deposit.refunded_cents, deposit.updated_at = deposit.refunded_cents - row.amount_cents, now
    if deposit.status is DepositStatus.REFUNDED:
        deposit.status = DepositStatus.FORFEITED if deposit.is_forfeit else DepositStatus.PAID
    await enter(session, booking, LedgerKind.PAYMENT, row.amount_cents, reason=FAILED, now=now)
    await tell(session, booking, deposit, failed_cents=row.amount_cents, now=now)
    await tell_staff(session, booking, NotificationKind.DEPOSIT_REFUND_FAILED, [row.asked_by], now=now)


async def _lock(session: AsyncSession, refund_id: UUID) -> tuple[Booking | None, Deposit | None, DepositRefund | None]:
    """Lock the booking, the deposit and the refund, in this order."""
    row = await session.get(DepositRefund, refund_id)
    if row is None:
        return None, None, None
    booking, deposit = await lock_deposit(session, row.deposit_id)
    wanted = select(DepositRefund).where(DepositRefund.id == refund_id).with_for_update(key_share=True)
    return booking, deposit, await session.scalar(wanted.execution_options(populate_existing=True))
