"""Notes on a booking, a start, and a day: one that is shown to whoever sees the thing, and one for the staff alone."""

from datetime import date, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.tee_sheet.booking.access import find_booking_and_club, lock_booking
from domain.tee_sheet.booking.facts import updated
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.desk.starts import lock_sheet
from domain.tee_sheet.inventory.slots import find_tee_time, lock_tee_time
from events.log import record
from events.tee_sheet.sheets import TeeSheetNoted
from kit.errors import InvalidInput, NotFound
from kit.ids import public_id
from kit.text import clean_name
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, TeeSheet, TeeTime

LONGEST_NOTE = 500


class Noted(Protocol):
    """What has notes."""

    note: str
    staff_note: str


class Notes(NamedTuple):
    """Notes as they are wanted: what is None stays as it is, and an empty text takes a note off."""

    note: str | None
    staff_note: str | None

    def put_on(self, row: Noted) -> bool:
        """Note it on something that is locked; tells whether anything is another than before."""
        before = (row.note, row.staff_note)
        row.note = row.note if self.note is None else self.note
        row.staff_note = row.staff_note if self.staff_note is None else self.staff_note
        return before != (row.note, row.staff_note)


async def set_booking_note(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    note: str | None = None,
    staff_note: str | None = None,
    now: datetime,
) -> Booking:
    """Note something on a booking, whatever its status; its party sees what is not for the staff alone.

    Raises NotFound, NotAllowed, InvalidInput.
    """
    booking, club = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    notes = _clean(note, staff_note)
    locked = await lock_booking(session, booking)
    players = (await players_of(session, [booking.id]))[booking.id]
    users = await users_of(session, [player.player_id for player in players])
    if notes.put_on(booking):
        record(session, updated(booking, players, locked, club, [BookingChange.NOTE], users=users), now=now)
    return booking


async def set_tee_time_note(
    session: AsyncSession,
    *,
    viewer: Viewer,
    tee_time_id: UUID,
    note: str | None = None,
    staff_note: str | None = None,
    now: datetime,
) -> TeeTime:
    """Note something on a start; it stays there when its sheet is made anew. Raises NotFound, NotAllowed."""
    tee_time, sheet = await find_tee_time(session, tee_time_id)
    if not viewer.may_see_sheets(sheet.club_id):
        raise NotFound(message="There is no such tee time, or you may not know of it.")
    refuse_unless_staff(viewer, sheet.club_id)
    notes = _clean(note, staff_note)
    tee_time = (await lock_tee_time(session, tee_time.id)).tee_time
    if notes.put_on(tee_time):
        record(session, _fact(sheet, tee_time, tee_time_id=public_id("tee_time", tee_time.id)), now=now)
    return tee_time


async def set_tee_sheet_note(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    day: date,
    note: str | None = None,
    staff_note: str | None = None,
    now: datetime,
) -> TeeSheet:
    """Note something on a day of a course. Raises NotFound, NotAllowed, InvalidInput, NoTeeSheet."""
    sheet = await lock_sheet(session, viewer=viewer, course_id=course_id, day=day)
    notes = _clean(note, staff_note)
    if notes.put_on(sheet):
        record(session, _fact(sheet, sheet, tee_time_id=None), now=now)
    return sheet


def _clean(note: str | None, staff_note: str | None) -> Notes:
    if note is None and staff_note is None:
        message = "Give a note or a staffNote; an empty text takes one off."
        raise InvalidInput(message=message, path=("input",))
    return Notes(_text(note, "note"), _text(staff_note, "staffNote"))


def _text(text: str | None, name: str) -> str | None:
    if text is None:
        return None
    return clean_name(text, path=("input", name), longest=LONGEST_NOTE, empty=True)


def _fact(sheet: TeeSheet, noted: Noted, *, tee_time_id: str | None) -> TeeSheetNoted:
    return TeeSheetNoted(
        club_id=public_id("club", sheet.club_id),
        course_id=public_id("course", sheet.course_id),
        date=sheet.date,
        sheet_id=public_id("tee_sheet", sheet.id),
        tee_time_id=tee_time_id,
        note=noted.note,
        staff_note=noted.staff_note,
    )
