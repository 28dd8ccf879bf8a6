"""Facts about tables, seats and rules, made from their rows; a seat is given and taken here, and told."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.facts import full_name, is_revealed, of_occasion
from domain.guests.places.attendances import Place
from events.guests.seating import GuestSeated, SeatChanged, SeatingRuleState, TableState
from events.log import record
from kit.ids import public_id
from models.guests.occasions import Occasion
from models.guests.seating import DiningTable, SeatingRule
from models.guests.values import TableShape

R = TypeVar("R", bound=SeatingRuleState)


class TableData(TypedDict):
    """What a fact tells of a table."""

    club_id: str
    occasion_id: str
    part_id: str
    table_id: str
    name: str
    capacity: int
    shape: TableShape
    x: float
    y: float
    is_accessible: bool
    is_vip: bool


def table_data(occasion: Occasion, table: DiningTable) -> TableData:
    """Give what a fact tells of a table."""
    return {
        **of_occasion(occasion),
        "part_id": public_id("part", table.part_id),
        "table_id": public_id("table", table.id),
        "name": table.name,
        "capacity": table.capacity,
        "shape": table.shape,
        "x": table.x,
        "y": table.y,
        "is_accessible": table.is_accessible,
        "is_vip": table.is_vip,
    }


def table_state(kind: type[TableState], occasion: Occasion, table: DiningTable) -> TableState:
    """State how a table is by now."""
    return kind(**table_data(occasion, table))


def rule_state(kind: type[R], occasion: Occasion, rule: SeatingRule) -> R:
    """State how a rule is by now."""
    return kind(
        **of_occasion(occasion),
        rule_id=public_id("seating_rule", rule.id),
        kind=rule.kind,
        first_guest_id=_public("guest", rule.first_guest_id),
        first_household_id=_public("household", rule.first_household_id),
        second_guest_id=_public("guest", rule.second_guest_id),
        second_household_id=_public("household", rule.second_household_id),
    )


def _public(kind: str, value: UUID | None) -> str | None:
    return None if value is None else public_id(kind, value)


def guest_ids(ids: Iterable[UUID]) -> list[str]:
    """Give the public ids of guests."""
    return [public_id("guest", value) for value in ids]


def sit(
    session: AsyncSession,
    occasion: Occasion,
    place: Place,
    table_id: UUID,
    *,
    seat: int | None,
    is_locked: bool,
    now: datetime,
) -> None:
    """Give a guest a seat, and tell of it if it is another one; to count who sits at tables is the caller's to do."""
    row, before = place.attendance, place.attendance.table_id
    if (before, row.seat, row.is_locked) == (table_id, seat, is_locked):
        return
    row.table_id, row.seat, row.is_locked = table_id, seat, is_locked
    whose = of_occasion(occasion)
    state = {
        "household_id": public_id("household", row.household_id),
        "part_id": public_id("part", row.part_id),
        "guest_id": public_id("guest", row.guest_id),
        "guest_name": full_name(place.guest),
        "table_id": public_id("table", table_id),
    }
    seen = is_revealed(occasion, now)
    told: GuestSeated | SeatChanged
    if before is None:
        told = GuestSeated(**whose, **state, seat=seat, is_locked=is_locked, is_revealed=seen)
    else:
        told = SeatChanged(
            **whose,
            **state,
            seat=seat,
            is_locked=is_locked,
            is_revealed=seen,
            previous_table_id=public_id("table", before),
        )
    record(session, told, now=now)
