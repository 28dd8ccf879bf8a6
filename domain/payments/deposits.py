"""The rows of deposits: finding, locking, asking, ending, telling. What follows for a booking is in the journeys."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from events.log import record
from events.payments import DepositChanged
from kit.ids import new_id, public_id
from kit.jobs import gather
from models.clubs.tables import Club
from models.payments import Deposit, DepositEnd, DepositRefund, DepositStatus, PaymentEvent, RefundStatus
from models.tee_sheet.tables import Booking, TeeSheet, TeeTime

STEP = "payments:step"
REFUND = "payments:refund"
AT_ONCE = 500
UNPAID = frozenset({DepositStatus.REQUESTED, DepositStatus.PENDING})
TAKEN = frozenset({DepositStatus.PAID, DepositStatus.FORFEITED, DepositStatus.REFUNDED})
OVER = frozenset({DepositStatus.RELEASING, DepositStatus.RELEASED, DepositStatus.REFUNDED})
FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=1)
OF_BOOKINGS = (
    select(Deposit)
    .where(Deposit.booking_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Deposit.created_at, Deposit.id)
)
LOCK = OF_BOOKINGS.with_for_update(key_share=True).execution_options(populate_existing=True)
LOCK_ONE = select(Deposit).where(Deposit.id == bindparam("id")).with_for_update(key_share=True)
LOCK_ONE = LOCK_ONE.execution_options(populate_existing=True)
REFUNDS = (
    select(DepositRefund)
    .where(DepositRefund.deposit_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(DepositRefund.created_at, DepositRefund.id)
)
DUE = text("SELECT tenant_id, id FROM deposits WHERE due_at <= :now ORDER BY due_at LIMIT :limit")
DUE_REFUNDS = text("SELECT tenant_id, id FROM deposit_refunds WHERE due_at <= :now ORDER BY due_at LIMIT :limit")


async def deposits_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, list[Deposit]]:
    """Read the deposits of bookings, in the order in which they were asked."""
    found: dict[UUID, list[Deposit]] = {booking_id: [] for booking_id in booking_ids}
    for row in await session.scalars(OF_BOOKINGS, {"ids": list(found)}):
        found[row.booking_id].append(row)
    return found


async def lock_deposits(session: AsyncSession, booking: Booking) -> list[Deposit]:
    """Lock the deposits of a locked booking."""
    return list(await session.scalars(LOCK, {"ids": [booking.id]})) if booking.has_deposit else []


async def refunds_of(session: AsyncSession, deposit_ids: Iterable[UUID]) -> dict[UUID, list[DepositRefund]]:
    """Read the refunds of deposits, in the order in which they were ordered."""
    found: dict[UUID, list[DepositRefund]] = {deposit_id: [] for deposit_id in deposit_ids}
    for row in await session.scalars(REFUNDS, {"ids": list(found)}):
        found[row.deposit_id].append(row)
    return found


async def due_deposits(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the deposits of all tenants about which a provider is to be asked, as tenant and deposit."""
    return [(row.tenant_id, row.id) for row in await session.execute(DUE, {"now": now, "limit": AT_ONCE})]


