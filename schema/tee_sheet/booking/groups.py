"""Groups of bookings."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.booking import groups
from kit.ids import public_id
from models.tee_sheet.groups import BookingGroup as GroupRow
from schema.context import Info
from schema.describe import list_field, output
from schema.nodes import Node, finds
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.inventory.types import PersonName


@output
class BookingGroup(Node):
    """Bookings over several starts, with one organiser and one payer: for staff."""

    row: strawberry.Private[GroupRow]
    name: str
    """What it is called."""
    organiser: PersonName
    """Who organises it."""
    payer: PersonName
    """Who pays for it."""
    created_at: datetime
    """When it was booked, in UTC."""

    @classmethod
    def of(cls, row: GroupRow) -> Self:
        """Show a group."""
        return cls(
            id=strawberry.ID(public_id("booking_group", row.id)),
            row=row,
            name=row.name,
            organiser=PersonName(first_name=row.organiser_first_name, last_name=row.organiser_last_name),
            payer=PersonName(first_name=row.payer_first_name, last_name=row.payer_last_name),
            created_at=row.created_at,
        )

    @list_field(entries=20)
    async def bookings(self, info: Info) -> list[Booking]:
        """Its bookings, those that are cancelled too, in the order in which they were made."""
        return [Booking.of(row) for row in await info.context.load(groups.bookings_of_groups, self.row.id)]


@finds("booking_group")
async def find_booking_group(session: AsyncSession, viewer: Viewer, value: UUID) -> BookingGroup:
    """Find a group of bookings."""
    return BookingGroup.of(await groups.find_group(session, viewer=viewer, group_id=value))
