"""Facts about occasions and their parts, and the record of what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from events.base import event
from events.guests.base import OccasionFact
from events.seen import ForAll, ForPlanners, ForServer
from models.clubs.values import Language
from models.guests.values import ActivityKind, OccasionKind, OccasionStatus, QuestionKind


@dataclass(frozen=True, kw_only=True)
class Meal:
    """A meal that guests may choose."""

    meal_id: str
    """The meal, within its part."""
    name: str
    """What it is called."""


@dataclass(frozen=True, kw_only=True)
class PartState:
    """A part of an occasion, as it is by now."""

    part_id: str
    """The part."""
    name: str
    """What the part is called."""
    is_main: bool
    """Whether it is the one that is meant where no part is named."""
    starts_at: datetime
    """When it begins, in UTC."""
    ends_at: datetime
    """When it ends, in UTC."""
    place: str
    """Where it is."""
    capacity: int | None
    """How many places it has; none where there is no bound."""
    is_seated: bool
    """Whether its guests sit at tables."""
    meals: tuple[Meal, ...]
    """What its guests may choose."""
    meals_until: datetime | None
    """Until when they may, in UTC; none where there is no such moment."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that each guest is asked."""

    question_id: str
    """The question, within its occasion."""
    text: str
    """What is asked."""
    kind: QuestionKind
    """How it is answered."""
    choices: tuple[str, ...]
    """What may be answered, where it is one of several."""


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """Households that are invited to some parts alone, and these parts."""

    parts: tuple[str, ...]
    """The parts."""
    households: tuple[str, ...]
    """The households."""


@dataclass(frozen=True, kw_only=True)
class OccasionState(OccasionFact):
    """An occasion, as it is by now."""

    name: ForAll[str]
    """What the occasion is called."""
    kind: ForAll[OccasionKind]
    """What is celebrated."""
    language: ForAll[Language]
    """The language in which its guests are spoken to, where their household has no other."""
    status: ForAll[OccasionStatus]
    """How far it has come."""
    rsvp_deadline: ForAll[datetime]
    """Until when households may answer, in UTC."""
    is_seating_revealed: ForAll[bool]
    """Whether guests see their tables."""
    reveal_seating_at: ForPlanners[datetime | None]
    """From when on they do by themselves, in UTC."""
    parts: ForAll[tuple[PartState, ...]]
    """Its parts, in their order: for guests, those that they are invited to."""
    questions: ForAll[tuple[Question, ...]] = ()
    """What each guest is asked."""
    planners: ForPlanners[tuple[str, ...] | None] = None
    """The `sub`s of those who plan it; none where they are the same as before."""
    narrowed: ForServer[tuple[Narrowed, ...]] = ()
    """The households that are invited to some parts alone: they hear of no others."""
    about_part: ForServer[str | None] = None
    """The part that it is about, where it is about one alone: who is not invited to it does not hear of it."""

    @cached_property
    def invited_to(self) -> Mapping[str, tuple[str, ...]]:
        """The parts that a household is invited to, of those who are not invited to all."""
        return {household: one.parts for one in self.narrowed for household in one.households}

    def parts_for(self, invited_to: tuple[str, ...] | None) -> tuple[PartState, ...]:
        """The parts that somebody may know of who is invited to these; to all, where it is none."""
        return tuple(part for part in self.parts if invited_to is None or part.part_id in invited_to)

    @property
    def is_for_all_guests(self) -> bool:
        """Whether it is published: of a draft, no guest is told."""
        return self.status is not OccasionStatus.DRAFT


@event("occasion.create")
class OccasionCreated(OccasionState):
    """An occasion was made."""


@event("occasion.update")
class OccasionUpdated(OccasionState):
    """An occasion or its parts changed: it was published, closed, its tables shown, or its data changed."""

    changes: ForAll[tuple[str, ...]]
    """What changed, as in rsvpDeadline."""
    planners_gone: ForServer[tuple[str, ...]] = ()
    """The `sub`s of those who plan it no more, so that what they follow ends."""


@event("activity.create")
class ActivityCreated(OccasionFact):
    """Somebody did something: an entry of the occasion's record."""

    activity_id: ForAll[str]
    """The entry."""
    kind: ForAll[ActivityKind]
    """What was done."""
    actor: ForAll[str | None]
    """The `sub` of the user who did it; none where a household did, by its own token."""
    household_id: ForAll[str | None]
    """The household that did it, or that it was done for."""
    guest_ids: ForAll[tuple[str, ...]]
    """The first of the guests whom it was about."""
    count: ForAll[int]
    """How many guests, or other things, it was about."""

    @property
    def about(self) -> frozenset[str]:
        """Nobody: it names users and ids alone."""
        return frozenset()
