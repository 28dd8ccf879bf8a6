"""Facts about occasions and guests, made from their rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, TypeVar
from uuid import UUID

from events.guests.base import OccasionFact
from events.guests.households import Answer, AttendanceState, DirectoryEntry, GuestState, HouseholdState, Person
from events.guests.occasions import Meal, OccasionState, PartState, Question
from kit.ids import public_id
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.values import Diet, Need, QuestionKind, RsvpStatus

F = TypeVar("F", bound=OccasionFact)
S = TypeVar("S", bound=OccasionState)
H = TypeVar("H", bound=HouseholdState)
G = TypeVar("G", bound=GuestState)


class Whose(TypedDict):
    """What each fact of an occasion names."""

    club_id: str
    occasion_id: str


def of_occasion(occasion: Occasion) -> Whose:
    """Give what a fact of an occasion names."""
    return {"club_id": public_id("club", occasion.club_id), "occasion_id": public_id("occasion", occasion.id)}


def is_revealed(occasion: Occasion, now: datetime) -> bool:
    """Tell whether guests see their tables: they were shown, or the moment for it has come."""
    at = occasion.reveal_seating_at
    return occasion.seating_revealed_at is not None or (at is not None and at <= now)


def occasion_state(kind: type[S], occasion: Occasion, parts: Sequence[Part], *, now: datetime, **more: Any) -> S:
    """State how an occasion is by now."""
    return kind(
        **of_occasion(occasion),
        name=occasion.name,
        kind=occasion.kind,
        language=occasion.language,
        status=occasion.status,
        rsvp_deadline=occasion.rsvp_deadline,
        is_seating_revealed=is_revealed(occasion, now),
        reveal_seating_at=occasion.reveal_seating_at,
        parts=tuple(map(part_state, parts)),
        questions=tuple(map(question, occasion.questions)),
        **more,
    )


def question(kept: Mapping[str, Any]) -> Question:
    """State a question that guests are asked."""
    return Question(
        question_id=kept["id"],
        text=kept["text"],
        kind=QuestionKind(kept["kind"]),
        choices=tuple(kept["choices"]),
    )


def part_state(part: Part) -> PartState:
    """State how a part is by now."""
    return PartState(
        part_id=public_id("part", part.id),
        name=part.name,
        is_main=part.position == 1,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        place=part.place,
        capacity=part.capacity,
        is_seated=part.is_seated,
        meals=tuple(Meal(meal_id=meal["id"], name=meal["name"]) for meal in part.meals),
        meals_until=part.meals_until,
    )


def household_state(kind: type[H], occasion: Occasion, household: Household, parts: Iterable[Part], **more: Any) -> H:
    """State how a household is by now."""
    return kind(
        **of_occasion(occasion),
        household_id=public_id("household", household.id),
        name=household.name,
        language=household.language,
        plus_ones=household.plus_ones,
        part_ids=tuple(public_id("part", part.id) for part in parts if is_invited_to(household, part.id)),
        email=household.email,
        phone=household.phone,
        invited_at=household.invited_at,
        opened_at=household.opened_at,
        unsubscribed_at=household.unsubscribed_at,
        **more,
    )


def is_invited_to(household: Household, part_id: UUID) -> bool:
    """Tell whether a household is invited to a part: to all of them, unless some were named."""
    return household.part_ids is None or part_id in household.part_ids


def full_name(guest: Guest | Person) -> str:
    """Give first and last name; nothing for a plus-one who has none yet."""
    return f"{guest.first_name} {guest.last_name}".strip()


def answers_of(answers: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Give a guest's answers, by question."""
    return tuple(Answer(question_id=question, answer=str(answer)) for question, answer in sorted(answers.items()))


def person(guest: Guest) -> Person:
    """State all that planners and the own household see of a guest."""
    return Person(
        first_name=guest.first_name,
        last_name=guest.last_name,
        is_plus_one=guest.is_plus_one,
        age_group=guest.age_group,
        takes_place=guest.takes_place,
        group_name=guest.group_name,
        diets=tuple(map(Diet, guest.diets)),
        diet_note=guest.diet_note,
        needs=tuple(map(Need, guest.needs)),
        need_note=guest.need_note,
        email=guest.email,
        phone=guest.phone,
        answers=answers_of(guest.answers),
        is_listed=guest.is_listed,
    )


def attendance_state(row: Attendance) -> AttendanceState:
    """State what a guest answered for a part."""
    return AttendanceState(
        part_id=public_id("part", row.part_id),
        rsvp_status=row.status,
        meal_id=row.meal_id,
        answered_at=row.answered_at,
        arrived_at=row.arrived_at,
        decline_until=row.decline_until,
    )


def directory_entry(guest: Guest, household_name: str, status: RsvpStatus | None) -> DirectoryEntry | None:
    """State what the directory shows of a guest: of who comes to the main part, has a name, and agreed to be listed."""
    if not guest.is_listed or status is not RsvpStatus.ACCEPTED or not full_name(guest):
        return None
    return DirectoryEntry(name=full_name(guest), group_name=guest.group_name, household_name=household_name)


def guest_state(
    kind: type[G],
    occasion: Occasion,
    guest: Guest,
    *,
    entry: DirectoryEntry | None = None,
    before: DirectoryEntry | None = None,
    **more: Any,
) -> G:
    """State how a guest is by now, and what the directory shows of them, which may be something else than before."""
    return kind(
        **of_occasion(occasion),
        household_id=public_id("household", guest.household_id),
        guest_id=public_id("guest", guest.id),
        person=person(guest),
        is_vip=guest.is_vip,
        directory_entry=entry,
        changes_directory=entry != before,
        **more,
    )
