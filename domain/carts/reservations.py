"""A cart for a booking: reserving it, and checking it out.

Who calls has locked the booking, with a share of its course; the cart's row is the lock of all that concerns the cart.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts.facts import of_reservation
from domain.carts.fleet import find_cart, refuse_out, refuse_retired
from domain.carts.locks import lock_carts, lock_fleet
from domain.carts.problems import (
    CartAlreadyReserved,
    CartOutOfService,
    CartReservationEnded,
    CartsNotAllowed,
    CartTaken,
    NoCartFree,
)
from domain.carts.reading import CartUse, cart_policy_of, uses_of
from domain.carts.rules import WITHOUT_CARTS, Span, by_number, outing, span_of
from domain.clubs.access import refuse_strangers, refuse_unless_staff
from domain.clubs.closures import CourseClosed, closed_until, end_of_day, refuse_closed
from events.carts import CartCheckedOut, CartReserved
from events.log import record
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from models.carts.tables import Cart, CartReservation
from models.carts.values import CartReservationStatus, CartStatus
from models.clubs.tables import Course
from models.tee_sheet.tables import Booking

CART = ("input", "cartId")


@dataclass(frozen=True, kw_only=True)
class Ride:
    """A booking that wants a cart: locked, with its course shared and its start."""

    booking: Booking
    course: Course
    starts_at: datetime

    @property
    def span(self) -> Span:
        """The time for which it needs the cart."""
        return span_of(self.course, starts_at=self.starts_at, holes=self.booking.holes)


async def find_reservation(session: AsyncSession, *, viewer: Viewer, reservation_id: UUID) -> CartReservation:
    """Find a reservation, for the club's staff. Raises NotFound, NotAllowed."""
    reservation = await session.get(CartReservation, reservation_id)
    if reservation is None:
        raise NotFound(message="There is no such cart reservation, or you may not know of it.")
    refuse_strangers(viewer, reservation.club_id, what="cart reservation")
    refuse_unless_staff(viewer, reservation.club_id)
    return reservation


async def refuse_walking(session: AsyncSession, course: Course) -> None:
    """Let carts drive today, if the course's cart policy does, whatever its status. Raises CartsNotAllowed."""
    policy = await cart_policy_of(session, course.id)
    if policy in WITHOUT_CARTS:
        raise CartsNotAllowed(cart_policy=policy)


async def reserve_cart(
    session: AsyncSession, *, viewer: Viewer, ride: Ride, cart_id: UUID | None, now: datetime
) -> CartReservation:
    """Reserve a cart for a booking, a named one or any that is free for its whole round, the lowest number first.

    Raises NotFound, NotAllowed, InvalidInput, CourseClosed, CartRetired, CartOutOfService, CartAlreadyReserved,
    CartTaken, NoCartFree.
    """
    refuse_closed(ride.course, starts_at=ride.starts_at, now=now)
    if cart_id is None:
        cart = await _any_cart(session, ride, now=now)
    else:
        cart = await _lock_named(session, ride, cart_id, viewer=viewer)
        uses = (await uses_of(session, ride.course, [cart.id], now=now))[cart.id]
        _refuse_again(uses, ride)
        _refuse_taken(uses, ride, ride.span)
    return _reserve(session, ride, cart, viewer=viewer, now=now)


async def _any_cart(session: AsyncSession, ride: Ride, *, now: datetime) -> Cart:
    """Lock the fleet, and choose from it: two who want the last cart take turns."""
    fleet = [cart for cart in await lock_fleet(session, ride.course.id) if not _is_out_of_service(cart)]
    uses = await uses_of(session, ride.course, [cart.id for cart in fleet], now=now)
    free = [cart for cart in fleet if not any(use.span.overlaps(ride.span) for use in uses[cart.id])]
    if not free:
        raise NoCartFree(carts=len(fleet))
    return min(free, key=lambda cart: (cart.status is CartStatus.OUT, by_number(cart.number)))


def _is_out_of_service(cart: Cart) -> bool:
    return cart.status is CartStatus.INACTIVE and cart.suspended_by is None


