"""A course's conditions: what everybody may know of it today, and the part of it that the staff set."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from types import EllipsisType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, lock_course, refuse_unless_staff
from domain.clubs.closures import closed_until, local_date
from domain.course.playability import level_of
from events.course import CourseConditionsChanged
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id, public_id
from kit.text import clean_name
from models.clubs.tables import Course
from models.course.tables import CourseConditions
from models.course.values import CartPolicy, StatusCause, StatusSource, Weather

LONGEST_NOTE = 500


async def conditions_of(session: AsyncSession, courses: Sequence[Course]) -> dict[UUID, CourseConditions]:
    """Read the conditions of courses. One that has none yet has fresh ones: open, without weather."""
    wanted = select(CourseConditions).where(CourseConditions.course_id.in_([course.id for course in courses]))
    found = {row.course_id: row for row in await session.scalars(wanted)}
    return {course.id: found.get(course.id) or _fresh(course) for course in courses}


def _fresh(course: Course) -> CourseConditions:
    """Give the conditions of a course that nobody and nothing has changed since it was founded."""
    return CourseConditions(
        id=new_id(),
        tenant_id=course.tenant_id,
        club_id=course.club_id,
        course_id=course.id,
        status_since=course.created_at,
        source=StatusSource.MANUAL,
        causes=[],
        cart_policy=CartPolicy.NORMAL,
        holes_open=None,
        temporary_greens=[],
        note="",
        memory={},
        is_stale=False,
        updated_at=course.created_at,
    )


async def lock_conditions(session: AsyncSession, course: Course) -> CourseConditions:
    """Lock a course, which each sale shares, and read its conditions; they are written if it has none yet."""
    await lock_course(session, course_id=course.id)
    wanted = select(CourseConditions).where(CourseConditions.course_id == course.id)
    row = await session.scalar(wanted.execution_options(populate_existing=True))
    if row is None:
        row = _fresh(course)
        session.add(row)
    return row


def holes_of(course: Course, conditions: CourseConditions) -> tuple[int, ...]:
    """Give the holes of a course that can be played, in order."""
    holes = range(1, course.holes + 1)
    return tuple(hole for hole in holes if conditions.holes_open is None or hole in conditions.holes_open)


def weather_of(conditions: CourseConditions) -> Weather | None:
    """Give the weather as it was read last."""
    return Weather.of_json(conditions.weather) if conditions.weather else None


def conditions_fact(course: Course, conditions: CourseConditions, *, now: datetime) -> CourseConditionsChanged:
    """State what everybody may know of a course's conditions, all of it."""
    score = conditions.score
    return CourseConditionsChanged(
        club_id=public_id("club", course.club_id),
        course_id=public_id("course", course.id),
        date=local_date(course, now),
        status=course.status,
        since=conditions.status_since,
        source=conditions.source,
        causes=tuple(StatusCause(cause) for cause in conditions.causes),
        reason=course.status_reason,
        closed_until=closed_until(course, now=now),
        override_until=conditions.override_until,
        score=score,
        level=None if score is None else level_of(score),
        weather=weather_of(conditions),
        stale=conditions.is_stale or conditions.weather is None,
        lightning_until=conditions.lightning_until,
        cart_policy=conditions.cart_policy,
        holes_open=holes_of(course, conditions),
        temporary_greens=tuple(conditions.temporary_greens),
        note=conditions.note,
    )


def tell_conditions(
    session: AsyncSession,
    course: Course,
    conditions: CourseConditions,
    *,
    before: CourseConditionsChanged,
    now: datetime,
) -> None:
    """Record what everybody may know of a course, if it is something else than before."""
    fact = conditions_fact(course, conditions, now=now)
    if fact != before:
        conditions.updated_at = now
        record(session, fact, now=now)


async def set_playing_conditions(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    cart_policy: CartPolicy | None = None,
    holes_open: Collection[int] | EllipsisType | None = ...,
    temporary_greens: Collection[int] | None = None,
    note: str | None = None,
    now: datetime,
) -> Course:
    """Set where carts may drive, which holes are open (None for all), which have temporary greens, and a note.

    What is left out stays; where nothing changes, nothing is told. Raises NotFound, NotAllowed, InvalidInput.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    conditions = await lock_conditions(session, course)
    before = conditions_fact(course, conditions, now=now)
    if cart_policy is not None:
        conditions.cart_policy = cart_policy
    if not isinstance(holes_open, EllipsisType):
        conditions.holes_open = _holes_open(course, holes_open)
    if temporary_greens is not None:
        conditions.temporary_greens = _holes(course, temporary_greens, field="temporaryGreens")
    if note is not None:
        conditions.note = clean_name(note, path=("input", "note"), longest=LONGEST_NOTE, empty=True)
    tell_conditions(session, course, conditions, before=before, now=now)
    return course


def _holes_open(course: Course, holes: Iterable[int] | None) -> list[int] | None:
    if holes is None:
        return None
    found = _holes(course, holes, field="holesOpen")
    if not found:
        message = "Name at least one hole, or null for all of them; close the course where none can be played."
        raise InvalidInput(message=message, path=("input", "holesOpen"))
    return found if len(found) < course.holes else None


def _holes(course: Course, holes: Iterable[int], *, field: str) -> list[int]:
    wanted = sorted(set(holes))
    if wanted and not 1 <= wanted[0] <= wanted[-1] <= course.holes:
        raise InvalidInput(message=f"Choose from the course's holes: 1 to {course.holes}.", path=("input", field))
    return wanted
