"""The headcount of a part: how many come, eat what, need what, sit where, and have arrived; as plain sums."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from models.guests.values import AgeGroup, Diet, Need, RsvpStatus


class Head(NamedTuple):
    """A guest at a part, as far as somebody who counts asks."""

    household_id: UUID
    status: RsvpStatus
    age_group: AgeGroup
    takes_place: bool
    meal_id: str | None
    diets: list[str]
    needs: list[str]
    table_id: UUID | None
    arrived_at: datetime | None


@dataclass(frozen=True)
class PartCount:
    """What all heads of a part add up to."""

    heads: list[Head]
    capacity: int | None
    is_seated: bool
    rsvp_deadline: datetime

    @cached_property
    def coming(self) -> list[Head]:
        """Those who accepted."""
        return [head for head in self.heads if head.status is RsvpStatus.ACCEPTED]

    def by_status(self, status: RsvpStatus) -> int:
        """Count the guests with an answer, infants included."""
        return self._statuses[status]

    @cached_property
    def _statuses(self) -> Counter[RsvpStatus]:
        return Counter(head.status for head in self.heads)

    @property
    def taken(self) -> int:
        """The places that are taken: an infant takes none, unless it was given one."""
        return sum(head.takes_place for head in self.coming)

    @property
    def over_capacity(self) -> int:
        """How many places more it would take if all came who accepted or wait."""
        wanted = sum(head.takes_place for head in self.heads if head.status in IN_OR_WAITING)
        return 0 if self.capacity is None else max(0, wanted - self.capacity)

    @property
    def unassigned(self) -> int:
        """Those who come, take a seat, and have no table yet, where there are tables."""
        return sum(head.takes_place and head.table_id is None for head in self.coming) if self.is_seated else 0

    @property
    def arrived(self) -> int:
        """Those who were checked in."""
        return sum(head.arrived_at is not None for head in self.coming)

    def pending_late(self, now: datetime) -> int:
        """Count who has not answered, though the deadline is over."""
        return self.by_status(RsvpStatus.PENDING) if now > self.rsvp_deadline else 0

    @cached_property
    def ages(self) -> Counter[AgeGroup]:
        """Those who come, by age."""
        return Counter(head.age_group for head in self.coming)

    @cached_property
    def meals(self) -> Counter[str | None]:
        """Those who come, by the meal that they chose."""
        return Counter(head.meal_id for head in self.coming)

    @cached_property
    def diets(self) -> Counter[Diet]:
        """Those who come, by what they eat: who has two diets counts for both."""
        return Counter(Diet(diet) for head in self.coming for diet in head.diets)

    @cached_property
    def needs(self) -> Counter[Need]:
        """Those who come, by what they need."""
        return Counter(Need(need) for head in self.coming for need in head.needs)

    @cached_property
    def tables(self) -> Counter[UUID]:
        """Those who have a seat, by table: who has said nothing yet may have one, and an infant that was given one."""
        return Counter(head.table_id for head in self.heads if head.table_id is not None)

    @cached_property
    def households(self) -> Mapping[UUID, Counter[RsvpStatus]]:
        """All guests, by household and answer."""
        found: dict[UUID, Counter[RsvpStatus]] = {}
        for head in self.heads:
            found.setdefault(head.household_id, Counter())[head.status] += 1
        return found


IN_OR_WAITING = frozenset({RsvpStatus.ACCEPTED, RsvpStatus.WAITLISTED})


FIRST = (RsvpStatus.ACCEPTED, RsvpStatus.WAITLISTED, RsvpStatus.PENDING, RsvpStatus.DECLINED)
"""What counts of a guest's answers for several parts: who comes to one comes, and who waits for one waits."""


def in_all(rows: Iterable[tuple[UUID, Head]]) -> list[Head]:
    """Give each guest once, whatever parts they come to: with the answer that counts, and the first arrival."""
    found: dict[UUID, Head] = {}
    for guest_id, head in rows:
        known = found.get(guest_id, head)
        status = min(known.status, head.status, key=FIRST.index)
        arrivals = [one.arrived_at for one in (known, head) if one.arrived_at is not None]
        found[guest_id] = head._replace(status=status, arrived_at=min(arrivals, default=None))
    return list(found.values())


@dataclass(frozen=True)
class Everybody:
    """The guests of an occasion in all, each once, whatever parts they come to; and what its parts add up to."""

    once: PartCount
    """All guests, each once: not their meals, tables and places, which are each part's own."""
    parts: Sequence[PartCount]
    """Each part, in their order."""

    @property
    def over_capacity(self) -> int:
        """How many places more all parts would take if all came who accepted or wait."""
        return sum(part.over_capacity for part in self.parts)

    @property
    def unassigned(self) -> int:
        """How many seats are to be given yet: somebody who has none at two parts counts twice."""
        return sum(part.unassigned for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What tables and households are called, by their ids."""

    tables: Mapping[UUID, Mapping[UUID, tuple[str, int]]] = field(default_factory=dict)
    """By part, name and capacity of each table."""
    households: Mapping[UUID, str] = field(default_factory=dict)
