"""Which starts a closed course's closure covers: what every sale of a place asks, under its share of the course."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from kit.errors import Problem
from models.clubs.tables import Course
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
    if course.status is not CourseStatus.CLOSED:
        return None
    return course.status_until or end_of_day(course.time_zone, now=now)


def refuse_closed(course: Course, *, starts_at: datetime, now: datetime) -> None:
    """Refuse a start that lies within the course's closure; to be asked under a share of the course.

    Raises CourseClosed.
    """
    until = closed_until(course, now=now)
    if until is not None and starts_at < until:
        raise CourseClosed(status=course.status, reason=course.status_reason, closed_until=until)
