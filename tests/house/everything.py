"""Everything that a subscription may be asked for, and an example of every fact that it may tell."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson
from graphql import (
    GraphQLField,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
    is_union_type,
)

from events.base import Event
from events.cursor import Cursor
from events.log import Logged
from kit.ids import new_id, public_id
from models.tee_sheet.values import MEMBER, PriceClass
from realtime.subscription import Reset
from schema.carried import Told, carried_in
from schema.describe import is_viewer_field
from tests.harness import MORNING

DEPTH = 6
"""Levels of fields below an event that are asked for."""
PLAIN: dict[Any, Any] = {
    PriceClass: MEMBER,
    str: "Ana",
    int: 7,
    float: 1.5,
    bool: True,
    dt.datetime: MORNING,
    dt.date: MORNING.date(),
    dt.time: dt.time(8),
}


def all_of(schema: GraphQLSchema, kind: Any, *, depth: int = DEPTH, told: Told | None = None) -> str:
    """Select all that can be asked of a type, but for what depends on who asks; of a thing that an event carries, what
    is told of it.

    Each field has an alias that says where it stands in the schema, so that answers tell which fields were executed.
    """
    parts = _fields(schema, kind, depth, told)
    if is_abstract_type(kind):
        parts += [f"... on {one} {all_of(schema, one, depth=depth)}" for one in schema.get_possible_types(kind)]
    for face in _faces(kind):
        parts += [f"... on {face}", "{", *_fields(schema, face, depth), "}"]
    return "{ __typename " + " ".join(parts) + " }"


def _fields(schema: GraphQLSchema, kind: Any, depth: int, told: Told | None = None) -> list[str]:
    parts = []
    for name, field in getattr(kind, "fields", {}).items():
        if is_viewer_field(field) or (told is not None and name not in told):
            continue
        carried = carried_in(field)
        inner = carried.told if carried else (told or {}).get(name)
        below = get_named_type(field.type)
        if not is_composite_type(below):
            parts.append(_aliased(kind, name, field))
        elif depth > 1:
            parts.append(f"{_aliased(kind, name, field)} {all_of(schema, below, depth=depth - 1, told=inner)}")
    return parts


def _faces(kind: Any) -> list[Any]:
    """Give the interfaces by which the members of a union may be asked as well."""
    if not is_union_type(kind):
        return []
    return list({face.name: face for member in kind.types for face in member.interfaces}.values())


def _aliased(kind: Any, name: str, field: GraphQLField) -> str:
    asked = [argument for argument, given in field.args.items() if is_required_argument(given)]
    assert asked == [], f"{kind.name}.{name}: say here what {asked} may be"
    return f"{kind.name}__{name}: {name}"


def reached(schema: GraphQLSchema, kind: Any) -> dict[tuple[str, str], GraphQLField]:
    """Give all fields that answers below a type may hold, by type and name; none below what depends on who asks."""
    found: dict[tuple[str, str], GraphQLField] = {}
    seen: set[tuple[str, frozenset[str] | None]] = set()
    faces = _faces(kind)
    ahead: list[tuple[Any, Told | None]] = [(one, None) for one in (kind, *faces)]
    while ahead:
        kind, told = ahead.pop()
        if not is_composite_type(kind) or (key := (kind.name, None if told is None else frozenset(told))) in seen:
            continue
        seen.add(key)
        ahead += (
            [(one, told) for one in schema.get_possible_types(kind)]
            if is_abstract_type(kind) and kind not in faces
            else ()
        )
        for name, field in getattr(kind, "fields", {}).items():
            if told is None or name in told:
                found[kind.name, name] = field
                carried = carried_in(field)
                inner = carried.told if carried else (told or {}).get(name)
                ahead += [] if is_viewer_field(field) else [(get_named_type(field.type), inner)]
    return found


def answered(answer: Any) -> Iterator[str]:
    """Name the fields that an answer to `all_of` holds, as in Money__currency."""
    if isinstance(answer, list):
        for item in answer:
            yield from answered(item)
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield name
            yield from answered(value)


def example(hint: Any, name: str = "") -> Any:
    """Make up a value; what may be missing is there, and there is one of what there may be many of."""
    if get_origin(hint) in {Union, UnionType}:
        return example(next(part for part in get_args(hint) if part is not NoneType), name)
    if get_origin(hint) in {tuple, list}:
        return get_origin(hint)([example(get_args(hint)[0], name.removesuffix("s"))])
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{field.name: example(hints[field.name], field.name) for field in dataclasses.fields(hint)})
    if name == "starts_at":
        return MORNING + dt.timedelta(days=1)  # after it is told of
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    kind = "picture" if name.endswith("_picture_id") else name.removesuffix("_id")
    return public_id(kind, new_id()) if hint is str and name.endswith("_id") else PLAIN[hint]


def told(fact: Event, *, stream: str, tenant_id: UUID) -> Logged:
    """Give a fact a place in a stream."""
    data = orjson.loads(orjson.dumps(fact))
    return Logged(stream, "epoch", 1, new_id(), tenant_id, fact.type, fact.rooms, data, MORNING)


def reset_of(stream: str) -> Reset:
    """Give what tells a subscriber to read the state anew."""
    return Reset("TOO_OLD", Cursor(stream, "epoch", 1))
