"""Whose rows of a file are: of guests who are on the list already, or of new ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from domain.guests.facts import full_name
from domain.guests.files.rows import GuestRow, same
from kit.fault_codes import Fault
from kit.spreadsheets import Sheet
from models.guests.households import Guest, Household
from models.guests.values import Duplicates

Known = Sequence[tuple[Guest, Household]]
NameKey = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Match:
    """A row whose guest is on the list already."""

    row: GuestRow
    guest: Guest
    household: Household


@dataclass(kw_only=True)
class Sorted:
    """The rows of a file, by what is to be done with them."""

    new: list[GuestRow] = field(default_factory=list)
    changed: list[Match] = field(default_factory=list)
    skipped: list[GuestRow] = field(default_factory=list)


class List:
    """Those who are on the list, found by name and household, or by their address."""

    def __init__(self, known: Known) -> None:
        """Take the guests with their households."""
        self._by_name: dict[NameKey, tuple[Guest, Household]] = {}
        self._by_email: dict[str, list[tuple[Guest, Household]]] = {}
        for guest, household in known:
            if name := full_name(guest):
                self._by_name.setdefault((same(household.name), same(name)), (guest, household))
            if guest.email:
                self._by_email.setdefault(guest.email.casefold(), []).append((guest, household))

    def find(self, row: GuestRow) -> tuple[Guest, Household] | None:
        """Find the guest that a row is about: by name and household, or else by the address."""
        named = self._by_name.get(key_of(row)) if row.name else None
        if named is not None or row.email is None:
            return named
        return next(iter(self._by_email.get(row.email.casefold(), ())), None)


def key_of(row: GuestRow) -> NameKey:
    """Give what two rows of one guest have in common, if not the address."""
    return same(row.household), same(row.name)


def sort_rows(sheet: Sheet, rows: Iterable[GuestRow], known: Known, duplicates: Duplicates) -> Sorted:
    """Tell new guests from those who are known, in the list or further up in the file; the sheet names what is refused.

    Of a guest who stands in the file twice, the second row is never taken to change the first: nobody could tell which
    of the two is right.
    """
    done, there = Sorted(), List(known)
    names: dict[NameKey, int] = {}
    emails: dict[str, int] = {}
    guests: dict[Guest, int] = {}
    for row in rows:
        found = there.find(row)
        line = names.get(key_of(row)) if row.name else None
        line = line or (emails.get(row.email.casefold()) if row.email else None)
        line = line or (guests.get(found[0]) if found else None)
        if row.name:
            names.setdefault(key_of(row), row.line)
        if row.email:
            emails.setdefault(row.email.casefold(), row.line)
        if found:
            guests.setdefault(found[0], row.line)
        if (line or found) and duplicates is Duplicates.SKIP:
            done.skipped.append(row)
        elif line:
            _refuse(sheet, row, f"This guest stands in line {line} already.", Fault.REPEATED, line)
        elif found is None:
            done.new.append(row)
        elif duplicates is Duplicates.UPDATE:
            done.changed.append(Match(row=row, guest=found[0], household=found[1]))
        else:
            home = found[1].name
            _refuse(sheet, row, f"This guest is on the list already, with “{home}”.", Fault.KNOWN_ALREADY, home)
    return done


def _refuse(sheet: Sheet, row: GuestRow, reason: str, fault: Fault, *values: object) -> None:
    column = next((name for name in ("first_name", "last_name", "email") if name in sheet.columns), "household")
    sheet.refuse(row.line, column, reason, fault, *values)
