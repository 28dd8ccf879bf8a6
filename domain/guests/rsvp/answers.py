"""Answering an invitation: by the household, or for it by those who plan the occasion."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access, find_household, no_such, refuse_closed, share_household
from domain.guests.facts import guest_state
from domain.guests.households.guests import entries_of
from domain.guests.households.wishes import GUESTS, cleaned, each
from domain.guests.places.attendances import Place, places_of_households, tell_answer
from domain.guests.places.parts import chosen, lock_parts, main_of
from domain.guests.places.queue import ask_places, let_go, move_up
from domain.guests.problems import DeadlinePassed, MealsDecided, NotInvited, OccasionNotOpen
from domain.guests.records import note_activity
from events.guests.households import GuestUpdated
from events.log import record
from kit.errors import InvalidInput, NotAllowed
from kit.ids import public_id
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, OccasionStatus, RsvpStatus

LETS_GO = (RsvpStatus.DECLINED, RsvpStatus.PENDING)
"""Answers by which places come free."""
ANSWERS = frozenset({RsvpStatus.ACCEPTED, *LETS_GO})
"""What can be answered; that somebody waits is what comes of it."""


@dataclass(frozen=True, kw_only=True)
class PartAnswer:
    """What a guest answers for a part, or for the main one; what is left out stays as it is."""

    part_id: UUID | None = None
    status: RsvpStatus | None = None
    meal_id: str | None = None
    sets_meal: bool = False
    path: tuple[str, ...] = GUESTS
    """Where in the input it stands."""


@dataclass(frozen=True, kw_only=True)
class GuestAnswer:
    """What a guest answers, and what is told of the guest with it, by the names of the guest's fields."""

    guest_id: UUID
    parts: list[PartAnswer]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Sitting:
    """A household that answers, behind all locks: what is asked for one part after the other."""

    session: AsyncSession
    occasion: Occasion
    household: Household
    parts: Collection[Part]
    """Those that whoever answers may know of; where none is named, the first of them is meant."""
    places: Sequence[Place]
    plans: bool
    now: datetime

    def place_of(self, guest_id: UUID, part_id: UUID) -> Place:
        """Give a guest's row for a part. Raises NotInvited."""
        for place in self.places:
            if place.guest.id == guest_id and place.attendance.part_id == part_id:
                return place
        raise NotInvited(part_id=public_id("part", part_id))


async def submit_rsvp(
    session: AsyncSession,
    *,
    viewer: Viewer,
    household_id: UUID | None = None,
    guests: Sequence[GuestAnswer],
    may_be_split: bool = False,
    may_wait: bool = True,
    now: datetime,
) -> Household:
    """Answer for a household's guests; for the viewer's own household unless another one is named.

    Where there are not enough places, those who are not in yet wait together, or come as far as there is room if they
    may be split. Behind the deadline, only who has moved up from the queue may decline, for a while.

    Raises NotFound, InvalidInput, GuestsRefused, OccasionNotOpen, DeadlinePassed, MealsDecided,
    NotInvited, CapacityReached, AlreadyCheckedIn.
    """
    wanted = household_id or viewer.household_id
    if wanted is None:
        raise InvalidInput(message="Name the household.", path=("input", "householdId"))
    return await _answer(session, viewer, wanted, guests, may_be_split=may_be_split, may_wait=may_wait, now=now)


async def set_rsvp_on_behalf(
    session: AsyncSession,
    *,
    viewer: Viewer,
    household_id: UUID,
    guests: Sequence[GuestAnswer],
    may_be_split: bool = False,
    may_wait: bool = True,
    now: datetime,
) -> Household:
    """Answer for a household, also after the deadline: for those who plan the occasion. The record says who did.

    Raises NotFound, NotAllowed, InvalidInput, GuestsRefused, OccasionNotOpen, MealsDecided, NotInvited,
    CapacityReached, AlreadyCheckedIn.
    """
    access, _ = await find_household(session, viewer=viewer, household_id=household_id)
    if not access.plans:
        raise NotAllowed(message="Only those who plan the occasion may answer for others.")
    return await _answer(session, viewer, household_id, guests, may_be_split=may_be_split, may_wait=may_wait, now=now)


