"""Facts about carts, made from their rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from domain.clubs.closures import local_date
from events.carts import CartFact, CartReservationFact, CartsResumed, CartsSuspended
from kit.ids import public_id
from models.carts.tables import Cart, CartReservation
from models.clubs.tables import Course

C = TypeVar("C", bound=CartFact)
R = TypeVar("R", bound=CartReservationFact)
M = TypeVar("M", CartsSuspended, CartsResumed)


def of_cart(kind: type[C], cart: Cart, course: Course, *, now: datetime, **more: Any) -> C:
    """State a fact about a cart as it is now."""
    return kind(
        **_of_course(course, now=now),
        cart_id=public_id("cart", cart.id),
        number=cart.number,
        status=cart.status,
        is_suspended=cart.suspended_by is not None,
        **more,
    )


def of_reservation(
    kind: type[R], reservation: CartReservation, cart: Cart, course: Course, *, now: datetime, **more: Any
) -> R:
    """State a fact about a booking's cart as both are now."""
    return of_cart(
        kind,
        cart,
        course,
        now=now,
        reservation_id=public_id("cart_reservation", reservation.id),
        booking_id=public_id("booking", reservation.booking_id),
        reservation_status=reservation.status,
        **more,
    )


def of_carts(kind: type[M], carts: Sequence[Cart], course: Course, *, now: datetime) -> M:
    """State what has happened to many carts at once."""
    return kind(**_of_course(course, now=now), cart_ids=tuple(public_id("cart", cart.id) for cart in carts))


def _of_course(course: Course, *, now: datetime) -> dict[str, Any]:
    return {
        "club_id": public_id("club", course.club_id),
        "course_id": public_id("course", course.id),
        "date": local_date(course, now),
    }
