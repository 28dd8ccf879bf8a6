"""The demo's carts: a fleet for the large course, one of it in repair, and carts that wait for some of its bookings."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from demo.clubs import EIGHTEEN_ID
from demo.people import OWNER
from domain.carts.fleet import add_cart, set_cart_status
from domain.journeys.carts_for_bookings import reserve_cart
from kit.errors import Problem
from models.carts.tables import Cart
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus

FIRST_ID = UUID("019b76da-a800-7000-8000-000000000801")
CARTS = 24
IN_REPAIR = 13
ONE_RIDES_OF = 5
"""Each so many bookings, one has a cart."""


async def buy_carts(session: AsyncSession, *, now: datetime) -> None:
    """Make the fleet, unless the course has carts."""
    if await session.scalar(select(exists().where(Cart.course_id == EIGHTEEN_ID))):
        return
    owner, ids = OWNER.viewer(now=now), [UUID(int=FIRST_ID.int + at) for at in range(CARTS)]
    for number, cart_id in enumerate(ids, 1):
        await add_cart(session, viewer=owner, course_id=EIGHTEEN_ID, number=f"{number}", cart_id=cart_id, now=now)
    await set_cart_status(session, viewer=owner, cart_id=ids[IN_REPAIR - 1], in_service=False, now=now)


async def reserve_carts(session: AsyncSession, bookings: Iterable[Booking], *, now: datetime) -> None:
    """Reserve carts for some bookings of the large course; what rules refuse, as of a closed one, is left out."""
    wanted = [row for row in bookings if row.course_id == EIGHTEEN_ID and row.status is BookingStatus.CONFIRMED]
    for booking in wanted[::ONE_RIDES_OF]:
        with suppress(Problem):
            await reserve_cart(session, viewer=OWNER.viewer(now=now), booking_id=booking.id, now=now)
