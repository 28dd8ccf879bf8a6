"""Rows of a file of players: what can be used, and every fault of what cannot.

A heading, then a row for each player. What is written out can be read in again. Only names and class are needed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from domain.clubs.price_classes import given_classes, not_a_class
from domain.players.fields import clean_field
from kit.errors import InvalidInput
from kit.fault_codes import Fault
from kit.spreadsheets import Row, Sheet, plain, read_sheet
from models.clubs.tables import Club, Player
from models.tee_sheet.values import GUEST, MEMBER, PUBLIC, PriceClass

MOST_ROWS = 5000
WHERE = ("input", "csv")
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "first name": ("first name", "nombre", "given name"),
    "last name": ("last name", "apellido", "apellidos", "surname"),
    "class": ("class", "price class", "clase", "tarifa"),
    "member number": ("member number", "number", "numero de socio", "numero", "socio"),
    "phone": ("phone", "phone number", "telefono", "movil"),
    "email": ("email", "e-mail", "mail", "correo", "correo electronico"),
    "birth date": ("birth date", "date of birth", "fecha de nacimiento"),
    "household": ("household", "family", "familia", "hogar"),
    "host": ("host", "anfitrion"),
    "user": ("user", "account", "usuario"),
    "active": ("active", "activo"),
    "notes": ("notes", "notas"),
}
"""The columns, and what they may be called. A host is named by the member number."""
NEEDED = ("first name", "last name", "class")
FIELDS = {
    "first name": "first_name",
    "last name": "last_name",
    "member number": "member_number",
    "phone": "phone",
    "email": "email",
    "household": "household",
    "user": "user_id",
    "notes": "notes",
}
"""The columns that are kept as they are written, by the names of a player's fields."""
IN_SPANISH = {"socio": MEMBER, "invitado": GUEST, "publico": PUBLIC}
YES, NO = frozenset({"yes", "y", "true", "1", "x", "si", "s"}), frozenset({"no", "n", "false", "0"})


@dataclass(frozen=True, kw_only=True)
class PlayerRow:
    """A player of a file: the line on which the row begins, and what stands in it. Empty cells say nothing."""

    line: int
    values: dict[str, Any]
    host: str | None = None
    """The member number of the host."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.values['first_name']} {self.values['last_name']}"

    @property
    def key(self) -> tuple[str, ...]:
        """By what the player is known again."""
        return key_of(self.values)


def key_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell by what a player is known again: the member number, or else the account, or else name and contact."""
    for name in ("member_number", "user_id"):
        if values.get(name):
            return (name, values[name])
    contact = values.get("email") or values.get("phone") or ""
    return ("name", plain(f"{values['first_name']} {values['last_name']}"), plain(contact))


def known_by(player: Player) -> tuple[str, ...]:
    """Give the key of a player whom the club knows."""
    return key_of({name: getattr(player, name) for name in FIELDS.values()})


class Classes(NamedTuple):
    """The price classes that a file may name: by the words for them, and the refusal of what is none of them."""

    by_word: Mapping[str, PriceClass]
    refusal: Callable[[], InvalidInput]


def classes_by_word(club: Club) -> dict[str, PriceClass]:
    """Give the price classes of a club by the words that a file may call them: codes before names."""
    known = club.price_classes.values()
    return IN_SPANISH | {plain(one.name): one.code for one in known} | {plain(one.code): one.code for one in known}


def read_rows(text: str, *, club: Club, now: datetime) -> tuple[Sheet, list[PlayerRow]]:
    """Read a file of a club: the rows that can be used; the sheet names those that cannot, with every fault.

    Raises InvalidInput for a file that has no usable heading, no rows, or too much of them.
    """
    sheet = read_sheet(text, headings=HEADINGS, needed=NEEDED, most=MOST_ROWS, path=WHERE)
    choice = f"Choose a class: {given_classes(club)}."
    classes = Classes(classes_by_word(club), lambda: not_a_class(club, choice, path=WHERE))
    found = [_row(sheet, row, classes, now=now) for row in sheet.rows]
    return sheet, [row for row in found if row is not None]


def _row(sheet: Sheet, row: Row, classes: Classes, *, now: datetime) -> PlayerRow | None:
    faults, values = len(sheet.bad), dict[str, Any]()
    for column, cell in row.cells.items():
        if not cell.strip() and column not in NEEDED:
            continue
        try:
            values |= _read(column, cell, classes, now=now)
        except InvalidInput as error:
            sheet.refuse_for(row.line, column, error)
    if len(sheet.bad) > faults:
        return None
    return PlayerRow(line=row.line, host=values.pop("host", None), values=values)


def _read(column: str, cell: str, classes: Classes, *, now: datetime) -> dict[str, Any]:
    if column in FIELDS:
        name = FIELDS[column]
        return {name: clean_field(name, cell, path=WHERE, now=now)}
    if column == "class":
        return {"price_class": _known(classes.by_word, cell, classes.refusal)}
    if column == "host":
        return {"host": clean_field("member_number", cell, path=WHERE, now=now)}
    if column == "birth date":
        return {"birth_date": clean_field("birth_date", _day(cell), path=WHERE, now=now)}
    answers = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
    return {"is_active": _known(answers, cell, _neither)}


def _neither() -> InvalidInput:
    return InvalidInput(message="Write yes or no.", fault=Fault.NOT_YES_OR_NO)


def _known(words: Mapping[str, Any], cell: str, refusal: Callable[[], InvalidInput]) -> Any:
    if plain(cell) not in words:
        raise refusal()
    return words[plain(cell)]


def _day(cell: str) -> date:
    try:
        return date.fromisoformat(cell.strip())
    except ValueError:
        raise InvalidInput(message="Write a day as in 1980-02-29.", fault=Fault.NOT_A_DAY) from None
