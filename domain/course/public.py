"""What anybody may know of a course's conditions, as of a moment, and for how long that holds by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.closures import end_of_day
from domain.course.conditions import conditions_fact, conditions_of
from domain.course.observations import HOLDS_FOR, is_usable
from events.course import CourseConditionsChanged
from models.clubs.tables import Course
from models.course.tables import CourseConditions
from models.course.values import CourseStatus

INSTANT = timedelta(microseconds=1)

KnownCourse = tuple[Course, CourseConditions]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicConditions:
    """A course with its public conditions at a moment."""

    course: Course
    fact: CourseConditionsChanged
    until: datetime | None
    """The first instant, in UTC, at which they may be others by the clock alone; none if there is no such instant."""


async def read_conditions(session: AsyncSession, course_ids: Iterable[UUID]) -> dict[UUID, KnownCourse]:
    """Read courses with their conditions, whoever asks. A course that the session's tenant does not have is missing."""
    courses = list(await session.scalars(select(Course).where(Course.id.in_(course_ids))))
    conditions = await conditions_of(session, courses)
    return {course.id: (course, conditions[course.id]) for course in courses}


def public_conditions(known: KnownCourse, *, now: datetime) -> PublicConditions:
    """Say how a course can be played. Weather of more than 30 minutes ago is stale, whether or not anybody has looked.

    Beside that, a closure by the weather covers the local day, whichever it is.
    """
    course, conditions = known
    fact = conditions_fact(course, conditions, now=now)
    usable = is_usable(fact.weather, now=now)
    ends = []
    if usable and fact.weather and not fact.stale:
        ends.append(fact.weather.observed_at + HOLDS_FOR + INSTANT)
    if course.status is CourseStatus.CLOSED and course.status_until is None:
        ends.append(end_of_day(course.time_zone, now=now))
    stale = fact.stale or not usable
    return PublicConditions(course=course, fact=replace(fact, stale=stale), until=min(ends, default=None))
