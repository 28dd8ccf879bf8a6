"""Events as clients see them: what all have in common, and how a fact becomes an object type."""

import dataclasses
import datetime as dt
import pkgutil
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from types import MappingProxyType
from typing import Annotated, Any, Union, get_args, get_type_hints

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.base import StrawberryOptional
from strawberry.types.private import is_private

import events
from auth.viewer import Viewer
from events.base import Event, catalogue
from events.log import Logged
from events.seen import hides_names, seen_by
from kit.enums import DescribedEnum
from kit.ids import public_id, with_article
from kit.text import camel
from realtime.subscription import Reset
from schema.carried import CARRIED, Carried, ToldBy
from schema.context import Context, Info
from schema.derive import fields_of, graphql_type, make_enum, make_type, shown
from schema.describe import enum, field, interface, output, sentence, viewer_field
from schema.sight import Audience, Sight, masked, sight_of, told_as

ForViewer = Callable[[Any, Viewer], Any]
"""Gives what a fact, with all that it hides, is to one viewer. Its docstring describes the field."""
ByClass = Callable[[Any, Any], Any]
"""Gives what a fact, with all that it hides, is to a class of those who hear it; None where a room does not tell them
apart. Its docstring describes the field."""
WhenShown = Callable[[Any, Context], Any]
"""Gives what a fact, without what it hides, is at the moment when it is shown. Its docstring describes the field."""


def event_types(name: str, facts: Iterable[type[Event]], description: str) -> Any:
    """Make the enum of the events that one subscription can be narrowed to; a member's value is the wire name."""
    known = list(facts)
    names = {fact.type.upper().translate(str.maketrans(".:-", "___")): fact.type for fact in known}
    made: Any = strawberry.enum(make_enum(name, names), description=description)
    for value, fact in zip(made.__strawberry_definition__.values, known, strict=True):
        value.description = f"{fact.type}: {sentence(fact)}"
    return made


for _found in pkgutil.walk_packages(events.__path__, "events."):
    import_module(_found.name)  # a fact is in the catalogue once its module is known
EventType = event_types(
    "EventType", sorted(catalogue.values(), key=lambda fact: fact.type), "All events, by wire name."
)
EVENT_TYPES: Mapping[str, Any] = {one.value: one for one in EventType}


@interface
class StreamItem:
    """What a stream sends: an event, or a reset."""

    cursor: str
    """Its place in the stream: subscribe `after` it to go on from here."""


@interface
class StreamEvent(StreamItem):
    """A fact that happened, at its place in its stream."""

    id: strawberry.ID
    """The event's own id."""
    type: str
    """Its wire name, as in slot.booked."""
    event_type: EventType  # type: ignore[valid-type]  # it is made at run time
    """The same as an enum, for clients whose types are generated."""
    timestamp: dt.datetime
    """When it happened, in UTC."""
    tenant_id: strawberry.ID
    """The tenant it belongs to."""
    club_id: strawberry.ID | None = None
    """The club it concerns."""
    course_id: strawberry.ID | None = None
    """The course it concerns."""
    date: dt.date | None = None
    """The local date of the tee sheet it concerns."""
    booking_id: strawberry.ID | None = None
    """The booking it concerns."""
    slot_id: strawberry.ID | None = None
    """The place it concerns."""
    tee_time_id: strawberry.ID | None = None
    """The tee time it concerns."""
    occasion_id: strawberry.ID | None = None
    """The occasion it concerns."""
    part_id: strawberry.ID | None = None
    """The part of an occasion it concerns."""
    household_id: strawberry.ID | None = None
    """The household it concerns."""
    guest_id: strawberry.ID | None = None
    """The guest it concerns."""
    table_id: strawberry.ID | None = None
    """The table it concerns."""


OTHER_ELSEWHERE = "Other events say something else by this name, so that both cannot be asked for at once: use `{}`."
SHARED_WORDS = frozenset({"status", "kind", "level"})
"""What several enums are called in facts. Events have each by the name of its enum as well: `slotStatus`."""


class StreamResetReason(DescribedEnum):
    """Why a stream can't be continued from a cursor."""

    TOO_OLD = "TOO_OLD", "What happened after the cursor is no longer kept."
    EPOCH_CHANGED = "EPOCH_CHANGED", "The stream was begun anew, as when a backup was restored."
    AHEAD_OF_LOG = "AHEAD_OF_LOG", "The log does not reach as far as the cursor, as when a backup was restored."
    UNREADABLE = "UNREADABLE", "Something happened that this server can't show, as while a newer release takes over."


