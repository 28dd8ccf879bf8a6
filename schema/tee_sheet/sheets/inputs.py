"""Inputs of templates and whole sheets."""

import datetime as dt
from datetime import time
from types import MappingProxyType
from typing import Any

import strawberry

from domain.tee_sheet.sheets.seasons import SeasonWish
from domain.tee_sheet.sheets.updating import SheetWish
from kit.errors import InvalidInput
from kit.ids import parse_id
from kit.text import clean_name
from models.tee_sheet.values import (
    Price,
    PriceClass,
    Restriction,
    ShopSale,
    StartFormat,
    Template,
    Weekday,
    same_interval,
)
from schema.describe import input_type
from schema.inputs import DAY, Input

SEASON = MappingProxyType({"season_id": "sheet_season"})


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
    first_start: time | None = None
    """The first start that it holds for on the course's clock, as for prime time or twilight; from the first on."""
    last_start: time | None = None
    """The last start that it holds for, itself included; to the last."""


@input_type
class RestrictionInput:
    """What is asked of who wants the starts of a part of a day; staff sell them to anybody.

    What is left out is not asked. It goes along with its starts when they are delayed.
    """

    name: str = ""
    """What the club calls it, as in ladies' day, at most 100 characters."""
    first_start: time | None = None
    """The first start that it holds for, on the course's clock; from the first on."""
    last_start: time | None = None
    """The last start that it holds for, itself included; to the last."""
    tees: list[int] | None = None
    """The tees whose starts it holds for; all if left out."""
    price_classes: list[PriceClass] | None = None
    """Who may book and play: the booker and all players are of these price classes."""
    fewest_players: int | None = None
    """How many play together at least, 1 to 4."""
    most_players: int | None = None
    """How many play together at most, 1 to 4."""
    holes: int | None = None
    """9 or 18, where only these may be played."""
    walking_only: bool = False
    """Whether its players walk: no cart is reserved for them unless staff insist."""
    shop_sale: ShopSale | None = None
    """Whether the shop alone sells it, and how players are shown it then."""
    opens_day_before: time | None = None
    """From which time on the day before it is sold, on the course's clock."""


def restrictions_of(given: list[RestrictionInput]) -> tuple[Restriction, ...]:
    """Read restrictions as the domain knows them. Raises InvalidInput for a name that nobody can read."""
    return tuple(
        Restriction(
            name=clean_name(one.name, path=("input", "restrictions", str(number), "name"), empty=True),
            first_start=one.first_start,
            last_start=one.last_start,
            tees=None if one.tees is None else tuple(sorted(set(one.tees))),
            price_classes=None if one.price_classes is None else tuple(dict.fromkeys(one.price_classes)),
            fewest_players=one.fewest_players,
            most_players=one.most_players,
            holes=one.holes,
            walking_only=one.walking_only,
            shop_sale=one.shop_sale,
            opens_day_before=one.opens_day_before,
        )
        for number, one in enumerate(given)
    )


def prices_of(given: list[ClassPriceInput]) -> tuple[Price, ...]:
    """Read prices as the domain knows them."""
    return tuple(Price(p.price_class, p.holes, p.amount_cents, p.first_start, p.last_start) for p in given)


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
    turn_minutes: int | None = None
    """1 to 300: when rounds of 18 come by again on a course of nine; as expected of nine holes if left out."""
    restrictions: list[RestrictionInput] = strawberry.field(default_factory=list)
    """What is asked of who wants some of the starts, beside a free place."""

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
            prices=prices_of(self.prices),
            starter_gap_every_minutes=self.starter_gap_every_minutes,
            start_format=self.start_format,
            restrictions=restrictions_of(self.restrictions),
            turn_minutes=self.turn_minutes,
        )


