"""Inputs of bookings."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

import strawberry

from domain.tee_sheet.booking.changes import ChangeWish, clean_payer
from domain.tee_sheet.booking.parties import PlayerWish
from domain.tee_sheet.booking.party_changes import PlayerChange
from domain.tee_sheet.booking.sales import BookingWish
from kit.ids import parse_id, parse_if_given
from models.tee_sheet.values import PriceClass
from schema.describe import input_type
from schema.inputs import Input

OTHER = MappingProxyType({"other_booking_id": "booking"})


@input_type
class PlayerInput:
    """A player: one that the club knows, or a name."""

    player_id: strawberry.ID | None = None
    """The player, if the club knows them; name and price class are theirs then. Staff name
    anybody, others themselves and whom `partners` shows."""
    first_name: str = ""
    """First name."""
    last_name: str = ""
    """Last name."""
    price_class: PriceClass | None = None
    """By which class the player pays; only staff may choose it."""


def wished_players(players: Iterable[PlayerInput], *, path: tuple[str, ...]) -> list[PlayerWish]:
    """Give players as the domain takes them; `path` says where their list is. Raises InvalidInput."""
    return [
        PlayerWish(
            player_id=parse_if_given("player", player.player_id, path=(*path, "players", str(number), "playerId")),
            first_name=player.first_name,
            last_name=player.last_name,
            price_class=player.price_class,
        )
        for number, player in enumerate(players)
    ]


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
    block_id: strawberry.ID | None = None
    """A block of that tee time whose places shall be taken, and which stays; only staff may."""
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
            players=wished_players(self.players, path=path),
            places=self.places,
            holes=self.holes,
            payer_first_name=self.payer.first_name if self.payer else "",
            payer_last_name=self.payer.last_name if self.payer else "",
            paid_cents=self.paid_cents,
        )
        ids = {"hold_id": self.hold_id, "tee_time_id": self.tee_time_id, "block_id": self.block_id}
        read = {name: self._read(name, value, path) for name, value in ids.items()}
        return {"wish": wish, "even_if_closed": self.even_if_closed} | read


@input_type
class CancelBookingInput(Input):
    """A booking to be cancelled."""

    booking_id: strawberry.ID
    """The booking."""


@input_type
class RestoreBookingInput(Input):
    """A booking that was cancelled by mistake."""

    booking_id: strawberry.ID
    """The booking."""
    even_if_closed: bool = False
    """Whether to restore it while a closure of the course covers the start."""


@input_type
class BookingPlayerInput:
    """A player of a booking: with a position, one who is changed; without one, a new player."""

    position: int | None = None
    """The position, 1 to 4, of the player who is changed; nobody for a new one, who gets the first position free."""
    player_id: strawberry.ID | None = None
    """The player, if the club knows them; name and price class are theirs then. Only staff name others by their ids."""
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
    block_id: strawberry.ID | None = None
    """A block of its tee time whose places the new players shall have, and which stays; only staff may."""
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
        block_id = self._read("block_id", self.block_id, path)
        return {"booking_id": booking_id, "wish": wish, "block_id": block_id, "even_if_closed": self.even_if_closed}

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
    block_id: strawberry.ID | None = None
    """A block of that tee time whose places it shall have, and which stays; only staff may."""
    even_if_closed: bool = False
    """Whether to move it there while a closure of the course covers the start; only staff may."""


@input_type
class LeaveBookingInput(Input):
    """A booking that the viewer shall not play in any more."""

    booking_id: strawberry.ID
    """The booking."""


@input_type
class SplitBookingInput(Input):
    """Players who get a booking of their own."""

    booking_id: strawberry.ID
    """The booking that they are on."""
    positions: list[int]
    """Who they are, by their positions in it; at least one player stays."""
    payer: PayerInput | None = None
    """Who pays for them; the first of them who has a name if left out."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the booking, the positions and the payer's names."""
        payer = (self.payer.first_name, self.payer.last_name) if self.payer else None
        booking = self._read("booking_id", self.booking_id, path)
        return {"booking_id": booking, "positions": self.positions, "payer": payer}


@input_type
class MovePlayersInput(Input):
    """Players who go over to another booking."""

    kinds = OTHER
    booking_id: strawberry.ID
    """The booking that they are on."""
    positions: list[int]
    """Who they are, by their positions in it."""
    other_booking_id: strawberry.ID
    """The booking that they go to."""
    even_if_closed: bool = False
    """Whether they may go to a start that a closure of the course covers."""


@input_type
class MergeBookingsInput(Input):
    """Bookings that become one."""

    kinds = OTHER
    booking_id: strawberry.ID
    """The booking that is kept."""
    other_booking_ids: list[strawberry.ID]
    """The bookings whose players go over to it: 1 to 3."""
    even_if_closed: bool = False
    """Whether they may go to a start that a closure of the course covers."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the bookings."""
        others = [
            parse_id("booking", value, path=(*path, "otherBookingIds", str(n)))
            for n, value in enumerate(self.other_booking_ids)
        ]
        booking = self._read("booking_id", self.booking_id, path)
        return {"booking_id": booking, "other_booking_ids": others, "even_if_closed": self.even_if_closed}


@input_type
class SwapBookingsInput(Input):
    """Two bookings that change their starts."""

    kinds = OTHER
    booking_id: strawberry.ID
    """The one."""
    other_booking_id: strawberry.ID
    """The other."""
    even_if_closed: bool = False
    """Whether a closure of the course may cover one of the starts."""
