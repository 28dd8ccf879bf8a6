"""Facts of a course's carts: for the desk's screens, and, where a booking's cart is concerned, for the booking's."""

from dataclasses import dataclass
from datetime import datetime

from events.base import event
from events.course import CourseFact
from events.seen import ForAll
from events.tee_sheet.booking import booking_room
from models.carts.values import CartReservationStatus, CartStatus


@dataclass(frozen=True, kw_only=True)
class CartFact(CourseFact):
    """A fact about one cart, with how that stands now."""

    cart_id: ForAll[str]
    """The cart."""
    number: ForAll[str]
    """The number that is painted on it."""
    status: ForAll[CartStatus]
    """Whether the cart can be had now."""
    is_suspended: ForAll[bool]
    """Whether a closure keeps the cart, which then comes back when the course opens again."""


@event("cart.added")
class CartAdded(CartFact):
    """A course has a cart more."""

    created_at: ForAll[datetime]
    """When it was added, in UTC."""


@event("cart.status-changed")
class CartStatusChanged(CartFact):
    """The staff have taken a cart out of service, put it back, or retired it."""

    retired_at: ForAll[datetime | None]
    """When it left the fleet for good, in UTC; none as long as it belongs to it."""


@dataclass(frozen=True, kw_only=True)
class CartReservationFact(CartFact):
    """Something happened to a booking's cart."""

    reservation_id: ForAll[str]
    """The reservation."""
    booking_id: ForAll[str]
    """The booking that the cart is for."""
    reservation_status: ForAll[CartReservationStatus]
    """What has become of the reservation."""

    @property
    def rooms(self) -> tuple[str, ...]:
        """The desk's screens, and the booking's: its players like to know."""
        return (*super().rooms, booking_room(self.booking_id))


@event("cart.reserved")
class CartReserved(CartReservationFact):
    """A cart waits for a booking."""

    reserved_at: ForAll[datetime]
    """When it was reserved, in UTC."""


@event("cart.checked-out")
class CartCheckedOut(CartReservationFact):
    """The players of a booking have their cart."""

    checked_out_at: ForAll[datetime]
    """When they fetched it, in UTC."""


@event("cart.returned")
class CartReturned(CartReservationFact):
    """A cart is back from a booking, or was given back before anybody fetched it."""

    was_out: ForAll[bool]
    """Whether the players had it; otherwise it was given back before they fetched it."""
    returned_at: ForAll[datetime]
    """When it came back or was given back, in UTC."""


@event("carts.suspended")
class CartsSuspended(CourseFact):
    """A closing has suspended these carts: they are INACTIVE until the course opens again."""

    cart_ids: ForAll[tuple[str, ...]]
    """The carts."""


@event("carts.resumed")
class CartsResumed(CourseFact):
    """The course is not closed any more, and the carts that its closing had suspended are ACTIVE again."""

    cart_ids: ForAll[tuple[str, ...]]
    """The carts."""