async def _answer(
    session: AsyncSession,
    viewer: Viewer,
    household_id: UUID,
    answers: Sequence[GuestAnswer],
    *,
    may_be_split: bool,
    may_wait: bool,
    now: datetime,
) -> Household:
    access, household = await share_household(session, viewer=viewer, household_id=household_id)
    occasion = access.occasion
    is_late = refuse_not_open(access, now=now)
    if not answers or len({answer.guest_id for answer in answers}) < len(answers):
        raise InvalidInput(message="Name each guest once, and one at least.", path=GUESTS)
    parts = await lock_parts(session, occasion_id=occasion.id)
    known = [part for part in parts.values() if access.sees_part(part.id)]
    if not known:  # whatever the household was invited to is there no more
        raise no_such("part")
    asked = {chosen(known, one.part_id).id for answer in answers for one in answer.parts}
    places = await places_of_households(session, [household.id])
    sitting = Sitting(session, occasion, household, known, places, access.plans, now)
    by_id = {place.guest.id: place.guest for place in places}
    for answer in answers:
        if answer.guest_id not in by_id:
            raise no_such("guest")
    if is_late and not all(_declines_what_came_late(sitting, answer) for answer in answers):
        raise DeadlinePassed
    _tell_of_guests(sitting, by_id, answers, main_of(parts.values()))
    for part in parts.values():
        if part.id in asked:
            wishes = _asked_of(part, known, answers)
            await _answer_part(sitting, part, wishes, may_be_split=may_be_split, may_wait=may_wait)
    kind = ActivityKind.RSVP_SET_ON_BEHALF if access.plans else ActivityKind.RSVP_SUBMITTED
    ids = [answer.guest_id for answer in answers]
    note_activity(session, occasion, kind, viewer=viewer, by=access, household_id=household.id, guest_ids=ids, now=now)
    return household


def refuse_not_open(access: Access, *, now: datetime) -> bool:
    """Let answers through while the occasion is open, and tell whether it is too late for them: for planners never.

    Raises OccasionNotOpen.
    """
    occasion = access.occasion
    refuse_closed(occasion)
    if access.plans:
        return False
    if occasion.status is not OccasionStatus.PUBLISHED:
        raise OccasionNotOpen(status=occasion.status)
    return now > occasion.rsvp_deadline


def _declines_what_came_late(sitting: Sitting, answer: GuestAnswer) -> bool:
    """Tell whether an answer only declines for who has moved up so lately that this is still in time."""
    if answer.values or not answer.parts:
        return False
    for one in answer.parts:
        part = chosen(sitting.parts, one.part_id)
        until = sitting.place_of(answer.guest_id, part.id).attendance.decline_until
        if one.status is not RsvpStatus.DECLINED or until is None or sitting.now > until:
            return False
    return True


def _asked_of(part: Part, parts: Collection[Part], answers: Sequence[GuestAnswer]) -> list[tuple[UUID, PartAnswer]]:
    asked = [(a.guest_id, one) for a in answers for one in a.parts if chosen(parts, one.part_id).id == part.id]
    if len({guest_id for guest_id, _ in asked}) < len(asked):
        raise InvalidInput(message="Answer once for each guest and part.", path=GUESTS)
    return asked


def _tell_of_guests(sitting: Sitting, guests: Mapping[UUID, Guest], answers: Sequence[GuestAnswer], main: Part) -> None:
    """Keep what is told of the guests with their answers. Raises GuestsRefused."""
    clean = each(answers, lambda answer: _own(sitting, guests[answer.guest_id], answer))
    for answer, values in zip(answers, clean, strict=True):
        guest = guests[answer.guest_id]
        changed = {name: value for name, value in values.items() if getattr(guest, name) != value}
        if not changed:
            continue
        places = [place for place in sitting.places if place.guest.id == guest.id]
        before = entries_of(places, main).get(guest.id)
        for name, value in changed.items():
            setattr(guest, name, value)
        guest.updated_at = sitting.now
        entry = entries_of(places, main).get(guest.id)
        told = guest_state(GuestUpdated, sitting.occasion, guest, entry=entry, before=before)
        record(sitting.session, told, now=sitting.now)


