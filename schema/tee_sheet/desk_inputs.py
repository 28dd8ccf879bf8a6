"""Inputs of the desk."""

import datetime as dt
from typing import Any

import strawberry

from domain.tee_sheet.blocks import BlockWish
from domain.tee_sheet.booking_changes import ChangeWish, clean_payer
from domain.tee_sheet.party_changes import PlayerChange
from kit.ids import parse_id
from models.tee_sheet.desk_values import BlockKind
from models.tee_sheet.values import PriceClass
from schema.describe import input_type
from schema.inputs import DAY, Input
from schema.tee_sheet.inputs import PayerInput


@input_type
class BookingPlayerInput:
    """A player of a booking: with a position, one who is changed; without one, a new player."""

    position: int | None = None
    """The position, 1 to 4, of the player who is changed; nobody for a new one, who gets the first position free."""
    player_id: strawberry.ID | None = None
    """The player, if the club knows them; name and price class are theirs then."""
    first_name: str = ""
    """First name."""
    last_name: str = ""
    """Last name."""
    price_class: PriceClass | None = None
    """By which class the player pays; only staff may choose it."""


@input_type
class UpdateBookingInput(Input):
    """What of a booking shall change; what is left out stays as it is."""

    booking_id: strawberry.ID
    """The booking."""
    players: list[BookingPlayerInput] = strawberry.field(default_factory=list)
    """Players to be changed or added. New ones take the places of those who are removed, and then free ones."""
    remove_positions: list[int] = strawberry.field(default_factory=list)
    """Positions, 1 to 4, whose players are taken off; what places nobody takes over come free."""
    payer: PayerInput | None = None
    """Who pays."""
    paid_cents: int | None = None
    """What has been paid in all, in cents; only staff may note it."""
    even_if_closed: bool = False
    """Whether to add players while a closure of the course covers the start; only staff may."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer, and adds nobody once more."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the booking and the wish."""
        players = [self._player(n, player) for n, player in enumerate(self.players)]
        payer = clean_payer(self.payer.first_name, self.payer.last_name) if self.payer else None
        wish = ChangeWish(players=players, remove=self.remove_positions, payer=payer, paid_cents=self.paid_cents)
        booking_id = self._read("booking_id", self.booking_id, path)
        return {"booking_id": booking_id, "wish": wish, "even_if_closed": self.even_if_closed}

    def _player(self, number: int, player: BookingPlayerInput) -> PlayerChange:
        path = ("input", "players", str(number), "playerId")
        return PlayerChange(
            position=player.position,
            player_id=parse_id("player", player.player_id, path=path) if player.player_id else None,
            first_name=player.first_name,
            last_name=player.last_name,
            price_class=player.price_class,
        )


@input_type
class MoveBookingInput(Input):
    """A booking to be moved to another tee time."""

    booking_id: strawberry.ID
    """The booking."""
    tee_time_id: strawberry.ID
    """Where it shall go: a tee time of the same club, also of another day or course."""
    even_if_closed: bool = False
    """Whether to move it there while a closure of the course covers the start; only staff may."""


@input_type
class AddBlockInput(Input):
    """Places to be taken out of sale: those of a range of starts, or single ones."""

    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    kind: BlockKind
    """Why, in a word."""
    reason: str = ""
    """Why, in your words, at most 500 characters; everybody who sees the sheet may read it."""
    first_start: dt.time | None = None
    """The first start of the range on the course's clock, itself included."""
    last_start: dt.time | None = None
    """The last start of the range on the course's clock, itself included."""
    tees: list[int] | None = None
    """The tees that the range concerns; all if left out."""
    slot_ids: list[strawberry.ID] | None = None
    """Single places, instead of a range."""
    keep_bookings: bool = False
    """Whether booked places keep their bookings. They are blocked as soon as their booking gives them up."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the course, the day and the wish."""
        ids = enumerate(self.slot_ids or ())
        wish = BlockWish(
            kind=self.kind,
            reason=self.reason,
            first_start=self.first_start,
            last_start=self.last_start,
            tees=None if self.tees is None else frozenset(self.tees),
            slot_ids=[parse_id("slot", slot_id, path=(*path, "slotIds", str(n))) for n, slot_id in ids],
            keep_bookings=self.keep_bookings,
        )
        return {"course_id": self._read("course_id", self.course_id, path), "day": self.date, "wish": wish}


@input_type
class RemoveBlockInput(Input):
    """A block to be lifted."""

    block_id: strawberry.ID
    """The block."""


@input_type
class SqueezeTeeTimeInput(Input):
    """A tee time to be added between two others."""

    names = DAY
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    local_time: dt.time
    """The start on the course's clock, in whole minutes; of one that the clock shows twice, the first is meant."""
    tee: int = 1
    """The hole that the group starts from."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class DelayTeeTimesInput(Input):
    """Starts to be shifted to later."""

    names = DAY
    course_id: strawberry.ID
    """The course."""
    date: dt.date
    """The day on the course's calendar."""
    first_start: dt.time
    """From this time of the course's clock on all starts are shifted, those of this time included."""
    minutes: int
    """By how many minutes, 1 to 600."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer, and delays nothing once more."""


@input_type
class IssueRainCheckInput(Input):
    """A booking that weather has stopped."""

    booking_id: strawberry.ID
    """The booking."""
    holes_played: int
    """How many holes were played: from 0 to one less than the booking is for."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class RedeemRainCheckInput(Input):
    """A rain check, and the booking that it shall pay."""

    code: str
    """The rain check's code; spaces, hyphens and small letters do not matter."""
    booking_id: strawberry.ID
    """The booking: a later one of the same club."""
    forfeit_rest: bool = False
    """Whether a rain check that is worth more than is open may lose the rest: it is never paid out, and good once."""
