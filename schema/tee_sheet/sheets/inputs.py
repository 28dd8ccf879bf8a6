"""Inputs of templates and whole sheets."""

import datetime as dt
from datetime import time
from typing import Any

import strawberry

from kit.errors import InvalidInput
from models.tee_sheet.values import Price, PriceClass, StartFormat, Template, same_interval
from schema.describe import input_type
from schema.inputs import DAY, Input


@input_type
class IntervalInput:
    """Minutes between two starts for a group size."""

    group_size: int
    """1 to 4 players."""
    minutes: int
    """1 to 60 minutes."""


@input_type
class ClassPriceInput:
    """What one player pays."""

    price_class: PriceClass
    """For whom the price holds."""
    holes: int
    """9 or 18."""
    amount_cents: int
    """The price in cents of the course's currency."""


@input_type
class SetSheetTemplateInput(Input):
    """How the tee sheets of a course shall be made."""

    course_id: strawberry.ID
    """The course."""
    first_start: time
    """The first start on the course's clock, as in 07:00."""
    last_start: time
    """The last start on the course's clock, as in 18:30."""
    prices: list[ClassPriceInput]
    """What is sold, for whom, at which price."""
    interval_minutes: int | None = None
    """Minutes between two starts, whatever the group size."""
    intervals: list[IntervalInput] | None = None
    """Minutes between two starts by group size, instead; that of the largest allowed size holds."""
    group_sizes: list[int] = strawberry.field(default_factory=lambda: [1, 2, 3, 4])
    """How many players a booking may have; a tee time has as many places as the largest."""
    starter_gap_every_minutes: int | None = None
    """After how many minutes of starts one is left out, so that the starter can catch up."""
    start_format: StartFormat = StartFormat.STANDARD
    """From which tees the groups start."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course and the template. Raises InvalidInput when intervals are given twice or not at all."""
        return {"course_id": self._read("course_id", self.course_id, path), "template": self._template()}

    def _template(self) -> Template:
        if (self.interval_minutes is None) == (not self.intervals):
            raise InvalidInput(message="Give either intervalMinutes or intervals.", path=("input", "intervalMinutes"))
        return Template(
            first_start=self.first_start,
            last_start=self.last_start,
            intervals={i.group_size: i.minutes for i in self.intervals or ()}
            or same_interval(self.interval_minutes or 0),
            group_sizes=frozenset(self.group_sizes),
            prices=tuple(Price(p.price_class, p.holes, p.amount_cents) for p in self.prices),
            starter_gap_every_minutes=self.starter_gap_every_minutes,
            start_format=self.start_format,
        )


@input_type
class GenerateTeeSheetInput(Input):
    """The days whose tee sheets shall be made."""

    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The first day, on the course's calendar."""
    until: dt.date | None = None
    """The last day, at most 62 days in all; the first if left out."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the first day and the last."""
        course_id = self._read("course_id", self.course_id, path)
        return {"course_id": course_id, "first": self.date, "last": self.until or self.date}


@input_type
class TakeTeeSheetOfflineInput(Input):
    """A tee sheet to be taken offline."""

    names = DAY
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""


@input_type
class BringTeeSheetOnlineInput(Input):
    """A tee sheet to be brought online again."""

    names = DAY
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