def _own(sitting: Sitting, guest: Guest, answer: GuestAnswer) -> dict[str, Any]:
    """Give what a household tells of a guest: a name of whom it brings, and diets, needs, answers of all."""
    names = {"first_name", "last_name"} & answer.values.keys()
    if names and not guest.is_plus_one and not sitting.plans:
        raise InvalidInput(message="Ask those who plan the occasion to change a name.", path=("firstName",))
    return cleaned(sitting.occasion, answer.values, guest)


async def _answer_part(
    sitting: Sitting,
    part: Part,
    asked: Sequence[tuple[UUID, PartAnswer]],
    *,
    may_be_split: bool,
    may_wait: bool,
) -> None:
    """Give the guests of a locked part their answers, meals and places; then who waits moves up."""
    session, occasion, now = sitting.session, sitting.occasion, sitting.now
    found = [(sitting.place_of(guest_id, part.id), answer) for guest_id, answer in asked]
    for _, answer in found:
        if answer.status is not None and answer.status not in ANSWERS:
            raise InvalidInput(
                message="Choose to accept, to decline, or to take the answer back.", path=(*answer.path, "status")
            )
    meals = dict(_meals(sitting, part, found))
    paths = {place: answer.path for place, answer in found}
    for place, answer in found:
        if place in meals and answer.status is RsvpStatus.ACCEPTED is not place.status:
            place.attendance.meal_id = meals.pop(place)  # it is told with the answer
    mine = [place for place in sitting.places if place.attendance.part_id == part.id]
    waited = any(place.status is RsvpStatus.WAITLISTED for place in mine)
    for status in LETS_GO:
        going = [place for place, answer in found if answer.status is status]
        await let_go(session, occasion, part, going, status, now=now)
    coming = [place for place, answer in found if answer.status is RsvpStatus.ACCEPTED]
    waiting = [place for place in mine if place.status is RsvpStatus.WAITLISTED]
    numbers = [place.attendance.queue_number for place in waiting if place.attendance.queue_number is not None]
    party = coming + [place for place in waiting if place not in coming] if coming else []
    await ask_places(
        session,
        occasion,
        part,
        party,
        may_be_split=may_be_split,
        may_wait=may_wait,
        number=min(numbers, default=None),
        now=now,
    )
    for place, meal_id in meals.items():
        if place.status in {RsvpStatus.DECLINED, RsvpStatus.PENDING} and meal_id is not None:
            raise InvalidInput(
                message="Only a guest who comes chooses a meal; leave it out, or say that they come.",
                path=(*paths[place], "mealId"),
            )
        place.attendance.meal_id = meal_id
        tell_answer(session, occasion, part, place, place.status, now=now)
    moved = waited != any(place.status is RsvpStatus.WAITLISTED for place in mine)
    if waited or moved or any(answer.status in LETS_GO for _, answer in found):  # else nobody who waits fits by now
        await move_up(session, occasion, part, queue_moved=moved, now=now)


def _meals(sitting: Sitting, part: Part, found: Sequence[tuple[Place, PartAnswer]]) -> list[tuple[Place, str | None]]:
    """Give the meals that are chosen anew. Raises InvalidInput, MealsDecided."""
    offered = {meal["id"] for meal in part.meals}
    anew = [
        (place, one)
        for place, one in found
        if one.sets_meal
        and one.meal_id != place.attendance.meal_id
        and not (one.meal_id is None and one.status in LETS_GO)  # who does not come has no meal anyway
    ]
    for _, one in anew:
        if one.meal_id is not None and one.meal_id not in offered:
            raise InvalidInput(
                message="This meal is not offered; choose one of the part's.", path=(*one.path, "mealId")
            )
    if anew and not sitting.plans and part.meals_until is not None and sitting.now > part.meals_until:
        raise MealsDecided
    return [(place, one.meal_id) for place, one in anew]
