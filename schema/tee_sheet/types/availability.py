"""Starts that can be booked."""

import datetime as dt
from typing import Self

import strawberry

from domain.tee_sheet.availability import AvailableStart
from kit.ids import public_id
from models.tee_sheet.values import PriceClass
from schema.describe import output
from schema.money import Money
from schema.tee_sheet.types.slots import TeeTime


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
            price=Money(amount_cents=found.price.cents, currency=found.sheet.currency),
            price_class=found.price.price_class,
            holes=found.price.holes,
        )
