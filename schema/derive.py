"""Types of the schema that are made from the classes they show: a refusal, or a fact, is written down once."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import strawberry

from events.seen import Seen, seen_by
from kit.enums import DescribedEnum
from schema.describe import attribute_docs, enum, sentence

make_enum: Any = Enum
"""Enum, for members that are known at run time alone."""
PLAIN = (str, int, float, bool, date, datetime, time)
KEPT = ("fact", "heard_as", "audience")
SHOWN_AS_THEY_ARE = frozenset({*PLAIN, NoneType})


def graphql_type(name: str, hint: Any) -> Any:
    """Give the schema's type for a hint. A string whose name ends with `id` is an ID."""
    if get_origin(hint) in {Union, UnionType}:
        inner = next(arg for arg in get_args(hint) if arg is not NoneType)
        return graphql_type(name, inner) | None
    if get_origin(hint) in {tuple, list}:
        return list[graphql_type(name.removesuffix("s"), get_args(hint)[0])]  # type: ignore[misc]
    if hint is str and (name == "id" or name.endswith("_id")):
        return strawberry.ID
    if isinstance(hint, type) and issubclass(hint, Enum) and issubclass(hint, DescribedEnum):
        return hint if hasattr(hint, "__strawberry_definition__") else enum(hint)
    if dataclasses.is_dataclass(hint):
        return nested(hint)  # type: ignore[arg-type]
    if hint in PLAIN or isinstance(hint, NewType):
        return hint
    raise TypeError(f"{name}: {hint} has no type in the schema")


@cache
def nested(kind: type) -> type:
    """Make the type that shows a value inside of a fact."""
    return make_type(kind, fields_of(kind), bases=())


@cache
def fields_of(kind: Any) -> Mapping[str, Any]:
    """Give the fields of a dataclass that clients are told of, with their hints: what may be hidden may be missing."""
    hints, seen = get_type_hints(kind), seen_by(kind)
    told = [f.name for f in dataclasses.fields(kind) if seen.get(f.name) is not Seen.BY_NOBODY]
    return MappingProxyType({name: _hint(hints[name], seen.get(name, Seen.BY_ALL)) for name in told})


def _hint(hint: Any, seen: Seen) -> Any:
    return hint if seen in {Seen.BY_ALL, Seen.AS_SOLD} or hint is str else hint | None


def make_type(
    kind: type,
    hints: Mapping[str, Any],
    *,
    bases: tuple[type, ...],
    more: Mapping[str, Any] = MappingProxyType({}),
    twins: Mapping[str, str] = MappingProxyType({}),
) -> type:
    """Make an object type with the name, the sentences and the fields of a class.

    With `more` fields, which are resolved, its objects keep the value that they show as `fact`, for whom they show it
    as `heard_as`, and what these may see as `audience`. `twins` are further names of fields.
    """
    docs = attribute_docs(kind)
    docs |= {twin: docs[name] for twin, name in twins.items()}
    hints = {**hints, **{twin: hints[name] for twin, name in twins.items()}}
    body: dict[str, Any] = {"__annotations__": {n: graphql_type(n, hint) for n, hint in hints.items()}}
    if more:
        body["__annotations__"] |= dict.fromkeys(KEPT, strawberry.Private[Any])  # type: ignore[misc]
    body |= {name: strawberry.field(description=docs.get(name)) for name in hints} | dict(more)
    body |= {"__module__": __name__, "__doc__": kind.__doc__}
    made: type = strawberry.type(type(kind.__name__, bases, body), description=sentence(kind))
    return made


def shown(value: Any, convert: Callable[[type], type] = nested) -> Any:
    """Turn a value of a fact into what the schema's type for it holds."""
    if type(value) in SHOWN_AS_THEY_ARE:  # nearly all are, and this is done for each field of each event
        return value
    if isinstance(value, tuple | list):
        return [shown(item, convert) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        kind = convert(type(value))
        return kind(**{name: shown(getattr(value, name), convert) for name in fields_of(type(value))})
    return value
