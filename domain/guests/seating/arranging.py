"""Giving many guests their seats at once, each at a table or at none: so what was done is taken back, too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import no_such
from domain.guests.places.attendances import Place
from domain.guests.places.seats import vacate
from domain.guests.records import note_activity
from domain.guests.seating.breaches import refuse_breaches
from domain.guests.seating.facts import sit
from domain.guests.seating.floor import COMING, TABLES_LOCKED, lock_floor, places_at
from domain.guests.seating.problems import SeatNotWanted, SeatOccupied, TableFull
from domain.guests.seating.seats import refuse_locked
from kit.errors import InvalidInput
from kit.ids import public_id
from kit.text import check_range
from models.guests.households import Attendance
from models.guests.occasions import Occasion
from models.guests.seating import DiningTable
from models.guests.values import ActivityKind

MOST_AT_ONCE = 2_000
"""As many as an occasion has guests."""
SEATS = ("input", "seats")
CHAIRS = select(Attendance.table_id, Attendance.seat, Attendance.guest_id).where(
    Attendance.part_id == bindparam("part_id", type_=Uuid), Attendance.seat.is_not(None)
)


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """Where a guest is to sit: at a table, on a seat of it if that matters, or nowhere."""

    guest_id: UUID
    table_id: UUID | None = None
    seat: int | None = None


async def arrange_seats(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    part_id: UUID | None = None,
    seats: Sequence[Arranged],
    force: bool = False,
    now: datetime,
) -> list[DiningTable]:
    """Give guests their seats at the tables of a part, or none, all of them or nobody; gives the tables that changed.

    `force` does so although that breaks rules. Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen,
    PartNotSeated, SeatNotWanted, SeatLocked, TableFull, SeatOccupied, SeatingRuleBroken.
    """
    wishes = _checked(seats)
    occasion, part = await lock_floor(session, viewer=viewer, occasion_id=occasion_id, part_id=part_id)
    places = await places_at(session, part, wishes)
    tables = {table.id: table for table in await session.scalars(TABLES_LOCKED, {"part_id": part.id})}
    _refuse_places(wishes, places, tables)
    _refuse_full(wishes, places, tables)
    for table_id, seat, guest_id in await session.execute(CHAIRS, {"part_id": part.id}):
        if guest_id not in wishes and any((one.table_id, one.seat) == (table_id, seat) for one in wishes.values()):
            raise SeatOccupied(guest_id=public_id("guest", guest_id), path=SEATS)
    if not force:
        await refuse_breaches(session, part, {one.guest_id: one.table_id for one in wishes.values()})
    return await move_all(session, occasion, tables, places, wishes, viewer=viewer, now=now)


async def move_all(
    session: AsyncSession,
    occasion: Occasion,
    tables: Mapping[UUID, DiningTable],
    places: Mapping[UUID, Place],
    wishes: Mapping[UUID, Arranged],
    *,
    viewer: Viewer,
    now: datetime,
) -> list[DiningTable]:
    """Seat guests as they are to sit, at the locked tables of their locked part; gives the tables that changed."""
    moved = {guest: place for guest, place in places.items() if is_news(wishes[guest], place)}
    if not moved:
        return []
    before = Counter(place.attendance.table_id for place in moved.values())
    going = [place for guest, place in moved.items() if wishes[guest].table_id is None]
    await vacate(session, occasion, going, now=now)
    coming = {guest: place for guest, place in moved.items() if wishes[guest].table_id is not None}
    for guest, place in coming.items():
        _count(tables, place.attendance.table_id, wishes[guest].table_id)
    for guest in [guest for guest in coming if wishes[guest].seat is None]:
        _sit(session, occasion, coming[guest], wishes[guest], now=now)
    chosen = [guest for guest in coming if wishes[guest].seat is not None]
    if chosen:
        for guest in chosen:  # a seat is one guest's at any moment
            coming[guest].attendance.seat = None
        await session.flush()
    for guest in chosen:
        _sit(session, occasion, coming[guest], wishes[guest], now=now)
    kind = ActivityKind.SEATING_CHANGED
    note_activity(session, occasion, kind, viewer=viewer, guest_ids=list(moved), now=now)
    touched = {*before, *(wishes[guest].table_id for guest in moved)}
    return [table for table in tables.values() if table.id in touched]


def _sit(session: AsyncSession, occasion: Occasion, place: Place, wish: Arranged, *, now: datetime) -> None:
    if wish.table_id is not None:
        sit(session, occasion, place, wish.table_id, seat=wish.seat, is_locked=False, now=now)


def _checked(seats: Sequence[Arranged]) -> dict[UUID, Arranged]:
    if not 1 <= len(seats) <= MOST_AT_ONCE:
        raise InvalidInput(message=f"Give 1 to {MOST_AT_ONCE:,} guests.", path=SEATS)
    wishes = {one.guest_id: one for one in seats}
    chairs = [(one.table_id, one.seat) for one in seats if one.seat is not None]
    if len(wishes) < len(seats) or len(set(chairs)) < len(chairs):
        raise InvalidInput(message="Name each guest once, and each seat once.", path=SEATS)
    for number, one in enumerate(seats):
        if one.table_id is None and one.seat is not None:
            raise InvalidInput(message="Name the table of the seat, too.", path=(*SEATS, str(number), "tableId"))
    return wishes


def is_news(wish: Arranged, place: Place) -> bool:
    """Tell whether a guest is to sit elsewhere than now."""
    return (place.attendance.table_id, place.attendance.seat) != (wish.table_id, wish.seat)


def _refuse_places(
    wishes: Mapping[UUID, Arranged], places: Mapping[UUID, Place], tables: Mapping[UUID, DiningTable]
) -> None:
    """Let guests sit who may, where there are seats. Raises NotFound, InvalidInput, SeatNotWanted, SeatLocked."""
    for number, (guest_id, wish) in enumerate(wishes.items()):
        if wish.table_id is None:
            continue
        if wish.table_id not in tables:
            raise no_such("table")
        status = places[guest_id].status
        if status not in COMING:
            raise SeatNotWanted(guest_id=public_id("guest", guest_id), rsvp_status=status, path=SEATS)
        if wish.seat is not None:
            check_range(wish.seat, 1, tables[wish.table_id].capacity, path=(*SEATS, str(number), "seat"))
    refuse_locked(g for g, place in places.items() if place.attendance.is_locked and is_news(wishes[g], place))


def _refuse_full(
    wishes: Mapping[UUID, Arranged], places: Mapping[UUID, Place], tables: Mapping[UUID, DiningTable]
) -> None:
    left = Counter(place.attendance.table_id for place in places.values())
    coming = Counter(one.table_id for one in wishes.values())
    for table in tables.values():
        free = table.capacity - table.seated + left[table.id]
        if coming[table.id] > free:
            raise TableFull(
                message=f"{table.name} has {free} seats for {coming[table.id]} guests; choose another table for some.",
                seats_left=free,
                path=SEATS,
            )


def _count(tables: Mapping[UUID, DiningTable], before: UUID | None, after: UUID | None) -> None:
    """Count a guest who comes to a table from where they sat."""
    if before is not None and before != after:
        tables[before].seated -= 1
    if after is not None and before != after:
        tables[after].seated += 1
