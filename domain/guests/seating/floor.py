"""The tables of a part with who sits there: found, locked, and seen as the rules of seating look at them.

Who changes anything of it shares the occasion, so that nobody closes it meanwhile, and locks the part: seats and
answers of a part change one after the other. Its tables are locked behind that, in the order of their ids.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import known_as, no_such, planned, refuse_closed, share_occasion
from domain.guests.places.attendances import Place, places_of_guests
from domain.guests.places.joined import GUESTS
from domain.guests.places.parts import chosen, lock_parts, read_parts
from domain.guests.seating.chart import Banquet, GuestToSeat, Rule, TableToFill
from domain.guests.seating.problems import PartNotSeated
from models.guests.households import Attendance, Guest
from models.guests.occasions import Occasion, Part
from models.guests.seating import DiningTable, SeatingRule
from models.guests.values import Need, RsvpStatus, SeatingRuleKind

COMING = (RsvpStatus.ACCEPTED, RsvpStatus.PENDING)
"""Whoever has said yes, or nothing yet, may have a seat."""
TABLES = (
    select(DiningTable)
    .where(DiningTable.part_id == bindparam("part_id", type_=Uuid))
    .order_by(DiningTable.id)
    .execution_options(populate_existing=True)
)
TABLES_LOCKED = TABLES.with_for_update(key_share=True)
SITS = (
    Attendance.guest_id,
    Attendance.household_id,
    Attendance.table_id,
    Attendance.seat,
    Attendance.is_locked,
    Attendance.status,
    Guest.first_name,
    Guest.last_name,
    Guest.group_name,
    Guest.is_vip,
    Guest.needs,
    Guest.is_listed,
)
"""The columns of a `Sitter`."""
SITTERS = (
    select(*SITS)
    .select_from(GUESTS)
    .where(
        Attendance.part_id == bindparam("part_id", type_=Uuid),
        Attendance.status.in_(COMING),
        or_(Guest.takes_place, Attendance.table_id.is_not(None)),
    )
    .order_by(Attendance.guest_id)
)
RULES = select(SeatingRule).where(SeatingRule.occasion_id == bindparam("occasion_id", type_=Uuid))
RULES = RULES.order_by(SeatingRule.id).execution_options(populate_existing=True)


class Sitter(NamedTuple):
    """Somebody who sits at a part, or is to; an infant only where it was given a seat."""

    guest_id: UUID
    household_id: UUID
    table_id: UUID | None
    seat: int | None
    is_locked: bool
    status: RsvpStatus
    first_name: str
    last_name: str
    group_name: str
    is_vip: bool
    needs: list[str]
    is_listed: bool

    @property
    def name(self) -> str:
        """First and last name; nothing for a plus-one who has none yet."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Seating:
    """All there is of a part's seating."""

    tables: list[DiningTable]
    sitters: list[Sitter]
    rules: list[SeatingRule]

    @property
    def banquet(self) -> Banquet:
        """The same as plain values, for the rules of seating."""
        return Banquet.of(map(_to_seat, self.sitters), map(_to_fill, self.tables), map(rule_of, self.rules))

    @property
    def seats(self) -> dict[UUID, UUID]:
        """The table of each guest who has one."""
        return {one.guest_id: one.table_id for one in self.sitters if one.table_id is not None}


def _to_seat(one: Sitter) -> GuestToSeat:
    return GuestToSeat(
        id=one.guest_id,
        household_id=one.household_id,
        group=one.group_name,
        is_vip=one.is_vip,
        needs_access=Need.WHEELCHAIR in one.needs,
        table_id=one.table_id,
        is_locked=one.is_locked,
    )


def _to_fill(table: DiningTable) -> TableToFill:
    return TableToFill(table.id, table.capacity, table.is_accessible, table.is_vip)


def rule_of(row: SeatingRule) -> Rule:
    """Give a rule as the plain value that it is."""
    first, second = row.first_guest_id or row.first_household_id, row.second_guest_id or row.second_household_id
    if first is None or second is None:
        raise ValueError("a rule has two sides")
    return Rule(row.id, row.kind is SeatingRuleKind.APART, first, second)


async def read_seating(session: AsyncSession, part: Part, *, lock: bool = False) -> Seating:
    """Read a part's seating: all of it by three statements; `lock` locks the tables before."""
    tables = list(await session.scalars(TABLES_LOCKED if lock else TABLES, {"part_id": part.id}))
    sitters = [Sitter._make(row) for row in await session.execute(SITTERS, {"part_id": part.id})]
    rules = list(await session.scalars(RULES, {"occasion_id": part.occasion_id}))
    return Seating(tables, sitters, rules)


async def lock_floor(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, part_id: UUID | None = None
) -> tuple[Occasion, Part]:
    """Lock a seated part of an occasion that the viewer plans: the main one unless one is named.

    Raises NotFound, NotAllowed, OccasionNotOpen, PartNotSeated.
    """
    occasion = planned(await share_occasion(session, viewer=viewer, occasion_id=occasion_id))
    return occasion, await _lock_part(session, occasion, part_id)


async def _lock_part(session: AsyncSession, occasion: Occasion, part_id: UUID | None) -> Part:
    refuse_closed(occasion)
    wanted = chosen(await read_parts(session, occasion.id), part_id)
    locked = await lock_parts(session, occasion_id=occasion.id, part_ids=[wanted.id])
    refuse_unseated(locked[wanted.id])
    return locked[wanted.id]


def refuse_unseated(part: Part, path: tuple[str, ...] = ("input", "partId")) -> None:
    """Let parts pass whose guests sit at tables. Raises PartNotSeated."""
    if not part.is_seated:
        raise PartNotSeated(path=path)


async def lock_seats(
    session: AsyncSession, *, viewer: Viewer, guest_ids: Sequence[UUID], part_id: UUID | None = None
) -> tuple[Occasion, Part, dict[UUID, Place]]:
    """Lock a part by guests of one occasion, and give their places there, in the order of `guest_ids`.

    Raises NotFound, NotAllowed, OccasionNotOpen, PartNotSeated.
    """
    found = await session.get(Guest, guest_ids[0])
    if found is None:
        raise no_such("guest")
    async with known_as("guest"):
        access = await share_occasion(session, viewer=viewer, occasion_id=found.occasion_id)
    occasion = planned(access)
    part = await _lock_part(session, occasion, part_id)
    return occasion, part, await places_at(session, part, guest_ids)


async def places_at(session: AsyncSession, part: Part, guest_ids: Collection[UUID]) -> dict[UUID, Place]:
    """Read the places of guests at a locked part. Raises NotFound for one who is not invited to it."""
    places = await places_of_guests(session, list(guest_ids))
    found = {place.guest.id: place for place in places if place.attendance.part_id == part.id}
    if not found.keys() >= set(guest_ids):
        raise no_such("guest")
    return {guest_id: found[guest_id] for guest_id in guest_ids}


def count_seated(tables: Iterable[DiningTable], seats: Iterable[UUID | None]) -> None:
    """Count anew who sits at locked tables, of which all seats are given."""
    taken = list(seats)
    for table in tables:
        table.seated = taken.count(table.id)
