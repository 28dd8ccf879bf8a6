"""Whom the door expects: a list that a scanner carries along, for when it has no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_planned
from domain.guests.places.joined import SEATS
from domain.guests.places.parts import chosen, read_parts
from domain.guests.reading import cursor_of_occasion
from events.cursor import Cursor
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.seating import DiningTable

EXPECTED = (
    select(Attendance, Guest, Household.name, DiningTable.name)
    .select_from(SEATS)
    .where(Attendance.part_id == bindparam("part_id", type_=Uuid))
    .order_by(Household.name, Household.id, Guest.id)
)


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A guest who is invited to a part."""

    guest: Guest
    attendance: Attendance
    household_name: str
    table_name: str | None


@dataclass(frozen=True, kw_only=True)
class DoorList:
    """Whom the door of a part expects, by household."""

    occasion: Occasion
    part: Part
    guests: Sequence[Expected]
    cursor: Cursor


async def read_door_list(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, part_id: UUID | None = None
) -> DoorList:
    """Read everybody who is invited to a part, whatever they answered: a door lets in who comes after all.

    Raises NotFound, NotAllowed.
    """
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    part = chosen(await read_parts(session, occasion.id), part_id)
    rows = await session.execute(EXPECTED, {"part_id": part.id})
    guests = [
        Expected(guest=guest, attendance=attendance, household_name=household, table_name=table)
        for attendance, guest, household, table in rows
    ]
    return DoorList(occasion=occasion, part=part, guests=guests, cursor=await cursor_of_occasion(session, occasion.id))
