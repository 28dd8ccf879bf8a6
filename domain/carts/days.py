"""How a reservation ends whose cart nobody has fetched: with the day of its booking."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.carts.locks import give_back, lock_carts, pending_reservations
from models.carts.tables import CartReservation
from models.clubs.tables import Course

DUE = text("""
    SELECT DISTINCT tenant_id, course_id FROM cart_reservations
    WHERE status = 'PENDING' AND ends_at <= :now ORDER BY course_id
""")


async def due_courses(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the courses, of all tenants, where carts wait for bookings of days that are over: tenant and course."""
    return [(row.tenant_id, row.course_id) for row in await session.execute(DUE, {"now": now})]


async def end_cart_days(session: AsyncSession, *, course_id: UUID, now: datetime) -> None:
    """Give back the carts of a course that wait for bookings of days that are over.

    One that is out stays so until it is brought back. A group that plays on past midnight can still be handed a cart,
    as any other that comes for one without a reservation.
    """
    over = (CartReservation.course_id == course_id, CartReservation.ends_at <= now)
    waiting = await pending_reservations(session, *over)
    carts = await lock_carts(session, {reservation.cart_id for reservation in waiting})
    course = await session.get_one(Course, course_id)
    await give_back(session, await pending_reservations(session, *over), carts, course, now=now)
