"""Inputs of households and guests."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

import strawberry

from domain.guests.households.wishes import AnswerWish, GuestChange, GuestWish
from kit.ids import parse_id, parse_if_given
from models.clubs.values import Language
from models.guests.values import AgeGroup, Diet, Need
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET
Path = tuple[str, ...]


@input_type
class GuestAnswerInput:
    """A guest's answer to a question of the occasion."""

    question_id: str
    """The question."""
    answer: str
    """The answer: a text, a choice, yes or no; an empty one takes the answer back."""


def answers_of(given: Sequence[GuestAnswerInput] | None) -> list[AnswerWish]:
    """Give the answers that are wanted."""
    return [AnswerWish(question_id=one.question_id, answer=one.answer) for one in given or ()]


def part_ids_of(given: Sequence[strawberry.ID] | None, path: Path) -> list[UUID] | None:
    """Read the ids of parts."""
    if given is None:
        return None
    return [parse_id("part", one, path=(*path, "partIds", str(number))) for number, one in enumerate(given)]


@input_type
class GuestInput:
    """Somebody to be invited with a household."""

    first_name: str = ""
    """First name; only a plus-one may have none."""
    last_name: str = ""
    """Last name."""
    is_plus_one: bool = False
    """Whether the household chooses whom to bring."""
    age_group: AgeGroup = AgeGroup.ADULT
    """How old the guest is."""
    takes_place: bool | None = None
    """Whether an infant takes a place and a seat; it does not if left out, and everybody else does."""
    group_name: str = ""
    """The group, or the side, as in Bride's family."""
    diets: list[Diet] = strawberry.field(default_factory=list)
    """What the guest eats, or must not eat."""
    diet_note: str = ""
    """More about that, up to 500 characters."""
    needs: list[Need] = strawberry.field(default_factory=list)
    """What the guest needs."""
    need_note: str = ""
    """More about that, up to 500 characters."""
    email: str | None = None
    """The guest's own address."""
    phone: str | None = None
    """The guest's own phone number."""
    is_vip: bool = False
    """Whether the guest is somebody to look after."""
    answers: list[GuestAnswerInput] = strawberry.field(default_factory=list)
    """What the guest answers to the occasion's questions."""

    def as_wish(self, *, household_id: UUID | None = None, household_name: str | None = None) -> GuestWish:
        """Give the guest that is wanted."""
        return GuestWish(
            household_id=household_id,
            household_name=household_name,
            first_name=self.first_name,
            last_name=self.last_name,
            is_plus_one=self.is_plus_one,
            age_group=self.age_group,
            takes_place=self.takes_place,
            group_name=self.group_name,
            diets=self.diets,
            diet_note=self.diet_note,
            needs=self.needs,
            need_note=self.need_note,
            email=self.email,
            phone=self.phone,
            is_vip=self.is_vip,
            answers=answers_of(self.answers),
        )


@input_type
class AddHouseholdInput(Input):
    """A household to be invited."""

    occasion_id: strawberry.ID
    """The occasion."""
    name: str
    """What the household is called, as in Vado family."""
    language: Language | None = None
    """The language in which it is spoken to; the occasion's if left out."""
    email: str | None = None
    """The address for its e-mails."""
    phone: str | None = None
    """Its phone number."""
    plus_ones: int = 0
    """How many guests it may bring beside those who are named, up to 20; they count from the start."""
    part_ids: list[strawberry.ID] = strawberry.field(default_factory=list)
    """The parts that it is invited to; all of them if left out."""
    guests: list[GuestInput] = strawberry.field(default_factory=list)
    """Its guests."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the household and its guests."""
        more = {"guests": [guest.as_wish() for guest in self.guests], "part_ids": part_ids_of(self.part_ids, path)}
        return super().as_kwargs(path) | more


@input_type
class UpdateHouseholdInput(Input):
    """What shall change; what is left out stays."""

    household_id: strawberry.ID
    """The household."""
    name: str | None = UNSET
    """What the household is called from now on."""
    language: Language | None = UNSET
    """The language in which it is spoken to."""
    email: str | None = UNSET
    """The address for its e-mails, null to remove it."""
    phone: str | None = UNSET
    """Its phone number, null to remove it."""
    plus_ones: int | None = UNSET
    """How many guests it may bring; those without a name and an answer are taken away where there are more."""
    part_ids: list[strawberry.ID] | None = UNSET
    """The parts that it is invited to, null for all; what was answered for others is forgotten."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give what was set."""
        given = super().as_kwargs(path)
        return given | ({"part_ids": part_ids_of(self.part_ids, path)} if "part_ids" in given else {})


