"""Reading tee sheets."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, refuse_unless_at_sheets
from models.tee_sheet.tables import TeeSheet


async def read_sheet(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date) -> TeeSheet | None:
    """Read the tee sheet of a course on a local date, if it has been made. Raises NotFound, NotAllowed."""
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_at_sheets(viewer, course.club_id)
    return await session.scalar(select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == day))
