"""What a closing and a reopening do to the carts of a course."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.carts.facts import of_carts
from domain.carts.locks import give_back, lock_fleet, pending_reservations
from domain.clubs.closures import closed_until, live_closure
from events.carts import CartsResumed, CartsSuspended
from events.log import record
from models.carts.tables import Cart, CartReservation
from models.carts.values import CartStatus
from models.clubs.tables import Course
from models.tee_sheet.tables import TeeTime


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
