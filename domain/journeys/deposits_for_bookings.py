"""Deposits for bookings: what a booking asks, and what becomes of its deposit when it changes, is cancelled, or holds
again. No provider is asked here: each step is written down, and a job takes it once it is committed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.closures import closed_until
from domain.notifications.notifications import notify
from domain.payments import deposits
from domain.payments.deposits import TAKEN, UNPAID, begin_refund, end, lock_deposits, tell
from domain.payments.policy import Asked, DepositPolicy, amount_of, policy_of
from domain.rows import rows_by_id
from domain.tee_sheet.ballots.reading import bookings_of_draw
from domain.tee_sheet.booking.ledger import entries_of, entry_for, may_give_back, refundable
from domain.tee_sheet.booking.reading import players_of
from domain.tee_sheet.booking.rules import cancellation_deadline
from domain.tee_sheet.desk.ledger import added
from domain.tee_sheet.inventory.slots import LockedStart
from domain.tee_sheet.offers.notices import about_start, tell_parties
from events.log import record
from kit.ids import public_id
from models.clubs.tables import Club, Course
from models.notifications import NotificationKind
from models.payments import Deposit, DepositEnd, DepositStatus
from models.tee_sheet.ballots import Ballot
from models.tee_sheet.ledger import LedgerKind
from models.tee_sheet.tables import Booking, BookingPlayer, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus

DEPOSIT = "Deposit"
KEPT = "Deposit kept: cancelled too late"
CANCELLED = "Cancelled in time"
RESTORED = "Booking restored: the deposit counts again"


async def ask_deposit(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Ask for the deposit that the club's policy wants of a booking that is still to be played."""
    await _ask(session, booking, now=now)


async def ask_deposits_of_draw(session: AsyncSession, *, ballot_id: UUID, now: datetime) -> None:
    """Ask for the deposits that the club's policy wants of what a draw has booked, as of any booking of these starts.

    Nobody sits before a screen when it is drawn: they can be paid until the rest goes on open sale, where that is later
    than the policy says, so that what nobody pays is sold with the rest or soon after.
    """
    ballot = await session.get_one(Ballot, ballot_id)
    club, sheet = await session.get_one(Club, ballot.club_id), await session.get_one(TeeSheet, ballot.sheet_id)
    _kept = club, sheet  # a session reads again, for each booking, what nobody keeps
    policy = policy_of(club)
    if not policy.rules:
        return
    bookings = await bookings_of_draw(session, ballot_id)
    parties = await players_of(session, [one.id for one in bookings])
    starts = await rows_by_id(session, TeeTime, [one.tee_time_id for one in bookings])
    until_release = ceil((ballot.releases_at - now) / timedelta(minutes=1))
    policy = replace(policy, minutes_to_pay=max(policy.minutes_to_pay, until_release))
    for booking in bookings:
        await _ask_by(session, booking, policy, _asked(booking, parties[booking.id], starts[booking.tee_time_id]), now)