async def due_refunds(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the refunds of all tenants that are to be ordered or looked after, as tenant and refund."""
    return [(row.tenant_id, row.id) for row in await session.execute(DUE_REFUNDS, {"now": now, "limit": AT_ONCE})]


def order(session: AsyncSession, row: Deposit | DepositRefund, *, now: datetime) -> None:
    """Have a provider asked about it at once, when this change is committed."""
    row.due_at, row.updated_at = now, now
    gather(session, STEP if isinstance(row, Deposit) else REFUND, [str(row.id)], each=True)


def put_off(row: Deposit | DepositRefund, *, asked: timedelta | None, now: datetime) -> None:
    """Have it tried again after a while: twenty seconds, doubled up to an hour, or longer if asked for."""
    row.tries += 1
    own: timedelta = min(FIRST_WAIT * 2 ** min(row.tries - 1, 12), LONGEST_WAIT)
    row.due_at, row.updated_at = now + max(own, asked or own), now


async def put_off_one(
    session: AsyncSession, kind: type[Deposit] | type[DepositRefund], key: UUID, *, now: datetime
) -> None:
    """Have what is due, and could not be looked after by a fault of our own, tried again after a while."""
    row: Deposit | DepositRefund | None = await session.get(kind, key, with_for_update={"key_share": True})
    if row is not None and row.due_at is not None:
        put_off(row, asked=None, now=now)


def ask(
    session: AsyncSession,
    booking: Booking,
    *,
    cents: int,
    minutes_to_pay: int,
    account: str,
    by: str = "",
    reason: str = "",
    pay_by: datetime | None = None,
    now: datetime,
) -> Deposit:
    """Ask a deposit of a locked booking: it is written down before any provider hears of it."""
    deposit = Deposit(
        id=new_id(),
        tenant_id=booking.tenant_id,
        club_id=booking.club_id,
        booking_id=booking.id,
        status=DepositStatus.REQUESTED,
        amount_cents=cents,
        currency=booking.currency,
        minutes_to_pay=minutes_to_pay,
        pay_by=pay_by,
        account=account,
        asked_by=by,
        reason=reason,
        paid_cents=0,
        refunded_cents=0,
        created_at=now,
        updated_at=now,
    )
    booking.has_deposit = True
    session.add(deposit)
    order(session, deposit, now=now)
    return deposit


def end(session: AsyncSession, deposit: Deposit, why: DepositEnd, *, now: datetime) -> None:
    """Let nothing of a locked deposit be taken any more. A page that nobody can know of needs no closing."""
    deposit.ends_as = why
    if deposit.status is DepositStatus.REQUESTED and not deposit.tries and deposit.page_id is None:
        deposit.status, deposit.due_at, deposit.updated_at = DepositStatus.RELEASED, None, now
        return
    deposit.status, deposit.tries, deposit.round = DepositStatus.RELEASING, 0, deposit.round + 1
    order(session, deposit, now=now)


async def tell(
    session: AsyncSession, booking: Booking, deposit: Deposit, *, failed_cents: int | None = None, now: datetime
) -> None:
    """Tell how a deposit of a locked booking is now, and what could not be given back just now."""
    with session.no_autoflush:  # what is pending is written with what is told
        tee_time = await session.get_one(TeeTime, booking.tee_time_id)
        sheet = await session.get_one(TeeSheet, tee_time.sheet_id)
        club = await session.get_one(Club, booking.club_id)
    fact = DepositChanged(
        club_id=public_id("club", booking.club_id),
        course_id=public_id("course", booking.course_id),
        date=sheet.date,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", booking.tee_time_id),
        status=booking.status,
        deposit_id=public_id("deposit", deposit.id),
        deposit_status=deposit.status,
        deposit_ends_as=deposit.ends_as,
        deposit_cents=deposit.amount_cents,
        deposit_paid_cents=deposit.paid_cents,
        deposit_refunded_cents=deposit.refunded_cents,
        deposit_pay_by=deposit.pay_by,
        currency=deposit.currency,
        paid_cents=booking.paid_cents,
        deposit_refund_failed_cents=failed_cents,
        name_privacy=club.name_privacy,
    )
    record(session, fact, now=now)


async def go_along(
    session: AsyncSession, source: Booking, target: Booking, *, left_cents: int | None, now: datetime
) -> None:
    """Let deposits go along with players, or with their money, from one locked booking to another.

    Where `left_cents` is None, the source is over, and all go along. Otherwise what was taken goes along as far as it
    is more than the money that is left to the source, in cents: so that what is given back to a card is never more than
    a booking has. A deposit of which a part goes along becomes two, of one payment.
    """
    rows = await lock_deposits(session, source)
    if left_cents is None:
        for row, refunds in zip(rows, (await refunds_of(session, [one.id for one in rows])).values(), strict=True):
            row.booking_id = target.id
            for refund in refunds:
                refund.booking_id = target.id
        target.has_deposit = target.has_deposit or bool(rows)
        return
    excess = sum(row.paid_cents - row.refunded_cents for row in rows) - left_cents
    for row in rows:
        part = min(excess, row.paid_cents - row.refunded_cents)
        if part > 0:
            excess -= part
            target.has_deposit = True
            _divide(session, row, target, part, now=now)


def _divide(session: AsyncSession, row: Deposit, target: Booking, part: int, *, now: datetime) -> None:
    if part == row.amount_cents:
        row.booking_id = target.id
        return
    other = Deposit(
        id=new_id(),
        tenant_id=row.tenant_id,
        club_id=row.club_id,
        booking_id=target.id,
        status=DepositStatus.PAID,
        amount_cents=part,
        paid_cents=part,
        refunded_cents=0,
        currency=row.currency,
        minutes_to_pay=row.minutes_to_pay,
        pay_by=row.pay_by,
        provider=row.provider,
        account=row.account,
        payment_id=row.payment_id,
        asked_by=row.asked_by,
        created_at=row.created_at,
        updated_at=now,
    )
    session.add(other)
    row.amount_cents, row.paid_cents, row.updated_at = row.amount_cents - part, row.paid_cents - part, now
    if row.paid_cents == row.refunded_cents:
        row.status = DepositStatus.REFUNDED


def begin_refund(
    session: AsyncSession, deposit: Deposit, cents: int, *, reason: str, by: str, now: datetime
) -> DepositRefund:
    """Order that a part of what was taken is given back; the ledger is the caller's."""
    row = DepositRefund(
        id=new_id(),
        tenant_id=deposit.tenant_id,
        deposit_id=deposit.id,
        booking_id=deposit.booking_id,
        status=RefundStatus.REQUESTED,
        amount_cents=cents,
        currency=deposit.currency,
        reason=reason,
        asked_by=by,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    deposit.refunded_cents, deposit.updated_at = deposit.refunded_cents + cents, now
    if deposit.refunded_cents == deposit.paid_cents:
        deposit.status = DepositStatus.REFUNDED
    order(session, row, now=now)
    return row


async def sharing_payment(session: AsyncSession, payment_id: str) -> Sequence[UUID]:
    """List the deposits that one payment was divided into."""
    return list(await session.scalars(select(Deposit.id).where(Deposit.payment_id == payment_id)))


async def note_event(
    session: AsyncSession,
    *,
    provider: str,
    event_id: str,
    kind: str,
    deposit_id: UUID,
    about_refunds: bool,
    now: datetime,
) -> bool:
    """Note what a provider's webhook tells of, once, and have it looked up. Tells whether it was new and is ours."""
    deposit = await session.scalar(LOCK_ONE, {"id": deposit_id})
    if deposit is None:
        return False
    seen = select(PaymentEvent.id).where(PaymentEvent.provider == provider, PaymentEvent.event_id == event_id)
    if await session.scalar(seen) is not None:  # two at once wait for each other at the deposit
        return False
    session.add(
        PaymentEvent(
            id=new_id(),
            tenant_id=deposit.tenant_id,
            provider=provider,
            event_id=event_id,
            kind=kind[:100],
            deposit_id=deposit.id,
            received_at=now,
        )
    )
    order(session, deposit, now=now)
    if about_refunds:
        for rows in (await refunds_of(session, await _same_payment(session, deposit))).values():
            for row in rows:
                if row.status is RefundStatus.DONE:
                    order(session, row, now=now)
    return True


async def _same_payment(session: AsyncSession, deposit: Deposit) -> Sequence[UUID]:
    return await sharing_payment(session, deposit.payment_id) if deposit.payment_id else [deposit.id]
