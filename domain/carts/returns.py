"""Carts that come back: from the course, or from bookings that do not fetch them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts.closing import keeping_closure
from domain.carts.facts import of_reservation
from domain.carts.fleet import lock_cart
from domain.carts.locks import give_back, lock_carts, pending_of_booking
from domain.carts.problems import CartNotOut
from domain.carts.reservations import find_reservation, fresh, refuse_ended
from events.carts import CartReturned
from events.log import record
from kit.errors import InvalidInput
from models.carts.tables import Cart, CartReservation
from models.carts.values import CartReservationStatus, CartStatus
from models.clubs.tables import Course


async def return_cart(
    session: AsyncSession,
    *,
    viewer: Viewer,
    reservation_id: UUID | None = None,
    cart_id: UUID | None = None,
    now: datetime,
) -> CartReservation:
    """Take a cart back that is out, by its reservation or as it stands there, or give back one that still waits.

    While the course is closed, a cart that was out waits for the reopening with the others. For staff.
    Raises NotFound, NotAllowed, InvalidInput, CartReservationEnded, CartNotOut.
    """
    if cart_id is not None and reservation_id is None:
        cart, course = await lock_cart(session, viewer=viewer, cart_id=cart_id)
        return await _take_back(session, cart, course, await _out_of(session, cart), now=now)
    if cart_id is not None or reservation_id is None:
        raise InvalidInput(message="Give either the id of a reservation or the id of a cart.", path=("input",))
    found = await find_reservation(session, viewer=viewer, reservation_id=reservation_id)
    cart, course = await lock_cart(session, viewer=viewer, cart_id=found.cart_id)
    reservation = await fresh(session, found.id)
    refuse_ended(reservation)
    return await _take_back(session, cart, course, reservation, now=now)


async def _out_of(session: AsyncSession, cart: Cart) -> CartReservation:
    """Find the reservation with which a locked cart is out. Raises CartNotOut."""
    out = select(CartReservation).filter_by(cart_id=cart.id, status=CartReservationStatus.OUT)
    reservation = await session.scalar(out.execution_options(populate_existing=True))
    if reservation is None:
        raise CartNotOut(status=cart.status, path=("input", "cartId"))
    return reservation


async def _take_back(
    session: AsyncSession, cart: Cart, course: Course, reservation: CartReservation, *, now: datetime
) -> CartReservation:
    if reservation.status is CartReservationStatus.PENDING:
        await give_back(session, [reservation], [cart], course, now=now)
        return reservation
    reservation.status, reservation.returned_at = CartReservationStatus.RETURNED, now
    cart.suspended_by = await keeping_closure(session, course)
    cart.status = CartStatus.ACTIVE if cart.suspended_by is None else CartStatus.INACTIVE
    ended = {"was_out": True, "returned_at": now}
    record(session, of_reservation(CartReturned, reservation, cart, course, now=now, **ended), now=now)
    return reservation


async def give_back_for_booking(session: AsyncSession, *, booking_id: UUID, now: datetime) -> None:
    """Give back the carts that wait for a locked booking; one that is out comes back as usual."""
    waiting = await pending_of_booking(session, booking_id)
    if not waiting:
        return
    carts = await lock_carts(session, {reservation.cart_id for reservation in waiting})
    course = await session.get_one(Course, carts[0].course_id)
    await give_back(session, await pending_of_booking(session, booking_id), carts, course, now=now)
