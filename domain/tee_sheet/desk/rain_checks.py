"""Rain checks: what weather took from a paid round, to be played for on another day."""

from collections.abc import Iterable
from datetime import datetime
from secrets import choice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.tee_sheet.booking.access import find_booking, lock_booking
from domain.tee_sheet.booking.facts import updated
from domain.tee_sheet.booking.ledger import entries_of, entry_for, sums, take_back_issued
from domain.tee_sheet.booking.problems import BookingNotChangeable
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.booking.rules import BEFORE_PLAY
from domain.tee_sheet.desk.problems import (
    AllHolesPlayed,
    BookingAlreadyPaid,
    NothingPaid,
    RainCheckAlreadyIssued,
    RainCheckExpired,
    RainCheckRedeemed,
    RainCheckWorthMore,
)
from domain.tee_sheet.inventory.slots import LockedTeeTime
from events.log import record
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from models.clubs.tables import Club
from models.tee_sheet.desk import BookingChange, RainCheck
from models.tee_sheet.ledger import LedgerKind
from models.tee_sheet.tables import Booking, TeeTime
from models.tee_sheet.values import BookingStatus

LETTERS = "ACDEFGHJKMNPQRTVWXY34679"
"""No two of them are read for each other: neither B and 8, I, L and 1, O and 0, S and 5, U and V, nor Z and 2."""
CODE_LENGTH = 10
STOPPABLE = BEFORE_PLAY | {BookingStatus.ON_COURSE}
"""The statuses of bookings that weather can stop."""
LIVE = RainCheck.withdrawn_at.is_(None)
"""Not taken back."""
BOOKING = ("input", "bookingId")
CODE = ("input", "code")


def rain_check_value(*, holes: int, holes_played: int, paid_cents: int) -> int:
    """Give the value of a rain check in cents: the share of what was paid that falls on the holes not played.

    (holes - played) / holes x paid, rounded half up.
    """
    return (2 * (holes - holes_played) * paid_cents + holes) // (2 * holes)


def one_year_after(moment: datetime) -> datetime:
    """Give the same moment of the next year; behind 29 February it is 1 March."""
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:
        return moment.replace(year=moment.year + 1, month=3, day=1)


def clean_code(text: str) -> str:
    """Read a code as people type it: without spaces and hyphens, in capitals. What can be no code is an empty one."""
    code = "".join(text.split()).replace("-", "").upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(LETTERS) else ""


async def issue_rain_check(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, holes_played: int, now: datetime
) -> RainCheck:
    """Issue a rain check for a booking that weather has stopped; it expires after one year.

    Raises NotFound, NotAllowed, InvalidInput, BookingNotChangeable, AllHolesPlayed, NothingPaid,
    RainCheckAlreadyIssued.
    """
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    locked = await lock_booking(session, booking)
    value = _worth(booking, holes_played)
    issued = await session.scalar(select(RainCheck.id).where(RainCheck.booking_id == booking.id, LIVE))
    if issued is not None:
        raise RainCheckAlreadyIssued(rain_check_id=public_id("rain_check", issued), path=BOOKING)
    check = RainCheck(
        id=new_id(),
        tenant_id=booking.tenant_id,
        club_id=booking.club_id,
        booking_id=booking.id,
        code="".join(choice(LETTERS) for _ in range(CODE_LENGTH)),
        value_cents=value,
        currency=booking.currency,
        holes_played=holes_played,
        issued_by=viewer.user_id,
        issued_at=now,
        expires_at=one_year_after(now),
    )
    session.add(check)
    await session.flush()
    await _tell(session, booking, locked, [BookingChange.RAIN_CHECK], now=now)
    return check


def _worth(booking: Booking, holes_played: int) -> int:
    if booking.status not in STOPPABLE:
        message = "This booking is over, or was cancelled; choose one that is still to be played, or on the course."
        raise BookingNotChangeable(message=message, status=booking.status, path=BOOKING)
    if holes_played < 0:
        raise InvalidInput(message="Give the number of holes that were played.", path=("input", "holesPlayed"))
    if holes_played >= booking.holes:
        raise AllHolesPlayed(holes=booking.holes, path=("input", "holesPlayed"))
    value = rain_check_value(holes=booking.holes, holes_played=holes_played, paid_cents=booking.paid_cents)
    if value == 0:
        raise NothingPaid(path=BOOKING)
    return value


