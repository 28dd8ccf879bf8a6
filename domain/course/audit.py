"""The audit log of course status: an entry for every change, kept for good."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.clubs.closures import local_date
from domain.course.status import Wanted
from kit.errors import InvalidInput
from kit.ids import new_id
from models.clubs.tables import Course, Player
from models.course.tables import CourseConditions, CourseStatusChange
from models.course.values import CourseStatus, StatusSource
from models.tee_sheet.tables import TeeSheet

LABELS = {StatusSource.AUTO_WEATHER: "Weather", StatusSource.SCHEDULED: "Schedule"}
"""What the log calls those who change a status when nobody does."""


async def log_change(
    session: AsyncSession,
    course: Course,
    conditions: CourseConditions,
    *,
    previous: CourseStatus,
    wanted: Wanted,
    viewer: Viewer | None,
    now: datetime,
) -> CourseStatusChange:
    """Enter that a locked course's status is what was wanted now; `viewer` is who did it, if anybody did."""
    day = local_date(course, now)
    entry = CourseStatusChange(
        id=new_id(),
        tenant_id=course.tenant_id,
        club_id=course.club_id,
        course_id=course.id,
        sheet_id=await session.scalar(select(TeeSheet.id).where(TeeSheet.course_id == course.id, TeeSheet.date == day)),
        date=day,
        previous_status=previous,
        new_status=wanted.status,
        source=wanted.source,
        causes=list(wanted.causes),
        reason=wanted.reason or wanted.remark,
        score=conditions.score,
        weather=None if conditions.is_stale else conditions.weather,
        changed_by_id=viewer.user_id if viewer else None,
        changed_by_label=await label_of(session, viewer, club_id=course.club_id) if viewer else LABELS[wanted.source],
        changed_at=now,
    )
    session.add(entry)
    return entry


async def label_of(session: AsyncSession, viewer: Viewer, *, club_id: UUID) -> str:
    """Name somebody for people: as the club knows them as a player, or else by the `sub` of their token."""
    known = select(Player).where(Player.club_id == club_id, Player.user_id == viewer.user_id)
    player = await session.scalar(known)
    return f"{player.first_name} {player.last_name}"[:200] if player else viewer.user_id


async def status_history(
    session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date | None, before: UUID | None, limit: int
) -> list[CourseStatusChange]:
    """Read the entries of a course, of one local date or of all, newest first: at most `limit`, for staff.

    `before` is an entry of the course; those older than it are read. Raises NotFound, NotAllowed, InvalidInput.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    entry = CourseStatusChange
    rows = select(entry).where(entry.course_id == course.id)
    if day is not None:
        rows = rows.where(entry.date == day)
    if before is not None:
        last = await session.get(entry, before)
        if last is None or last.course_id != course.id:
            raise InvalidInput(
                message="This course's history has no such entry; give a cursor that it gave, or leave it out.",
                path=("after",),
            )
        rows = rows.where(tuple_(entry.date, entry.id) < tuple_(last.date, last.id))
    return list(await session.scalars(rows.order_by(entry.date.desc(), entry.id.desc()).limit(limit)))
