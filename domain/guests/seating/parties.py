"""Who is to be moved together: parties, which are households joined by together-rules, and what they fall apart into.

Guests are numbers here, in the order of their ids, and so are tables.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.guests.seating.chart import Banquet
from domain.guests.seating.traits import Traits

Members = tuple[int, ...]
"""Guests, in their order."""


@dataclass(frozen=True, slots=True)
class Division:
    """A banquet's guests, divided into those who are moved together."""

    held: dict[int, Members]
    """Who is locked at which table."""
    whole: list[Members]
    """Parties that can be seated whole; those of them who are locked are left out."""
    torn: list[Members]
    """What those parties fall apart into that fit nowhere, or are held by a lock where one of them cannot sit."""


def divide(banquet: Banquet, traits: Traits) -> Division:
    """Divide a banquet's guests."""
    tables = {table.id: number for number, table in enumerate(banquet.tables)}
    locked = {
        number: tables[guest.table_id]
        for number, guest in enumerate(banquet.guests)
        if guest.is_locked and guest.table_id is not None
    }
    held: defaultdict[int, list[int]] = defaultdict(list)
    for number, table in locked.items():
        held[table].append(number)
    tables_with_room = _Room(banquet, traits, {table: tuple(there) for table, there in held.items()})
    whole: list[Members] = []
    torn: list[Members] = []
    for party in by_key(range(len(banquet.guests)), _parties(banquet)):
        free = tuple(number for number in party if number not in locked)
        if not free:
            continue
        if tables_with_room.takes(party, free, {locked[number] for number in party if number in locked}):
            whole.append(free)
        else:
            torn += fall_apart(banquet, traits, free)
    return Division(tables_with_room.held, whole, torn)


def by_key(members: Iterable[int], keys: Sequence[UUID]) -> list[Members]:
    """Divide guests by a key of each, those of the first one first."""
    found: dict[UUID, list[int]] = {}
    for number in members:
        found.setdefault(keys[number], []).append(number)
    return [tuple(numbers) for numbers in found.values()]


def fall_apart(banquet: Banquet, traits: Traits, members: Members) -> list[Members]:
    """Give the parts of a party that is split: its households; and of a single one, or one at odds, its guests."""
    parts = by_key(members, [guest.household_id for guest in banquet.guests])
    if len(parts) == 1:
        return [(number,) for number in members]
    return [part for whole in parts for part in ([whole] if not traits.quarrels(whole) else [(n,) for n in whole])]


def _parties(banquet: Banquet) -> list[UUID]:
    """Give the party of each guest, named by the first of its households."""
    leads = {household_id: household_id for household_id in banquet.households}

    def lead(household_id: UUID) -> UUID:
        while leads[household_id] != household_id:
            household_id = leads[household_id]
        return household_id

    of_guest = {guest.id: guest.household_id for guest in banquet.guests}
    for rule in banquet.rules:
        first, second = banquet.sides[rule.id]
        if rule.is_apart or not first or not second:
            continue
        joined = sorted({lead(of_guest[guest_id]) for guest_id in first | second})
        for other in joined[1:]:
            leads[other] = joined[0]
    return [lead(guest.household_id) for guest in banquet.guests]


@dataclass(frozen=True, slots=True)
class _Room:
    """What the tables can take, beside those who are locked at them."""

    banquet: Banquet
    traits: Traits
    held: dict[int, Members]

    def takes(self, party: Members, free: Members, locked_at: set[int]) -> bool:
        """Tell whether some table can seat a party whole: where a lock holds some of it, that one."""
        if self.traits.quarrels(party) or len(locked_at) > 1:
            return False
        return any(self._takes(table, free) for table in locked_at or range(len(self.banquet.tables)))

    @property
    def _has_access(self) -> bool:
        """Whether anybody more can sit at a table that is accessible: otherwise nothing is won by splitting a party."""
        tables = enumerate(self.banquet.tables)
        return any(table.is_accessible and table.capacity > len(self.held.get(number, ())) for number, table in tables)

    def _takes(self, number: int, free: Members) -> bool:
        table, held = self.banquet.tables[number], self.held.get(number, ())
        if table.capacity < len(held) + len(free):
            return False
        if (
            not table.is_accessible
            and self._has_access
            and any(self.banquet.guests[member].needs_access for member in free)
        ):
            return False
        return not self.traits.quarrels((*held, *free)) or self.traits.quarrels(held)
