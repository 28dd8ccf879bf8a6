"""Inputs of answers to invitations."""

from collections.abc import Sequence
from typing import Any

import strawberry

from domain.guests.rsvp.answers import GuestAnswer, PartAnswer
from kit.ids import parse_id, parse_if_given
from models.guests.values import RsvpStatus
from schema.describe import input_type
from schema.guests.households.inputs import GuestDetailsInput, details_of
from schema.inputs import Input

UNSET = strawberry.UNSET
Path = tuple[str, ...]
OF_MAIN_PART = ("status", "meal_id")


@input_type
class PartRsvpInput:
    """What a guest answers for one part; what is left out stays."""

    part_id: strawberry.ID
    """The part."""
    status: RsvpStatus | None = None
    """ACCEPTED, DECLINED, or PENDING to take the answer back."""
    meal_id: str | None = UNSET
    """The meal, null for none."""


@input_type
class GuestRsvpInput(GuestDetailsInput):
    """What a guest answers, and what is told of the guest with it; what is left out stays."""

    guest_id: strawberry.ID
    """The guest."""
    status: RsvpStatus | None = None
    """For the main part, or the first that the household is invited to: ACCEPTED, DECLINED, or PENDING to take the
    answer back."""
    meal_id: str | None = UNSET
    """The meal of the same part, null for none."""
    parts: list[PartRsvpInput] = strawberry.field(default_factory=list)
    """What is answered for other parts."""


def _rsvps(given: Sequence[GuestRsvpInput], path: Path) -> list[GuestAnswer]:
    return [_rsvp(one, (*path, "guests", str(number))) for number, one in enumerate(given)]


def _rsvp(given: GuestRsvpInput, path: Path) -> GuestAnswer:
    values = dict(vars(given))
    guest_id, parts = values.pop("guest_id"), values.pop("parts")
    status, meal_id = (values.pop(name) for name in OF_MAIN_PART)
    answers = [_answer(None, status, meal_id, path)] if status is not None or meal_id is not UNSET else []
    answers += [
        _answer(one.part_id, one.status, one.meal_id, (*path, "parts", str(number))) for number, one in enumerate(parts)
    ]
    return GuestAnswer(
        guest_id=parse_id("guest", guest_id, path=(*path, "guestId")), parts=answers, values=details_of(values)
    )


def _answer(part_id: str | None, status: RsvpStatus | None, meal_id: Any, path: Path) -> PartAnswer:
    return PartAnswer(
        part_id=parse_if_given("part", part_id, path=(*path, "partId")),
        status=status,
        meal_id=None if meal_id is UNSET else meal_id,
        sets_meal=meal_id is not UNSET,
        path=path,
    )


@input_type
class SubmitRsvpInput(Input):
    """A household's answer to its invitation."""

    household_id: strawberry.ID | None = None
    """The household; your own if left out."""
    guests: list[GuestRsvpInput]
    """What its guests answer."""
    may_be_split: bool = False
    """Whether some may come where there are not enough places for all, and the others wait."""
    may_wait: bool = True
    """Whether to wait where there are not enough places; else nothing is answered."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the household and what its guests answer."""
        return super().as_kwargs(path) | {"guests": _rsvps(self.guests, path)}


@input_type
class SetRsvpOnBehalfInput(Input):
    """An answer for a household, by those who plan the occasion."""

    household_id: strawberry.ID
    """The household."""
    guests: list[GuestRsvpInput]
    """What its guests answer."""
    may_be_split: bool = False
    """Whether some may come where there are not enough places for all, and the others wait."""
    may_wait: bool = True
    """Whether to wait where there are not enough places; else nothing is answered."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the household and what its guests answer."""
        return super().as_kwargs(path) | {"guests": _rsvps(self.guests, path)}


@input_type
class SetGuestListingInput(Input):
    """Whether a guest is in the directory."""

    guest_id: strawberry.ID
    """The guest, of your own household."""
    is_listed: bool
    """Whether other guests see the name, the group and the household's name, once the guest comes."""
