"""What ends an answer: scalars and enums, as graphql-core would write them, with a short way for what is usual."""

from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLOutputType,
    GraphQLString,
    is_leaf_type,
    is_non_null_type,
)
from graphql.pyutils import Undefined

Leaf = Callable[[Any], Any]
SMALLEST, LARGEST = -(2**31), 2**31 - 1


class NotCompiled(Exception):
    """What is compiled does not know how to answer: graphql-core does."""


@cache
def leaf_of(kind: GraphQLOutputType) -> Leaf | None:
    """Give what writes a value of a scalar or an enum; None for other types. Raises as graphql-core does."""
    if is_non_null_type(kind):
        return _some(kind.of_type) if is_leaf_type(kind.of_type) else None
    if not is_leaf_type(kind):
        return None
    some = _some(kind)
    return lambda value: None if value is None else some(value)


def _some(kind: GraphQLLeafType) -> Leaf:
    """Give what writes a value that has to be there."""

    def coerced(value: Any) -> Any:
        if value is None or isinstance(value, Exception):
            raise NotCompiled
        found = kind.coerce_output_value(value)
        if found is None or found is Undefined:
            raise NotCompiled
        return found

    usual = _USUAL.get(kind.name)
    if usual is not None:
        return usual(coerced)
    return _named(coerced) if isinstance(kind, GraphQLEnumType) else coerced


def _text(coerced: Leaf) -> Leaf:
    return lambda value: value if value.__class__ is str else coerced(value)


def _whole(coerced: Leaf) -> Leaf:
    return lambda value: value if value.__class__ is int and SMALLEST <= value <= LARGEST else coerced(value)


def _number(coerced: Leaf) -> Leaf:
    return lambda value: value if value.__class__ is float and isfinite(value) else coerced(value)


def _truth(coerced: Leaf) -> Leaf:
    return lambda value: value if value is True or value is False else coerced(value)


def _named(coerced: Leaf) -> Leaf:
    """Remember what the members of an enum are called; what is no member is refused each time."""
    known: dict[Any, Any] = {}

    def name(value: Any) -> Any:
        found = known.get(value)
        if found is None:
            found = known[value] = coerced(value)
        return found

    return name


_USUAL: dict[str, Callable[[Leaf], Leaf]] = {
    GraphQLString.name: _text,
    GraphQLID.name: _text,
    GraphQLInt.name: _whole,
    GraphQLFloat.name: _number,
    GraphQLBoolean.name: _truth,
}
