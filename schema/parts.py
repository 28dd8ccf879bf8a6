"""Parts of an answer: the elements of a list that are written once, and kept while nothing happens to them.

What has happened since an answer was read is in the log. A list that is declared with `Parts` says of each event which
of its elements may show something else since; the others are taken as they were written, and not even read. It holds
only where an element shows nothing beyond the types that are named: what these show, such an event has to name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

import orjson

from events.log import Logged
from kit.ids import parse_id

PARTS = "parts"
Place = tuple[str, ...]
"""Where a list stands in an answer: the names of the fields that lead to it."""


@dataclass(frozen=True, slots=True)
class Touch:
    """What an event may have changed of a list."""

    ids: Collection[str] = ()
    """The elements that may show something else."""
    keeps_list: bool = True
    """Whether the list has the same elements in the same order as before."""


NOTHING = Touch()


@dataclass(frozen=True)
class Parts:
    """How a list is divided."""

    kind: str
    """The kind of its elements' ids."""
    shows: frozenset[str]
    """The object types that an element may show, itself included."""
    touch: Callable[[Logged], Touch | None]
    """Tells what an event may have changed; None where that may be anything."""


@dataclass(frozen=True)
class _Written:
    order: tuple[str, ...]
    elements: Mapping[str, orjson.Fragment]


@dataclass
class KeptParts:
    """The parts of one answer, and what has happened since they were written. It is for one reading."""

    lists: Mapping[Place, _Written] = field(default_factory=dict)
    events: tuple[Logged, ...] = ()
    _touched: dict[Place, Touch | None] = field(default_factory=dict)
    _made: dict[Place, tuple[list[Any], tuple[str, ...]]] = field(default_factory=dict)

    def after(self, events: Iterable[Logged]) -> Self:
        """Give the same parts, for the next reading, which sees that so much has happened."""
        return replace(self, events=tuple(events), _touched={}, _made={})

    def only(self, place: Place, parts: Parts) -> list[UUID] | None:
        """Tell which elements of a list are to be read; None where all of them are, and which there are as well."""
        touch = self._touch(place, parts)
        if touch is None or not touch.keeps_list:
            return None
        known = self.lists[place].elements
        return [parse_id(parts.kind, one) for one in touch.ids if one in known]

    def completed(self, place: Place, parts: Parts, values: Iterable[Any], complete: Callable[[Any], Any]) -> list[Any]:
        """Give the elements of a list, those that were read anew completed. Raises LookupError for one that is gone."""
        touch = self._touch(place, parts)
        written = self.lists[place].elements if touch else {}
        stale = frozenset(touch.ids) if touch else frozenset()
        if touch and touch.keeps_list:
            fresh = {value.id: complete(value) for value in values}
            order = self.lists[place].order
            made = [fresh[one] if one in stale else written[one] for one in order]
        else:
            values = list(values)
            order = tuple(value.id for value in values)
            made = [written[v.id] if v.id in written and v.id not in stale else complete(v) for v in values]
        self._made[place] = made, order
        return made

    def _touch(self, place: Place, parts: Parts) -> Touch | None:
        if place not in self.lists:
            return None
        if place not in self._touched:
            self._touched[place] = _all_touched(parts, self.events)
        return self._touched[place]

    def sealed(self) -> Self:
        """Write the elements that were completed, in the answer itself as well, and give all for the next reading."""
        lists = {}
        for place, (made, order) in self._made.items():
            made[:] = [one if isinstance(one, orjson.Fragment) else orjson.Fragment(orjson.dumps(one)) for one in made]
            lists[place] = _Written(order, dict(zip(order, made, strict=True)))
        return type(self)(lists)


def _all_touched(parts: Parts, events: Iterable[Logged]) -> Touch | None:
    ids: set[str] = set()
    keeps_list = True
    for event in events:
        touch = parts.touch(event)
        if touch is None:
            return None
        ids.update(touch.ids)
        keeps_list &= touch.keeps_list
    return Touch(ids, keeps_list)
