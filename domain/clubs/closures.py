"""Which starts a course's status concerns: what every sale of a place asks, under its share of the course."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kit.errors import Problem
from models.clubs.tables import Course
from models.course.tables import CourseClosure
from models.course.values import CourseStatus


class CourseClosed(Problem):
    """The course is closed at this start; choose one after the closure, or wait until the course opens again."""

    code: ClassVar[str] = "COURSE_CLOSED"

    status: CourseStatus
    """The course's status now."""
    reason: str
    """Why, in the club's words; empty where the weather says it all."""
    closed_until: datetime
    """The first instant, in UTC, that the closure does not cover as things stand."""


def local_date(course: Course, moment: datetime) -> date:
    """Give the date that a course's calendar shows at a moment."""
    return moment.astimezone(ZoneInfo(course.time_zone)).date()


def end_of_day(zone: str, *, now: datetime) -> datetime:
    """Give the instant, in UTC, at which the next day begins in a zone: its first one, where clocks go back at it."""
    local = ZoneInfo(zone)
    return _begin(now.astimezone(local).date() + timedelta(days=1), local)


def _begin(day: date, zone: ZoneInfo) -> datetime:
    """Give the instant, in UTC, at which a day begins: behind the gap, where its midnight does not exist."""
    return datetime.combine(day, time(), zone).astimezone(ZoneInfo("UTC"))


def closed_until(course: Course, *, now: datetime) -> datetime | None:
    """Give the instant, in UTC, up to which starts are covered by a course's closure; None while it is not closed.

    A closure by the weather covers the local day, whichever it is by then; one by the staff says until when.
    """
    return _until(course, now=now) if course.status is CourseStatus.CLOSED else None


def conditional_until(course: Course, *, starts_at: datetime, now: datetime) -> datetime | None:
    """Give the instant, in UTC, up to which a start is warned of, since its course can be played conditionally.

    It is the same that a closure would have. None for a start behind it, or of a day before the course's local one.
    """
    if course.status is not CourseStatus.CONDITIONAL:
        return None
    local, until = ZoneInfo(course.time_zone), _until(course, now=now)
    today = _begin(now.astimezone(local).date(), local)
    return until if now < until and today <= starts_at < until else None


def _until(course: Course, *, now: datetime) -> datetime:
    return course.status_until or end_of_day(course.time_zone, now=now)


def refuse_closed(course: Course, *, starts_at: datetime, now: datetime) -> None:
    """Refuse a start that lies within the course's closure; to be asked under a share of the course.

    Raises CourseClosed.
    """
    until = closed_until(course, now=now)
    if until is not None and starts_at < until:
        raise CourseClosed(status=course.status, reason=course.status_reason, closed_until=until)


async def live_closure(session: AsyncSession, course_id: UUID) -> CourseClosure | None:
    """Read the closure of a course that is closed now; to be asked under a lock, or a share, of the course."""
    live = select(CourseClosure).where(CourseClosure.course_id == course_id, CourseClosure.ended_at.is_(None))
    return await session.scalar(live.execution_options(populate_existing=True))
