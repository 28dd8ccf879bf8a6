"""What a closing and a reopening do to the carts of a course, and how carts are locked and given back.

A cart's row is the lock of all its reservations: whoever changes one of them has locked the cart. Several carts are
locked in the order of their ids.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.closures import closed_until
from domain.course.cart_facts import of_carts, of_reservation
from domain.course.status import live_closure
from events.carts import CartReturned, CartsResumed, CartsSuspended
from events.log import record
from models.clubs.tables import Course
from models.course.tables import Cart, CartReservation
from models.course.values import CartReservationStatus, CartStatus
from models.tee_sheet.tables import Booking, TeeTime

FRESH = {"populate_existing": True}


async def suspend_carts(session: AsyncSession, *, course: Course, closure_id: UUID, now: datetime) -> int:
    """Take the carts of a closed course out of use, but for those that are out; tell how many these were.

    Reservations of the starts that the closure covers are given back. To be called under the lock of the course's row,
    once that says until when the course is closed; and again when the closure comes to cover more starts.
    """
    fleet = await lock_fleet(session, course.id)
    idle = [cart for cart in fleet if cart.status is CartStatus.ACTIVE]
    if idle:
        values = {"status": CartStatus.INACTIVE, "suspended_by": closure_id}
        await session.execute(update(Cart).where(Cart.id.in_([cart.id for cart in idle])).values(values))
        record(session, of_carts(CartsSuspended, idle, course, now=now), now=now)
    covered = TeeTime.starts_at < closed_until(course, now=now)
    waiting = await pending_reservations(session, CartReservation.course_id == course.id, covered)
    await give_back(session, waiting, fleet, course, now=now)
    return len(idle)


async def resume_carts(session: AsyncSession, *, course: Course, closure_id: UUID, now: datetime) -> int:
    """Put the carts back into use that a closure has suspended, and no others; tell how many these were.

    To be called under the lock of the course's row.
    """
    carts = [cart for cart in await lock_fleet(session, course.id) if cart.suspended_by == closure_id]
    if carts:
        values = {"status": CartStatus.ACTIVE, "suspended_by": None}
        await session.execute(update(Cart).where(Cart.id.in_([cart.id for cart in carts])).values(values))
        record(session, of_carts(CartsResumed, carts, course, now=now), now=now)
    return len(carts)


async def keeping_closure(session: AsyncSession, course: Course) -> UUID | None:
    """Name the closure that keeps the carts of a course which come into service now; none while it is not closed.

    To be asked under a share of the course's row.
    """
    closure = await live_closure(session, course.id)
    return closure.id if closure else None


async def lock_fleet(session: AsyncSession, course_id: UUID) -> list[Cart]:
    """Lock all carts of a course that have not left its fleet, in the order of their ids, and read them anew."""
    return await _lock(session, Cart.course_id == course_id, Cart.retired_at.is_(None))


async def lock_carts(session: AsyncSession, cart_ids: Iterable[UUID]) -> list[Cart]:
    """Lock carts in the order of their ids, and read them anew. One that does not exist is left out."""
    return await _lock(session, Cart.id.in_(list(cart_ids)))


async def _lock(session: AsyncSession, *which: ColumnElement[bool]) -> list[Cart]:
    rows = select(Cart).where(*which).order_by(Cart.id).with_for_update(key_share=True)
    return list(await session.scalars(rows.execution_options(**FRESH)))


async def pending_reservations(session: AsyncSession, *which: ColumnElement[bool]) -> list[CartReservation]:
    """Read reservations that wait for their bookings, by conditions on them, their bookings and their tee times."""
    rows = (
        select(CartReservation)
        .join(Booking, CartReservation.booking_id == Booking.id)
        .join(TeeTime, Booking.tee_time_id == TeeTime.id)
        .where(CartReservation.status == CartReservationStatus.PENDING, *which)
        .order_by(CartReservation.id)
    )
    return list(await session.scalars(rows.execution_options(**FRESH)))


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
