"""A tee sheet whose starts change: locking it, and saying that it has changed."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_strangers, refuse_unless_staff, share_course
from domain.tee_sheet.inventory.problems import NoTeeSheet
from domain.tee_sheet.sheets.rows import changed
from events.tee_sheet.sheets import TeeSheetChanged
from models.tee_sheet.desk import SheetChange
from models.tee_sheet.tables import TeeSheet


async def lock_sheet(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date) -> TeeSheet:
    """Lock a sheet, before its tee times: those who add or shift starts take turns. Raises NotAllowed, NoTeeSheet.

    Its course is shared, so that a closing knows all starts that it covers.
    """
    course = await share_course(session, course_id=course_id)
    refuse_strangers(viewer, course.club_id, what="course")
    refuse_unless_staff(viewer, course.club_id)
    rows = select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == day)
    sheet = await session.scalar(rows.with_for_update(key_share=True).execution_options(populate_existing=True))
    if sheet is None:
        raise NoTeeSheet(path=("input", "date"))
    return sheet


def sheet_changed(sheet: TeeSheet, change: SheetChange) -> TeeSheetChanged:
    """State that the starts of a sheet have changed; which ones is for the caller to add."""
    return changed(sheet, change, tee_times=())
