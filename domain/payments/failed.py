"""Deposits that could not be given back, which somebody of the desk has to give back by another way."""

from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, refuse_unless_staff
from models.payments import Deposit, DepositRefund, RefundStatus
from models.tee_sheet.ledger import LedgerEntry, LedgerKind

GIVEN_SINCE = (
    select(func.coalesce(func.sum(LedgerEntry.amount_cents), 0))
    .where(
        LedgerEntry.booking_id == DepositRefund.booking_id,
        LedgerEntry.kind == LedgerKind.REFUND,
        LedgerEntry.created_at > DepositRefund.updated_at,
    )
    .correlate(DepositRefund)
    .scalar_subquery()
)
"""What a booking was given back, in cents, by whatever way, since one of its refunds failed."""
OPEN = exists().where(
    DepositRefund.deposit_id == Deposit.id,
    DepositRefund.status == RefundStatus.FAILED,
    DepositRefund.amount_cents > GIVEN_SINCE,
)


async def list_failed(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, before: UUID | None, limit: int
) -> list[Deposit]:
    """List the deposits of a club of which a refund has failed that was not made good since, those asked last first.

    One is made good once the ledger has refunds after it that come to as much: by the card, by hand, or both.
    Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    rows = select(Deposit).where(Deposit.club_id == club.id, OPEN)
    rows = rows if before is None else rows.where(Deposit.id < before)
    return list(await session.scalars(rows.order_by(Deposit.id.desc()).limit(limit)))
