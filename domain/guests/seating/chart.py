"""What a seating is made of, as plain values, and what is wrong with one: no database, no clock, no chance."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from models.guests.values import SeatingFlaw as Flaw


@dataclass(frozen=True, slots=True)
class GuestToSeat:
    """Somebody who takes a seat, as far as a seating asks."""

    id: UUID
    household_id: UUID
    group: str = ""
    """The group or side that the guest belongs to; empty for none."""
    is_vip: bool = False
    needs_access: bool = False
    """Whether the guest sits in a wheelchair, and needs a table that one can get to."""
    table_id: UUID | None = None
    """Where the guest sits; a plan keeps to it where it is locked."""
    is_locked: bool = False


@dataclass(frozen=True, slots=True)
class TableToFill:
    """A table, as far as a seating asks."""

    id: UUID
    capacity: int
    is_accessible: bool = True
    is_vip: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Two that are to sit together, or apart. Each is a guest or a household, which stands for all of its guests."""

    id: UUID
    is_apart: bool
    first: UUID
    second: UUID


class Problem(NamedTuple):
    """Something that is wrong with a seating: whom it is about, and at which tables, each in the order of ids."""

    flaw: Flaw
    guest_ids: tuple[UUID, ...]
    table_ids: tuple[UUID, ...] = ()
    rule_id: UUID | None = None
    household_id: UUID | None = None


WEIGHTS = {
    Flaw.UNSEATED: 100_000,
    Flaw.APART_BROKEN: 1_000,
    Flaw.NOT_ACCESSIBLE: 1_000,
    Flaw.TOGETHER_BROKEN: 300,
    Flaw.HOUSEHOLD_SPLIT: 300,
    Flaw.VIP_ELSEWHERE: 60,
}
"""How much worse each makes a seating. What is split counts once for each table beyond the first."""
LEFT_OUT_LAST = 10_000
"""How much worse it is to leave out a VIP, or somebody in a wheelchair, than others: more than a few broken rules, and
less than one more who has no seat."""
LEFT_OUT_TIED = 300
"""What it counts for each household, and each rule that ties people together, that one of them has no seat; and as much
again if others of them have one, so that these are torn apart."""
MIXED = 6
"""What a table counts for each group beyond the first."""
OPENED = 4
"""What each table counts that is sat at."""


@dataclass(frozen=True)
class Banquet:
    """Whom to seat, where, and by which rules: each in the order of ids, so that none depends on how it was read.

    Use `of`. Rules about people who are not to be seated are about nobody, and never broken.
    """

    guests: tuple[GuestToSeat, ...]
    tables: tuple[TableToFill, ...]
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, guests: Iterable[GuestToSeat], tables: Iterable[TableToFill], rules: Iterable[Rule] = ()) -> "Banquet":
        """Put everything in order. Raises ValueError for somebody who is locked at a table that is not there."""
        sorted_tables = tuple(sorted(tables, key=lambda table: table.id))
        known = {table.id for table in sorted_tables}
        found = cls(
            tuple(sorted(guests, key=lambda guest: guest.id)),
            sorted_tables,
            tuple(sorted(rules, key=lambda rule: rule.id)),
        )
        if any(guest.is_locked and guest.table_id not in known for guest in found.guests):
            raise ValueError("Somebody is locked at a table that is not there.")
        return found

    @cached_property
    def households(self) -> dict[UUID, list[UUID]]:
        """The guests of each household."""
        found: dict[UUID, list[UUID]] = {}
        for guest in self.guests:
            found.setdefault(guest.household_id, []).append(guest.id)
        return found

    @cached_property
    def bonds(self) -> list[frozenset[UUID]]:
        """Those who belong together, two or more: households, and both sides of each rule that ties people together."""
        together = [self.sides[rule.id] for rule in self.rules if not rule.is_apart]
        tied = [first | second for first, second in together if first and second]
        return [*(frozenset(members) for members in self.households.values() if len(members) > 1), *tied]

    @cached_property
    def has_vip_tables(self) -> bool:
        """Whether VIPs have tables of their own."""
        return any(table.is_vip for table in self.tables)

    @cached_property
    def sides(self) -> dict[UUID, tuple[frozenset[UUID], frozenset[UUID]]]:
        """The guests on both sides of each rule; who is on both is on the first alone."""
        found = {}
        for rule in self.rules:
            first = self._named(rule.first)
            found[rule.id] = first, self._named(rule.second) - first
        return found

    def _named(self, side: UUID) -> frozenset[UUID]:
        return frozenset(self.households.get(side, ())) or (self._known & {side})

    @cached_property
    def _known(self) -> frozenset[UUID]:
        return frozenset(guest.id for guest in self.guests)


Seats = Mapping[UUID, UUID]
"""The table of each guest who has one."""


