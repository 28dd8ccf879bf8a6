"""Deposits, step by step: what a provider is to be asked is committed before the network is touched, and what it says
is settled by what is true by then. What a provider tells of its own accord is a reason to look, and nothing more.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.journeys import bookings
from domain.journeys.deposits_for_bookings import DEPOSIT, enter, forfeit, give_back, tell_payer
from domain.payments.deposits import (
    LOCK_ONE,
    OVER,
    TAKEN,
    UNPAID,
    begin_refund,
    deposits_of,
    end,
    order,
    put_off,
    refunds_of,
    sharing_payment,
    tell,
)
from domain.tee_sheet.booking.access import lock_row
from domain.tee_sheet.booking.rules import BY_ITSELF
from kit.paying import Found, Order, ProviderFault, Stage, Step
from models.clubs.tables import Club, Course
from models.notifications import NotificationKind
from models.payments import Deposit, DepositEnd, DepositStatus, RefundStatus
from models.tee_sheet.ledger import LedgerKind
from models.tee_sheet.tables import Booking, TeeTime
from models.tee_sheet.values import BookingStatus

LEASE = timedelta(minutes=1)
"""For how long nobody else asks the same, unless there is a reason to: a worker that died is followed after that."""
LOOK_EVERY = timedelta(minutes=2)
"""How often a page that is open is looked at, should no webhook come."""
ELSEWHERE = "Given back at the provider"
UNWANTED = "Paid when nothing was to be paid any more"
ANSWERED_WITHIN = timedelta(minutes=15)
"""So long behind its deadline an unpaid booking keeps its places where its provider does not say whether it is paid."""


async def claim(session: AsyncSession, *, deposit_id: UUID, provider: str, now: datetime) -> Order | None:
    """Take a deposit in hand, and say what its provider is to be asked; None where nothing is. Commit before asking.

    A page whose time is over is to be closed. One that could not be made keeps the booking: nobody could pay.
    """
    booking, deposit = await lock_deposit(session, deposit_id)
    if booking is None or deposit is None or deposit.due_at is None or deposit.due_at > now:
        return None
    if deposit.status is DepositStatus.REQUESTED:
        deposit.provider = provider
    if deposit.provider != provider:
        put_off(deposit, asked=None, now=now)  # it began with another one, which is not set any more
        deposit.fault = f"provider {deposit.provider} is not set here"
        return None
    if deposit.status is DepositStatus.PENDING and deposit.pay_by is not None and deposit.pay_by <= now:
        end(session, deposit, DepositEnd.UNPAID, now=now)
    step = _step(booking, deposit)
    if step is not Step.OPEN_PAGE and not (deposit.page_id or deposit.payment_id):
        await _let_unknown_go(session, booking, deposit, now=now)
        return None
    deposit.due_at = now + LEASE
    made = await _order(session, booking, deposit, step)
    deposit.tries += step is not Step.LOOK  # a worker that dies has tried
    return made


def _step(booking: Booking, deposit: Deposit) -> Step:
    if deposit.status is DepositStatus.RELEASING:
        may_still_count = deposit.ends_as is DepositEnd.UNPAID and booking.status is not BookingStatus.CANCELLED
        return Step.CLOSE_PAGE if may_still_count else Step.RELEASE
    asked = {DepositStatus.REQUESTED: Step.OPEN_PAGE, DepositStatus.AUTHORISED: Step.CAPTURE}
    return asked.get(deposit.status, Step.LOOK)


async def _let_unknown_go(session: AsyncSession, booking: Booking, deposit: Deposit, *, now: datetime) -> None:
    """Let go what no answer of a provider's has named: nobody was given its page, so nobody can have paid."""
    deposit.due_at, deposit.updated_at = None, now
    if deposit.status is DepositStatus.RELEASING:
        deposit.status = DepositStatus.RELEASED
        await tell(session, booking, deposit, now=now)


async def _order(session: AsyncSession, booking: Booking, deposit: Deposit, step: Step) -> Order:
    club = await session.get_one(Club, booking.club_id)
    start = await session.get_one(TeeTime, booking.tee_time_id)
    course = await session.get_one(Course, booking.course_id)
    at = start.starts_at.astimezone(ZoneInfo(course.time_zone))
    return Order(
        step=step,
        key=f"{deposit.id}:{step.name}:{deposit.round}",
        is_repeat=deposit.tries > 0,
        tenant_id=deposit.tenant_id,
        deposit_id=deposit.id,
        amount_cents=deposit.amount_cents,
        currency=deposit.currency,
        account=deposit.account,
        title=f"{club.name}: {course.name}, {at:%Y-%m-%d %H:%M}",
        language=club.language.value.lower(),
        page_id=deposit.page_id or "",
        payment_id=deposit.payment_id or "",
    )


