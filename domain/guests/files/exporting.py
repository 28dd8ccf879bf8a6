"""Files about an occasion: its guests, who sits where, and what the kitchen has to cook. For those who plan it.

They are written in the occasion's language. The file of the guests can be read in again.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_planned
from domain.guests.facts import full_name
from domain.guests.files.words import (
    AGES,
    DIETS,
    GUEST,
    HEADINGS,
    LANGUAGES,
    MEAL,
    NEEDS,
    NO_MEAL,
    NO_TABLE,
    RSVP,
    SEAT,
    STATUSES,
    TABLE,
    YES_NO,
    Words,
    written,
)
from domain.guests.places.joined import SEATS
from domain.guests.places.parts import chosen, read_parts
from kit.spreadsheets import write_sheet
from models.clubs.values import Language
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.seating import DiningTable
from models.guests.values import Diet, Need, RsvpStatus

OF_OCCASION = (
    select(Attendance, Guest, Household, DiningTable)
    .select_from(SEATS)
    .where(Attendance.occasion_id == bindparam("occasion_id", type_=Uuid))
    .order_by(Household.name, Household.id, Guest.id)
)
GUESTS = (
    select(Guest, Household)
    .join(Household, Household.id == Guest.household_id)
    .where(Guest.occasion_id == bindparam("occasion_id", type_=Uuid))
    .order_by(Household.name, Household.id, Guest.id)
)


@dataclass(frozen=True, slots=True)
class Line:
    """A guest at a part."""

    attendance: Attendance
    guest: Guest
    household: Household
    table: DiningTable | None


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes cells in a language."""

    language: Language

    def word(self, words: Words) -> str:
        """Write a word."""
        return words[self.language]

    def yes(self, said: bool) -> str:  # noqa: FBT001 - a value, no switch
        """Write yes, or nothing."""
        return self.word(YES_NO[1]) if said else ""

    def diets(self, guest: Guest) -> str:
        """Write what a guest eats, or must not eat."""
        return written(map(Diet, guest.diets), DIETS, self.language)

    def needs(self, guest: Guest) -> str:
        """Write what a guest needs."""
        return written(map(Need, guest.needs), NEEDS, self.language)

    def person(self, guest: Guest, household: Household) -> list[str]:
        """Write all that a file of guests says of one, by the columns of an import."""
        return [
            household.name,
            household.email or "",
            household.phone or "",
            self.word(LANGUAGES[household.language]),
            guest.first_name,
            guest.last_name,
            self.word(AGES[guest.age_group]),
            self.yes(guest.is_plus_one),
            guest.group_name,
            self.yes(guest.is_vip),
            guest.email or "",
            guest.phone or "",
            self.diets(guest),
            guest.diet_note,
            self.needs(guest),
            guest.need_note,
        ]


async def _lines(session: AsyncSession, occasion: Occasion, part: Part | None = None) -> list[Line]:
    lines = [Line(*row) for row in await session.execute(OF_OCCASION, {"occasion_id": occasion.id})]
    return lines if part is None else [line for line in lines if line.attendance.part_id == part.id]


async def export_guests(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID) -> str:
    """Write the guests of an occasion, by household, with what they answered to each part. Raises NotFound, NotAllowed.

    `importGuests` reads it; it passes over the columns of the answers.
    """
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    parts, write = await read_parts(session, occasion.id), Writer(occasion.language)
    answers = {(line.guest.id, line.attendance.part_id): line.attendance for line in await _lines(session, occasion)}
    heading = [write.word(words) for words in HEADINGS.values()]
    heading += [f"{write.word(words)} {part.name}" for part in parts for words in (RSVP, MEAL)]
    rows = []
    for row in await session.execute(GUESTS, {"occasion_id": occasion.id}):
        guest, household = row
        told = [answers.get((guest.id, part.id)) for part in parts]
        cells = [cell for part, one in zip(parts, told, strict=True) for cell in _answer(write, part, one)]
        rows.append([*write.person(guest, household), *cells])
    return write_sheet(heading, rows)


def _answer(write: Writer, part: Part, attendance: Attendance | None) -> tuple[str, str]:
    if attendance is None:
        return "", ""
    return write.word(STATUSES[attendance.status]), _meal_name(part, attendance.meal_id)


def _meal_name(part: Part, meal_id: str | None) -> str:
    return next((str(meal["name"]) for meal in part.meals if meal["id"] == meal_id), "")


async def export_seating(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, part_id: UUID | None = None
) -> str:
    """Write who sits where at a part, by table and seat; those who come and have no table yet stand at the end.

    Raises NotFound, NotAllowed.
    """
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    part, write = chosen(await read_parts(session, occasion.id), part_id), Writer(occasion.language)
    lines = [line for line in await _lines(session, occasion, part) if line.table or _comes(line)]
    lines.sort(key=_by_table)
    heading = [TABLE, SEAT, GUEST, HEADINGS["household"], HEADINGS["group_name"], HEADINGS["age_group"]]
    heading += [HEADINGS["is_vip"], RSVP, HEADINGS["needs"], HEADINGS["need_note"]]
    rows = [
        [
            line.table.name if line.table else write.word(NO_TABLE),
            line.attendance.seat or "",
            full_name(line.guest),
            line.household.name,
            line.guest.group_name,
            write.word(AGES[line.guest.age_group]),
            write.yes(line.guest.is_vip),
            write.word(STATUSES[line.attendance.status]),
            write.needs(line.guest),
            line.guest.need_note,
        ]
        for line in lines
    ]
    return write_sheet([write.word(words) for words in heading], rows)


def _comes(line: Line) -> bool:
    return line.attendance.status is RsvpStatus.ACCEPTED and line.guest.takes_place


def _by_table(line: Line) -> tuple[bool, str, str, int]:
    """Order by table as people count: Table 2 before Table 10, and by seat."""
    name = line.table.name if line.table else ""
    padded = "".join(part.zfill(10) if part.isdigit() else part for part in _runs(name.casefold()))
    return line.table is None, padded, name, line.attendance.seat or 0


def _runs(text: str) -> list[str]:
    """Part a text where digits begin or end."""
    runs: list[str] = []
    for sign in text:
        if runs and runs[-1][-1].isdigit() == sign.isdigit():
            runs[-1] += sign
        else:
            runs.append(sign)
    return runs


async def export_meals(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, part_id: UUID | None = None) -> str:
    """Write what the caterer has to cook for a part: each guest who comes, by meal, with diet and table.

    Raises NotFound, NotAllowed.
    """
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    part, write = chosen(await read_parts(session, occasion.id), part_id), Writer(occasion.language)
    coming = [line for line in await _lines(session, occasion, part) if line.attendance.status is RsvpStatus.ACCEPTED]
    places = {meal["id"]: number for number, meal in enumerate(part.meals)}
    coming.sort(key=lambda line: (places.get(line.attendance.meal_id, len(places)), _by_table(line)))
    heading = [MEAL, GUEST, HEADINGS["age_group"], HEADINGS["diets"], HEADINGS["diet_note"], TABLE, SEAT]
    rows = [_portion(write, part, line) for line in coming]
    return write_sheet([write.word(words) for words in heading], rows)


def _portion(write: Writer, part: Part, line: Line) -> list[str]:
    return [
        _meal_name(part, line.attendance.meal_id) or write.word(NO_MEAL),
        full_name(line.guest),
        write.word(AGES[line.guest.age_group]),
        write.diets(line.guest),
        line.guest.diet_note,
        line.table.name if line.table else "",
        str(line.attendance.seat or ""),
    ]
