"""Reading the seating: the chart of those who plan, and the tables of a household once they are shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_planned, known_as, no_such
from domain.guests.places.joined import GUESTS
from domain.guests.places.parts import chosen, read_parts
from domain.guests.reading import cursor_of_occasion
from domain.guests.seating.chart import Problem, find_problems
from domain.guests.seating.floor import SITS, Seating, Sitter, read_seating, refuse_unseated
from events.cursor import Cursor
from models.guests.households import Attendance, Household
from models.guests.occasions import Part
from models.guests.seating import DiningTable, SeatingRule
from models.guests.values import RsvpStatus

OF_TABLES = (
    select(*SITS)
    .select_from(GUESTS)
    .where(Attendance.table_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Attendance.seat.nulls_last(), Attendance.guest_id)
)
OWN_TABLES = (
    select(DiningTable, Attendance.household_id)
    .join(Attendance, Attendance.table_id == DiningTable.id)
    .where(Attendance.household_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .distinct()
    .order_by(DiningTable.part_id, DiningTable.id)
)
HOUSEHOLDS = select(Household.id, Household.name).where(Household.id == any_(bindparam("ids", type_=ARRAY(Uuid))))


@dataclass(frozen=True)
class SeatingChart:
    """A part's seating, as those who plan the occasion see it."""

    part: Part
    seating: Seating
    cursor: Cursor

    @cached_property
    def problems(self) -> list[Problem]:
        """All that is wrong with it, the worst first."""
        return find_problems(self.seating.banquet, self.seating.seats)


async def read_chart(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, part_id: UUID | None = None
) -> SeatingChart:
    """Read the seating of a part, the main one unless one is named. Raises NotFound, NotAllowed, PartNotSeated."""
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    part = chosen(await read_parts(session, occasion.id), part_id)
    refuse_unseated(part, path=("partId",))
    seating = await read_seating(session, part)
    return SeatingChart(part, seating, await cursor_of_occasion(session, occasion.id))


async def sitters_of(session: AsyncSession, table_ids: Iterable[UUID]) -> dict[UUID, list[Sitter]]:
    """Read who sits at tables, by seat; who has none of their own comes last."""
    found: dict[UUID, list[Sitter]] = {table_id: [] for table_id in table_ids}
    for row in await session.execute(OF_TABLES, {"ids": list(found)}):
        sitter = Sitter._make(row)
        if sitter.table_id is not None:
            found[sitter.table_id].append(sitter)
    return found


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody of another household who sits at the same table, comes, and agreed to be listed."""

    name: str
    group_name: str
    household_name: str
    seat: int | None


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table at which a household sits: its own guests, and who else of those who agreed to be listed."""

    table: DiningTable
    own: list[Sitter]
    companions: list[Companion]


async def tables_of_households(session: AsyncSession, household_ids: Iterable[UUID]) -> dict[UUID, list[OwnTable]]:
    """Read at which tables households sit. Whether they may see it is asked before."""
    found: dict[UUID, list[OwnTable]] = {household_id: [] for household_id in household_ids}
    rows = [(table, home) for table, home in await session.execute(OWN_TABLES, {"ids": list(found)})]
    at = await sitters_of(session, {table.id for table, _ in rows})
    homes = {one.household_id for sitters in at.values() for one in sitters if one.is_listed}
    names = {row.id: row.name for row in await session.execute(HOUSEHOLDS, {"ids": list(homes)})}
    for table, household_id in rows:
        own = [one for one in at[table.id] if one.household_id == household_id]
        others = [one for one in at[table.id] if one.household_id != household_id and _is_shown(one)]
        seen = [Companion(one.name, one.group_name, names[one.household_id], one.seat) for one in others]
        found[household_id].append(OwnTable(table, own, seen))
    return found


def _is_shown(one: Sitter) -> bool:
    return one.is_listed and one.status is RsvpStatus.ACCEPTED and bool(one.name)


async def find_table(session: AsyncSession, *, viewer: Viewer, table_id: UUID) -> DiningTable:
    """Find a table of an occasion that the viewer plans. Raises NotFound, NotAllowed."""
    table = await session.get(DiningTable, table_id)
    if table is None:
        raise no_such("table")
    async with known_as("table"):
        await find_planned(session, viewer=viewer, occasion_id=table.occasion_id)
    return table


async def find_rule(session: AsyncSession, *, viewer: Viewer, rule_id: UUID) -> SeatingRule:
    """Find a rule of the seating of an occasion that the viewer plans. Raises NotFound, NotAllowed."""
    rule = await session.get(SeatingRule, rule_id)
    if rule is None:
        raise no_such("seating rule")
    async with known_as("seating rule"):
        await find_planned(session, viewer=viewer, occasion_id=rule.occasion_id)
    return rule