async def follow_deposits(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Let the deposits of a booking that has changed follow it.

    Of one that is cancelled in time all is let go or given back; of one that is cancelled too late, what was taken is
    kept as a fee. What is still to be paid is reckoned anew. A booking that needed none is asked for one if by now it
    is like those that need one.
    """
    if booking.status is BookingStatus.CANCELLED:
        await _settle_cancelled(session, booking, now=now)
    elif booking.has_deposit:
        await _reckon_anew(session, booking, now=now)


async def restore_deposits(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Let what was kept of a cancelled booking count as paid again, once it holds again; ask anew where nothing was."""
    rows = await lock_deposits(session, booking)
    for deposit in rows:
        deposit.is_forfeit = False
        if deposit.status is DepositStatus.FORFEITED:
            left = deposit.paid_cents - deposit.refunded_cents
            deposit.status, deposit.updated_at = DepositStatus.PAID, now
            await enter(session, booking, LedgerKind.DISCOUNT, left, reason=RESTORED, now=now)
            await tell(session, booking, deposit, now=now)
    if not any(row.status in {DepositStatus.PAID, DepositStatus.AUTHORISED} for row in rows):
        await _ask(session, booking, now=now)


async def _ask(session: AsyncSession, booking: Booking, *, now: datetime) -> None:
    if not booking.has_deposit or booking.group_id or booking.status is not BookingStatus.CONFIRMED:
        return
    with session.no_autoflush:
        policy = policy_of(await session.get_one(Club, booking.club_id))
    await _ask_by(session, booking, policy, await _as_it_is(session, booking), now)


async def _ask_by(session: AsyncSession, booking: Booking, policy: DepositPolicy, asked: Asked, now: datetime) -> None:
    cents = amount_of(policy, asked, now=now)
    if cents:
        minutes, account = policy.minutes_to_pay, policy.account
        deposit = deposits.ask(session, booking, cents=cents, minutes_to_pay=minutes, account=account, now=now)
        await tell(session, booking, deposit, now=now)


async def _as_it_is(session: AsyncSession, booking: Booking) -> Asked:
    party = (await players_of(session, [booking.id]))[booking.id]
    return _asked(booking, party, await session.get_one(TeeTime, booking.tee_time_id))


def _asked(booking: Booking, party: Sequence[BookingPlayer], start: TeeTime) -> Asked:
    return Asked(
        party=[(player.price_class, player.price_cents) for player in party],
        local_time=start.local_time,
        starts_at=start.starts_at,
        paid_cents=booking.paid_cents,
        currency=booking.currency,
    )


async def _reckon_anew(session: AsyncSession, booking: Booking, *, now: datetime) -> None:
    """Ask for another sum where what is not paid yet was reckoned by the policy; its deadline stays."""
    rows = await lock_deposits(session, booking)
    live = [row for row in rows if row.status in UNPAID and not row.asked_by]
    if not rows:
        await _ask(session, booking, now=now)
    if not live or booking.status is not BookingStatus.CONFIRMED:
        return
    policy = policy_of(await session.get_one(Club, booking.club_id))
    cents = amount_of(policy, await _as_it_is(session, booking), now=now)
    if sum(row.amount_cents for row in live) == cents:
        return
    for row in live:
        end(session, row, DepositEnd.CHANGED, now=now)
        await tell(session, booking, row, now=now)
    if cents:
        first = live[0]
        minutes, account, until = first.minutes_to_pay, first.account, first.pay_by
        made = deposits.ask(
            session, booking, cents=cents, minutes_to_pay=minutes, account=account, pay_by=until, now=now
        )
        await tell(session, booking, made, now=now)


async def _settle_cancelled(session: AsyncSession, booking: Booking, *, now: datetime) -> None:
    rows = await lock_deposits(session, booking)
    if not rows:
        return
    is_late = now > await _refundable_until(session, booking, now=now)
    for deposit in rows:
        if deposit.status is DepositStatus.AUTHORISED and is_late:
            deposit.is_forfeit = True  # it is being taken, and will be kept
        elif deposit.status in UNPAID or deposit.status is DepositStatus.AUTHORISED:
            end(session, deposit, DepositEnd.CANCELLED, now=now)
        elif deposit.status is DepositStatus.PAID and is_late:
            await forfeit(session, booking, deposit, now=now)
        elif deposit.status is DepositStatus.PAID and await may_give_back(session, booking, by="", now=now):
            await give_back(session, booking, deposit, reason=CANCELLED, now=now)
        else:
            continue
        await tell(session, booking, deposit, now=now)


async def _refundable_until(session: AsyncSession, booking: Booking, *, now: datetime) -> datetime:
    """Give the last instant, in UTC, at which a cancelled booking's deposit is given back whole."""
    start = await session.get_one(TeeTime, booking.tee_time_id)
    hours = policy_of(await session.get_one(Club, booking.club_id)).refundable_hours
    until = closed_until(await session.get_one(Course, booking.course_id), now=now)
    if until is not None and start.starts_at < until:
        return start.starts_at
    return cancellation_deadline(start.starts_at, hours, created_at=booking.created_at)


async def forfeit(session: AsyncSession, booking: Booking, deposit: Deposit, *, now: datetime) -> None:
    """Keep what was taken, as a fee of a locked booking that was cancelled too late."""
    left = deposit.paid_cents - deposit.refunded_cents
    deposit.status, deposit.is_forfeit, deposit.updated_at = DepositStatus.FORFEITED, True, now
    await enter(session, booking, LedgerKind.FEE, left, reason=KEPT, now=now)


async def give_back(
    session: AsyncSession,
    booking: Booking,
    deposit: Deposit,
    *,
    cents: int | None = None,
    reason: str,
    by: str = "",
    now: datetime,
) -> int:
    """Order that what is left of a taken deposit is given back, or so many cents of it; gives how much that is.

    Never more than was paid for the locked booking and not given back by another way. The ledger has it from now on,
    so that nobody gives the same money back a second time meanwhile.
    """
    await session.flush()
    has = refundable((await entries_of(session, [booking.id]))[booking.id])
    left = max(0, min(deposit.paid_cents - deposit.refunded_cents, has))
    part = left if cents is None else min(cents, left)
    if deposit.status in TAKEN and part:
        begin_refund(session, deposit, part, reason=reason, by=by, now=now)
        await tell_payer(session, booking, NotificationKind.DEPOSIT_REFUNDED, now=now)
        await enter(session, booking, LedgerKind.REFUND, part, reason=f"{DEPOSIT}: {reason}"[:500], by=by, now=now)
    return part


async def enter(
    session: AsyncSession, booking: Booking, kind: LedgerKind, cents: int, *, reason: str, by: str = "", now: datetime
) -> None:
    """Add an entry about a deposit to the ledger of a locked booking, and tell of it."""
    if cents <= 0:
        return
    entry = entry_for(booking, kind, cents, by=by, reason=reason, now=now)
    session.add(entry)
    booking.paid_cents += {LedgerKind.PAYMENT: cents, LedgerKind.REFUND: -cents}.get(kind, 0)
    with session.no_autoflush:
        club = await session.get_one(Club, booking.club_id)
        start = await session.get_one(TeeTime, booking.tee_time_id)
        sheet = await session.get_one(TeeSheet, start.sheet_id)
    record(session, added(booking, club, sheet.date, entry), now=now)


async def tell_payer(
    session: AsyncSession, booking: Booking, kind: NotificationKind, *, until: datetime | None = None, now: datetime
) -> None:
    """Tell the booking's party about its deposit; `until` is shown by the course's clock."""
    start = await _start_of(session, booking)
    sheet = start.sheet
    shown = {"until": f"{until.astimezone(ZoneInfo(sheet.time_zone)):%H:%M}"} if until else {}
    await tell_parties(session, kind, [(booking, start)], viewer=None, more=shown, now=now)


async def tell_staff(
    session: AsyncSession, booking: Booking, kind: NotificationKind, users: Iterable[str], *, now: datetime
) -> None:
    """Tell those of the staff who have asked for something about a booking's deposit."""
    start = await _start_of(session, booking)
    with session.no_autoflush:
        data = await about_start(session, start) | {"booking_id": public_id("booking", booking.id)}
    await notify(session, tenant_id=booking.tenant_id, kind=kind, data=data, users=users, now=now)


async def _start_of(session: AsyncSession, booking: Booking) -> LockedStart:
    with session.no_autoflush:
        start = await session.get_one(TeeTime, booking.tee_time_id)
        return LockedStart(start, await session.get_one(TeeSheet, start.sheet_id))
