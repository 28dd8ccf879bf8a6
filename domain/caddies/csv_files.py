"""Caddies as a file: a heading `name,list,phone`, then a row for each. What is written out can be read in again.

Where several people of a list have one name, a column `namesake` counts them from 1 on.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.caddies import new_caddie
from domain.caddies.facts import added, queue_changed
from domain.caddies.queues import lock_or_make_queue, waiting_in
from domain.caddies.rules import put_at_tail
from domain.caddies.settings import MOST_CADDIES, Settings, lock_roster, refuse_too_many
from domain.clubs.access import find_club, refuse_unless_staff
from events.log import record
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.fault_codes import Fault
from kit.ids import new_id
from kit.spreadsheets import ImportRefused, Row, Sheet, read_sheet, write_sheet
from kit.text import clean_name, clean_phone
from models.caddies.tables import Caddie, CaddieImport
from models.clubs.tables import Club

T = TypeVar("T")
HEADINGS = {
    "name": ("name", "nombre", "caddie", "caddy"),
    "list": ("list", "lista"),
    "phone": ("phone", "phone number", "telefono", "movil"),
    "namesake": ("namesake", "homonimo"),
}
NEEDED = ("name", "list")
WHERE = ("input", "csv")
LONGEST_NUMBER = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CaddieRow:
    """A caddie of a file, and the line on which the row begins."""

    line: int
    name: str
    list_number: int
    phone: str | None
    namesake: int

    @property
    def key(self) -> tuple[str, int]:
        """What is counted by `namesake`: name and list."""
        return key_of(self.name, self.list_number)


def key_of(name: str, list_number: int) -> tuple[str, int]:
    """Give what people of one name on a list have in common."""
    return (normalize("NFC", name).casefold(), list_number)


def read_rows(text: str, *, settings: Settings) -> tuple[Sheet, list[CaddieRow]]:
    """Read a file: the rows that can be used; the sheet names those that cannot, with every fault.

    Raises InvalidInput for a file that has no usable heading, no rows, or too much of them.
    """
    sheet = read_sheet(text, headings=HEADINGS, needed=NEEDED, most=MOST_CADDIES, path=WHERE)
    found = [_row(sheet, row, settings) for row in sheet.rows]
    return sheet, [row for row in found if row is not None]


def _row(sheet: Sheet, row: Row, settings: Settings) -> CaddieRow | None:
    lists = f"Choose a list from 1 to {settings.list_count}."
    namesakes = "Count people of one name from 1 on, or leave it empty."
    cell, faults = row.cells, len(sheet.bad)
    name = _cell(sheet, row, "name", lambda: clean_name(cell["name"], path=WHERE))
    number = _cell(sheet, row, "list", lambda: _number(cell["list"], settings.list_count, lists))
    phone = _cell(sheet, row, "phone", lambda: clean_phone(cell.get("phone"), path=WHERE))
    namesake = _cell(
        sheet, row, "namesake", lambda: _number(cell.get("namesake", "").strip() or "1", MOST_CADDIES, namesakes)
    )
    if len(sheet.bad) > faults or name is None or number is None or namesake is None:
        return None
    return CaddieRow(line=row.line, name=name, list_number=number, phone=phone, namesake=namesake)


def _cell(sheet: Sheet, row: Row, column: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except InvalidInput as error:
        sheet.refuse_for(row.line, column, error)
        return None


def _number(text: str, highest: int, message: str) -> int:
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER and 1 <= int(digits) <= highest:
        return int(digits)
    raise InvalidInput(message=message, fault=Fault.NOT_IN_RANGE, fault_values=("1", str(highest)))


def refuse_repeated(sheet: Sheet, rows: Iterable[CaddieRow], known: Counter[tuple[str, int]]) -> None:
    """Refuse the rows whose caddie is on the list already, or stands further up in the file."""
    seen: dict[tuple[str, int, int], int] = {}
    for row in rows:
        mine = (*row.key, row.namesake)
        if row.namesake <= known[row.key]:
            reason = f"“{row.name}” is on list {row.list_number} already."
            sheet.refuse(row.line, "name", reason, Fault.KNOWN_ALREADY, row.list_number)
        elif mine in seen:
            reason = f"“{row.name}” stands in line {seen[mine]} already."
            sheet.refuse(row.line, "name", reason, Fault.REPEATED, seen[mine])
        seen.setdefault(mine, row.line)


async def import_caddies(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, csv_text: str, now: datetime
) -> CaddieImport:
    """Add all caddies of a file, in its order, or none of them. Only admins may give phone numbers.

    Raises NotFound, NotAllowed, InvalidInput, and ImportRefused that names every bad row.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    sheet, rows = read_rows(csv_text, settings=await lock_roster(session, club))
    if any(row.phone for row in rows) and not viewer.is_admin_of(club.id):
        raise NotAllowed(message="Only the club's admins may set phone numbers.")
    refuse_repeated(sheet, rows, await _known(session, club))
    if sheet.bad:
        raise ImportRefused(rows=sorted(sheet.bad, key=lambda row: row.line), path=WHERE)
    await refuse_too_many(session, club, len(rows), path=WHERE)
    await _add(session, club, rows, now=now)
    done = CaddieImport(
        id=new_id(),
        tenant_id=club.tenant_id,
        club_id=club.id,
        added=len(rows),
        imported_by=viewer.user_id,
        created_at=now,
    )
    session.add(done)
    return done


async def _known(session: AsyncSession, club: Club) -> Counter[tuple[str, int]]:
    active = select(Caddie.name, Caddie.list_number).where(Caddie.club_id == club.id, Caddie.is_active)
    return Counter(key_of(name, number) for name, number in await session.execute(active))


async def _add(session: AsyncSession, club: Club, rows: list[CaddieRow], *, now: datetime) -> None:
    for number in sorted({row.list_number for row in rows}):
        queue = await lock_or_make_queue(session, club, number, now=now)
        waiting = await waiting_in(session, queue)
        tail = None
        for row in (row for row in rows if row.list_number == number):
            caddie = new_caddie(club, list_number=number, name=row.name, phone=row.phone, now=now)
            put_at_tail(caddie, waiting if tail is None else [tail])
            session.add(caddie)
            record(session, added(caddie), now=now)
            waiting[caddie] = None
            tail = caddie
        record(session, queue_changed(queue, waiting), now=now)


async def export_caddies(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> str:
    """Write the active caddies of a club as a file, by list and name, for its staff; for others than admins no phones.

    Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    found = await session.scalars(
        select(Caddie)
        .where(Caddie.club_id == club.id, Caddie.is_active)
        .order_by(Caddie.list_number, Caddie.name, Caddie.id)
    )
    rows, counted = [], Counter[tuple[str, int]]()
    for caddie in found:
        counted[key_of(caddie.name, caddie.list_number)] += 1
        namesake = counted[key_of(caddie.name, caddie.list_number)]
        rows.append((caddie.name, caddie.list_number, caddie.phone or "", namesake))
    shown = [
        0,
        1,
        *([2] if viewer.is_admin_of(club.id) else []),
        *([3] if max(counted.values(), default=1) > 1 else []),
    ]
    return write_sheet([list(HEADINGS)[at] for at in shown], ([row[at] for at in shown] for row in rows))


async def find_import(session: AsyncSession, *, viewer: Viewer, import_id: UUID) -> CaddieImport:
    """Find an import, for the club's staff. Raises NotFound."""
    done = await session.get(CaddieImport, import_id)
    if done is None or not viewer.is_staff_of(done.club_id):
        raise NotFound(message="There is no such import, or you may not know of it.")
    return done
