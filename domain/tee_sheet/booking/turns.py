"""Rounds that come by their start once more: 18 holes on a course of nine have places at their turn, too.

These places are the booking's, and nobody is seated on them: they have no price of their own. Whoever changes a booking
locks its turn together with its start, in the order of their ids.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.access import share_course
from domain.tee_sheet.booking.access import lock_booking, lock_row
from domain.tee_sheet.booking.problems import TurnTaken
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_on_sale, lock_tee_time, lock_tee_times
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.places import release_places
from domain.tee_sheet.offers.starts import OpenStart
from domain.tee_sheet.offers.turns import comes_by_twice, turn_minutes
from events.log import record
from events.tee_sheet.booking import SlotBooked
from kit.errors import Unavailable
from kit.ids import public_id
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import Booking, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import SlotStatus

NEXT = (
    select(TeeTime.id)
    .where(TeeTime.sheet_id == bindparam("sheet_id", type_=Uuid), TeeTime.tee == bindparam("tee"))
    .where(TeeTime.starts_at >= bindparam("at", type_=DateTime(timezone=True)))
    .order_by(TeeTime.starts_at)
    .limit(1)
)
STARTS = (
    select(TeeTime, TeeSheet, Course)
    .join(TeeSheet, TeeSheet.id == TeeTime.sheet_id)
    .join(Course, Course.id == TeeSheet.course_id)
    .where(TeeTime.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
SHIFTED = "The starts of this day are being shifted; try again shortly."


@dataclass(frozen=True)
class Turn:
    """The start at which a round turns, locked, and places there."""

    start: LockedTeeTime
    slots: list[Slot]


async def find_turn(
    session: AsyncSession, *, course: Course, sheet: TeeSheet, tee_time: TeeTime, holes: int
) -> UUID | None:
    """Find the start at which a round turns: the first one of its tee when nine holes should be played, or after that.

    None for other rounds, and where no start is so late: nobody is in the way then.
    """
    if not comes_by_twice(sheet, holes):
        return None
    at = tee_time.starts_at + timedelta(minutes=turn_minutes(sheet, course))
    found: UUID | None = await session.scalar(NEXT, {"sheet_id": sheet.id, "tee": tee_time.tee, "at": at})
    return found


async def find_turns(
    session: AsyncSession, tee_time_ids: Collection[UUID], *, holes: int | None
) -> dict[UUID, UUID | None]:
    """Find where rounds turn, of so many holes or full ones, by their starts: those that come by twice, and no others.

    None for one whose turn lies behind the last start.
    """
    rows = await session.execute(STARTS, {"ids": list(tee_time_ids)}) if tee_time_ids else ()
    return {
        tee_time.id: await find_turn(session, course=course, sheet=sheet, tee_time=tee_time, holes=holes or sheet.holes)
        for tee_time, sheet, course in rows
        if comes_by_twice(sheet, holes or sheet.holes)
    }


async def lock_for_round(
    session: AsyncSession,
    *,
    course: Course,
    start: tuple[TeeTime, TeeSheet],
    holes: int,
    also: Collection[UUID | None] = (),
) -> tuple[dict[UUID, LockedTeeTime], LockedTeeTime | None]:
    """Lock a start that a round wants, that of its turn, and others, behind its course; gives all, and the turn.

    Raises NotFound, and Unavailable where starts were shifted at this moment.
    """
    tee_time, sheet = start
    turn_id = await find_turn(session, course=course, sheet=sheet, tee_time=tee_time, holes=holes)
    ids = {tee_time.id, turn_id, *also} - {None}
    locked = await lock_tee_times(session, [one for one in ids if one])
    if turn_id is None:
        return locked, None
    fresh = locked[tee_time.id]
    again = await find_turn(session, course=course, sheet=fresh.sheet, tee_time=fresh.tee_time, holes=holes)
    if again != turn_id:
        raise Unavailable(message=SHIFTED)
    return locked, locked[turn_id]


async def lock_for_sale(
    session: AsyncSession, start: OpenStart, *, holes: int
) -> tuple[Course, LockedTeeTime, LockedTeeTime | None]:
    """Share the course of a start that is wanted, and lock it, with the start at which the round turns."""
    sheet, tee_time = start.sheet, start.tee_time
    if not comes_by_twice(sheet, holes):
        return *await lock_on_sale(session, course_id=sheet.course_id, tee_time_id=tee_time.id), None
    course = await share_course(session, course_id=sheet.course_id)
    locked, turn = await lock_for_round(session, course=course, start=(tee_time, sheet), holes=holes)
    return course, locked[tee_time.id], turn


async def lock_with_turn(session: AsyncSession, booking: Booking) -> tuple[LockedTeeTime, LockedTeeTime | None]:
    """Lock a booking, its tee time, and that of its turn if it has one."""
    if booking.turn_tee_time_id is None:
        locked = await lock_booking(session, booking)
        if booking.turn_tee_time_id is None:
            return locked, None
        return locked, await lock_tee_time(session, booking.turn_tee_time_id)  # it has just got one, which is later
    await lock_row(session, booking)
    return await lock_starts_of(session, booking)


async def lock_starts_of(session: AsyncSession, booking: Booking) -> tuple[LockedTeeTime, LockedTeeTime | None]:
    """Lock the tee time of a booking that is locked, and that of its turn if it has one."""
    turn_id = booking.turn_tee_time_id
    locked = await lock_tee_times(session, {booking.tee_time_id, *([turn_id] if turn_id else [])})
    return locked[booking.tee_time_id], locked[turn_id] if turn_id else None


async def room_at(
    session: AsyncSession, turn: LockedTeeTime | None, places: int, *, by_staff: bool, now: datetime
) -> Turn | None:
    """Find free places at a turn. Raises TurnTaken."""
    if turn is None:
        return None
    await end_due_holds(session, turn, for_staff=places if by_staff else 0, now=now)
    slots = turn.free[:places]
    if len(slots) < places:
        at, tee_time_id = turn.tee_time.starts_at, public_id("tee_time", turn.tee_time.id)
        raise TurnTaken(turn_tee_time_id=tee_time_id, turns_at=at, places_left=len(slots))
    return Turn(turn, slots)


def places_at(turn: LockedTeeTime | None, booking: Booking) -> Turn | None:
    """Give the places that a booking has at its turn."""
    return Turn(turn, turn.sold_to(booking.id)) if turn else None


def take(session: AsyncSession, booking: Booking, turn: Turn | None, club: Club, *, now: datetime) -> None:
    """Give a booking places at its turn, and tell of each."""
    for slot in turn.slots if turn else ():
        slot.status, slot.hold_id, slot.booking_id = SlotStatus.BOOKED, None, booking.id
    tell(session, booking, turn, club, now=now)


def tell(session: AsyncSession, booking: Booking, turn: Turn | None, club: Club, *, now: datetime) -> None:
    """Tell whose places at a turn are."""
    for start, slot in ((turn.start, slot) for slot in turn.slots) if turn else ():
        fact = start.fact(
            SlotBooked,
            slot,
            booking_id=public_id("booking", booking.id),
            payer_first_name=booking.payer_first_name,
            payer_last_name=booking.payer_last_name,
            name_privacy=club.name_privacy,
            booked_by=booking.booked_by,
        )
        record(session, replace(fact, price_cents=None), now=now)


async def fit(
    session: AsyncSession,
    booking: Booking,
    turn: LockedTeeTime | None,
    club: Club,
    *,
    players: int,
    by_staff: bool,
    now: datetime,
) -> None:
    """Let a booking have as many places at its turn as it has players. Raises TurnTaken."""
    if turn is None:
        return
    had = turn.sold_to(booking.id)
    if missing := max(0, players - len(had)):
        take(session, booking, await room_at(session, turn, missing, by_staff=by_staff, now=now), club, now=now)
    if len(had) > players:
        await release_places(session, turn, had[players:], given_up=True, now=now)
