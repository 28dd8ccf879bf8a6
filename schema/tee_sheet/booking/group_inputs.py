"""Inputs of groups of bookings."""

from types import MappingProxyType
from typing import Any

import strawberry

from domain.tee_sheet.booking.groups import GroupStart
from kit.ids import parse_id
from schema.describe import input_type
from schema.inputs import Input
from schema.tee_sheet.booking.inputs import PayerInput, PlayerInput, wished_players

GROUP = MappingProxyType({"group_id": "booking_group"})


@input_type
class OrganiserInput:
    """Who organises a group."""

    first_name: str
    """First name."""
    last_name: str
    """Last name."""


@input_type
class GroupStartInput:
    """A start that a group books."""

    tee_time_id: strawberry.ID
    """The tee time."""
    places: int
    """How many places, 1 to 4."""
    players: list[PlayerInput] = strawberry.field(default_factory=list)
    """Who plays there, as far as that is known; the other places are without a name."""


def _starts(starts: list[GroupStartInput], path: tuple[str, ...]) -> list[GroupStart]:
    found = []
    for number, start in enumerate(starts):
        at = (*path, "starts", str(number))
        tee_time_id = parse_id("tee_time", start.tee_time_id, path=(*at, "teeTimeId"))
        players = wished_players(start.players, path=at)
        found.append(GroupStart(tee_time_id=tee_time_id, places=start.places, players=players))
    return found


def _name(person: OrganiserInput | PayerInput | None) -> tuple[str, str] | None:
    return (person.first_name, person.last_name) if person else None


@input_type
class BookGroupInput(Input):
    """Several starts to be booked as a group."""

    name: str
    """What it is called, 1 to 200 characters."""
    organiser: OrganiserInput
    """Who organises it."""
    starts: list[GroupStartInput]
    """The starts, 1 to 20, of one club; several may be of one tee time."""
    payer: PayerInput | None = None
    """Who pays for all of it; who organises it if left out."""
    holes: int | None = None
    """9 or 18; a full round if left out."""
    even_if_closed: bool = False
    """Whether to book them while a closure of the course covers a start."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the names, and the starts with who plays there."""
        return {
            "name": self.name,
            "organiser": (self.organiser.first_name, self.organiser.last_name),
            "starts": _starts(self.starts, path),
            "payer": _name(self.payer),
            "holes": self.holes,
            "even_if_closed": self.even_if_closed,
        }


@input_type
class UpdateBookingGroupInput(Input):
    """What of a group shall change; what is left out stays as it is."""

    kinds = GROUP
    group_id: strawberry.ID
    """The group."""
    name: str | None = None
    """What it is called, 1 to 200 characters."""
    organiser: OrganiserInput | None = None
    """Who organises it."""
    payer: PayerInput | None = None
    """Who pays for all of it that is still to be played."""
    starts: list[GroupStartInput] = strawberry.field(default_factory=list)
    """Starts to be booked beside those that it has, 20 in all."""
    holes: int | None = None
    """For how many holes these are booked, 9 or 18; a full round if left out."""
    even_if_closed: bool = False
    """Whether to book them while a closure of the course covers a start."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer, and books nothing once more."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the group, the names, and the starts with who plays there."""
        return {
            "group_id": self._read("group_id", self.group_id, path),
            "name": self.name,
            "organiser": _name(self.organiser),
            "payer": _name(self.payer),
            "starts": _starts(self.starts, path),
            "holes": self.holes,
            "even_if_closed": self.even_if_closed,
        }


@input_type
class CancelBookingGroupInput(Input):
    """A group to be cancelled, whole or in part."""

    kinds = GROUP
    group_id: strawberry.ID
    """The group."""
    booking_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """Which of its bookings; all that are still to be played if left out."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the group and the bookings."""
        ids = enumerate(self.booking_ids)
        return {
            "group_id": self._read("group_id", self.group_id, path),
            "booking_ids": [parse_id("booking", value, path=(*path, "bookingIds", str(n))) for n, value in ids],
        }
