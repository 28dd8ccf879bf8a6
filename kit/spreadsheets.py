"""Files for spreadsheets (CSV), written and read: what is written can be read, and a bad row hides no other.

A cell that a spreadsheet would take for a formula is defused by an apostrophe, which reading takes off again. Columns
may be parted by commas, semicolons or tabs, and headings may be those of several languages.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import ClassVar
from unicodedata import combining, normalize

from kit.errors import InvalidInput, Problem
from kit.fault_codes import Fault

FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet may take for a formula, with the apostrophes that defuse it."""
SPECIAL = re.compile('[",;\t\r\n]')
SEPARATORS = (",", ";", "\t")
BYTE_ORDER_MARK = "\ufeff"
LONGEST_FILE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """A row of a file that cannot be used."""

    line: int
    """The line of the file on which the row begins; the heading is line 1."""
    column: str | None = None
    """The column that is wrong, as the heading calls it; none if it is the row as a whole."""
    reason: str
    """What is wrong with it."""
    fault: Fault | None = None
    """The same by a code; none where the sentence alone says it."""
    fault_values: tuple[str, ...] = ()
    """What the code's sentence names; `Fault` says what that is."""


class ImportRefused(Problem):
    """Some rows cannot be used, and nothing was imported; mend them all and send the file again."""

    code: ClassVar[str] = "IMPORT_REFUSED"

    rows: list[BadRow]
    """The bad rows, in the order of the file; a row with several faults stands there for each."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read: the line on which it begins, and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass
class Sheet:
    """A file that could be read: what its heading calls the columns, its rows, and those that could not be read."""

    columns: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)

    def refuse(self, line: int, column: str, reason: str, fault: Fault, *values: object) -> None:
        """Note what is wrong with a cell: in words, and by a code with what it names."""
        self.refuse_for(line, column, InvalidInput(message=reason, fault=fault, fault_values=tuple(map(str, values))))

    def refuse_for(self, line: int, column: str, error: InvalidInput) -> None:
        """Note what is wrong with a cell, as the check of its value says it."""
        self.bad.append(
            BadRow(
                line=line,
                column=self.columns.get(column),
                reason=error.message,
                fault=error.fault,
                fault_values=error.fault_values,
            )
        )


def write_sheet(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a file."""
    return "".join(",".join(map(_written, row)) + "\r\n" for row in (heading, *rows))


def _written(given: object) -> str:
    """Write a cell: a number as it is, also below 0, and a text so that no spreadsheet takes it for a formula."""
    cell = str(given)
    if isinstance(given, int | float):
        return cell
    safe = f"'{cell}" if FORMULA.match(cell) else cell
    return '"{}"'.format(safe.replace('"', '""')) if SPECIAL.search(safe) else safe


def _read(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def read_sheet(
    text: str,
    *,
    headings: Mapping[str, Collection[str]],
    needed: Collection[str],
    most: int,
    path: tuple[str, ...],
    passed_over: tuple[str, ...] = (),
) -> Sheet:
    """Read a file, whose columns may be called by `headings`: names in small letters and without accents, by column.

    Columns that begin by `passed_over` are there to be looked at, and are not read. Raises InvalidInput for a file
    without a usable heading, without rows, or with too much of them.
    """
    if len(text) > LONGEST_FILE:
        message = f"Use at most {LONGEST_FILE:,} characters; send the rest as another file."
        raise InvalidInput(message=message, path=path, fault=Fault.FILE_TOO_LONG, fault_values=(f"{LONGEST_FILE}",))
    records = _records(text)
    _, first = next(records, (1, []))
    sheet = Sheet(_columns(first, headings, needed, path, passed_over))
    for line, found in records:
        _take(sheet, line, found)
    if not 0 < len(sheet.rows) + len(sheet.bad) <= most:
        message = f"Give 1 to {most:,} rows below the heading."
        raise InvalidInput(message=message, path=path, fault=Fault.ROW_COUNT, fault_values=(str(most),))
    return sheet


def _take(sheet: Sheet, line: int, found: list[str] | csv.Error) -> None:
    if isinstance(found, csv.Error):
        sheet.bad.append(BadRow(line=line, reason=f"The quotes are not right: {found}.", fault=Fault.QUOTES))
        return
    width = len(sheet.columns)
    if len(found) < width or any(cell.strip() for cell in found[width:]):
        reason, values = f"The row has {len(found)} fields instead of {width}.", (str(len(found)), str(width))
        sheet.bad.append(BadRow(line=line, reason=reason, fault=Fault.FIELD_COUNT, fault_values=values))
        return
    sheet.rows.append(Row(line, dict(zip(sheet.columns, map(_read, found), strict=False))))


class _Lines(Iterator[str]):
    """The lines of a file, of which the next one can be chosen."""

    def __init__(self, text: str) -> None:
        self._lines = list(StringIO(text, newline=""))
        self.at = 0

    @property
    def first(self) -> str:
        return next((line for line in self._lines if line.strip()), "")

    def __next__(self) -> str:
        if self.at >= len(self._lines):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]


def _records(text: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Give what stands in a file, each with the line on which it begins; behind a wrong quote, read the next line."""
    lines = _Lines(text.removeprefix(BYTE_ORDER_MARK))
    separator = max(SEPARATORS, key=lines.first.count)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = lines.at
        try:
            fields = next(reader, None)
        except csv.Error as error:
            lines.at = begins + 1
            reader = csv.reader(lines, delimiter=separator, strict=True)
            yield begins + 1, error
            continue
        if fields is None:
            return
        if any(cell.strip() for cell in fields):
            yield begins + 1, fields


def _columns(
    found: list[str] | csv.Error,
    headings: Mapping[str, Collection[str]],
    needed: Collection[str],
    path: tuple[str, ...],
    passed_over: tuple[str, ...],
) -> dict[str, str]:
    """Read the heading: what it calls each column. Raises InvalidInput."""
    called = [] if isinstance(found, csv.Error) else [cell.strip() for cell in found]
    while called and not called[-1]:
        called.pop()
    known = {name: column for column, names in headings.items() for name in names}
    columns: dict[str, str] = {}
    for name in called:
        column = known.get(plain(name))
        if column is None and passed_over and plain(name).startswith(passed_over):
            column = f"passed over: {name} {len(columns)}"
        if column is None or column in columns:
            said, fault = ("is no column", Fault.COLUMN_UNKNOWN)
            if column is not None:
                said, fault = ("stands there twice", Fault.COLUMN_TWICE)
            raise _wrong_heading(headings, needed, path, f"“{name[:40]}” {said}. ", fault, (name[:40],))
        columns[column] = name
    if not columns.keys() >= set(needed):
        raise _wrong_heading(headings, needed, path, "", Fault.COLUMNS_MISSING, tuple(needed))
    return columns


def _wrong_heading(
    headings: Collection[str],
    needed: Collection[str],
    path: tuple[str, ...],
    said: str,
    fault: Fault,
    values: tuple[str, ...],
) -> InvalidInput:
    optional = " and ".join(column for column in headings if column not in needed)
    wanted = f"Begin with a heading of the columns {' and '.join(needed)} and, if you like, {optional}."
    return InvalidInput(message=said + wanted, path=path, fault=fault, fault_values=values)


def plain(name: str) -> str:
    """Read a word without accents, and whether its letters are small or large."""
    bare = "".join(sign for sign in normalize("NFKD", name) if not combining(sign))
    return " ".join(bare.casefold().replace("_", " ").split())
