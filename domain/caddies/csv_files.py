"""Caddies as a file: a heading `name,list,phone`, then a row for each. What is written out can be read in again."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.caddies import clean_phone, new_caddie
from domain.caddies.facts import added, queue_changed
from domain.caddies.problems import BadRow, ImportRefused
from domain.caddies.queues import lock_or_make_queue, waiting_in
from domain.caddies.rules import put_at_tail
from domain.caddies.settings import Settings, lock_roster
from domain.clubs.access import find_club, refuse_unless_staff
from events.log import record
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.ids import new_id
from kit.text import clean_name
from models.caddies.tables import Caddie, CaddieImport
from models.clubs.tables import Club

COLUMNS = ("name", "list", "phone")
NEEDED = frozenset({"name", "list"})
MOST_ROWS = 2_000
LONGEST_FILE = 1_000_000
WHERE = ("input", "csv")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be used, and the line on which it ends."""

    line: int
    name: str
    list_number: int
    phone: str | None

    @property
    def key(self) -> tuple[str, int]:
        """What makes two rows the same caddie: name and list."""
        return (self.name.casefold(), self.list_number)


def read_rows(text: str, *, settings: Settings) -> tuple[list[Row], list[BadRow]]:
    """Read a file: the rows that can be used, and those that cannot, each with its line and why.

    Raises InvalidInput for a file that has no usable heading, no rows, or too much of them.
    """
    if len(text) > LONGEST_FILE:
        raise InvalidInput(message=f"Use at most {LONGEST_FILE:,} characters.", path=WHERE)
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    good: list[Row] = []
    bad: list[BadRow] = []
    try:
        columns = _heading(next(reader, []))
        for fields in reader:
            if any(field.strip() for field in fields):
                _sort_out(fields, columns, reader.line_num, settings, good, bad)
    except csv.Error as error:
        bad.append(BadRow(line=reader.line_num, reason=f"The quotes are not right: {error}."))
    if not 0 < len(good) + len(bad) <= MOST_ROWS:
        raise InvalidInput(message=f"Give 1 to {MOST_ROWS:,} rows below the heading.", path=WHERE)
    return good, bad


def _heading(fields: list[str]) -> list[str]:
    columns = [field.strip().lower() for field in fields]
    wrong = not NEEDED.issubset(columns) or not set(columns).issubset(COLUMNS)
    if wrong or len(set(columns)) < len(columns):
        raise InvalidInput(
            message="Begin with a heading of the columns name and list and, if you like, phone.", path=WHERE
        )
    return columns


def _sort_out(
    fields: list[str], columns: list[str], line: int, settings: Settings, good: list[Row], bad: list[BadRow]
) -> None:
    try:
        good.append(_row(fields, columns, line, settings))
    except InvalidInput as error:
        bad.append(BadRow(line=line, reason=error.message))


def _row(fields: list[str], columns: list[str], line: int, settings: Settings) -> Row:
    if len(fields) != len(columns):
        raise InvalidInput(message=f"The row has {len(fields)} fields instead of {len(columns)}.")
    given: Mapping[str, str] = dict(zip(columns, fields, strict=True))
    number = given["list"].strip()
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= settings.list_count):
        raise InvalidInput(message=f"Choose a list from 1 to {settings.list_count}.")
    return Row(
        line=line,
        name=clean_name(given["name"], path=WHERE),
        list_number=int(number[:6]),
        phone=clean_phone(given.get("phone"), path=WHERE),
    )


def repeated(rows: Iterable[Row], known: set[tuple[str, int]]) -> list[BadRow]:
    """Find the rows whose caddie is on the list already, or stands further up in the file."""
    seen: dict[tuple[str, int], int] = {}
    bad = []
    for row in rows:
        if row.key in known:
            bad.append(BadRow(line=row.line, reason=f"“{row.name}” is on list {row.list_number} already."))
        elif row.key in seen:
            bad.append(BadRow(line=row.line, reason=f"“{row.name}” stands in line {seen[row.key]} already."))
        seen.setdefault(row.key, row.line)
    return bad


async def import_caddies(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, csv_text: str, now: datetime
) -> CaddieImport:
    """Add all caddies of a file, in its order, or none of them. Only admins may give phone numbers.

    Raises NotFound, NotAllowed, InvalidInput, and ImportRefused that names every bad row.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    rows, bad = read_rows(csv_text, settings=await lock_roster(session, club))
    if any(row.phone for row in rows) and not viewer.is_admin_of(club.id):
        raise NotAllowed(message="Only the club's admins may set phone numbers.")
    found = await session.execute(
        select(Caddie.name, Caddie.list_number).where(Caddie.club_id == club.id, Caddie.is_active)
    )
    bad += repeated(rows, {(name.casefold(), number) for name, number in found})
    if bad:
        raise ImportRefused(rows=sorted(bad, key=lambda row: row.line), path=WHERE)
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


async def _add(session: AsyncSession, club: Club, rows: list[Row], *, now: datetime) -> None:
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
    columns = COLUMNS if viewer.is_admin_of(club.id) else COLUMNS[:2]
    rows = await session.execute(
        select(Caddie.name, Caddie.list_number, Caddie.phone)
        .where(Caddie.club_id == club.id, Caddie.is_active)
        .order_by(Caddie.list_number, Caddie.name, Caddie.id)
    )
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows((name, number, phone or "")[: len(columns)] for name, number, phone in rows)
    return file.getvalue()


async def find_import(session: AsyncSession, *, viewer: Viewer, import_id: UUID) -> CaddieImport:
    """Find an import, for the club's staff. Raises NotFound."""
    done = await session.get(CaddieImport, import_id)
    if done is None or not viewer.is_staff_of(done.club_id):
        raise NotFound(message="There is no such import, or you may not know of it.")
    return done
