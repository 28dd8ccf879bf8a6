"""Giving guests seats: seating, moving, swapping, unseating and locking them, by those who plan the occasion."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import known_as, no_such
from domain.guests.places.attendances import Place
from domain.guests.places.seats import lock_tables, vacate
from domain.guests.records import note_activity
from domain.guests.seating.breaches import refuse_breaches
from domain.guests.seating.facts import guest_ids as public_ids
from domain.guests.seating.facts import sit
from domain.guests.seating.floor import COMING, lock_floor, lock_seats, places_at
from domain.guests.seating.problems import NotSeated, SeatLocked, SeatNotWanted, SeatOccupied, TableFull
from kit.errors import InvalidInput
from kit.ids import public_id
from kit.text import check_range
from models.guests.households import Attendance
from models.guests.occasions import Occasion
from models.guests.seating import DiningTable
from models.guests.values import ActivityKind

MOST_AT_TABLE = 30
MOST_AT_ONCE = 1_000
GUESTS = ("input", "guests")
GUEST_IDS = ("input", "guestIds")
ON_SEATS = select(Attendance.seat, Attendance.guest_id).where(
    Attendance.table_id == bindparam("table_id", type_=Uuid), Attendance.seat.is_not(None)
)


@dataclass(frozen=True, kw_only=True)
class SeatWish:
    """A guest who is to sit at a table, and on which seat, if that matters."""

    guest_id: UUID
    seat: int | None = None


async def seat_guests(
    session: AsyncSession,
    *,
    viewer: Viewer,
    table_id: UUID,
    guests: Sequence[SeatWish],
    force: bool = False,
    now: datetime,
) -> list[DiningTable]:
    """Seat guests at a table, wherever they sat before, all of them or none; gives that table, and those they left.

    Who sits there already keeps the seat unless another one is named. `force` seats them although that breaks rules.
    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, PartNotSeated, SeatNotWanted, SeatLocked, TableFull,
    SeatOccupied, SeatingRuleBroken.
    """
    wishes = _checked(guests)
    found = await session.get(DiningTable, table_id)
    if found is None:
        raise no_such("table")
    async with known_as("table"):
        occasion, part = await lock_floor(session, viewer=viewer, occasion_id=found.occasion_id, part_id=found.part_id)
    places = await places_at(session, part, wishes)
    tables = await lock_tables(session, _tables_of(places.values(), table_id))
    if table_id not in tables:
        raise no_such("table")
    table = tables[table_id]
    seats = _seats(table, wishes, places)
    _refuse_who_stays(table, seats, places)
    _refuse_full(table, places)
    await _refuse_occupied(session, table, seats)
    if not force:
        await refuse_breaches(session, part, dict.fromkeys(places, table_id))
    _count(tables, places.values(), table)
    await _free_seats(session, places.values(), seats)
    for guest_id, place in places.items():
        locked = place.attendance.is_locked
        sit(session, occasion, place, table_id, seat=seats[guest_id], is_locked=locked, now=now)
    _note(session, occasion, viewer, places, now=now)
    return [table, *(other for other in tables.values() if other is not table)]


def _checked(guests: Sequence[SeatWish]) -> dict[UUID, SeatWish]:
    if not 1 <= len(guests) <= MOST_AT_TABLE:
        raise InvalidInput(message=f"Give 1 to {MOST_AT_TABLE} guests.", path=GUESTS)
    named = [wish.seat for wish in guests if wish.seat is not None]
    wishes = {wish.guest_id: wish for wish in guests}
    if len(wishes) < len(guests) or len(set(named)) < len(named):
        raise InvalidInput(message="Name each guest once, and each seat once.", path=GUESTS)
    return wishes


def _tables_of(places: Iterable[Place], *more: UUID) -> set[UUID]:
    return {place.attendance.table_id for place in places if place.attendance.table_id is not None} | set(more)


def _seats(table: DiningTable, wishes: Mapping[UUID, SeatWish], places: Mapping[UUID, Place]) -> dict[UUID, int | None]:
    """Give the seat of each guest: the one that is wanted, or the one that they have at this table."""
    seats: dict[UUID, int | None] = {}
    for number, wish in enumerate(wishes.values()):
        row = places[wish.guest_id].attendance
        if row.status not in COMING:
            raise SeatNotWanted(guest_id=public_id("guest", wish.guest_id), rsvp_status=row.status, path=GUESTS)
        if wish.seat is not None:
            check_range(wish.seat, 1, table.capacity, path=(*GUESTS, str(number), "seat"))
        kept = row.seat if row.table_id == table.id else None
        seats[wish.guest_id] = kept if wish.seat is None else wish.seat
    return seats


def _refuse_who_stays(table: DiningTable, seats: Mapping[UUID, int | None], places: Mapping[UUID, Place]) -> None:
    rows = [(guest_id, place.attendance) for guest_id, place in places.items()]
    refuse_locked(
        guest_id for guest_id, row in rows if row.is_locked and (row.table_id, row.seat) != (table.id, seats[guest_id])
    )


def refuse_locked(held: Iterable[UUID]) -> None:
    """Let guests be moved, of whom these are locked where they sit. Raises SeatLocked if there are any."""
    if found := public_ids(held):
        raise SeatLocked(guest_ids=found)


def _refuse_full(table: DiningTable, places: Mapping[UUID, Place]) -> None:
    coming = sum(place.attendance.table_id != table.id for place in places.values())
    if table.seated + coming > table.capacity:
        raise TableFull(seats_left=table.capacity - table.seated, path=("input", "tableId"))


async def _refuse_occupied(session: AsyncSession, table: DiningTable, seats: Mapping[UUID, int | None]) -> None:
    wanted = {seat for seat in seats.values() if seat is not None}
    if not wanted:
        return
    for seat, guest_id in await session.execute(ON_SEATS, {"table_id": table.id}):
        if seat in wanted and guest_id not in seats:
            raise SeatOccupied(guest_id=public_id("guest", guest_id), path=GUESTS)
    if len(wanted) < sum(seat is not None for seat in seats.values()):
        raise InvalidInput(message="Two of them would sit on one seat; name a seat for both.", path=GUESTS)


def _count(tables: Mapping[UUID, DiningTable], places: Iterable[Place], table: DiningTable) -> None:
    """Count guests who come to a table from where they sat."""
    left = Counter(place.attendance.table_id for place in places if place.attendance.table_id != table.id)
    table.seated += left.total()
    for table_id, number in left.items():
        if table_id is not None:
            tables[table_id].seated -= number


async def _free_seats(
    session: AsyncSession, places: Collection[Place], seats: Mapping[UUID, int | None] | None = None
) -> None:
    """Free the seats that guests change between them: a seat is one guest's at any moment."""
    held = {place.attendance.seat for place in places} - {None}
    if seats is not None and held.isdisjoint({seat for seat in seats.values() if seat is not None}):
        return
    changing = [place for place in places if seats is None or place.attendance.seat != seats[place.guest.id]]
    if len(changing) > 1 and any(place.attendance.seat is not None for place in changing):
        for place in changing:
            place.attendance.seat = None
        await session.flush()