@input_type
class DeleteHouseholdInput(Input):
    """A household to be taken off the list."""

    household_id: strawberry.ID
    """The household."""


@input_type
class NewGuestInput(GuestInput):
    """Somebody to be invited: give the household by its id, or by its name, which makes it where there is none."""

    household_id: strawberry.ID | None = None
    """The household."""
    household_name: str | None = None
    """The name of the household; one is made where none of the occasion has it."""


@input_type
class AddGuestsInput(Input):
    """Guests to be invited: all of them, or none."""

    occasion_id: strawberry.ID
    """The occasion."""
    guests: list[NewGuestInput]
    """The guests, 1 to 1,000."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the occasion and the guests."""
        return super().as_kwargs(path) | {"guests": [_wish(one, n, path) for n, one in enumerate(self.guests)]}


def _wish(guest: NewGuestInput, number: int, path: Path) -> GuestWish:
    where = (*path, "guests", str(number), "householdId")
    return guest.as_wish(
        household_id=parse_if_given("household", guest.household_id, path=where), household_name=guest.household_name
    )


@input_type
class GuestDetailsInput:
    """What of a guest shall change; what is left out stays."""

    first_name: str | None = UNSET
    """First name."""
    last_name: str | None = UNSET
    """Last name."""
    diets: list[Diet] | None = UNSET
    """All that the guest eats, or must not eat."""
    diet_note: str | None = UNSET
    """More about that, up to 500 characters."""
    needs: list[Need] | None = UNSET
    """All that the guest needs."""
    need_note: str | None = UNSET
    """More about that, up to 500 characters."""
    email: str | None = UNSET
    """The guest's own address, null to remove it."""
    phone: str | None = UNSET
    """The guest's own phone number, null to remove it."""
    answers: list[GuestAnswerInput] | None = UNSET
    """Answers to the occasion's questions; other answers stay."""


@input_type
class GuestChangeInput(GuestDetailsInput):
    """A guest who is changed; what is left out stays."""

    guest_id: strawberry.ID
    """The guest."""
    household_id: strawberry.ID | None = UNSET
    """Another household of the occasion, to which the guest goes."""
    age_group: AgeGroup | None = UNSET
    """How old the guest is."""
    takes_place: bool | None = UNSET
    """Whether an infant takes a place and a seat."""
    group_name: str | None = UNSET
    """The group, or the side."""
    is_vip: bool | None = UNSET
    """Whether the guest is somebody to look after."""


def details_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was set of a guest, by the names of the guest's fields."""
    values = {name: value for name, value in given.items() if value is not UNSET}
    return values | ({"answers": answers_of(values["answers"])} if "answers" in values else {})


@input_type
class UpdateGuestsInput(Input):
    """Guests to be changed: all of them, or none."""

    guests: list[GuestChangeInput]
    """The guests, 1 to 1,000."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the changes."""
        return {"guests": [_change(one, number, path) for number, one in enumerate(self.guests)]}


def _change(guest: GuestChangeInput, number: int, path: Path) -> GuestChange:
    here = (*path, "guests", str(number))
    values = dict(vars(guest))
    guest_id, household_id = values.pop("guest_id"), values.pop("household_id")
    return GuestChange(
        guest_id=parse_id("guest", guest_id, path=(*here, "guestId")),
        household_id=parse_if_given("household", household_id or None, path=(*here, "householdId")),
        values=details_of(values),
    )


@input_type
class DeleteGuestsInput(Input):
    """Guests to be taken off the list: all of them, or none."""

    guest_ids: list[strawberry.ID]
    """The guests, 1 to 1,000."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the guests."""
        ids = [parse_id("guest", one, path=(*path, "guestIds", str(n))) for n, one in enumerate(self.guest_ids)]
        return {"guest_ids": ids}


@input_type
class MergeHouseholdsInput(Input):
    """Two households of which one is to be made."""

    kinds = MappingProxyType({"other_id": "household"})
    household_id: strawberry.ID
    """The household that stays, with its code."""
    other_id: strawberry.ID
    """The household whose guests come to it, and that is deleted."""


@input_type
class CopyGuestsInput(Input):
    """Households to be invited to another occasion of the club."""

    occasion_id: strawberry.ID
    """The occasion that they are invited to."""
    household_ids: list[strawberry.ID]
    """The households, 1 to 1,000, of other occasions of the club; one whose name is there already is left out."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: Path = ("input",)) -> dict[str, Any]:
        """Give the occasion and the households."""
        here = (*path, "householdIds")
        ids = [parse_id("household", one, path=(*here, str(number))) for number, one in enumerate(self.household_ids)]
        return super().as_kwargs(path) | {"household_ids": ids}