async def redeem_rain_check(
    session: AsyncSession, *, viewer: Viewer, code: str, booking_id: UUID, forfeit_rest: bool = False, now: datetime
) -> tuple[RainCheck, Booking]:
    """Pay a later booking of the club with a rain check, once: what the booking's paid sum grows by is at most its
    value, and at most what is still open.

    A rain check is never paid out: what is left of it is forfeited, and only with `forfeit_rest`.
    Raises NotFound, NotAllowed, InvalidInput, RainCheckRedeemed, RainCheckExpired, BookingNotChangeable,
    BookingAlreadyPaid, RainCheckWorthMore.
    """
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    locked = await lock_booking(session, booking)
    rows = select(RainCheck).where(RainCheck.code == clean_code(code), RainCheck.club_id == booking.club_id)
    check = await session.scalar(rows.with_for_update().execution_options(populate_existing=True))
    if check is None:
        raise InvalidInput(
            message="The club has issued no rain check with this code; give it as it is printed.",
            path=CODE,
        )
    _refuse_used(check, now=now)
    await _refuse_earlier(session, check, booking, locked)
    open_cents = sums(booking, (await entries_of(session, [booking.id]))[booking.id]).open
    _check_open(check, open_cents, forfeit_rest=forfeit_rest)
    check.redeemed_booking_id, check.redeemed_cents = booking.id, min(check.value_cents, open_cents)
    check.redeemed_by, check.redeemed_at = viewer.user_id, now
    taken_back = await take_back_issued(session, booking, less=False, by=viewer.user_id, path=BOOKING, now=now)
    booking.paid_cents += check.redeemed_cents
    session.add(entry_for(booking, LedgerKind.RAIN_CHECK, check.redeemed_cents, by=viewer.user_id, now=now))
    await session.flush()
    changes = [BookingChange.PAID, BookingChange.RAIN_CHECK] if taken_back else [BookingChange.PAID]
    await _tell(session, booking, locked, changes, now=now)
    return check, booking


def _refuse_used(check: RainCheck, *, now: datetime) -> None:
    if check.redeemed_at is not None and check.redeemed_booking_id is not None:
        on = public_id("booking", check.redeemed_booking_id)
        raise RainCheckRedeemed(redeemed_at=check.redeemed_at, booking_id=on, path=CODE)
    if check.withdrawn_at is not None:
        message = "This rain check was taken back when what was paid changed; ask for a new one."
        raise InvalidInput(message=message, path=CODE)
    if check.expires_at <= now:
        raise RainCheckExpired(expires_at=check.expires_at, path=CODE)


async def _refuse_earlier(session: AsyncSession, check: RainCheck, booking: Booking, locked: LockedTeeTime) -> None:
    """Refuse a booking that is not a later one than that which weather stopped, or is over, or in other money."""
    if booking.status not in BEFORE_PLAY:
        raise BookingNotChangeable(status=booking.status, path=BOOKING)
    stopped = select(TeeTime.starts_at).join(Booking, Booking.tee_time_id == TeeTime.id)
    started_at = await session.scalar(stopped.where(Booking.id == check.booking_id))
    if started_at is None or locked.tee_time.starts_at <= started_at:
        message = "Choose a later booking than the one that weather stopped."
        raise InvalidInput(message=message, path=BOOKING)
    if check.currency != booking.currency:
        raise InvalidInput(
            message=f"This rain check is worth {check.currency} only; choose a booking in that currency.", path=BOOKING
        )


def _check_open(check: RainCheck, open_cents: int, *, forfeit_rest: bool) -> None:
    if open_cents <= 0:
        raise BookingAlreadyPaid(path=BOOKING)
    if check.value_cents > open_cents and not forfeit_rest:
        raise RainCheckWorthMore(value_cents=check.value_cents, open_cents=open_cents, path=CODE)


async def _tell(
    session: AsyncSession, booking: Booking, locked: LockedTeeTime, changes: list[BookingChange], *, now: datetime
) -> None:
    club = await session.get_one(Club, booking.club_id)
    players = (await players_of(session, [booking.id]))[booking.id]
    users = await users_of(session, [player.player_id for player in players])
    record(session, updated(booking, players, locked, club, changes, users=users), now=now)


async def rain_check_by_code(session: AsyncSession, *, viewer: Viewer, code: str) -> RainCheck:
    """Find a rain check by its code: for staff of its club. Raises NotFound."""
    check = await session.scalar(select(RainCheck).where(RainCheck.code == clean_code(code)))
    if check is None or not viewer.is_staff_of(check.club_id):
        raise NotFound(message="There is no such rain check, or you may not know of it.")
    return check


async def find_rain_check(session: AsyncSession, *, viewer: Viewer, rain_check_id: UUID) -> RainCheck:
    """Find a rain check: for staff of its club, and for who made the booking. Raises NotFound."""
    check = await session.get(RainCheck, rain_check_id)
    if check is not None and viewer.may_see_sheets(check.club_id):
        booking = await session.get_one(Booking, check.booking_id)
        if viewer.is_staff_of(check.club_id) or booking.booked_by == viewer.user_id:
            return check
    raise NotFound(message="There is no such rain check, or you may not know of it.")


async def rain_checks_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, RainCheck | None]:
    """Read the rain checks that were issued for bookings."""
    found: dict[UUID, RainCheck | None] = dict.fromkeys(booking_ids)
    rows = select(RainCheck).where(RainCheck.booking_id.in_(found), LIVE)
    return found | {check.booking_id: check for check in await session.scalars(rows)}
