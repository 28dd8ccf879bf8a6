"""Inputs of the carts."""

from types import MappingProxyType

import strawberry

from schema.describe import input_type
from schema.inputs import Input

RESERVATION = MappingProxyType({"reservation_id": "cart_reservation"})


@input_type
class AddCartInput(Input):
    """A cart to be added."""

    course_id: strawberry.ID
    """The course."""
    number: str
    """The number that is painted on it, 1 to 20 characters; each cart of a course has its own."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class RetireCartInput(Input):
    """A cart that leaves the fleet for good."""

    cart_id: strawberry.ID
    """The cart."""


@input_type
class SetCartStatusInput(Input):
    """A cart to be taken out of service, or put back."""

    cart_id: strawberry.ID
    """The cart."""
    in_service: bool
    """Whether it can be had from now on."""


@input_type
class ReserveCartInput(Input):
    """A cart to be reserved for a booking."""

    booking_id: strawberry.ID
    """The booking."""
    cart_id: strawberry.ID | None = None
    """The cart; any that is free for the whole round if left out, the lowest number first."""
    even_if_walking_only: bool = False
    """Whether to do so although players of this start walk."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class CheckOutCartInput(Input):
    """A cart to be handed to a booking's players: give `reservationId`, or `bookingId` and `cartId`."""

    kinds = RESERVATION

    reservation_id: strawberry.ID | None = None
    """The reservation of the cart that waits for them."""
    booking_id: strawberry.ID | None = None
    """The booking."""
    cart_id: strawberry.ID | None = None
    """The cart: the booking's, or one that is free for the whole round."""
    even_if_walking_only: bool = False
    """Whether to do so although players of this start walk."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class ReturnCartInput(Input):
    """A cart that comes back, or is not needed after all: give `reservationId`, or `cartId` for one that is out."""

    kinds = RESERVATION

    reservation_id: strawberry.ID | None = None
    """The reservation of the cart."""
    cart_id: strawberry.ID | None = None
    """The cart that is out."""
