"""A course's status in its rows: what it becomes, who overrides it, what is closed, and what the weather has said."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.course.observations import is_usable
from domain.course.problems import OverrideEndRefused
from domain.course.rules import Decision
from kit.errors import InvalidInput
from kit.ids import new_id
from models.clubs.tables import Course
from models.course.tables import CourseClosure, CourseConditions
from models.course.values import CourseStatus, StatusCause, StatusSource, Weather

LONGEST_REASON = 500
LONGEST_OVERRIDE = timedelta(days=400)
EXPIRE_OVERRIDE = "expire_override"
ALL_CLEAR = "all_clear"
OVERRIDE = ("override_status", "override_reason", "override_by", "override_at", "override_until")


class CourseDue(NamedTuple):
    """A course of some tenant for which something is due."""

    tenant_id: UUID
    course_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a course's status shall be, and why."""

    status: CourseStatus
    source: StatusSource
    causes: tuple[StatusCause, ...]
    reason: str = ""
    """Why, in the club's words, for as long as the status lasts."""
    remark: str = ""
    """What the club says about the change alone."""
    until: datetime | None = None
    """When the override ends that asks for it; None where the weather does."""


def take_over(course: Course, conditions: CourseConditions, wanted: Wanted, *, now: datetime) -> None:
    """Give a locked course its status. What the weather asks for has no end: it is the day's, whichever it is."""
    if wanted.status is not course.status:
        conditions.status_since = now
    course.status, course.status_reason = wanted.status, wanted.reason
    course.status_until = wanted.until
    conditions.source, conditions.causes = wanted.source, list(wanted.causes)


def put_override(conditions: CourseConditions, wanted: Wanted, *, viewer: Viewer, now: datetime) -> None:
    """Note that somebody of the staff has the say from now on; what was in force before is replaced."""
    values = (wanted.status, wanted.reason, viewer.user_id, now, wanted.until)
    for name, value in zip(OVERRIDE, values, strict=True):
        setattr(conditions, name, value)


def drop_override(conditions: CourseConditions) -> None:
    """Note that nobody of the staff has the say any more."""
    for name in OVERRIDE:
        setattr(conditions, name, None)


def is_overridden(conditions: CourseConditions, *, now: datetime) -> bool:
    """Tell whether an override is in force; one past its end is none, though nobody has ended it yet."""
    return conditions.override_until is not None and conditions.override_until > now


def check_override_end(until: datetime, *, now: datetime) -> datetime:
    """Accept the end of an override, in UTC. Raises InvalidInput, OverrideEndRefused."""
    path = ("input", "until")
    if until.tzinfo is None:
        raise InvalidInput(message="Give the time with its offset, as in 2026-05-04T18:00:00Z.", path=path)
    if not now < until <= now + LONGEST_OVERRIDE:
        raise OverrideEndRefused(earliest=now, latest=now + LONGEST_OVERRIDE, path=path)
    return until.astimezone(UTC)


def newest(read: Weather | None, kept: Weather | None, *, now: datetime) -> Weather | None:
    """Give the weather to decide by: what was read, unless what was kept before is of later, and still usable."""
    older = read is not None and kept is not None and read.observed_at < kept.observed_at
    return kept if older and is_usable(read, now=now) and is_usable(kept, now=now) else read


def keep_decision(conditions: CourseConditions, decision: Decision, weather: Weather | None, *, now: datetime) -> None:
    """Keep what an evaluation came to, all but the status itself. Weather that can't be used leaves the last in place.

    An outage of the weather ends, and may be told of anew, with the first weather that can be used.
    """
    conditions.score, conditions.memory = decision.score, decision.memory.as_json()
    conditions.lightning_until, conditions.is_stale = decision.lightning_until, decision.stale
    conditions.checked_at = now
    if weather is not None and not decision.stale:
        conditions.weather, conditions.stale_told_at = weather.as_json(), None


async def begin_closure(session: AsyncSession, course: Course, *, until: datetime, now: datetime) -> CourseClosure:
    """Begin the closure of a locked course, up to an instant."""
    closure = CourseClosure(
        id=new_id(),
        tenant_id=course.tenant_id,
        club_id=course.club_id,
        course_id=course.id,
        began_at=now,
        reaches_until=until,
        block_ids=[],
    )
    session.add(closure)
    await session.flush()
    return closure


async def due_overrides(session: AsyncSession, *, now: datetime) -> list[CourseDue]:
    """List the courses of all tenants whose override is past its end, oldest first: what a dead worker has left."""
    return await _due(session, "override_until", now=now)


async def due_all_clears(session: AsyncSession, *, now: datetime) -> list[CourseDue]:
    """List the courses of all tenants whose lightning has passed, oldest first: what a dead worker has left."""
    return await _due(session, "lightning_until", now=now)


async def _due(session: AsyncSession, column: str, *, now: datetime) -> list[CourseDue]:
    due = text(f"SELECT tenant_id, course_id FROM course_conditions WHERE {column} <= :now ORDER BY {column}, id")
    return [CourseDue(row.tenant_id, row.course_id) for row in await session.execute(due, {"now": now})]
