"""Inputs of occasions and their parts."""

import datetime as dt
from typing import Any

import strawberry

from domain.guests.occasions.checks import MealWish, QuestionWish
from domain.guests.occasions.parts import PartWish
from models.clubs.values import Language
from models.guests.values import OccasionKind, QuestionKind
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET


@input_type
class OccasionQuestionInput:
    """A question that each guest is asked."""

    question_id: str | None = None
    """The question, if there is one already that stays with its answers; a new one if left out."""
    text: str
    """What is asked, up to 300 characters."""
    kind: QuestionKind = QuestionKind.TEXT
    """How it is answered."""
    choices: list[str] = strawberry.field(default_factory=list)
    """What may be answered, 2 to 20 of them, where it is one of several."""


@input_type
class MealInput:
    """A meal that guests may choose."""

    meal_id: str | None = None
    """The meal, if there is one already that stays with who chose it; a new one if left out."""
    name: str
    """What it is called."""


@input_type
class PartInput:
    """A part of an occasion."""

    name: str
    """What the part is called, as in Dinner."""
    starts_at: dt.datetime
    """When it begins."""
    ends_at: dt.datetime
    """When it ends, within a week."""
    place: str = ""
    """Where it is."""
    capacity: int | None = None
    """How many places it has; no bound if left out."""
    is_seated: bool = False
    """Whether its guests sit at tables."""
    meals: list[MealInput] = strawberry.field(default_factory=list)
    """What its guests may choose, up to 12."""
    meals_until: dt.datetime | None = None
    """Until when they may; always if left out."""

    def as_wish(self) -> PartWish:
        """Give the part that is wanted."""
        return PartWish(
            name=self.name,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            place=self.place,
            capacity=self.capacity,
            is_seated=self.is_seated,
            meals=meals_of(self.meals),
            meals_until=self.meals_until,
        )


def meals_of(given: list[MealInput]) -> list[MealWish]:
    """Give the meals that are wanted."""
    return [MealWish(meal_id=meal.meal_id, name=meal.name) for meal in given]


def questions_of(given: list[OccasionQuestionInput]) -> list[QuestionWish]:
    """Give the questions that are wanted."""
    return [
        QuestionWish(question_id=one.question_id, text=one.text, kind=one.kind, choices=one.choices) for one in given
    ]


@input_type
class CreateOccasionInput(Input):
    """An occasion to be made."""

    club_id: strawberry.ID
    """The club."""
    name: str
    """What the occasion is called."""
    kind: OccasionKind
    """What is celebrated."""
    rsvp_deadline: dt.datetime
    """Until when households may answer; that moment included."""
    part: PartInput
    """Its first part, which is the main one."""
    language: Language | None = None
    """The language in which its guests are spoken to; the club's if left out."""
    questions: list[OccasionQuestionInput] = strawberry.field(default_factory=list)
    """What each guest is asked, up to 10 questions."""
    planners: list[str] = strawberry.field(default_factory=list)
    """The users who plan it, by the `sub` of their tokens, beside whoever makes it."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the occasion and its part."""
        more = {"part": self.part.as_wish(), "questions": questions_of(self.questions)}
        return super().as_kwargs(path) | more


@input_type
class UpdateOccasionInput(Input):
    """What shall change; what is left out stays."""

    occasion_id: strawberry.ID
    """The occasion."""
    name: str | None = UNSET
    """What the occasion is called from now on."""
    kind: OccasionKind | None = UNSET
    """What is celebrated."""
    language: Language | None = UNSET
    """The language in which its guests are spoken to."""
    rsvp_deadline: dt.datetime | None = UNSET
    """Until when households may answer."""
    questions: list[OccasionQuestionInput] | None = UNSET
    """All questions from now on: those with an id stay with their answers."""
    planners: list[str] | None = UNSET
    """All who plan it from now on; who is left out hears no more of it."""
    reveal_seating_at: dt.datetime | None = UNSET
    """From when on guests see their tables; null for not by itself."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give what was set."""
        given = super().as_kwargs(path)
        return given | ({"questions": questions_of(self.questions)} if given.get("questions") is not None else {})  # type: ignore[arg-type]  # it is set


@input_type
class PublishOccasionInput(Input):
    """An occasion to be published."""

    occasion_id: strawberry.ID
    """The occasion."""


@input_type
class CloseOccasionInput(Input):
    """An occasion to be closed."""

    occasion_id: strawberry.ID
    """The occasion."""


@input_type
class AddPartInput(Input):
    """A part to be added, behind those that there are."""

    occasion_id: strawberry.ID
    """The occasion."""
    part: PartInput
    """The part."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give the occasion and the part."""
        return super().as_kwargs(path) | {"part": self.part.as_wish()}


@input_type
class UpdatePartInput(Input):
    """What shall change; what is left out stays."""

    part_id: strawberry.ID
    """The part."""
    name: str | None = UNSET
    """What the part is called from now on."""
    starts_at: dt.datetime | None = UNSET
    """When it begins."""
    ends_at: dt.datetime | None = UNSET
    """When it ends."""
    place: str | None = UNSET
    """Where it is."""
    capacity: int | None = UNSET
    """How many places it has, null for no bound; not less than are taken. More are given to who waits."""
    is_seated: bool | None = UNSET
    """Whether its guests sit at tables; it can't be unset while there are some."""
    meals: list[MealInput] | None = UNSET
    """All meals from now on: those with an id stay with who chose them; one that is left out is chosen by nobody."""
    meals_until: dt.datetime | None = UNSET
    """Until when guests may choose, null for always."""

    def as_kwargs(self, path: tuple[str, ...] = ("input",)) -> dict[str, Any]:
        """Give what was set."""
        given = super().as_kwargs(path)
        return given | ({"meals": meals_of(self.meals)} if given.get("meals") is not None else {})  # type: ignore[arg-type]  # it is set


@input_type
class DeletePartInput(Input):
    """A part to be deleted."""

    part_id: strawberry.ID
    """The part."""