async def _lock_named(session: AsyncSession, ride: Ride, cart_id: UUID, *, viewer: Viewer) -> Cart:
    """Lock a cart of the booking's course that is in service."""
    cart = await find_cart(session, viewer=viewer, cart_id=cart_id)
    if cart.course_id != ride.course.id:
        raise InvalidInput(message="Choose a cart of the booking's course.", path=CART)
    await lock_carts(session, [cart.id])
    refuse_retired(cart)
    if _is_out_of_service(cart):
        raise CartOutOfService(path=CART)
    return cart


def _refuse_again(uses: list[CartUse], ride: Ride) -> None:
    """Let a booking through that does not have the cart. Raises CartAlreadyReserved."""
    if own := next((use for use in uses if use.reservation.booking_id == ride.booking.id), None):
        raise CartAlreadyReserved(reservation_id=public_id("cart_reservation", own.reservation.id), path=CART)


def _refuse_taken(uses: list[CartUse], ride: Ride, span: Span) -> None:
    """Let a booking through that has the cart to itself for a time. Raises CartTaken."""
    others = (use for use in uses if use.reservation.booking_id != ride.booking.id)
    if other := next((use for use in others if use.span.overlaps(span)), None):
        booking_id = public_id("booking", other.reservation.booking_id)
        raise CartTaken(booking_id=booking_id, taken_from=other.span.begins, taken_until=other.span.ends, path=CART)


def _reserve(session: AsyncSession, ride: Ride, cart: Cart, *, viewer: Viewer, now: datetime) -> CartReservation:
    reservation = CartReservation(
        id=new_id(),
        tenant_id=cart.tenant_id,
        club_id=cart.club_id,
        course_id=cart.course_id,
        cart_id=cart.id,
        booking_id=ride.booking.id,
        status=CartReservationStatus.PENDING,
        reserved_by=viewer.user_id,
        reserved_at=now,
        ends_at=end_of_day(ride.course.time_zone, now=ride.starts_at),
    )
    session.add(reservation)
    record(session, of_reservation(CartReserved, reservation, cart, ride.course, now=now, reserved_at=now), now=now)
    return reservation


async def check_out_cart(
    session: AsyncSession, *, viewer: Viewer, ride: Ride, cart_id: UUID, reservation_id: UUID | None, now: datetime
) -> CartReservation:
    """Hand a cart to a booking's players: the one that waits for them, or a free one on the spot.

    Raises NotFound, NotAllowed, InvalidInput, CourseClosed, CartsNotAllowed, CartReservationEnded, CartRetired,
    CartOutOfService, CartIsOut, CartTaken.
    """
    _refuse_while_closed(ride.course, now=now)
    await refuse_walking(session, ride.course)
    cart = await _lock_named(session, ride, cart_id, viewer=viewer)
    if reservation_id is not None:
        refuse_ended(await fresh(session, reservation_id))
    uses = (await uses_of(session, ride.course, [cart.id], now=now))[cart.id]
    refuse_out(uses)
    reservation = next((use.reservation for use in uses if use.reservation.booking_id == ride.booking.id), None)
    _refuse_taken(uses, ride, outing(ride.span, now=now))
    if reservation is None:
        reservation = _reserve(session, ride, cart, viewer=viewer, now=now)
    cart.status, reservation.status, reservation.checked_out_at = CartStatus.OUT, CartReservationStatus.OUT, now
    record(
        session, of_reservation(CartCheckedOut, reservation, cart, ride.course, now=now, checked_out_at=now), now=now
    )
    return reservation


def _refuse_while_closed(course: Course, *, now: datetime) -> None:
    """Let carts out while the course is not closed, whatever its closure covers: its carts are suspended until then."""
    until = closed_until(course, now=now)
    if until is not None:
        raise CourseClosed(status=course.status, reason=course.status_reason, closed_until=until)


async def fresh(session: AsyncSession, reservation_id: UUID) -> CartReservation:
    """Read a reservation behind the lock of its cart."""
    return await session.get_one(CartReservation, reservation_id, populate_existing=True)


def refuse_ended(reservation: CartReservation) -> None:
    """Let a reservation through whose cart waits or is out. Raises CartReservationEnded."""
    if reservation.returned_at is not None:
        raise CartReservationEnded(returned_at=reservation.returned_at, path=("input", "reservationId"))
