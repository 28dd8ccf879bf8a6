"""The refusals about carts, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.carts.values import CartStatus
from models.course.values import CartPolicy
from models.tee_sheet.values import BookingStatus


class CartNumberTaken(Problem):
    """Another cart of the course has this number; choose another number, or retire that cart first."""

    code: ClassVar[str] = "CART_NUMBER_TAKEN"

    cart_id: str
    """The cart that has it."""


class CartRetired(Problem):
    """The cart has left the fleet for good; choose another."""

    code: ClassVar[str] = "CART_RETIRED"

    retired_at: datetime
    """When it was retired, in UTC."""


class CartIsOut(Problem):
    """The cart is on the course; return it first, or choose another."""

    code: ClassVar[str] = "CART_IS_OUT"

    booking_id: str
    """The booking that has it."""


class CartNotOut(Problem):
    """The cart is not on the course; name its reservation, if it waits for a booking."""

    code: ClassVar[str] = "CART_NOT_OUT"

    status: CartStatus
    """Whether it can be had at the moment."""


class CartOutOfService(Problem):
    """The staff have taken the cart out of service; put it back first, or choose another."""

    code: ClassVar[str] = "CART_OUT_OF_SERVICE"


class CartStatusUnchanged(Problem):
    """The cart is in service already, or out of it, as you asked; wait for the reopening if a closure keeps it."""

    code: ClassVar[str] = "CART_STATUS_UNCHANGED"

    status: CartStatus
    """Whether it can be had at the moment."""
    is_suspended: bool
    """Whether a closure keeps it."""


class CartHasReservations(Problem):
    """Bookings that are still to come count on the cart; give these reservations back first."""

    code: ClassVar[str] = "CART_HAS_RESERVATIONS"

    booking_ids: list[str]
    """The bookings."""


class CartTaken(Problem):
    """The cart is another booking's at this time; choose another cart, or leave the choice to us."""

    code: ClassVar[str] = "CART_TAKEN"

    booking_id: str
    """The other booking."""
    taken_from: datetime
    """When that booking starts, in UTC."""
    taken_until: datetime
    """From when on the cart can be had again, in UTC: its round is over by then, and the cart is made ready."""


class CartAlreadyReserved(Problem):
    """The booking has this cart already; choose another if it needs more than one."""

    code: ClassVar[str] = "CART_ALREADY_RESERVED"

    reservation_id: str
    """Its reservation."""


class NoCartFree(Problem):
    """No cart of the course is free for the whole round of this booking; choose another start, or walk."""

    code: ClassVar[str] = "NO_CART_FREE"

    carts: int
    """How many carts the course has in service."""


class CartReservationEnded(Problem):
    """The cart is back from this booking already, or was given back; reserve one anew."""

    code: ClassVar[str] = "CART_RESERVATION_ENDED"

    returned_at: datetime
    """When, in UTC."""


class CartsNotAllowed(Problem):
    """No carts drive on the course today; walk, or let the staff set another cart policy."""

    code: ClassVar[str] = "CARTS_NOT_ALLOWED"

    cart_policy: CartPolicy
    """What the staff have set."""


class BookingNeedsNoCart(Problem):
    """The booking was cancelled or is over, or its day is, so no cart goes with it; choose another booking."""

    code: ClassVar[str] = "BOOKING_NEEDS_NO_CART"

    status: BookingStatus
    """How far the booking has come."""