enum(StreamResetReason)


@output
class StreamReset(StreamItem):
    """What the client knows can't be brought up to date by events: read the state anew. Live events follow."""

    reason: StreamResetReason = strawberry.field(deprecation_reason=OTHER_ELSEWHERE.format("resetReason"))
    """Why."""
    reset_reason: StreamResetReason
    """Why."""


WHOLE = Sight(Audience(staff=True))
"""What is seen of one's own."""
TYPES: dict[type[Event], type[StreamEvent]] = {}
_names: dict[type[Event], tuple[tuple[str, str], ...]] = {}
_kept: set[type[Event]] = set()


def shows(
    *facts: type[Event],
    for_viewer: Mapping[str, ForViewer] = MappingProxyType({}),
    by_class: Mapping[str, ByClass] = MappingProxyType({}),
    when_shown: Mapping[str, WhenShown] = MappingProxyType({}),
    carries: Sequence[Carried] = (),
) -> None:
    """Give facts their object types, named and described as they are; each field is shown to whom it says.

    `for_viewer` adds fields that depend on who asks, `by_class` such that depend on the class in which the room finds
    those who hear it, or shows a field of the fact to each class in its own way, `when_shown` adds such that depend on
    when, and are the same for all. What they `carry` is shown by
    a field of its own, and by the interface of all events that do so. Raises TypeError for a field that does not say
    who sees it.
    """
    more = {name: _resolved(show) for name, show in for_viewer.items()}
    retold = {name for name in by_class for fact in facts if name in _told(fact)}
    more |= {name: _retold(name, show) if name in retold else _by_class(show) for name, show in by_class.items()}
    more |= {name: _resolved_when_shown(show) for name, show in when_shown.items()}
    for fact in facts:
        told = {name: hint for name, hint in _told(fact).items() if name not in by_class}
        things = dict(_things(fact, carries))
        bases = (*(one.face for one in carries), StreamEvent)
        shared = {name: twin_of(hint) for name, hint in told.items() if name in SHARED_WORDS}
        twins = {twin: name for name, twin in shared.items() if twin}
        TYPES[fact] = make_type(fact, told, bases=bases, more=more | things, twins=twins)
        _names[fact] = (*((name, name) for name in told), *twins.items())
        if more or carries:
            _kept.add(fact)


def _told(fact: Any) -> Mapping[str, Any]:
    """Give the fields that clients are told of, once every field says who sees it, and names have a privacy."""
    told = seen_by(fact)
    if silent := [f.name for f in dataclasses.fields(fact) if f.name not in told]:
        raise TypeError(f"{fact.__name__}: say who sees {', '.join(silent)}, as in ForAll[int] (events/seen.py)")
    if "name_privacy" not in told and hides_names(fact):
        raise TypeError(f"{fact.__name__}: it has names, and needs the club's name_privacy to hide them by")
    return fields_of(fact)


def _resolved_when_shown(show: WhenShown) -> Any:
    def resolver(self: Any, info: Info) -> Any:
        return show(masked(self.fact, self.audience), info.context)

    resolver.__doc__ = show.__doc__
    resolver.__annotations__["return"] = get_type_hints(show)["return"]
    return field(resolver)


def _resolved(show: ForViewer) -> Any:
    def resolver(self: Any, info: Info) -> Any:
        return show(self.fact, info.context.viewer)

    resolver.__doc__ = show.__doc__
    resolver.__annotations__["return"] = get_type_hints(show)["return"]
    return viewer_field(resolver)


def carried(name: str, kind: type, *, face: str, always: bool = False, **more: Any) -> Carried:
    """Declare a kind of thing that events carry, and the interface of the events that do.

    `always` says that all who hear of it may see it. The rest is said at `Carried`.
    """
    made = Carried(name=name, kind=kind, always=always, **more)
    shown_as = strawberry.field(description=f"The {made.words} that it is about.", metadata={CARRIED: made})
    body = {"__module__": __name__, "__annotations__": {name: kind if always else kind | None}, name: shown_as}
    about = f"An event about {with_article(name)}, which it carries with its id and what it tells of it."
    of_all = strawberry.interface(type(face, (StreamEvent,), body), description=about)
    return replace(made, face=of_all)


def _things(fact: type[Event], carries: Sequence[Carried]) -> Iterator[tuple[str, Any]]:
    for one in carries:
        told = ToldBy(one, fact)
        yield one.name, _resolved_carried(told)
        if one.owned:
            yield f"own_{one.name}", _resolved_own(told, one.owned)


