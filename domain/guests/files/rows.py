"""Rows of a file that say whom to invite: what can be used, and every fault of what cannot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from domain.guests.files.words import AGES, DIETS, LANGUAGES, NEEDS, TOLD, headings_read, read_many, read_yes, reader
from domain.guests.households.guests import MOST_GUESTS
from domain.guests.households.wishes import LONGEST_NOTE
from kit.errors import InvalidInput
from kit.fault_codes import Fault
from kit.spreadsheets import Row, Sheet, read_sheet
from kit.text import clean_email, clean_name, clean_phone

WHERE = ("input", "csv")
CONTACT = {"household_email": "email", "household_phone": "phone", "language": "language"}
"""The columns that are about the household, and what it calls them."""
NEEDED = ("household",)


def _text(*, longest: int = 100) -> Callable[[str], str]:
    return lambda cell: clean_name(cell, path=WHERE, longest=longest, empty=True)


READ: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "household": lambda cell: clean_name(cell, path=WHERE, longest=200),
        "household_email": lambda cell: clean_email(cell, path=WHERE),
        "household_phone": lambda cell: clean_phone(cell, path=WHERE),
        "language": reader(LANGUAGES),
        "first_name": _text(),
        "last_name": _text(),
        "age_group": reader(AGES),
        "is_plus_one": read_yes,
        "group_name": _text(),
        "is_vip": read_yes,
        "email": lambda cell: clean_email(cell, path=WHERE),
        "phone": lambda cell: clean_phone(cell, path=WHERE),
        "diets": read_many(reader(DIETS)),
        "diet_note": _text(longest=LONGEST_NOTE),
        "needs": read_many(reader(NEEDS)),
        "need_note": _text(longest=LONGEST_NOTE),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestRow:
    """A guest of a file: the line on which the row begins, and what stands in it. Empty cells say nothing."""

    line: int
    household: str
    contact: Mapping[str, Any]
    """What is said of the household, by the names of its fields."""
    values: Mapping[str, Any]
    """What is said of the guest, by the names of a guest's fields."""

    @property
    def name(self) -> str:
        """First and last name; nothing for a plus-one who has none yet."""
        return f"{self.values.get('first_name', '')} {self.values.get('last_name', '')}".strip()

    @property
    def email(self) -> str | None:
        """The address, if one is given."""
        return self.values.get("email")


def same(text: str) -> str:
    """Give what two writings of a name have in common."""
    return normalize("NFC", text).casefold()


def read_rows(text: str) -> tuple[Sheet, list[GuestRow]]:
    """Read a file: the rows that can be used; the sheet names those that cannot, with every fault.

    Raises InvalidInput for a file that has no usable heading, no rows, or too much of them.
    """
    sheet = read_sheet(text, headings=headings_read(), needed=NEEDED, most=MOST_GUESTS, path=WHERE, passed_over=TOLD)
    found = [_row(sheet, row) for row in sheet.rows]
    return sheet, [row for row in found if row is not None]


def _row(sheet: Sheet, row: Row) -> GuestRow | None:
    faults, values = len(sheet.bad), dict[str, Any]()
    for column, read in READ.items():
        cell = row.cells.get(column, "")
        if not cell.strip() and column != "household":
            continue
        try:
            values[column] = read(cell)
        except InvalidInput as error:
            sheet.refuse_for(row.line, column, error)
    if not values.get("is_plus_one") and not (values.get("first_name") or values.get("last_name")):
        column = "first_name" if "first_name" in sheet.columns else "last_name"
        reason = "Give a name; a plus-one alone may have none yet."
        sheet.refuse(row.line, column, reason, Fault.NAME_MISSING)
    if len(sheet.bad) > faults:
        return None
    contact = {name: values.pop(column) for column, name in CONTACT.items() if column in values}
    return GuestRow(line=row.line, household=values.pop("household"), contact=contact, values=values)
