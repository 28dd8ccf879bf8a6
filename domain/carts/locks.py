"""How carts are locked, and given back.

A cart's row is the lock of all its reservations: whoever changes one of them has locked the cart. Several carts are
locked in the order of their ids.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.carts.facts import of_reservation
from events.carts import CartReturned
from events.log import record
from models.carts.tables import Cart, CartReservation
from models.carts.values import CartReservationStatus
from models.clubs.tables import Course
from models.tee_sheet.tables import Booking, TeeTime

FRESH = {"populate_existing": True}


async def lock_fleet(session: AsyncSession, course_id: UUID) -> list[Cart]:
    """Lock all carts of a course that have not left its fleet, in the order of their ids, and read them anew."""
    return await _lock(session, Cart.course_id == course_id, Cart.retired_at.is_(None))


async def lock_carts(session: AsyncSession, cart_ids: Iterable[UUID]) -> list[Cart]:
    """Lock carts in the order of their ids, and read them anew. One that does not exist is left out."""
    return await _lock(session, Cart.id.in_(list(cart_ids)))


async def _lock(session: AsyncSession, *which: ColumnElement[bool]) -> list[Cart]:
    rows = select(Cart).where(*which).order_by(Cart.id).with_for_update(key_share=True)
    return list(await session.scalars(rows.execution_options(**FRESH)))


def pending(*which: ColumnElement[bool]) -> Select[CartReservation]:
    """Ask for reservations that wait for their bookings, by conditions on them, their bookings and their tee times."""
    rows = (
        select(CartReservation)
        .join(Booking, CartReservation.booking_id == Booking.id)
        .join(TeeTime, Booking.tee_time_id == TeeTime.id)
        .where(CartReservation.status == CartReservationStatus.PENDING, *which)
        .order_by(CartReservation.id)
    )
    return rows.execution_options(**FRESH)


PENDING_OF_BOOKING = pending(CartReservation.booking_id == bindparam("booking_id"))


async def pending_reservations(session: AsyncSession, *which: ColumnElement[bool]) -> list[CartReservation]:
    """Read reservations that wait for their bookings, by such conditions."""
    return list(await session.scalars(pending(*which)))


async def pending_of_booking(session: AsyncSession, booking_id: UUID) -> list[CartReservation]:
    """Read the reservations that wait for a booking."""
    return list(await session.scalars(PENDING_OF_BOOKING, {"booking_id": booking_id}))


async def give_back(
    session: AsyncSession,
    reservations: Sequence[CartReservation],
    carts: Iterable[Cart],
    course: Course,
    *,
    now: datetime,
) -> None:
    """Give back pending reservations of carts that are locked: their carts are free for others at these times."""
    if not reservations:
        return
    known = {cart.id: cart for cart in carts}
    values = {"status": CartReservationStatus.RETURNED, "returned_at": now}
    ids = [reservation.id for reservation in reservations]
    await session.execute(update(CartReservation).where(CartReservation.id.in_(ids)).values(values))
    ended = {"was_out": False, "returned_at": now}
    for row in reservations:
        record(session, of_reservation(CartReturned, row, known[row.cart_id], course, now=now, **ended), now=now)
