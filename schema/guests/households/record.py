"""The record of an occasion, as those who plan it read it."""

import datetime as dt
from typing import Self

import strawberry

from domain.guests.facts import full_name
from domain.guests.reading import guests_by_id, households_by_id
from kit.ids import public_id
from models.guests import occasions as tables
from models.guests.values import ActivityKind
from schema.context import Info
from schema.describe import field, output


@output
class Activity:
    """Something that was done: one entry an operation."""

    row: strawberry.Private[tables.Activity]
    id: strawberry.ID
    """The entry."""
    kind: ActivityKind
    """What was done."""
    actor: str | None
    """The `sub` of the user who did it; none where a household did by its own token, or it came by itself."""
    count: int
    """How many guests, or other things, it was about."""
    created_at: dt.datetime
    """When, in UTC."""

    @classmethod
    def of(cls, row: tables.Activity) -> Self:
        """Show an entry."""
        return cls(
            id=strawberry.ID(public_id("activity", row.id)),
            row=row,
            kind=row.kind,
            actor=row.actor,
            count=row.count,
            created_at=row.created_at,
        )

    @field
    async def household_name(self, info: Info) -> str | None:
        """What the household is called that did it, or that it was done for; none where there is none any more."""
        if self.row.household_id is None:
            return None
        household = await info.context.load(households_by_id, self.row.household_id)
        return household.name if household else None

    @field
    async def guest_names(self, info: Info) -> list[str]:
        """The names of the first guests whom it was about, as they are by now; of those who are gone, nothing."""
        rows = [await info.context.load(guests_by_id, guest_id) for guest_id in self.row.guest_ids]
        return [full_name(row) for row in rows if row is not None]
