"""The carts of a booking, as all see them who may see the booking."""

from datetime import datetime
from typing import Self

import strawberry

from domain.carts.reading import BookedCart
from kit.ids import public_id
from models.carts.values import CartReservationStatus
from schema.describe import enum, output

enum(CartReservationStatus)


@output
class BookingCart:
    """A cart that waits for a booking, or is out with it."""

    reservation_id: strawberry.ID
    """The reservation."""
    cart_id: strawberry.ID
    """The cart."""
    number: str
    """The number that is painted on it."""
    status: CartReservationStatus
    """Whether it waits, or the players have it."""
    checked_out_at: datetime | None
    """When they fetched it, in UTC."""

    @classmethod
    def of(cls, found: BookedCart) -> Self:
        """Show a booking's cart."""
        row = found.reservation
        return cls(
            reservation_id=strawberry.ID(public_id("cart_reservation", row.id)),
            cart_id=strawberry.ID(public_id("cart", row.cart_id)),
            number=found.number,
            status=row.status,
            checked_out_at=row.checked_out_at,
        )
