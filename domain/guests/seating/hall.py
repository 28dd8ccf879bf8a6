"""Units at tables: each put at its cheapest, then moved and swapped while that gains."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, combinations
from operator import or_
from typing import NamedTuple

from domain.guests.seating.chart import Banquet
from domain.guests.seating.traits import NOWHERE, TABLE_KINDS, Traits, Unit, kind_of

ENDLESS = 1 << 30
"""How many fit where those are who have no seat."""
MANY = 30
"""How many units there are at no table: where more have no seat, one goes at a time."""
EVERYTHING = -1


class Steps:
    """How much may be looked at in all: steps are counted, not time, so that equal input has an equal outcome."""

    def __init__(self, most: int) -> None:
        """Allow a number of steps: what is under way then is ended without moving anybody."""
        self.left = most

    @property
    def over(self) -> bool:
        """Whether all steps were made."""
        return self.left <= 0


class _Going(NamedTuple):
    """Some who go from a table together, and what stays without them."""

    units: tuple[Unit, ...]
    size: int
    traits: int
    fixed: tuple[int, ...]
    rest: int
    """The traits of who stays."""
    price: int
    """What those cost."""
    saved: int
    """By how much the table is cheaper then."""
    room: int
    """How many fit then."""


def _together(units: Iterable[Unit]) -> int:
    """Give the traits of some together."""
    traits = 0
    for unit in units:
        traits |= unit.traits
    return traits


class Hall:
    """The tables in the order of their ids, and behind them the place of those who have no seat."""

    def __init__(self, banquet: Banquet, traits: Traits, steps: Steps, *, most: int) -> None:
        """Set the tables. `most` is how many units may go from a table at once."""
        self._price = traits.price
        self._steps = steps
        self._most = most
        self._nowhere = len(banquet.tables)
        self._kinds = [*map(kind_of, banquet.tables), NOWHERE]
        self._counts = [EVERYTHING] * self._nowhere + [traits.bonds]
        self._free = [*(table.capacity for table in banquet.tables), ENDLESS]
        self._at: list[list[Unit]] = [[] for _ in self._kinds]
        self._held = [0] * len(self._kinds)
        self._traits = [0] * len(self._kinds)
        self._going: list[list[_Going] | None] = [None] * len(self._kinds)
        self._moved = [0] * len(self._kinds)
        self._moves = 0

    def hold(self, unit: Unit, table: int) -> None:
        """Put those at a table who are locked there."""
        self._held[table] |= unit.traits
        self._traits[table] |= unit.traits
        self._free[table] -= unit.size

    def put(self, unit: Unit, table: int) -> None:
        """Put a unit at a table."""
        self._at[table].append(unit)
        self._traits[table] |= unit.traits & self._counts[table]
        self._free[table] -= unit.size
        self._going[table] = None

    def seat(self, unit: Unit) -> None:
        """Put a unit where it costs least; of equal tables, where it leaves the fewest seats free."""
        price, size, traits = self._price, unit.size, unit.traits
        best = (unit.fixed[NOWHERE], ENDLESS, self._nowhere)
        for table in range(self._nowhere):
            if (free := self._free[table]) >= size:
                before = self._traits[table]
                cost = price(before | traits) - price(before) + unit.fixed[self._kinds[table]]
                best = min(best, (cost, free, table))
        self._steps.left -= self._nowhere
        self.put(unit, best[2])

    def seated(self) -> Iterator[tuple[int, int]]:
        """Give each guest who was put at a table, by number, with the table."""
        for table, units in enumerate(self._at[: self._nowhere]):
            for unit in units:
                for number in unit.members:
                    yield number, table

    def settle(self) -> None:
        """Move and swap units between two tables while that gains: at each two, what gains most."""
        looked: dict[tuple[int, int], int] = {}
        moved = self._moved
        pairs = [(first, second) for first in range(len(self._at)) for second in range(first)]
        gained = True
        while gained:
            gained = False
            for pair in pairs:
                first, second = pair
                if looked.get(pair, -1) >= max(moved[first], moved[second]):
                    continue
                while not self._steps.over and self._improve(first, second):
                    gained = True
                looked[pair] = self._moves

    def _improve(self, first: int, second: int) -> bool:
        """Make the best move or swap between two tables, if one gains.

        Who comes never makes a table cheaper: so no exchange gains more than what is saved by those who go.
        """
        leaving, coming = self._going_from(first), self._going_from(second)
        steps, best, chosen = 1, 0, None
        for one in leaving:
            if one.saved + coming[0].saved <= best:
                break
            for other in coming:
                if one.saved + other.saved <= best:
                    break
                if other.size <= one.room and one.size <= other.room:
                    steps += 1
                    gain = one.saved + other.saved - self._added(first, one, other) - self._added(second, other, one)
                    if gain > best:
                        best, chosen = gain, (one, other)
        self._steps.left -= steps
        if chosen is None:
            return False
        self._exchange(first, second, *chosen)
        return True

    def _added(self, table: int, going: _Going, coming: _Going) -> int:
        """Say by how much those who come make a table dearer that others have left."""
        traits = going.rest | (coming.traits & self._counts[table])
        return self._price(traits) - going.price + coming.fixed[self._kinds[table]]

    def _going_from(self, table: int) -> list[_Going]:
        """Give who may go from a table, or nobody, by what that saves."""
        known = self._going[table]
        if known is None:
            known = self._going[table] = [self._go(table, *split) for split in self._splits(self._at[table])]
            known.sort(key=lambda going: -going.saved)
            self._steps.left -= len(known)
        return known

    def _splits(self, units: list[Unit]) -> Iterator[tuple[tuple[Unit, ...], int]]:
        """Give who may go together, and the traits of who stays then. Of many, each alone, at a cost that adds up."""
        if len(units) <= MANY:
            for number in range(min(self._most, len(units)), -1, -1):
                for going in combinations(units, number):
                    yield going, _together(unit for unit in units if unit not in going)
            return
        behind = list(accumulate((unit.traits for unit in reversed(units)), or_, initial=0))
        before = 0
        for number, unit in enumerate(units, start=1):
            yield (unit,), before | behind[len(units) - number]
            before |= unit.traits
        yield (), before

    def _go(self, table: int, units: tuple[Unit, ...], stay: int) -> _Going:
        rest = (self._held[table] | stay) & self._counts[table]
        traits = _together(units)
        fixed = tuple(sum(unit.fixed[kind] for unit in units) for kind in TABLE_KINDS)
        size = sum(unit.size for unit in units)
        price = self._price(rest)
        saved = self._price(self._traits[table]) - price + fixed[self._kinds[table]]
        return _Going(units, size, traits, fixed, rest, price, saved, self._free[table] + size)

    def _exchange(self, first: int, second: int, one: _Going, other: _Going) -> None:
        self._moves += 1
        for table, going, coming in ((first, one, other), (second, other, one)):
            self._at[table] = [unit for unit in self._at[table] if unit not in going.units] + list(coming.units)
            self._free[table] += going.size - coming.size
            self._traits[table] = going.rest | (coming.traits & self._counts[table])
            self._going[table] = None
            self._moved[table] = self._moves
