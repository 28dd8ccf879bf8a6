"""Play that is suspended on a course, as for lightning, and resumed."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.tee_sheet.play.pace_rules import Span
from domain.tee_sheet.play.problems import PlayAlreadySuspended, PlayNotSuspended
from events.log import record
from events.tee_sheet.base import SheetEvent
from events.tee_sheet.play import PlayResumed, PlaySuspended
from kit.ids import new_id, public_id
from models.clubs.tables import Course
from models.tee_sheet.play import Suspension

E = TypeVar("E", bound=SheetEvent)


async def suspend_play(session: AsyncSession, *, viewer: Viewer, course_id: UUID, now: datetime) -> Course:
    """Suspend play on a course: until it is resumed, no group falls behind.

    Raises NotFound, NotAllowed, PlayAlreadySuspended.
    """
    course, current = await _lock(session, viewer=viewer, course_id=course_id)
    if current:
        raise PlayAlreadySuspended(suspended_at=current.suspended_at)
    suspension = Suspension(
        id=new_id(), tenant_id=course.tenant_id, course_id=course.id, suspended_at=now, suspended_by=viewer.user_id
    )
    session.add(suspension)
    record(session, _fact(PlaySuspended, course, now=now, suspended_at=now), now=now)
    return course


async def resume_play(session: AsyncSession, *, viewer: Viewer, course_id: UUID, now: datetime) -> Course:
    """Let the groups on a course play on. Raises NotFound, NotAllowed, PlayNotSuspended."""
    course, current = await _lock(session, viewer=viewer, course_id=course_id)
    if current is None:
        raise PlayNotSuspended
    current.resumed_at, current.resumed_by = max(now, current.suspended_at), viewer.user_id
    times = {"suspended_at": current.suspended_at, "resumed_at": current.resumed_at}
    record(session, _fact(PlayResumed, course, now=now, **times), now=now)
    return course


async def _lock(session: AsyncSession, *, viewer: Viewer, course_id: UUID) -> tuple[Course, Suspension | None]:
    """Find a course, and its suspension if it has one now; two who change that take turns."""
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    await session.refresh(course, with_for_update={"key_share": True})
    current = select(Suspension).where(Suspension.course_id == course.id, Suspension.resumed_at.is_(None))
    return course, await session.scalar(current.execution_options(populate_existing=True))


def _fact(kind: type[E], course: Course, *, now: datetime, **times: datetime) -> E:
    return kind(
        club_id=public_id("club", course.club_id),
        course_id=public_id("course", course.id),
        date=now.astimezone(ZoneInfo(course.time_zone)).date(),
        **times,
    )


async def pauses_of(session: AsyncSession, *, course_id: UUID, since: datetime) -> list[Span]:
    """Give the times since a moment in which play on a course was suspended, in order."""
    rows = await session.execute(
        select(Suspension.suspended_at, Suspension.resumed_at)
        .where(
            Suspension.course_id == course_id,
            Suspension.resumed_at.is_(None) | (Suspension.resumed_at > since),
        )
        .order_by(Suspension.suspended_at)
    )
    return [(suspended_at, resumed_at) for suspended_at, resumed_at in rows]
