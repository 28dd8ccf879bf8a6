"""Reading the headcount of a part: for those who plan the occasion, and for the club's staff."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, Standing, find_occasion
from domain.guests.headcount.counting import Everybody, Head, Names, PartCount, in_all
from domain.guests.places.joined import GUESTS
from domain.guests.places.parts import chosen, read_parts
from domain.guests.reading import cursor_of_occasion, occasions_by_id
from events.cursor import Cursor
from kit.errors import NotAllowed
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.seating import DiningTable

HEADS = (
    select(
        Attendance.part_id,
        Attendance.guest_id,
        Attendance.household_id,
        Attendance.status,
        Guest.age_group,
        Guest.takes_place,
        Attendance.meal_id,
        Guest.diets,
        Guest.needs,
        Attendance.table_id,
        Attendance.arrived_at,
    )
    .select_from(GUESTS)
    .where(Attendance.occasion_id == bindparam("occasion_id", type_=Uuid))
)
TABLES = (
    select(DiningTable.part_id, DiningTable.id, DiningTable.name, DiningTable.capacity)
    .where(DiningTable.occasion_id == bindparam("occasion_id", type_=Uuid))
    .order_by(DiningTable.name)
)
HOUSEHOLDS = (
    select(Household.id, Household.name)
    .where(Household.occasion_id == bindparam("occasion_id", type_=Uuid))
    .order_by(Household.name, Household.id)
)


@dataclass(frozen=True, kw_only=True)
class Headcount:
    """How many come to a part, and to the occasion in all, as of a place in the occasion's stream."""

    occasion: Occasion
    part: Part
    parts: list[Part]
    count: PartCount
    everybody: Everybody
    names: Names
    cursor: Cursor


async def find_counted(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID) -> Access:
    """Find an occasion whose guests the viewer may count: as who plans it, or works at the club.

    Raises NotFound, NotAllowed.
    """
    access = await find_occasion(session, viewer=viewer, occasion_id=occasion_id)
    if access.standing is Standing.GUEST:
        raise NotAllowed(message="Only those who plan the occasion, and the club's staff, may count its guests.")
    return access


async def read_headcount(
    session: AsyncSession, *, occasion_id: UUID, part_id: UUID | None, with_households: bool
) -> Headcount:
    """Count the guests of a part, or of the main one, for somebody who may. Raises NotFound."""
    occasion = (await occasions_by_id(session, [occasion_id]))[occasion_id]
    parts = await read_parts(session, occasion_id)
    part = chosen(parts, part_id)
    heads: dict[UUID, list[Head]] = {one.id: [] for one in parts}
    guests: list[tuple[UUID, Head]] = []
    for row in await session.execute(HEADS, {"occasion_id": occasion_id}):
        head = Head(*row[2:])
        heads[row.part_id].append(head)
        guests.append((row.guest_id, head))
    tables: dict[UUID, dict[UUID, tuple[str, int]]] = {one.id: {} for one in parts}
    if any(one.is_seated for one in parts):
        for of, table_id, name, capacity in await session.execute(TABLES, {"occasion_id": occasion_id}):
            tables[of][table_id] = name, capacity
    called = await session.execute(HOUSEHOLDS, {"occasion_id": occasion_id}) if with_households else ()
    deadline = occasion.rsvp_deadline
    counts = {one.id: PartCount(heads[one.id], one.capacity, one.is_seated, deadline) for one in parts}
    once = PartCount(in_all(guests), None, is_seated=False, rsvp_deadline=deadline)
    return Headcount(
        occasion=occasion,
        part=part,
        parts=parts,
        count=counts[part.id],
        everybody=Everybody(once, list(counts.values())),
        names=Names(tables=tables, households={row.id: row.name for row in called}),
        cursor=await cursor_of_occasion(session, occasion_id),
    )
