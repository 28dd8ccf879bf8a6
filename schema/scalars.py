"""Scalars for moments, dates and times of day, all in the form of ISO 8601."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, TimeDefinition, wrap_parser
from strawberry.types.scalar import ScalarDefinition

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


SCALARS: dict[object, ScalarDefinition] = {
    dt.datetime: _scalar(
        DateTimeDefinition, _moment, "A moment with its zone, as in 2026-05-04T06:00:00+00:00; answers are in UTC."
    ),
    dt.date: _scalar(DateDefinition, dt.date.fromisoformat, "A day on the course's calendar, as in 2026-05-04."),
    dt.time: _scalar(TimeDefinition, _time, "A time of day on the course's clock, as in 08:00 or 08:00:00."),
}
