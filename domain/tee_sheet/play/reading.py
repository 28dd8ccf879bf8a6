"""Reading rounds and suspensions."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tee_sheet.play import Round, Suspension


async def rounds_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, Round | None]:
    """Read the rounds of bookings; none for those that have not teed off."""
    found: dict[UUID, Round | None] = dict.fromkeys(booking_ids)
    rows = await session.scalars(select(Round).where(Round.booking_id.in_(found)))
    return found | {played.booking_id: played for played in rows}


async def suspensions_of(session: AsyncSession, course_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """Tell since when play is suspended on courses; none where it is not."""
    found: dict[UUID, datetime | None] = dict.fromkeys(course_ids)
    rows = select(Suspension.course_id, Suspension.suspended_at).where(
        Suspension.course_id.in_(found), Suspension.resumed_at.is_(None)
    )
    return found | {row.course_id: row.suspended_at for row in await session.execute(rows)}
