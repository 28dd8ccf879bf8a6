"""Starts that can be booked, and holds."""

import datetime as dt
from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.offers import holds
from domain.tee_sheet.offers.availability import AvailableStart
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet.values import HoldStatus, PriceClass
from schema.describe import enum, output
from schema.money import Money
from schema.nodes import Node, finds
from schema.tee_sheet.inventory.types import TeeTime

enum(HoldStatus)


@output
class Hold(Node):
    """Places reserved for a short time."""

    status: HoldStatus
    """What became of it."""
    places: int
    """How many places, 1 to 4."""
    expires_at: datetime
    """Until when it can be booked, in UTC."""
    tee_time_id: strawberry.ID
    """The tee time it is on."""

    @classmethod
    def of(cls, row: tables.Hold) -> Self:
        """Show a hold."""
        return cls(
            id=strawberry.ID(public_id("hold", row.id)),
            status=row.status,
            places=row.places,
            expires_at=row.expires_at,
            tee_time_id=strawberry.ID(public_id("tee_time", row.tee_time_id)),
        )


@finds("hold")
async def find_hold(session: AsyncSession, viewer: Viewer, value: UUID) -> Hold:
    """Find a hold."""
    return Hold.of(await holds.find_hold(session, viewer=viewer, hold_id=value))


@output
class AvailableTeeTime:
    """A start that the viewer can book."""

    tee_time: TeeTime
    """The tee time."""
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The date on the course's calendar."""
    free_places: int
    """How many places are free."""
    held_back_places: int
    """How many more are held back since they were given up: everybody's when they are released, the staff's before."""
    released_at: datetime | None
    """When the first of these are released, in UTC; none where none are held back."""
    price: Money
    """What one player of the viewer's own price class pays."""
    price_class: PriceClass
    """The viewer's own price class: that of the public for whom the club does not know."""
    holes: int
    """9 or 18."""

    @classmethod
    def of(cls, found: AvailableStart) -> Self:
        """Show a start."""
        return cls(
            tee_time=TeeTime.of(found.tee_time),
            course_id=strawberry.ID(public_id("course", found.sheet.course_id)),
            date=found.sheet.date,
            free_places=found.free_places,
            held_back_places=found.held_back_places,
            released_at=found.released_at,
            price=Money(amount_cents=found.price.cents, currency=found.sheet.currency),
            price_class=found.price.price_class,
            holes=found.price.holes,
        )
