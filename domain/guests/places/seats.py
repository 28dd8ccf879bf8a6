"""Freeing seats: whoever does not come, sits nowhere."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.facts import full_name, is_revealed, of_occasion
from domain.guests.places.attendances import PLACES, Place, read_places
from events.guests.seating import GuestUnseated, SeatChanged
from events.log import record
from kit.ids import public_id
from models.guests.households import Attendance, Guest
from models.guests.occasions import Occasion
from models.guests.seating import DiningTable

LOCKED = (
    select(DiningTable)
    .where(DiningTable.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(DiningTable.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)

SEATED = PLACES.where(
    Attendance.occasion_id == bindparam("occasion_id", type_=Uuid), Attendance.table_id.is_not(None)
).order_by(Attendance.part_id, Attendance.table_id, Guest.id)


async def lock_tables(session: AsyncSession, table_ids: Collection[UUID]) -> dict[UUID, DiningTable]:
    """Lock tables in the order of their ids. One that is gone is missing."""
    if not table_ids:
        return {}
    rows = await session.scalars(LOCKED, {"ids": sorted(set(table_ids))})
    return {table.id: table for table in rows}


def tell_seat(session: AsyncSession, occasion: Occasion, place: Place, *, now: datetime) -> None:
    """Tell of the seat of a guest who has one, that has not changed: to a household that did not see it before."""
    row = place.attendance
    if row.table_id is None:
        return
    table = public_id("table", row.table_id)
    told = SeatChanged(
        **of_occasion(occasion),
        household_id=public_id("household", row.household_id),
        part_id=public_id("part", row.part_id),
        guest_id=public_id("guest", row.guest_id),
        guest_name=full_name(place.guest),
        is_revealed=is_revealed(occasion, now),
        table_id=table,
        seat=row.seat,
        is_locked=row.is_locked,
        previous_table_id=table,
    )
    record(session, told, now=now)


async def seats_of(session: AsyncSession, occasion: Occasion) -> list[Place]:
    """Read the places of all who have a seat. Behind the lock of their occasion."""
    return await read_places(session, SEATED, occasion_id=occasion.id)


async def vacate(session: AsyncSession, occasion: Occasion, places: Collection[Place], *, now: datetime) -> None:
    """Take their seats from guests who have one; a locked seat too. Behind the locks of their parts."""
    seated = [place for place in places if place.attendance.table_id is not None]
    if not seated:
        return
    left = Counter(place.attendance.table_id for place in seated)
    with session.no_autoflush:  # nothing that is pending changes which tables these are
        tables = await lock_tables(session, [table_id for table_id in left if table_id is not None])
    for table_id, table in tables.items():
        table.seated -= left[table_id]
    for place in seated:
        _unseat(session, occasion, place, now=now)


def _unseat(session: AsyncSession, occasion: Occasion, place: Place, *, now: datetime) -> None:
    row = place.attendance
    if row.table_id is None:
        return
    told = GuestUnseated(
        **of_occasion(occasion),
        household_id=public_id("household", row.household_id),
        part_id=public_id("part", row.part_id),
        guest_id=public_id("guest", row.guest_id),
        guest_name=full_name(place.guest),
        is_revealed=is_revealed(occasion, now),
        previous_table_id=public_id("table", row.table_id),
    )
    row.table_id, row.seat, row.is_locked = None, None, False
    record(session, told, now=now)