def _resolved_own(told: ToldBy, owned: Callable[[Any, Viewer], bool]) -> Any:
    def resolver(self: Any, info: Info) -> Any:
        return told.show(self.fact, WHOLE) if owned(self.fact, info.context.viewer) else None

    resolver.__doc__ = (
        f"The {told.carried.words} with all that the event tells of it, if it is your own, whatever the club's privacy."
    )
    resolver.__annotations__["return"] = told.carried.kind | None
    return viewer_field(resolver, **{CARRIED: told})


def _resolved_carried(told: ToldBy) -> Any:
    def resolver(self: Any) -> Any:
        return told.show(self.fact, sight_of(self.fact, self.audience))

    kind: Any = told.carried.kind
    resolver.__annotations__["return"] = kind if told.carried.always else kind | None
    return strawberry.field(resolver=resolver, description=told.sentence, metadata={CARRIED: told})


def _by_class(show: ByClass) -> Any:
    def resolver(self: Any) -> Any:
        return show(self.fact, self.heard_as)

    resolver.__doc__ = show.__doc__
    resolver.__annotations__["return"] = get_type_hints(show)["return"]
    return field(resolver)


def _retold(name: str, show: ByClass) -> Any:
    def resolver(self: Any) -> Any:
        return shown(show(self.fact, self.heard_as))

    resolver.__doc__ = show.__doc__
    resolver.__annotations__["return"] = graphql_type(name, get_type_hints(show)["return"])
    return field(resolver)


def show_event(logged: Logged, audience: Audience, class_: Hashable = None) -> StreamEvent:
    """Give the object that shows an event to an audience, or to a class of it."""
    whole: Any = told_as(logged.event, audience)
    fact = masked(whole, audience)
    kind = TYPES[type(fact)]
    kept = {"fact": whole, "heard_as": class_, "audience": audience} if type(fact) in _kept else {}
    return kind(
        id=strawberry.ID(public_id("event", logged.id)),
        cursor=str(logged.cursor),
        type=whole.type,
        event_type=EVENT_TYPES.get(whole.type),  # none of what no schema shows
        timestamp=logged.occurred_at,
        tenant_id=strawberry.ID(public_id("tenant", logged.tenant_id)),
        **kept,
        **{name: shown(getattr(fact, source)) for name, source in _names[type(fact)]},
    )


def show_reset(reset: Reset) -> StreamReset:
    """Give the object that tells of a reset."""
    reason = StreamResetReason[reset.reason]
    return StreamReset(reason=reason, reset_reason=reason, cursor=str(reset.cursor))


def event_union(name: str, facts: Iterable[type[Event]], description: str) -> Any:
    """Make the union of the events that one subscription sends."""
    members = tuple(TYPES[fact] for fact in facts)
    agree(members, apart={field.python_name for field in _fields_of(StreamEvent)})
    return Annotated[Union[(*members, StreamReset)], strawberry.union(name, description=description)]


def agree(members: Sequence[type], *, apart: Collection[str]) -> None:
    """Let a name mean one thing in all events that are asked for together, or say by which other name it does.

    GraphQL lets one name have one type in a document. What some of them always have, and others not, is what may be
    missing in all; two enums under one name are deprecated in favour of the names of each.
    """
    named: dict[str, list[Any]] = {}
    for member in members:
        for one in _fields_of(member):
            if one.python_name not in apart and not is_private(one.type):
                named.setdefault(one.python_name, []).append(one)
    for name, fields in named.items():
        kinds = {_kind_in(one.type) for one in fields}
        if name in SHARED_WORDS and len(kinds) > 1:
            for one in fields:
                one.deprecation_reason = OTHER_ELSEWHERE.format(camel(twin_of(_kind_in(one.type)) or name))
        elif len(kinds) == 1 and len({isinstance(one.type, StrawberryOptional) for one in fields}) > 1:
            for one in fields:
                if not isinstance(one.type, StrawberryOptional):
                    one.type_annotation = StrawberryAnnotation(one.type | None)


def twin_of(hint: Any) -> str | None:
    """Give the name that a field has by its enum: `slot_status`; none for what is no enum."""
    for kind in (getattr(hint, "wrapped_cls", hint), *get_args(hint)):
        if isinstance(kind, type) and issubclass(kind, DescribedEnum):
            return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
    return None


def _fields_of(kind: Any) -> list[Any]:
    return list(kind.__strawberry_definition__.fields)


def _kind_in(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, StrawberryOptional) else kind