async def settle(session: AsyncSession, *, deposit_id: UUID, said: Found | ProviderFault, now: datetime) -> None:
    """Let what a provider says of a deposit become true here, as both are by now.

    Said twice, late, or out of order, it comes to the same: money is entered when a deposit becomes paid, once.
    """
    booking, deposit = await lock_deposit(session, deposit_id)
    if booking is None or deposit is None:
        return
    if isinstance(said, ProviderFault):
        deposit.tries -= deposit.tries > 0
        put_off(deposit, asked=said.after, now=now)
        deposit.fault, deposit.round = said.said, deposit.round + (said.is_spent or said.is_final)
        await _wait_no_longer(session, booking, deposit, now=now)
        return
    before = (deposit.status, deposit.refunded_cents)
    deposit.page_id = deposit.page_id or said.page_id or None
    deposit.page_url, deposit.payment_id = deposit.page_url or said.page_url, deposit.payment_id or said.payment_id
    deposit.payment_id = deposit.payment_id or None
    deposit.fault, deposit.tries, deposit.updated_at = "", 0, now
    settle_as = {
        Stage.OPEN: _is_open,
        Stage.AUTHORISED: _is_authorised,
        Stage.CAPTURED: _is_captured,
        Stage.RELEASED: _is_released,
    }[said.stage]
    await settle_as(session, booking, deposit, said, now)
    if before != (deposit.status, deposit.refunded_cents):
        await tell(session, booking, deposit, now=now)


async def _wait_no_longer(session: AsyncSession, booking: Booking, deposit: Deposit, *, now: datetime) -> None:
    """Give the places of an unpaid booking free although its provider does not answer: what it says later is undone."""
    is_unpaid = deposit.status is DepositStatus.RELEASING and deposit.ends_as is DepositEnd.UNPAID
    if is_unpaid and deposit.pay_by is not None and now >= deposit.pay_by + ANSWERED_WITHIN:
        await _end_unpaid(session, booking, deposit, now=now)


async def _end_unpaid(session: AsyncSession, booking: Booking, deposit: Deposit, *, now: datetime) -> None:
    start = await session.get_one(TeeTime, booking.tee_time_id)
    waits = booking.status is BookingStatus.CONFIRMED and start.starts_at > now
    if waits and not await _has_other(session, booking, deposit):
        await bookings.cancel_unpaid(session, viewer=_desk_of(booking, now=now), booking_id=booking.id, now=now)


async def _is_open(session: AsyncSession, booking: Booking, deposit: Deposit, _: Found, now: datetime) -> None:
    if deposit.status is DepositStatus.REQUESTED:
        deposit.status = DepositStatus.PENDING
        is_new = deposit.pay_by is None
        deposit.pay_by = deposit.pay_by or now + timedelta(minutes=deposit.minutes_to_pay)
        if is_new:
            await tell_payer(session, booking, NotificationKind.DEPOSIT_ASKED, until=deposit.pay_by, now=now)
    if deposit.status is DepositStatus.PENDING:
        deposit.due_at = min(now + LOOK_EVERY, deposit.pay_by or now + LOOK_EVERY)
    elif deposit.status is DepositStatus.RELEASING:
        put_off(deposit, asked=None, now=now)
    elif deposit.status is DepositStatus.RELEASED:
        deposit.status = DepositStatus.RELEASING  # it was let go while its page was being made
        order(session, deposit, now=now)
    else:
        deposit.due_at = None


async def _is_authorised(session: AsyncSession, booking: Booking, deposit: Deposit, _: Found, now: datetime) -> None:
    """Have it taken, where the booking waits for it; let go, where nothing is to be taken any more."""
    was_unpaid = deposit.ends_as is DepositEnd.UNPAID and deposit.status is DepositStatus.RELEASING
    if deposit.status in UNPAID or (was_unpaid and booking.status is not BookingStatus.CANCELLED):
        deposit.status, deposit.ends_as = DepositStatus.AUTHORISED, None
    elif deposit.status is DepositStatus.RELEASED:
        deposit.status = DepositStatus.RELEASING
    if deposit.status is DepositStatus.RELEASING:
        deposit.round += 1  # what was asked before was about the page
    if deposit.status in {DepositStatus.AUTHORISED, DepositStatus.RELEASING}:
        order(session, deposit, now=now)


async def _is_captured(session: AsyncSession, booking: Booking, deposit: Deposit, said: Found, now: datetime) -> None:
    if deposit.status not in TAKEN:
        await _take(session, booking, deposit, said, now)
    deposit.due_at = None
    await _note_what_went_back(session, booking, deposit, said, now)


