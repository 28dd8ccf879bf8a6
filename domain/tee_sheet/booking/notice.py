"""Until when a booker may give places up."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.closures import closed_until
from domain.tee_sheet.booking.problems import ChangeTooLate
from domain.tee_sheet.booking.rules import cancellation_deadline
from domain.tee_sheet.inventory.slots import LockedStart
from models.clubs.tables import Club, Course
from models.tee_sheet.tables import Booking


async def deadline_of(
    session: AsyncSession, booking: Booking, start: LockedStart, club: Club, *, now: datetime
) -> datetime:
    """Give the last instant, in UTC, at which the booker may cancel. What nobody can play is cancelled until its start.

    The course is asked only when it matters: when it is too late otherwise.
    """
    starts_at = start.tee_time.starts_at
    deadline = cancellation_deadline(starts_at, club.cancellation_notice_hours, created_at=booking.created_at)
    if now <= deadline:
        return deadline
    until = closed_until(await session.get_one(Course, booking.course_id), now=now)
    return starts_at if until is not None and starts_at < until else deadline


async def check_notice(
    session: AsyncSession, booking: Booking, start: LockedStart, club: Club, *, now: datetime
) -> None:
    """Refuse a booker who gives up places after the deadline of a cancellation. Raises ChangeTooLate."""
    deadline = await deadline_of(session, booking, start, club, now=now)
    if now > deadline:
        raise ChangeTooLate(notice_hours=club.cancellation_notice_hours, deadline=deadline)
