"""Inviting guests, changing them, moving them between households, and taking them off the list: many at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.facts import attendance_state, directory_entry, guest_state, is_invited_to, of_occasion
from domain.guests.places.attendances import Place, invite, places_of_households, uninvite
from domain.guests.places.queue import move_up, refuse_arrived
from domain.guests.places.seats import tell_seat, vacate
from domain.guests.problems import OccasionFull
from events.guests.households import DirectoryEntry, GuestCreated, GuestDeleted, GuestUpdated
from events.guests.seating import SeatingRuleDeleted
from events.log import record
from kit.ids import new_id, public_id
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.seating import SeatingRule
from models.guests.values import RsvpStatus

MOST_GUESTS = 2_000
_IDS = any_(bindparam("ids", type_=ARRAY(Uuid)))
RULES_OF = select(SeatingRule).where(
    or_(
        SeatingRule.first_guest_id == _IDS,
        SeatingRule.second_guest_id == _IDS,
        SeatingRule.first_household_id == _IDS,
        SeatingRule.second_household_id == _IDS,
    )
)


def new_guests(
    session: AsyncSession,
    occasion: Occasion,
    wished: Sequence[tuple[Household, Mapping[str, Any]]],
    parts: Iterable[Part],
    *,
    now: datetime,
) -> list[Guest]:
    """Make guests of a locked occasion, invited to what their households are; each has its number at the door.

    Raises OccasionFull.
    """
    count_guests(occasion, len(wished))
    first, parts = occasion.next_check_in_number, list(parts)
    occasion.next_check_in_number += len(wished)
    rows = [
        Guest(
            id=new_id(),
            tenant_id=occasion.tenant_id,
            occasion_id=occasion.id,
            household_id=household.id,
            check_in_number=number,
            check_in_rotation=0,
            is_listed=False,
            created_at=now,
            updated_at=now,
            **values,
        )
        for number, (household, values) in enumerate(wished, start=first)
    ]
    session.add_all(rows)
    for guest, (household, _) in zip(rows, wished, strict=True):
        invite(session, household, [guest], parts)
    record(session, *(guest_state(GuestCreated, occasion, guest) for guest in rows), now=now)
    return rows


def count_guests(occasion: Occasion, more: int) -> None:
    """Count guests who come to a locked occasion's list, or leave it. Raises OccasionFull."""
    if occasion.guest_count + more > MOST_GUESTS:
        raise OccasionFull(most=MOST_GUESTS, present=occasion.guest_count)
    occasion.guest_count += more


async def remove_places(
    session: AsyncSession, occasion: Occasion, parts: Mapping[UUID, Part], places: Collection[Place], *, now: datetime
) -> None:
    """Take guests out of parts: their places and seats come free, and who waits moves up. Raises AlreadyCheckedIn.

    The parts are locked.
    """
    freed = {place.attendance.part_id for place in places if place.counts}
    left = await _take_out(session, occasion, parts, places, now=now)
    for part_id in sorted(freed | left):
        await move_up(session, occasion, parts[part_id], queue_moved=part_id in left, now=now)


async def _take_out(
    session: AsyncSession, occasion: Occasion, parts: Mapping[UUID, Part], places: Collection[Place], *, now: datetime
) -> set[UUID]:
    """Take guests out of locked parts; gives the parts for which some of them waited. Raises AlreadyCheckedIn."""
    for place in places:
        refuse_arrived(place)
    left = waited_for(places)
    for place in places:
        parts[place.attendance.part_id].taken -= place.counts
    await vacate(session, occasion, places, now=now)
    await uninvite(session, places)
    return left


def waited_for(places: Iterable[Place]) -> set[UUID]:
    """Give the parts for which some of these wait."""
    return {place.attendance.part_id for place in places if place.status is RsvpStatus.WAITLISTED}


def tell_deleted(session: AsyncSession, occasion: Occasion, guests: Iterable[Guest], *, now: datetime) -> None:
    """Tell that guests are invited no more. Whom the directory showed, it does not show from then on."""
    for guest in guests:
        told = GuestDeleted(
            **of_occasion(occasion),
            household_id=public_id("household", guest.household_id),
            guest_id=public_id("guest", guest.id),
            changes_directory=guest.is_listed,
        )
        record(session, told, now=now)


