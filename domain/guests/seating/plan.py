"""Seats for everybody by themselves: locked guests first, then parties, hardest first, then moves and swaps.

It is a local search from several orders, the best of which wins. Steps are counted and never timed, and everything is
in the order of ids: equal input gives an equal chart, in whatever process, and in whatever order it was read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from uuid import UUID

from domain.guests.seating.chart import WEIGHTS, Banquet, Problem, Seats, cost_of, find_problems
from domain.guests.seating.hall import Hall, Steps
from domain.guests.seating.parties import Members, by_key, divide, fall_apart
from domain.guests.seating.traits import Traits, Unit
from models.guests.values import SeatingFlaw as Flaw

ORDERS = 24
"""How many orders are tried."""
ORDERED_STEPS = 300_000
"""How much may be looked at for all orders together, which is a third of a second."""
MENDING_STEPS = 300_000
"""How much more may be looked at where the best of them is flawed."""
LEAST_FLAW = WEIGHTS[Flaw.HOUSEHOLD_SPLIT]
"""What flaws have to weigh so that it can pay to split somebody who sits together."""


@dataclass(frozen=True, slots=True)
class SeatingPlan:
    """Who sits where, and what is wrong with that."""

    seats: Seats
    """The table of each guest who has one, locked ones too."""
    problems: tuple[Problem, ...]
    """The worst first."""
    cost: int
    """How bad it is, by the weights."""


@dataclass(frozen=True, slots=True)
class _Chart:
    """Who is moved together, and at which table each guest is; none while they have no place yet."""

    groups: list[Members]
    tables: list[int | None]


def _is_split(chart: _Chart, group: Members) -> bool:
    """Tell whether a group has to be split: it has no seats together. Who is alone waits for one."""
    return len(group) > 1 and chart.tables[group[0]] is None


def plan_seating(banquet: Banquet) -> SeatingPlan:
    """Seat everybody. Nobody who is locked is moved, and no table is given more than it has seats.

    300 guests with 100 rules take less than a second of a processor: do not keep others waiting for it.
    """
    return _Planner(banquet).plan()


class _Planner:
    """One search."""

    def __init__(self, banquet: Banquet) -> None:
        self._banquet = banquet
        self._traits = Traits(banquet)
        self._division = divide(banquet, self._traits)
        self._grains = ([guest.household_id for guest in banquet.guests], [guest.id for guest in banquet.guests])

    def plan(self) -> SeatingPlan:
        """Seat everybody from each order; mend the charts, the best first, and try others, while there are steps."""
        plans = sorted(self._ordered(Steps(ORDERED_STEPS)), key=lambda found: found[0].cost)
        best = plans[0][0]
        steps = Steps(MENDING_STEPS)
        for chart in self._mended([chart for _, chart in plans], steps):
            best = min(best, self._shown(chart), key=lambda plan: plan.cost)
            if steps.over or best.cost < LEAST_FLAW:
                break
        return best

    def _ordered(self, steps: Steps) -> Iterator[tuple[SeatingPlan, _Chart]]:
        for seed in range(ORDERS):
            chart = self._arrange(seed, steps)
            yield self._shown(chart), chart
            if steps.over:
                break

    def _mended(self, charts: Sequence[_Chart], steps: Steps) -> Iterator[_Chart]:
        """Give charts in which parties may be split: those that are there, then some that begin without parties."""
        yield charts[0]
        for most, chart in product((2, 3), charts):
            yield self._loosen(chart, steps, most=most)
        everybody = [number for group in charts[0].groups for number in group]
        for seed, keys in product(range(ORDERS), self._grains):
            chart = self._settle(_Chart(by_key(everybody, keys), self._at_first()), steps, seed=seed, most=2)
            yield self._loosen(chart, steps, most=3)

    def _arrange(self, seed: int, steps: Steps) -> _Chart:
        """Seat whole parties in the order of a seed, and then, in parts, those that could not be seated whole."""
        chart = self._settle(_Chart(self._division.whole, self._at_first()), steps, seed=seed)
        left = [*self._division.torn, *self._fall_apart(chart)]
        while left:
            groups = [group for group in chart.groups if not _is_split(chart, group)]
            chart = self._settle(_Chart([*groups, *left], chart.tables), steps, seed=seed)
            left = self._fall_apart(chart)
        return chart

    def _fall_apart(self, chart: _Chart) -> list[Members]:
        """Give the parts of those who have no seat, and can be split."""
        split = [group for group in chart.groups if _is_split(chart, group)]
        return [part for group in split for part in fall_apart(self._banquet, self._traits, group)]

    def _loosen(self, chart: _Chart, steps: Steps, *, most: int) -> _Chart:
        """Move households by themselves, and then guests: a party is split where that mends something worse."""
        for keys in self._grains:
            groups = [part for group in chart.groups for part in by_key(group, keys)]
            chart = self._settle(_Chart(groups, chart.tables), steps, most=most)
        return chart

    def _at_first(self) -> list[int | None]:
        """Give the tables of those who are locked."""
        tables: list[int | None] = [None] * len(self._banquet.guests)
        for table, members in self._division.held.items():
            for number in members:
                tables[number] = table
        return tables

    def _settle(self, chart: _Chart, steps: Steps, *, seed: int = 0, most: int = 1) -> _Chart:
        """Seat who has no place yet, and move and swap while that gains."""
        held = sorted(self._division.held.items())
        units = self._traits.units([*(members for _, members in held), *chart.groups])
        hall = Hall(self._banquet, self._traits, steps, most=most)
        for unit, (table, _) in zip(units, held, strict=False):
            hall.hold(unit, table)
        waiting = []
        for unit in units[len(held) :]:
            if (table_or_none := chart.tables[unit.members[0]]) is None:
                waiting.append(unit)
            else:
                hall.put(unit, table_or_none)
        for unit in self._hardest_first(waiting, seed):
            hall.seat(unit)
        hall.settle()
        tables = self._at_first()
        for number, table in hall.seated():
            tables[number] = table
        return _Chart(chart.groups, tables)

    def _hardest_first(self, units: Sequence[Unit], seed: int) -> list[Unit]:
        """Sort units by how hard they are to seat; seeds shuffle that by up to five bits, and the first one by none."""
        dice = Random(seed)  # noqa: S311 # nothing to be guessed: the same each time is what is wanted
        bits = seed % 6
        keys = [(-self._hardness(unit) - (dice.getrandbits(bits) if bits else 0), unit.members) for unit in units]
        return [unit for _, unit in sorted(zip(keys, units, strict=True), key=lambda keyed: keyed[0])]

    def _hardness(self, unit: Unit) -> int:
        guests = [self._banquet.guests[number] for number in unit.members]
        needs_access = any(guest.needs_access for guest in guests)
        is_vip = any(guest.is_vip for guest in guests)
        return 4 * unit.size + 8 * needs_access + 4 * is_vip + 2 * self._traits.count_apart(unit.members)

    def _shown(self, chart: _Chart) -> SeatingPlan:
        guests, tables = self._banquet.guests, self._banquet.tables
        seats: dict[UUID, UUID] = {
            guest.id: tables[table].id for guest, table in zip(guests, chart.tables, strict=True) if table is not None
        }
        problems = find_problems(self._banquet, seats)
        return SeatingPlan(seats, tuple(problems), cost_of(self._banquet, seats, problems))
