"""Making what a standing booking asks for, date by date, when booking opens."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.notifications.notifications import notify
from domain.tee_sheet.booking.bookings import book_slots
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.booking.rules import BY_ITSELF
from domain.tee_sheet.booking.sales import BookingWish
from domain.tee_sheet.desk.problems import NoSuchStart
from domain.tee_sheet.desk.standing import about, dates_of, due_at, end, plan_next
from domain.tee_sheet.inventory.problems import NoTeeSheet
from domain.tee_sheet.offers.problems import StartInThePast
from events.log import record
from events.tee_sheet.standing import StandingBookingMade, StandingBookingSkipped
from kit.errors import Problem
from kit.ids import new_id, public_id
from models.clubs.tables import Club, Course, Player
from models.notifications import NotificationKind
from models.tee_sheet.standing import StandingBooking, StandingDate, StandingEnd
from models.tee_sheet.tables import Booking, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass, SlotStatus

SHEETS_ARE_MADE = timedelta(minutes=10)
"""After so long it is looked again for a sheet that is still to be made."""
DUE = text("SELECT tenant_id, id FROM standing_bookings WHERE next_at <= :now ORDER BY next_at")
SHEET = select(TeeSheet).where(TeeSheet.course_id == bindparam("course_id"), TeeSheet.date == bindparam("day"))
FREE = (
    select(func.count())
    .where(Slot.tee_time_id == TeeTime.id, Slot.status == SlotStatus.AVAILABLE)
    .correlate(TeeTime)
    .scalar_subquery()
)
START = (
    select(TeeTime)
    .where(TeeTime.sheet_id == bindparam("sheet_id"), TeeTime.local_time == bindparam("at"))
    .order_by((bindparam("places") <= FREE).desc(), TeeTime.tee)
    .limit(1)
)
"""Where two start at the same time from two tees, one with enough room."""


class DateRefused(Exception):
    """A standing booking cannot be made for a date: nothing of the change may stay, and the date is to be skipped."""

    def __init__(self, day: date, problem: Problem) -> None:
        """Take the date, and why."""
        super().__init__(problem.code)
        self.day, self.problem = day, problem


async def due_standing(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the standing bookings of all tenants that are to be looked after, as tenant and standing booking."""
    return [(row.tenant_id, row.id) for row in await session.execute(DUE, {"now": now})]


async def make_next(session: AsyncSession, *, standing_booking_id: UUID, now: datetime) -> date | None:
    """Book what a standing booking asks for on its next date, if it is due; gives the date, or None.

    Raises DateRefused where it cannot be booked, to be noted by `skip_date` then.
    """
    row = await _lock(session, standing_booking_id)
    if row is None or row.next_at is None or row.next_date is None or row.next_at > now:
        return None
    course, club = await session.get_one(Course, row.course_id), await session.get_one(Club, row.club_id)
    day, zone = row.next_date, ZoneInfo(course.time_zone)
    players = await _players(session, row)
    if row.owner_id in players and players[row.owner_id] is None:
        end(session, row, StandingEnd.PLAYER_DEACTIVATED, by=BY_ITSELF, now=now)
        return None
    if (at := due_at(row, day, club, zone=zone)) > now:
        await _plan(session, row, course, club, now=now)
        return None
    sheet = await session.scalar(SHEET, {"course_id": course.id, "day": day})
    if sheet is None and day >= now.astimezone(zone).date():
        row.next_at = max(at, now + SHEETS_ARE_MADE)
        return None
    try:
        booking = await _book(session, row, sheet, _wish(row, players), now=now)
    except Problem as problem:
        raise DateRefused(day, problem) from problem
    await session.flush()
    session.add(_decided(row, day, now=now, booking_id=booking.id))
    made = StandingBookingMade(**about(row), standing_date=day, made_booking_id=public_id("booking", booking.id))
    record(session, made, now=now)
    await _plan(session, row, course, club, now=now)
    return day


async def _players(session: AsyncSession, row: StandingBooking) -> dict[UUID | None, UUID | None]:
    """Give the players who are named by their ids, and as whom they are booked: as nobody who is inactive."""
    keys = [UUID(one["player_id"]) for one in row.players if one["player_id"]]
    rows = await session.scalars(select(Player).where(Player.id.in_(keys))) if keys else ()
    return {player.id: player.id if player.is_active else None for player in rows}