@input_type
class SetSheetSeasonInput(SetSheetTemplateInput):
    """How the tee sheets of a course shall be made in a season, and when that is."""

    kinds = SEASON
    name: str = ""
    """Its name, at most 100 characters; a course has it once."""
    season_id: strawberry.ID | None = None
    """The season that shall be changed, all of it; a new one if left out."""
    first_date: dt.date | None = None
    """Its first day; none if it has no beginning."""
    last_date: dt.date | None = None
    """Its last day, itself included; none if it has no end."""
    weekdays: list[Weekday] | None = None
    """On which days of the week it holds; all if left out."""
    priority: int = 0
    """0 to 1000. Of several seasons that hold on a day, the highest goes first; one of a single day goes before all."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the season and its template."""
        season = SeasonWish(
            name=self.name,
            first_date=self.first_date,
            last_date=self.last_date,
            weekdays=None if self.weekdays is None else frozenset(self.weekdays),
            priority=self.priority,
        )
        season_id = self._read("season_id", self.season_id, path)
        return super().as_kwargs(path) | {"season": season, "season_id": season_id}


@input_type
class RemoveSheetSeasonInput(Input):
    """A season to be removed."""

    kinds = SEASON
    season_id: strawberry.ID
    """The season."""


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
class AddedStartInput:
    """A start to be added to a tee sheet."""

    local_time: time
    """The start on the course's clock, in whole minutes; of one that the clock shows twice, the first is meant."""
    tee: int = 1
    """The hole that the group starts from."""


@input_type
class UpdateTeeSheetInput(Input):
    """What of a tee sheet shall change; what is left out stays as it is."""

    kinds = MappingProxyType({"remove_tee_time_id": "tee_time"})
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    prices: list[ClassPriceInput] | None = None
    """All that is sold from now on, for whom, at which price, in place of what was; what was sold keeps its price."""
    group_sizes: list[int] | None = None
    """How many players a booking may have from now on; starts that nobody has get as many places as the largest."""
    restrictions: list[RestrictionInput] | None = None
    """What is asked of who wants some of its starts from now on, in place of all that was; nothing by an empty list."""
    remove_tee_time_ids: list[strawberry.ID] | None = None
    """Starts to be taken off, none of which was ever booked; the places of others can be blocked."""
    add_starts: list[AddedStartInput] | None = None
    """Starts to be added, at any time of the day that is still to come."""
    even_if_turning: bool = False
    """Whether to add starts where groups come by that have played nine holes."""
    dry_run: bool = False
    """Whether it shall only be told what would differ, and nothing be changed."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the day and the wish."""
        ids = enumerate(self.remove_tee_time_ids or ())
        wish = SheetWish(
            prices=None if self.prices is None else prices_of(self.prices),
            group_sizes=None if self.group_sizes is None else frozenset(self.group_sizes),
            restrictions=None if self.restrictions is None else restrictions_of(self.restrictions),
            remove=[parse_id("tee_time", value, path=(*path, "removeTeeTimeIds", str(n))) for n, value in ids],
            add=[(start.local_time, start.tee) for start in self.add_starts or ()],
        )
        course_id = self._read("course_id", self.course_id, path)
        flags = {"even_if_turning": self.even_if_turning, "dry_run": self.dry_run}
        return {"course_id": course_id, "day": self.date, "wish": wish} | flags


@input_type
class RegenerateTeeSheetsInput(Input):
    """The days whose tee sheets shall be made anew."""

    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The first day, on the course's calendar."""
    until: dt.date | None = None
    """The last day, at most 62 days in all; the first if left out."""
    even_by_hand: bool = False
    """Whether what was changed by hand goes back to the template too, but for delays and what is in use."""
    dry_run: bool = False
    """Whether it shall only be told what would differ, and nothing be changed."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the first day and the last, and what is meant."""
        course_id = self._read("course_id", self.course_id, path)
        days = {"first": self.date, "last": self.until or self.date}
        return {"course_id": course_id, **days, "even_by_hand": self.even_by_hand, "dry_run": self.dry_run}


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