def find_problems(banquet: Banquet, seats: Seats) -> list[Problem]:
    """List all that is wrong with a seating, the worst first. Who has no seat is listed as such, and breaks no rule."""
    found = [
        *_about_guests(banquet, seats),
        *broken_rules(banquet, seats),
        *_about_households(banquet, seats),
    ]
    return sorted(found, key=lambda problem: (-WEIGHTS[problem.flaw], problem.flaw, problem[1:3]))


def _about_guests(banquet: Banquet, seats: Seats) -> Iterable[Problem]:
    tables = {table.id: table for table in banquet.tables}
    for guest in banquet.guests:
        table = tables[seats[guest.id]] if guest.id in seats else None
        if table is None:
            yield Problem(Flaw.UNSEATED, (guest.id,))
            continue
        if guest.needs_access and not table.is_accessible:
            yield Problem(Flaw.NOT_ACCESSIBLE, (guest.id,), (table.id,))
        if guest.is_vip and banquet.has_vip_tables and not table.is_vip:
            yield Problem(Flaw.VIP_ELSEWHERE, (guest.id,), (table.id,))


def broken_rules(banquet: Banquet, seats: Seats) -> Iterable[Problem]:
    """List the rules that a seating breaks, in the order of their ids."""
    for rule in banquet.rules:
        first, second = banquet.sides[rule.id]
        at_first, at_second = _tables_of(first, seats), _tables_of(second, seats)
        if rule.is_apart:
            shared = at_first & at_second
            whom = [guest_id for guest_id in first | second if seats.get(guest_id) in shared]
            if shared:
                yield Problem(Flaw.APART_BROKEN, tuple(sorted(whom)), tuple(sorted(shared)), rule.id)
        elif first and second and len(at_first | at_second) > 1:
            whom = [guest_id for guest_id in first | second if guest_id in seats]
            yield Problem(Flaw.TOGETHER_BROKEN, tuple(sorted(whom)), tuple(sorted(at_first | at_second)), rule.id)


def _about_households(banquet: Banquet, seats: Seats) -> Iterable[Problem]:
    for household_id, members in banquet.households.items():
        at = _tables_of(members, seats)
        if len(at) > 1:
            whom = tuple(guest_id for guest_id in members if guest_id in seats)
            yield Problem(Flaw.HOUSEHOLD_SPLIT, whom, tuple(sorted(at)), household_id=household_id)


def _tables_of(guest_ids: Collection[UUID], seats: Seats) -> set[UUID]:
    return {seats[guest_id] for guest_id in guest_ids if guest_id in seats}


def cost_of(banquet: Banquet, seats: Seats, problems: Sequence[Problem] | None = None) -> int:
    """Say how bad a seating is: what is wrong with it by its weight, mixed groups, and how many tables it takes."""
    problems = find_problems(banquet, seats) if problems is None else problems
    groups: defaultdict[UUID, set[str]] = defaultdict(set)
    for guest in banquet.guests:
        if guest.id in seats:
            groups[seats[guest.id]] |= {guest.group} - {""}
    counted = Counter[Flaw]()
    for problem in problems:
        counted[problem.flaw] += _times(problem)
    flaws = sum(WEIGHTS[flaw] * number for flaw, number in counted.items())
    mixed = sum(max(len(names) - 1, 0) for names in groups.values())
    return flaws + MIXED * mixed + OPENED * len(groups) + _cost_of_whom(banquet, seats)


def _cost_of_whom(banquet: Banquet, seats: Seats) -> int:
    """Say how bad it is that just these have no seat, beside how many they are: VIPs, wheelchairs, ties come last."""
    unseated = {guest.id for guest in banquet.guests if guest.id not in seats}
    singled = sum(left_out(guest) for guest in banquet.guests if guest.id in unseated)
    left = [bond for bond in banquet.bonds if not bond.isdisjoint(unseated)]
    return singled + LEFT_OUT_TIED * sum(1 if bond <= unseated else 2 for bond in left)


def left_out(guest: GuestToSeat) -> int:
    """Say how much worse it is to leave out a guest than others."""
    return LEFT_OUT_LAST * (guest.is_vip + guest.needs_access)


def _times(problem: Problem) -> int:
    if problem.flaw in {Flaw.TOGETHER_BROKEN, Flaw.HOUSEHOLD_SPLIT}:
        return len(problem.table_ids) - 1
    return len(problem.table_ids) if problem.flaw is Flaw.APART_BROKEN else 1


def new_breaches(before: Iterable[Problem], after: Iterable[Problem]) -> list[Problem]:
    """Give the rules that a change breaks: not those that were broken as much before."""
    known = {problem.rule_id: problem for problem in before}
    return [problem for problem in after if _is_worse(known.get(problem.rule_id), problem)]


def _is_worse(before: Problem | None, after: Problem) -> bool:
    if before is None:
        return True
    if after.flaw is Flaw.APART_BROKEN:
        return not set(after.table_ids) <= set(before.table_ids)
    return len(after.table_ids) > len(before.table_ids)
