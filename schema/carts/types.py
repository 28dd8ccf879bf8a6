"""Carts, and the bookings that they are reserved for."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts import fleet, reading, reservations
from domain.carts.reading import carts_by_id, reservations_of
from domain.tee_sheet.booking.reading import bookings_by_id
from kit.ids import public_id
from models.carts import tables
from models.carts.values import CartReservationStatus, CartStatus
from schema.context import Info
from schema.describe import enum, field, list_field, listed, output
from schema.nodes import Node, finds
from schema.tee_sheet.booking.types import Booking

enum(CartStatus)


@output
class CartReservation(Node):
    """A cart for a booking, from the reservation until it is back."""

    row: strawberry.Private[tables.CartReservation]
    status: CartReservationStatus
    """What has become of it."""
    booking_id: strawberry.ID
    """The booking."""
    reserved_at: datetime
    """When the cart was reserved, in UTC."""
    checked_out_at: datetime | None
    """When the players fetched it, in UTC."""
    returned_at: datetime | None
    """When it came back or was given back, in UTC."""

    @classmethod
    def of(cls, row: tables.CartReservation) -> Self:
        """Show a reservation."""
        return cls(
            id=strawberry.ID(public_id("cart_reservation", row.id)),
            row=row,
            status=row.status,
            booking_id=strawberry.ID(public_id("booking", row.booking_id)),
            reserved_at=row.reserved_at,
            checked_out_at=row.checked_out_at,
            returned_at=row.returned_at,
        )

    @field
    async def cart(self, info: Info) -> "Cart":
        """The cart."""
        return Cart.of(await info.context.load(carts_by_id, self.row.cart_id))

    @field
    async def booking(self, info: Info) -> Booking:
        """The booking: who plays, and when."""
        return Booking.of(await info.context.load(bookings_by_id, self.row.booking_id))


@output
class Cart(Node):
    """A cart of a course, for the club's staff."""

    row: strawberry.Private[tables.Cart]
    number: str
    """The number that is painted on it."""
    status: CartStatus
    """Whether it can be had."""
    is_suspended: bool
    """Whether a closure keeps it, so that it comes back when the course opens again."""
    course_id: strawberry.ID
    """The course."""
    created_at: datetime
    """When it was added, in UTC."""
    retired_at: datetime | None
    """When it left the fleet for good, in UTC."""

    @classmethod
    def of(cls, row: tables.Cart) -> Self:
        """Show a cart."""
        return cls(
            id=strawberry.ID(public_id("cart", row.id)),
            row=row,
            number=row.number,
            status=row.status,
            is_suspended=row.suspended_by is not None,
            course_id=strawberry.ID(public_id("course", row.course_id)),
            created_at=row.created_at,
            retired_at=row.retired_at,
        )

    @list_field(entries=3)
    async def reservations(self, info: Info) -> list[CartReservation]:
        """The bookings that have it or wait for it, in the order in which it was reserved."""
        return [CartReservation.of(row) for row in await info.context.load(reservations_of, self.row.id)]


@output
class CartFleet:
    """The carts of a course."""

    cursor: str
    """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
    carts: list[Cart] = listed(entries=100)
    """The carts, by their numbers."""

    @classmethod
    def of(cls, found: reading.Fleet) -> Self:
        """Show the carts of a course."""
        return cls(cursor=str(found.cursor), carts=[Cart.of(row) for row in found.carts])


@finds("cart")
async def find_cart(session: AsyncSession, viewer: Viewer, value: UUID) -> Cart:
    """Find a cart."""
    return Cart.of(await fleet.find_cart(session, viewer=viewer, cart_id=value))


@finds("cart_reservation")
async def find_reservation(session: AsyncSession, viewer: Viewer, value: UUID) -> CartReservation:
    """Find a reservation of a cart."""
    return CartReservation.of(await reservations.find_reservation(session, viewer=viewer, reservation_id=value))
