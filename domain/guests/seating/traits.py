"""What matters of guests at a table, as the bits of a number: what many bring along is what each brings, by `|`.

So what a table is like follows from few operations on numbers, however many sit there, and a search can look at
hundreds of thousands of tables a second.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.guests.seating.chart import LEFT_OUT_TIED, MIXED, OPENED, WEIGHTS, Banquet, TableToFill, left_out
from models.guests.values import SeatingFlaw as Flaw

TAKEN = 1
"""The bit of everybody: somebody is there."""
APART = WEIGHTS[Flaw.APART_BROKEN]
BOND = WEIGHTS[Flaw.HOUSEHOLD_SPLIT]
TABLE_KINDS = range(5)
NOWHERE = 4
"""The kind of the place where those are who have no seat."""


def kind_of(table: TableToFill) -> int:
    """Give the kind of a table, by which `Unit.fixed` is looked up."""
    return table.is_accessible + 2 * table.is_vip


class Unit(NamedTuple):
    """Guests who are moved together: a party, a household, or one guest."""

    members: tuple[int, ...]
    """Their numbers in the banquet."""
    size: int
    traits: int
    fixed: tuple[int, ...]
    """What they cost at a table of each kind, whoever else is there."""


class Traits:
    """The bits of a banquet's guests. Bits of groups come first, then bonds, then both sides of what is apart."""

    def __init__(self, banquet: Banquet) -> None:
        """Give each group, household, and rule its bits."""
        self._banquet = banquet
        numbers = {guest.id: number for number, guest in enumerate(banquet.guests)}
        self.of_guest = [TAKEN] * len(numbers)
        self._bits = 1
        self._groups = self._mark(
            [numbers[guest.id] for guest in banquet.guests if guest.group == group]
            for group in sorted({guest.group for guest in banquet.guests} - {""})
        )
        self.bonds = self._mark([numbers[guest_id] for guest_id in sorted(bond)] for bond in banquet.bonds)
        apart = [banquet.sides[rule.id] for rule in banquet.rules if rule.is_apart]
        self._firsts = self._mark([numbers[guest_id] for guest_id in first] for first, _ in apart)
        self._mark([numbers[guest_id] for guest_id in second] for _, second in apart)
        self._shift = len(apart)

    def _mark(self, sets: Iterable[Iterable[int]]) -> int:
        """Give each set of guests a bit, and tell all the bits."""
        mask = 0
        for members in sets:
            for number in members:
                self.of_guest[number] |= 1 << self._bits
            mask |= 1 << self._bits
            self._bits += 1
        return mask

    def price(self, traits: int) -> int:
        """Say what a table costs at which people of these traits sit, beside what is fixed for each of them.

        Each bond counts at each table, also at its first: that is the same for all seatings, and so compares well. It
        counts more where those are who have no seat, of whom bonds alone are counted (`LEFT_OUT_TIED`).
        """
        bonds = (traits & self.bonds).bit_count()
        if not traits & TAKEN:
            return (BOND + LEFT_OUT_TIED) * bonds
        apart = traits & self._firsts & (traits >> self._shift)
        mixed = (traits & self._groups).bit_count()
        return (
            OPENED
            + (MIXED * (mixed - 1) if mixed > 1 else 0)
            + (APART * apart.bit_count() if apart else 0)
            + BOND * bonds
        )

    def quarrels(self, members: Iterable[int]) -> bool:
        """Tell whether some are to sit apart from one another."""
        traits = self.together(members)
        return bool(traits & self._firsts & (traits >> self._shift))

    def together(self, members: Iterable[int]) -> int:
        """Give the traits of many."""
        traits = 0
        for number in members:
            traits |= self.of_guest[number]
        return traits

    def units(self, divided: Sequence[tuple[int, ...]]) -> list[Unit]:
        """Make units. A bond that one unit holds whole is left out: nothing that is done with units can tear it."""
        traits = [self.together(members) for members in divided]
        seen = Counter[int]()
        for found in traits:
            bonds = found & self.bonds
            while bonds:
                seen[bonds & -bonds] += 1
                bonds &= bonds - 1
        inner = sum(bond for bond, times in seen.items() if times == 1)
        return [
            Unit(members, len(members), found & ~inner, self._fixed(members, (found & inner).bit_count()))
            for members, found in zip(divided, traits, strict=True)
        ]

    def _fixed(self, members: tuple[int, ...], inner: int) -> tuple[int, ...]:
        guests = [self._banquet.guests[number] for number in members]
        access = WEIGHTS[Flaw.NOT_ACCESSIBLE] * sum(guest.needs_access for guest in guests)
        vip = WEIGHTS[Flaw.VIP_ELSEWHERE] * sum(guest.is_vip for guest in guests) * self._banquet.has_vip_tables
        unseated = WEIGHTS[Flaw.UNSEATED] * len(guests) + sum(map(left_out, guests)) + LEFT_OUT_TIED * inner
        return (access + vip, vip, access, 0, unseated)

    def count_apart(self, members: Iterable[int]) -> int:
        """Count the rules by which some are to sit apart from others."""
        traits = self.together(members)
        return (traits & self._firsts).bit_count() + (traits & (self._firsts << self._shift)).bit_count()
