"""The tables of a seated part: adding, changing and deleting them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import known_as, lock_occasion, no_such, refuse_closed
from domain.guests.facts import is_revealed, of_occasion
from domain.guests.places.attendances import PLACES, read_places
from domain.guests.places.parts import chosen, read_parts
from domain.guests.places.seats import lock_tables, vacate
from domain.guests.problems import OccasionFull
from domain.guests.records import note_activity
from domain.guests.seating.facts import table_data, table_state
from domain.guests.seating.floor import refuse_unseated
from domain.guests.seating.problems import SeatsTaken
from events.guests.seating import TableCreated, TableDeleted, TableUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.text import check_range, clean_name
from models.guests.households import Attendance, Guest
from models.guests.occasions import Occasion
from models.guests.seating import DiningTable
from models.guests.values import ActivityKind, TableShape

MOST_TABLES = 200
MOST_SEATS = 30
FARTHEST = 10_000
"""How far from the middle of a chart a table may stand."""
NAMED = select(DiningTable.id).where(
    DiningTable.part_id == bindparam("part_id", type_=Uuid), DiningTable.name == bindparam("name")
)
AT = PLACES.where(Attendance.table_id == bindparam("table_id", type_=Uuid)).order_by(Guest.id)


class TableChanges(TypedDict, total=False):
    """What shall change of a table: what is left out, or None, stays."""

    name: str | None
    capacity: int | None
    shape: TableShape | None
    x: float | None
    y: float | None
    is_accessible: bool | None
    is_vip: bool | None


async def add_table(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    part_id: UUID | None = None,
    name: str,
    capacity: int = 8,
    shape: TableShape = TableShape.ROUND,
    x: float = 0.0,
    y: float = 0.0,
    is_accessible: bool = True,
    is_vip: bool = False,
    now: datetime,
) -> DiningTable:
    """Add a table to a seated part, the main one unless one is named.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, OccasionFull, PartNotSeated.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    part = chosen(await read_parts(session, occasion.id), part_id)
    refuse_unseated(part)
    if occasion.table_count >= MOST_TABLES:
        raise OccasionFull(most=MOST_TABLES, present=occasion.table_count)
    given = {"name": name, "capacity": capacity, "x": x, "y": y}
    clean = _cleaned(given)
    await _refuse_name(session, part.id, clean["name"])
    table = DiningTable(
        id=new_id(),
        tenant_id=occasion.tenant_id,
        occasion_id=occasion.id,
        part_id=part.id,
        seated=0,
        shape=shape,
        is_accessible=is_accessible,
        is_vip=is_vip,
        created_at=now,
        updated_at=now,
        **clean,
    )
    session.add(table)
    occasion.table_count += 1
    record(session, table_state(TableCreated, occasion, table), now=now)
    note_activity(session, occasion, ActivityKind.TABLES_CHANGED, viewer=viewer, count=1, now=now)
    return table


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is set of a table, as it is kept. Raises InvalidInput."""
    clean = {name: value for name, value in values.items() if value is not None}
    if "name" in clean:
        clean["name"] = clean_name(clean["name"], path=("input", "name"))
    if "capacity" in clean:
        check_range(clean["capacity"], 1, MOST_SEATS, path=("input", "capacity"))
    for axis in {"x", "y"} & clean.keys():
        check_range(clean[axis], -FARTHEST, FARTHEST, path=("input", axis))
    return clean


async def _refuse_name(session: AsyncSession, part_id: UUID, name: str) -> None:
    if await session.scalar(NAMED, {"part_id": part_id, "name": name}):
        raise InvalidInput(message="Another table of the part has this name; choose another.", path=("input", "name"))


async def _lock_table(session: AsyncSession, viewer: Viewer, table_id: UUID) -> tuple[Occasion, DiningTable]:
    """Lock an occasion that the viewer plans, by one of its tables, and the table."""
    found = await session.get(DiningTable, table_id)
    if found is None:
        raise no_such("table")
    async with known_as("table"):
        occasion = await lock_occasion(session, viewer=viewer, occasion_id=found.occasion_id)
    refuse_closed(occasion)
    locked = await lock_tables(session, [table_id])
    if table_id not in locked:
        raise no_such("table")
    return occasion, locked[table_id]


async def update_table(
    session: AsyncSession, *, viewer: Viewer, table_id: UUID, now: datetime, **values: Unpack[TableChanges]
) -> DiningTable:
    """Change a table. It has no fewer seats than who sits there needs.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, SeatsTaken.
    """
    occasion, table = await _lock_table(session, viewer, table_id)
    clean = _cleaned(values)
    changed = {name: value for name, value in clean.items() if getattr(table, name) != value}
    if not changed:
        return table
    if "name" in changed:
        await _refuse_name(session, table.part_id, changed["name"])
    places = await read_places(session, AT, table_id=table.id)
    needed = max([table.seated, *(place.attendance.seat or 0 for place in places)])
    if changed.get("capacity", needed) < needed:
        raise SeatsTaken(seated=needed, path=("input", "capacity"))
    for name, value in changed.items():
        setattr(table, name, value)
    table.updated_at = now
    households = {place.household.id for place in places} if is_revealed(occasion, now) else set()
    told = TableUpdated(
        **table_data(occasion, table),
        household_ids=tuple(public_id("household", one) for one in sorted(households)),
    )
    record(session, told, now=now)
    note_activity(session, occasion, ActivityKind.TABLES_CHANGED, viewer=viewer, count=1, now=now)
    return table


async def delete_table(session: AsyncSession, *, viewer: Viewer, table_id: UUID, now: datetime) -> DiningTable:
    """Delete a table; who sits there, locked or not, has no seat from then on.

    Raises NotFound, NotAllowed, OccasionNotOpen.
    """
    occasion, table = await _lock_table(session, viewer, table_id)
    await vacate(session, occasion, await read_places(session, AT, table_id=table.id), now=now)
    told = TableDeleted(
        **of_occasion(occasion), part_id=public_id("part", table.part_id), table_id=public_id("table", table.id)
    )
    record(session, told, now=now)
    occasion.table_count -= 1
    note_activity(session, occasion, ActivityKind.TABLES_CHANGED, viewer=viewer, count=1, now=now)
    await session.flush()
    await session.execute(delete(DiningTable).where(DiningTable.id == table.id))
    session.expunge(table)
    return table