async def end_rules(session: AsyncSession, occasion: Occasion, ids: Collection[UUID], *, now: datetime) -> None:
    """Tell that the rules of seating that are about these guests, or these households, end with them."""
    for rule in await session.scalars(RULES_OF, {"ids": list(ids)}):
        told = SeatingRuleDeleted(**of_occasion(occasion), rule_id=public_id("seating_rule", rule.id))
        record(session, told, now=now)


async def remove_guests(
    session: AsyncSession,
    occasion: Occasion,
    parts: Mapping[UUID, Part],
    guests: Sequence[Guest],
    places: Collection[Place],
    *,
    now: datetime,
) -> None:
    """Take guests of a locked occasion off the list, with the rules of seating that are about them."""
    ids = [guest.id for guest in guests]
    await end_rules(session, occasion, ids, now=now)
    await remove_places(session, occasion, parts, places, now=now)
    tell_deleted(session, occasion, guests, now=now)
    count_guests(occasion, -len(guests))
    await session.flush()
    await session.execute(delete(Guest).where(Guest.id == any_(bindparam("ids", ids, ARRAY(Uuid)))))


async def move_guest(
    session: AsyncSession,
    occasion: Occasion,
    parts: Mapping[UUID, Part],
    guest: Guest,
    home: Household,
    places: Sequence[Place],
    *,
    now: datetime,
) -> set[UUID]:
    """Take a guest to another household: answers stay for the parts to which both are invited.

    Gives the parts whose queue is another one by that. To `wait_together`, and to give the places that come free, is
    the caller's to do, once all who move together have moved.
    """
    gone = [place for place in places if not is_invited_to(home, place.attendance.part_id)]
    left = await _take_out(session, occasion, parts, gone, now=now)
    guest.household_id = home.id
    kept = [place for place in places if place not in gone]
    for place in kept:
        place.attendance.household_id = home.id
    invite(session, home, [guest], [part for part in parts.values() if part.id not in _parts_of(kept)])
    return left | waited_for(kept)


def _parts_of(places: Iterable[Place]) -> set[UUID]:
    return {place.attendance.part_id for place in places}


async def wait_together(session: AsyncSession, household_ids: Collection[UUID]) -> None:
    """Let those of a household who wait for a part do so as one party, at the earliest of their places in the queue."""
    parties: dict[tuple[UUID, UUID], list[Attendance]] = {}
    for place in await places_of_households(session, household_ids):
        if place.status is RsvpStatus.WAITLISTED:
            parties.setdefault((place.household.id, place.attendance.part_id), []).append(place.attendance)
    for party in parties.values():
        first = min(row.queue_number for row in party if row.queue_number is not None)
        splits = all(row.may_be_split for row in party)
        for row in party:
            row.queue_number, row.may_be_split = first, splits


def tell_moved(
    session: AsyncSession,
    occasion: Occasion,
    guest: Guest,
    places: Sequence[Place],
    *,
    entry: DirectoryEntry | None,
    before: DirectoryEntry | None,
    previous: UUID,
    now: datetime,
) -> None:
    """Tell that a guest has come to another household, with the answers; and of the seats, who may see them.

    `places` are the guest's, read behind the move.
    """
    told = guest_state(
        GuestUpdated,
        occasion,
        guest,
        entry=entry,
        before=before,
        previous_household_id=public_id("household", previous),
        attendances=tuple(attendance_state(place.attendance) for place in places),
    )
    record(session, told, now=now)
    for place in places:
        tell_seat(session, occasion, place, now=now)


def entries_of(places: Iterable[Place], main: Part) -> dict[UUID, DirectoryEntry | None]:
    """Give what the directory shows of guests, as their rows are at this moment."""
    return {
        place.guest.id: directory_entry(place.guest, place.household.name, place.status)
        for place in places
        if place.attendance.part_id == main.id
    }
