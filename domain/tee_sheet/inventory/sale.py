"""What stands against every sale of a place, whoever buys it: the sheet is offline, or the course is closed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.closures import conditional_until, refuse_closed
from domain.tee_sheet.inventory.problems import SheetOffline
from domain.tee_sheet.inventory.slots import LockedTeeTime
from kit.errors import NotAllowed
from models.clubs.tables import Course
from models.tee_sheet.tables import TeeSheet, TeeTime


def refuse_offline(sheet: TeeSheet) -> None:
    """Refuse a sheet that is offline; to be asked again under the lock of its course. Raises SheetOffline."""
    if not sheet.is_online:
        raise SheetOffline


def check_force(viewer: Viewer, club_id: UUID, *, even_if_closed: bool) -> None:
    """Let nobody but staff ask for a sale in spite of a closure, whether there is one or not. Raises NotAllowed."""
    if even_if_closed and not viewer.is_staff_of(club_id):
        raise NotAllowed(message="Only the club's staff may book a start while its course is closed.")


def check_on_sale(locked: LockedTeeTime, course: Course, *, even_if_closed: bool, now: datetime) -> None:
    """Refuse places of a locked tee time that is not on sale; its course is shared by this transaction.

    Raises SheetOffline, and CourseClosed unless the staff sell even then.
    """
    refuse_offline(locked.sheet)  # it may have gone offline while the tee time was waited for
    if not even_if_closed:
        refuse_closed(course, starts_at=locked.tee_time.starts_at, now=now)


async def condition_of_start(
    session: AsyncSession, *, tee_time_id: UUID, now: datetime
) -> tuple[Course, datetime] | None:
    """Give the course of a start that can be played conditionally, and until when, in UTC; None for other starts."""
    rows = (
        select(TeeTime.starts_at, Course)
        .join(TeeSheet, TeeSheet.id == TeeTime.sheet_id)
        .join(Course, Course.id == TeeSheet.course_id)
        .where(TeeTime.id == tee_time_id)
    )
    starts_at, course = (await session.execute(rows)).one()
    until = conditional_until(course, starts_at=starts_at, now=now)
    return None if until is None else (course, until)
