"""Inputs of the tee sheet."""

import datetime as dt
from datetime import time
from typing import Any

import strawberry

from domain.tee_sheet.bookings import BookingWish
from domain.tee_sheet.parties import PlayerWish
from kit.errors import InvalidInput
from kit.ids import parse_id
from models.tee_sheet.values import Price, PriceClass, StartFormat, Template, same_interval
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET


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
class HoldSlotsInput(Input):
    """Places to be held."""

    tee_time_id: strawberry.ID
    """The tee time."""
    places: int
    """1 to 4."""
    even_if_closed: bool = False
    """Whether to hold them while a closure of the course covers the start; only staff may."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class ReleaseHoldInput(Input):
    """A hold to be given back."""

    hold_id: strawberry.ID
    """The hold."""


@input_type
class PlayerInput:
    """A player: one that the club knows, or a name."""

    player_id: strawberry.ID | None = None
    """The player, if the club knows them; name and price class are theirs then."""
    first_name: str = ""
    """First name."""
    last_name: str = ""
    """Last name."""
    price_class: PriceClass | None = None
    """By which class the player pays; only staff may choose it."""


@input_type
class PayerInput:
    """Who pays."""

    first_name: str
    """First name."""
    last_name: str
    """Last name."""


@input_type
class BookSlotsInput(Input):
    """Places to be booked: from a hold, or directly on a tee time."""

    hold_id: strawberry.ID | None = None
    """The hold to be booked."""
    tee_time_id: strawberry.ID | None = None
    """The tee time, when nothing is held."""
    places: int | None = None
    """1 to 4; as many as are held, or as there are players, if left out."""
    players: list[PlayerInput] = strawberry.field(default_factory=list)
    """Who plays; places without a name are for guests."""
    holes: int | None = None
    """9 or 18; a full round if left out."""
    payer: PayerInput | None = None
    """Who pays; the first player who has a name if left out."""
    paid_cents: int = 0
    """What has been paid, in cents; only staff may note it."""
    even_if_closed: bool = False
    """Whether to book them while a closure of the course covers the start; only staff may."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the hold or the tee time, and the wish."""
        wish = BookingWish(
            players=[self._player(n, player) for n, player in enumerate(self.players)],
            places=self.places,
            holes=self.holes,
            payer_first_name=self.payer.first_name if self.payer else "",
            payer_last_name=self.payer.last_name if self.payer else "",
            paid_cents=self.paid_cents,
        )
        ids = {"hold_id": self.hold_id, "tee_time_id": self.tee_time_id}
        read = {name: self._read(name, value, path) for name, value in ids.items()}
        return {"wish": wish, "even_if_closed": self.even_if_closed} | read

    def _player(self, number: int, player: PlayerInput) -> PlayerWish:
        path = ("input", "players", str(number), "playerId")
        return PlayerWish(
            player_id=parse_id("player", player.player_id, path=path) if player.player_id else None,
            first_name=player.first_name,
            last_name=player.last_name,
            price_class=player.price_class,
        )


@input_type
class CancelBookingInput(Input):
    """A booking to be cancelled."""

    booking_id: strawberry.ID
    """The booking."""
