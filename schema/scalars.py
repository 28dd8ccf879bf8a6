"""Scalars: moments, dates and times of day in the form of ISO 8601, and codes."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from graphql import EnumValueNode, GraphQLError, StringValueNode, ValueNode
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, TimeDefinition, wrap_parser
from strawberry.types.scalar import ScalarDefinition

from models.tee_sheet.values import CODE_OF_CLASS, PriceClass

T = TypeVar("T")


RFC_3339 = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"
"""Says how all of them are written: `date-time`, `full-date` and `partial-time` there."""


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("Say in which zone: end with Z, or with an offset like +02:00.")
    return moment.astimezone(dt.UTC)


def _time(text: str) -> dt.time:
    time = dt.time.fromisoformat(text)
    if time.tzinfo is not None:
        raise ValueError("It is read on the course's clock: leave the zone out.")
    return time


def _scalar(given: ScalarDefinition, parse: Callable[[str], T], description: str) -> ScalarDefinition:
    parser: Any = wrap_parser(parse, given.name, exceptions=(ValueError, OverflowError))
    return replace(given, parse_value=parser, description=description, specified_by_url=RFC_3339)


def _code(given: object) -> PriceClass:
    if not isinstance(given, str) or not CODE_OF_CLASS.fullmatch(given):
        raise GraphQLError("Write the code of a price class, as in MEMBER or JUNIOR.")
    return PriceClass(given)


def _code_in_document(node: ValueNode, _variables: object = None) -> PriceClass:
    return _code(node.value if isinstance(node, EnumValueNode | StringValueNode) else None)


PRICE_CLASS = ScalarDefinition(
    name="PriceClass",
    description=(
        "For whom a price holds: the code of one of the club's price classes, as in MEMBER, GUEST and PUBLIC, which "
        "come with each club, or JUNIOR. In a document it is written with quotation marks or without."
    ),
    specified_by_url="https://spec.graphql.org/October2021/#Name",
    serialize=str,
    parse_value=_code,
    parse_literal=_code_in_document,
)
"""An enum until clubs had classes of their own: what clients have written, and what they read, is as it was."""

SCALARS: dict[object, ScalarDefinition] = {
    dt.datetime: _scalar(
        DateTimeDefinition, _moment, "A moment with its zone, as in 2026-05-04T06:00:00+00:00; answers are in UTC."
    ),
    dt.date: _scalar(DateDefinition, dt.date.fromisoformat, "A day on the course's calendar, as in 2026-05-04."),
    dt.time: _scalar(TimeDefinition, _time, "A time of day on the course's clock, as in 08:00 or 08:00:00."),
    PriceClass: PRICE_CLASS,
}