def _note(session: AsyncSession, occasion: Occasion, viewer: Viewer, ids: Iterable[UUID], *, now: datetime) -> None:
    kind = ActivityKind.SEATING_CHANGED
    note_activity(session, occasion, kind, viewer=viewer, guest_ids=list(ids), now=now)


async def unseat_guests(
    session: AsyncSession, *, viewer: Viewer, guest_ids: Sequence[UUID], part_id: UUID | None = None, now: datetime
) -> list[DiningTable]:
    """Take their seats from guests, all of them or none; gives the tables that they left.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, PartNotSeated, NotSeated, SeatLocked.
    """
    occasion, places = await _lock_seated(session, viewer, guest_ids, part_id)
    refuse_locked(guest_id for guest_id, place in places.items() if place.attendance.is_locked)
    tables = await lock_tables(session, _tables_of(places.values()))
    await vacate(session, occasion, list(places.values()), now=now)
    _note(session, occasion, viewer, places, now=now)
    return list(tables.values())


async def _lock_seated(
    session: AsyncSession, viewer: Viewer, guest_ids: Sequence[UUID], part_id: UUID | None
) -> tuple[Occasion, dict[UUID, Place]]:
    """Lock a part, and give the places of guests who sit there. Raises InvalidInput, NotSeated."""
    wanted = list(dict.fromkeys(guest_ids))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise InvalidInput(message=f"Give 1 to {MOST_AT_ONCE:,} guests.", path=GUEST_IDS)
    occasion, _, places = await lock_seats(session, viewer=viewer, guest_ids=wanted, part_id=part_id)
    standing = [guest_id for guest_id, place in places.items() if place.attendance.table_id is None]
    if standing:
        raise NotSeated(guest_ids=public_ids(standing))
    return occasion, places