async def _take(session: AsyncSession, booking: Booking, deposit: Deposit, said: Found, now: datetime) -> None:
    """Enter what was taken; keep it or give it back where the booking, or the deposit, is over by now."""
    is_unwanted = deposit.status in OVER and deposit.ends_as is not DepositEnd.UNPAID
    deposit.paid_cents = min(said.captured_cents, deposit.amount_cents)
    deposit.status, deposit.ends_as = DepositStatus.PAID, None
    await enter(session, booking, LedgerKind.PAYMENT, deposit.paid_cents, reason=DEPOSIT, now=now)
    is_over = booking.status is BookingStatus.CANCELLED
    if is_over and deposit.is_forfeit:
        await forfeit(session, booking, deposit, now=now)
    elif is_over or is_unwanted:
        await give_back(session, booking, deposit, reason=UNWANTED, now=now)


async def _note_what_went_back(
    session: AsyncSession, booking: Booking, deposit: Deposit, said: Found, now: datetime
) -> None:
    """Enter what somebody gave back at the provider itself, beside the refunds that were ordered here."""
    await session.flush()
    ids = await sharing_payment(session, deposit.payment_id) if deposit.payment_id else [deposit.id]
    known = sum(
        row.amount_cents
        for rows in (await refunds_of(session, ids)).values()
        for row in rows
        if row.status is not RefundStatus.FAILED
    )
    part = min(said.refunded_cents - known, deposit.paid_cents - deposit.refunded_cents)
    if part > 0:
        row = begin_refund(session, deposit, part, reason=ELSEWHERE, by="", now=now)
        row.status, row.due_at = RefundStatus.DONE, None
        await enter(session, booking, LedgerKind.REFUND, part, reason=ELSEWHERE, now=now)


async def _is_released(session: AsyncSession, booking: Booking, deposit: Deposit, _: Found, now: datetime) -> None:
    """Nothing was taken. Where that is since nobody paid in time, the booking ends; where the page has only closed, or
    what was reserved is gone, another one is made.
    """
    if deposit.status in UNPAID | {DepositStatus.AUTHORISED}:
        is_late = deposit.status is DepositStatus.PENDING and deposit.pay_by is not None and deposit.pay_by <= now
        if not is_late and booking.status is not BookingStatus.CANCELLED:
            _begin_anew(session, deposit, now=now)
            return
        deposit.ends_as = DepositEnd.UNPAID if is_late else DepositEnd.CANCELLED
    deposit.due_at = None
    if deposit.status in TAKEN | {DepositStatus.RELEASED}:
        return
    deposit.status = DepositStatus.RELEASED
    if deposit.ends_as is DepositEnd.UNPAID:
        await _end_unpaid(session, booking, deposit, now=now)


def _begin_anew(session: AsyncSession, deposit: Deposit, *, now: datetime) -> None:
    """Have another page made. What was agreed to and is gone has all its time again."""
    if deposit.status is DepositStatus.AUTHORISED:
        deposit.pay_by = None
    deposit.status, deposit.round = DepositStatus.REQUESTED, deposit.round + 1
    deposit.page_id, deposit.page_url, deposit.payment_id = None, "", None
    order(session, deposit, now=now)


async def _has_other(session: AsyncSession, booking: Booking, deposit: Deposit) -> bool:
    """Tell whether another deposit has been paid, or is asked, for the same booking since."""
    await session.flush()
    rows = (await deposits_of(session, [booking.id]))[booking.id]
    return any(row.id != deposit.id and row.status not in OVER for row in rows)


async def lock_deposit(session: AsyncSession, deposit_id: UUID) -> tuple[Booking | None, Deposit | None]:
    """Lock the booking of a deposit, and then the deposit: it may go over to another booking meanwhile."""
    deposit = await session.get(Deposit, deposit_id)
    while deposit is not None:
        booking = await session.get_one(Booking, deposit.booking_id)
        await lock_row(session, booking)
        deposit = await session.scalar(LOCK_ONE, {"id": deposit_id})
        if deposit is None or deposit.booking_id == booking.id:
            return booking, deposit
    return None, None


def _desk_of(booking: Booking, *, now: datetime) -> Viewer:
    return Viewer(
        user_id=BY_ITSELF,
        tenant_id=booking.tenant_id,
        club_ids=frozenset({booking.club_id}),
        player_id=None,
        roles=frozenset({Role.STAFF}),
        caddie_lists=frozenset(),
        household_id=None,
        expires_at=now,
    )