async def _book(
    session: AsyncSession, row: StandingBooking, sheet: TeeSheet | None, wish: BookingWish, *, now: datetime
) -> Booking:
    if sheet is None:
        raise NoTeeSheet
    keys = {"sheet_id": sheet.id, "at": row.local_time, "places": row.places}
    start = await session.scalar(START, keys)
    if start is None:
        raise NoSuchStart(local_time=row.local_time)
    if start.starts_at <= now:
        raise StartInThePast(starts_at=start.starts_at)
    viewer = _desk_of(row, now=now)
    booking = await book_slots(session, viewer=viewer, wish=wish, tee_time_id=start.id, now=now)
    booking.has_deposit = False  # regulars pay none
    return booking


async def skip_date(
    session: AsyncSession, *, standing_booking_id: UUID, day: date, problem: Problem, now: datetime
) -> None:
    """Note that a standing booking could not be made for a date, and tell who has set it and who would play.

    Nothing is noted where the date is decided by now: another worker may have been faster.
    """
    row = await _lock(session, standing_booking_id)
    if row is None or row.next_date != day:
        return
    course, club = await session.get_one(Course, row.course_id), await session.get_one(Club, row.club_id)
    session.add(_decided(row, day, now=now, reason=problem.code, message=problem.message[:500]))
    skipped = StandingBookingSkipped(**about(row), standing_date=day, skip_reason=problem.code)
    record(session, skipped, now=now)
    data = {
        "club_id": public_id("club", row.club_id),
        "course_id": public_id("course", row.course_id),
        "course": course.name,
        "date": day.isoformat(),
        "time": f"{row.local_time:%H:%M}",
    }
    players = [UUID(one["player_id"]) for one in row.players if one["player_id"]]
    kind = NotificationKind.STANDING_BOOKING_SKIPPED
    await notify(session, tenant_id=row.tenant_id, kind=kind, data=data, users=[row.set_by], players=players, now=now)
    await _plan(session, row, course, club, now=now)


async def _lock(session: AsyncSession, standing_booking_id: UUID) -> StandingBooking | None:
    locked = select(StandingBooking).where(StandingBooking.id == standing_booking_id).with_for_update(key_share=True)
    return await session.scalar(locked.execution_options(populate_existing=True))


async def _plan(session: AsyncSession, row: StandingBooking, course: Course, club: Club, *, now: datetime) -> None:
    await session.flush()
    decided = {one.date for one in (await dates_of(session, [row.id]))[row.id]}
    plan_next(row, course, club, decided=decided, now=now)


def _decided(
    row: StandingBooking,
    day: date,
    *,
    now: datetime,
    booking_id: UUID | None = None,
    reason: str | None = None,
    message: str = "",
) -> StandingDate:
    return StandingDate(
        id=new_id(),
        tenant_id=row.tenant_id,
        standing_booking_id=row.id,
        date=day,
        booking_id=booking_id,
        reason=reason,
        message=message,
        decided_at=now,
    )


def _desk_of(row: StandingBooking, *, now: datetime) -> Viewer:
    """Act for the club: whoever has set it may have left its staff by now."""
    return Viewer(
        user_id=BY_ITSELF,
        tenant_id=row.tenant_id,
        club_ids=frozenset({row.club_id}),
        player_id=None,
        roles=frozenset({Role.STAFF}),
        caddie_lists=frozenset(),
        household_id=None,
        expires_at=now,
    )


def _wish(row: StandingBooking, players: Mapping[UUID | None, UUID | None]) -> BookingWish:
    """Say what is booked: the place of somebody who may not be booked any more is kept, without a name."""
    wishes = []
    for one in row.players:
        key = UUID(one["player_id"]) if one["player_id"] else None
        is_gone = key is not None and players.get(key) is None
        wishes.append(
            PlayerWish(
                player_id=None if is_gone else key,
                first_name="" if is_gone else one["first_name"],
                last_name="" if is_gone else one["last_name"],
                price_class=PriceClass(one["price_class"]) if one["price_class"] else None,
            )
        )
    return BookingWish(
        players=wishes,
        places=row.places,
        holes=row.holes,
        payer_first_name=row.payer_first_name,
        payer_last_name=row.payer_last_name,
        by_club=True,
    )
