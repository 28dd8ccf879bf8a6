"""Things with an id as events carry them: of the type that queries show, with as many of its fields as the fact tells.

A cache that goes by `__typename` and `id` brings itself up to date by them. They are made of the fact alone, as its
audience may see it: no row is read for them, and a document that asks for more of them is refused (`api/told.py`).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from types import NoneType
from typing import Any, NamedTuple, TypeAlias, get_args, get_type_hints

import strawberry
from graphql import GraphQLField
from strawberry.types.base import StrawberryOptional

from auth.viewer import Viewer
from events.seen import Seen, seen_by
from kit.text import camel
from schema.derive import fields_of, shown
from schema.describe import metadata_of
from schema.sight import Sight

CARRIED = "carried"
Told: TypeAlias = Mapping[str, "Told | None"]
"""What is told of a thing: fields by their names in the schema, and the same of a thing within it that is not whole."""
_TOLD = "told_by_event"
SEEN_IN_PART = frozenset({Seen.BY_ALL, Seen.AS_NAME})
"""What everybody sees, names as much of them as is seen of names."""


class Part(NamedTuple):
    """A field of a thing that is made of fields of a fact."""

    needs: tuple[str, ...]
    """The fields of the fact; one that has not all of them does not tell the part."""
    make: Callable[[Any], Any]
    """Makes it of a fact, as its audience sees it; None where too much is hidden, or where there is none."""
    below: Told | None = None
    """What is told of it, where it is a thing itself of which not all is told."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Carried:
    """A kind of thing that events carry."""

    name: str
    """What the field of the events is called: `caddie`. A fact holds its id in `caddie_id`."""
    kind: type
    """Its type. A field that has a resolver is told by `parts` alone, if at all, and the resolver asks `told_of`."""
    face: Any = None
    """The interface of the events that carry one."""
    always: bool = False
    """Whether all who hear of it may see it; otherwise it is none for some, on whatever event: clients ask for it on
    several events at once, where its type has to be one."""
    id_name: str = ""
    """The fact's field that holds its id, where that is called otherwise."""
    within: tuple[str, ...] = ()
    """Values inside of facts whose fields are the thing's as well."""
    parts: Sequence[tuple[str, Part]] = ()
    """What is made of other fields, by name; of several with one name, the last that a fact can tell."""
    never: Collection[str] = ()
    """What is not told of it: fields of facts that have the name of one of the thing's, and are another."""
    owned: Callable[[Any, Viewer], bool] | None = None
    """Tells of a fact whether the thing is a viewer's own: such a one sees all of it."""
    whole: Callable[[Any, Sight], Any] | None = None
    """Makes the whole thing of a fact with all that it hides, where facts tell all of it."""
    told_by: list["ToldBy"] = field(default_factory=list)
    """What the facts tell of it."""

    @property
    def words(self) -> str:
        """Say what it is as people do."""
        return self.name.replace("_", " ")

    @property
    def told(self) -> Told:
        """What all events that carry it tell of it."""
        first, *others = (one.told for one in self.told_by)
        return {name: below for name, below in first.items() if all(name in other for other in others)}

    def parts_in(self, fact: Any) -> Iterator[tuple[str, Part]]:
        """Give what a fact tells of it."""
        names, own = set(fields_of(fact)), _plain(self.kind) - set(self.never) - {"id"}
        id_name = self.id_name or f"{self.name}_id"
        yield "id", Part((id_name,), lambda seen: strawberry.ID(getattr(seen, id_name)))
        for name in own & names:
            yield name, _same(name)
        for holder in names.intersection(self.within):
            inner = next(kind for kind in _kinds_in(get_type_hints(fact)[holder]) if is_dataclass(kind))
            for name in own & {one.name for one in fields(inner)}:
                yield name, _inside(holder, name)
        for name, part in self.parts:
            if name not in self.never and names.issuperset(part.needs):
                yield name, part


class ToldBy:
    """What one kind of fact tells of a thing, and how it is shown."""

    def __init__(self, carried: Carried, fact: Any) -> None:
        self.carried = carried
        self._hints, self._seen = get_type_hints(fact), seen_by(fact)
        known = {one.python_name: one for one in carried.kind.__strawberry_definition__.fields}  # type: ignore[attr-defined]
        self._parts = dict.fromkeys(known, Part((), _nothing)) if carried.whole else dict(carried.parts_in(fact))
        self._needed = [name for name in self._parts if not isinstance(known[name].type, StrawberryOptional)]
        self._asked = {need for name in self._needed for need in self._parts[name].needs}
        self.told: Told = {camel(name): self._parts[name].below for name in sorted(self._parts)}
        carried.told_by.append(self)
        if carried.always and self._may_be_none:
            raise TypeError(f"{fact.__name__}: not all of its {carried.words} is for everybody who hears of it")

    @property
    def _may_be_none(self) -> bool:
        return any(self._seen[n] not in SEEN_IN_PART or NoneType in _kinds_in(self._hints[n]) for n in self._asked)

    def show(self, fact: Any, sight: Sight) -> Any:
        """Make the thing of a fact with all that it hides; None where its type cannot do without what is hidden."""
        if self.carried.whole:
            return self.carried.whole(fact, sight)
        if any(self._seen[name] not in SEEN_IN_PART and not sight.sees(self._seen[name]) for name in self._asked):
            return None
        seen = sight.masked(fact)
        values = {name: part.make(seen) for name, part in self._parts.items()}
        if any(values[name] is None for name in self._needed):
            return None
        made: Any = object.__new__(self.carried.kind)
        made.__dict__.update(values | {_TOLD: values})
        return made

    @property
    def sentence(self) -> str:
        """Describe the field of the event that shows it."""
        if self.carried.whole:
            return f"The {self.carried.words} as it is by now, all of it."
        told = ", ".join(f"`{name}`" for name in self.told)
        none = " None where you may not see so much." if self._may_be_none else ""
        return f"The {self.carried.words} as it is by now, as far as this event tells it: {told}.{none}"


def told_of(thing: Any, name: str) -> Any:
    """Give what an event tells of a thing that it carries, for a resolver that would read it; None of all others."""
    told: dict[str, Any] | None = thing.__dict__.get(_TOLD)
    return told and told[name]


def carried_in(asked: GraphQLField) -> ToldBy | Carried | None:
    """Tell what a field of an event tells of the thing that it shows, if it is such a field."""
    found: ToldBy | Carried | None = metadata_of(asked).get(CARRIED)
    return found


def _plain(kind: Any) -> set[str]:
    """Name the fields of a type that hold what they show."""
    return {one.python_name for one in kind.__strawberry_definition__.fields if one.base_resolver is None}


def _kinds_in(hint: Any) -> tuple[Any, ...]:
    return (hint, *get_args(hint))


def _same(name: str) -> Part:
    return Part((name,), lambda seen: shown(getattr(seen, name)))


def _inside(holder: str, name: str) -> Part:
    return Part((holder,), lambda seen: shown(getattr(getattr(seen, holder), name)))


def _nothing(_: Any) -> None:
    return None
