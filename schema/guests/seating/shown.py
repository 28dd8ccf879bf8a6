"""A household's own tables, as it sees them once they are shown."""

from typing import Self

import strawberry

from domain.guests.seating import reading
from kit.ids import public_id
from schema.describe import listed, output


@output
class OwnSeat:
    """A guest of the household at its table."""

    guest_id: strawberry.ID
    """The guest."""
    seat: int | None
    """The seat at the table, from 1 on, where one was chosen."""


@output
class TableCompanion:
    """Somebody of another household at the same table, who comes and agreed to be listed."""

    name: str
    """First and last name."""
    group_name: str
    """The group, or the side."""
    household_name: str
    """What the household is called."""


@output
class OwnTable:
    """A table at which a household sits."""

    part_id: strawberry.ID
    """The part."""
    table_id: strawberry.ID
    """The table."""
    table_name: str
    """What the table is called."""
    seats: list[OwnSeat] = listed(entries=4)
    """The household's guests who sit there, by seat."""
    companions: list[TableCompanion] = listed(entries=6)
    """Who else sits there of those who agreed to be listed."""

    @classmethod
    def of(cls, found: reading.OwnTable) -> Self:
        """Show a table to a household."""
        table = found.table
        return cls(
            part_id=strawberry.ID(public_id("part", table.part_id)),
            table_id=strawberry.ID(public_id("table", table.id)),
            table_name=table.name,
            seats=[
                OwnSeat(guest_id=strawberry.ID(public_id("guest", one.guest_id)), seat=one.seat) for one in found.own
            ],
            companions=[
                TableCompanion(name=one.name, group_name=one.group_name, household_name=one.household_name)
                for one in found.companions
            ],
        )
