"""Taking a tee sheet offline, and bringing it online again."""

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_course, lock_course, refuse_unless_staff
from domain.tee_sheet.inventory.problems import NoTeeSheet
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.places import take_turns, withdraw_places
from domain.tee_sheet.sheets.problems import SheetAlreadyOffline, SheetAlreadyOnline
from events.log import record
from events.tee_sheet.sheets import TeeSheetOffline, TeeSheetOnline
from kit.ids import public_id
from models.tee_sheet.tables import TeeSheet, TeeTime

F = TypeVar("F", TeeSheetOffline, TeeSheetOnline)


async def take_offline(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date, now: datetime) -> TeeSheet:
    """Take a tee sheet offline: nothing on it can be held or booked any more; holds and offers on it end.

    Raises NotFound, NotAllowed, NoTeeSheet, SheetAlreadyOffline.
    """
    sheet = await _lock(session, viewer=viewer, course_id=course_id, day=day)
    if not sheet.is_online:
        raise SheetAlreadyOffline
    sheet.is_online = False
    record(session, _fact(TeeSheetOffline, sheet), now=now)
    for locked in await _lock_starts(session, sheet):
        await end_due_holds(session, locked, now=now)
        await withdraw_places(session, locked, locked.slots, now=now)
    return sheet


async def bring_online(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date, now: datetime) -> TeeSheet:
    """Bring a tee sheet online again; its free places are offered to who waits first.

    Raises NotFound, NotAllowed, NoTeeSheet, SheetAlreadyOnline.
    """
    sheet = await _lock(session, viewer=viewer, course_id=course_id, day=day)
    if sheet.is_online:
        raise SheetAlreadyOnline
    sheet.is_online = True
    record(session, _fact(TeeSheetOnline, sheet), now=now)
    await take_turns(session, await _lock_starts(session, sheet), now=now)
    return sheet


async def _lock(session: AsyncSession, *, viewer: Viewer, course_id: UUID, day: date) -> TeeSheet:
    """Lock a course, which each sale shares, and read its sheet of a day."""
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    await lock_course(session, course_id=course.id)
    wanted = select(TeeSheet).where(TeeSheet.course_id == course.id, TeeSheet.date == day)
    sheet = await session.scalar(wanted.execution_options(populate_existing=True))
    if sheet is None:
        raise NoTeeSheet(path=("input", "date"))
    return sheet


async def _lock_starts(session: AsyncSession, sheet: TeeSheet) -> list[LockedTeeTime]:
    """Lock all tee times of a sheet in the order of their ids, for places may be coming free on any of them."""
    await session.flush()
    starts = await session.scalars(select(TeeTime.id).where(TeeTime.sheet_id == sheet.id))
    return list((await lock_tee_times(session, starts)).values())


def _fact(kind: type[F], sheet: TeeSheet) -> F:
    return kind(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        sheet_id=public_id("tee_sheet", sheet.id),
        is_online=sheet.is_online,
    )