async def swap_seats(
    session: AsyncSession,
    *,
    viewer: Viewer,
    guest_id: UUID,
    other_guest_id: UUID,
    part_id: UUID | None = None,
    force: bool = False,
    now: datetime,
) -> list[DiningTable]:
    """Let two guests change tables and seats; gives their tables. `force` does so although that breaks rules.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, PartNotSeated, NotSeated, SeatLocked,
    SeatingRuleBroken.
    """
    occasion, part, places = await lock_seats(
        session, viewer=viewer, guest_ids=[guest_id, other_guest_id], part_id=part_id
    )
    if guest_id == other_guest_id:
        raise InvalidInput(message="Name two guests.", path=("input", "otherGuestId"))
    one, other = places[guest_id], places[other_guest_id]
    here, there = one.attendance, other.attendance
    if here.table_id is None or there.table_id is None:
        raise NotSeated(guest_ids=public_ids(g for g, place in places.items() if place.attendance.table_id is None))
    refuse_locked(g for g, place in places.items() if place.attendance.is_locked)
    if (here.table_id, here.seat) == (there.table_id, there.seat):
        raise InvalidInput(
            message="They sit at one table without seats of their own; choose a guest of another table.",
            path=("input", "otherGuestId"),
        )
    tables = await lock_tables(session, _tables_of(places.values()))
    if not force:
        await refuse_breaches(session, part, {guest_id: there.table_id, other_guest_id: here.table_id})
    targets = [(one, there.table_id, there.seat), (other, here.table_id, here.seat)]
    await _free_seats(session, list(places.values()))
    for place, table_id, seat in targets:
        sit(session, occasion, place, table_id, seat=seat, is_locked=False, now=now)
    _note(session, occasion, viewer, places, now=now)
    return list(tables.values())


async def lock_seat(
    session: AsyncSession, *, viewer: Viewer, guest_ids: Sequence[UUID], part_id: UUID | None = None, now: datetime
) -> list[DiningTable]:
    """Let guests stay where they sit: nobody moves them until they are unlocked. Gives their tables.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, PartNotSeated, NotSeated; SeatLocked if all are.
    """
    return await _hold(session, viewer, guest_ids, part_id, is_locked=True, now=now)


async def unlock_seat(
    session: AsyncSession, *, viewer: Viewer, guest_ids: Sequence[UUID], part_id: UUID | None = None, now: datetime
) -> list[DiningTable]:
    """Let guests be moved again. Gives their tables.

    Raises NotFound, NotAllowed, InvalidInput, also if nobody of them is locked, OccasionNotOpen, PartNotSeated,
    NotSeated.
    """
    return await _hold(session, viewer, guest_ids, part_id, is_locked=False, now=now)


async def _hold(
    session: AsyncSession,
    viewer: Viewer,
    guest_ids: Sequence[UUID],
    part_id: UUID | None,
    *,
    is_locked: bool,
    now: datetime,
) -> list[DiningTable]:
    occasion, places = await _lock_seated(session, viewer, guest_ids, part_id)
    changed = {g: place for g, place in places.items() if place.attendance.is_locked is not is_locked}
    if not changed and is_locked:
        raise SeatLocked(
            message="All of them are locked already; leave it so, or name others.",
            guest_ids=public_ids(places),
            path=GUEST_IDS,
        )
    if not changed:
        raise InvalidInput(message="Nobody of them is locked; choose who is.", path=GUEST_IDS)
    tables = await lock_tables(session, _tables_of(places.values()))
    for place in changed.values():
        row = place.attendance
        if row.table_id is not None:
            sit(session, occasion, place, row.table_id, seat=row.seat, is_locked=is_locked, now=now)
    _note(session, occasion, viewer, changed, now=now)
    return list(tables.values())
