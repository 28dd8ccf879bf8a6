"""Who is invited to what: each guest has a row for each part, with the answer, the seat and the arrival."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, any_, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.facts import directory_entry, full_name, is_invited_to, of_occasion
from domain.guests.places.joined import HOMES
from events.guests.households import RsvpUpdated
from events.log import record
from kit.ids import new_id, public_id
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.values import RsvpStatus

MAY_DECLINE = timedelta(days=2)
"""How long who moves up may decline, also behind the deadline; not longer than until the part begins."""
PLACES = select(Attendance, Guest, Household).select_from(HOMES).execution_options(populate_existing=True)
"""The columns of a `Place`, read behind the locks of the parts that it is about."""
BY_GUEST = PLACES.order_by(Guest.id, Attendance.part_id)
OF_HOUSEHOLDS = BY_GUEST.where(Attendance.household_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
OF_GUESTS = BY_GUEST.where(Attendance.guest_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
BY_MEAL = PLACES.where(
    Attendance.part_id == bindparam("part_id", type_=Uuid),
    Attendance.meal_id == any_(bindparam("meals", type_=ARRAY(Text))),
).order_by(Guest.id)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A guest at a part: the row, the guest, and the household."""

    attendance: Attendance
    guest: Guest
    household: Household

    @property
    def status(self) -> RsvpStatus:
        """What was answered."""
        return self.attendance.status

    @property
    def counts(self) -> bool:
        """Whether a place of the part is taken by it."""
        return self.status is RsvpStatus.ACCEPTED and self.guest.takes_place


async def read_places(session: AsyncSession, which: Select[*tuple[Any, ...]], **asked: Any) -> list[Place]:
    """Read the places that a statement made of `PLACES` finds."""
    return [Place(*row) for row in await session.execute(which, asked)]


async def places_of_households(session: AsyncSession, household_ids: Collection[UUID]) -> list[Place]:
    """Read what the guests of households answered, by guest. Behind the locks of the parts that it is about."""
    return await read_places(session, OF_HOUSEHOLDS, ids=list(household_ids))


async def places_of_guests(session: AsyncSession, guest_ids: Collection[UUID]) -> list[Place]:
    """Read what guests answered, by guest. Behind the locks of the parts that it is about."""
    return await read_places(session, OF_GUESTS, ids=list(guest_ids))


def invite(session: AsyncSession, household: Household, guests: Iterable[Guest], parts: Iterable[Part]) -> list[Place]:
    """Give guests their rows for the parts that their household is invited to."""
    places = [
        Place(
            Attendance(
                id=new_id(),
                tenant_id=guest.tenant_id,
                occasion_id=guest.occasion_id,
                part_id=part.id,
                household_id=household.id,
                guest_id=guest.id,
                status=RsvpStatus.PENDING,
                may_be_split=False,
                is_locked=False,
            ),
            guest,
            household,
        )
        for guest in guests
        for part in parts
        if is_invited_to(household, part.id)
    ]
    session.add_all(place.attendance for place in places)
    return places


async def uninvite(session: AsyncSession, places: Collection[Place]) -> None:
    """Remove rows whose places and seats have been freed."""
    ids = [place.attendance.id for place in places]
    if ids:
        await session.flush()
        await session.execute(delete(Attendance).where(Attendance.id == any_(bindparam("ids", ids, ARRAY(Uuid)))))
        for place in places:
            session.expunge(place.attendance)


def answered(
    session: AsyncSession, occasion: Occasion, part: Part, place: Place, status: RsvpStatus, *, now: datetime
) -> None:
    """Set an answer, and tell of it. What follows for the part's places and the guest's seat is the caller's to do."""
    _set(session, occasion, part, place, status, moved_up=False, now=now)


def moved_up(session: AsyncSession, occasion: Occasion, part: Part, place: Place, *, now: datetime) -> None:
    """Let somebody who waited come, and tell of it."""
    _set(session, occasion, part, place, RsvpStatus.ACCEPTED, moved_up=True, now=now)


def _set(
    session: AsyncSession,
    occasion: Occasion,
    part: Part,
    place: Place,
    status: RsvpStatus,
    *,
    moved_up: bool,
    now: datetime,
) -> None:
    row, before = place.attendance, place.status
    row.status = status
    row.answered_at = None if status is RsvpStatus.PENDING else now
    row.decline_until = min(now + MAY_DECLINE, part.starts_at) if moved_up and now < part.starts_at else None
    if status is not RsvpStatus.WAITLISTED:
        row.queue_number = None
    if status is not RsvpStatus.ACCEPTED:
        row.meal_id = row.meal_id if status is RsvpStatus.WAITLISTED else None
    tell_answer(session, occasion, part, place, before, moved_up=moved_up, now=now)


async def forget_meals(
    session: AsyncSession, occasion: Occasion, part: Part, meal_ids: Collection[str], *, now: datetime
) -> None:
    """Take back the choice of meals that are offered no more, and tell of it."""
    for place in await read_places(session, BY_MEAL, part_id=part.id, meals=list(meal_ids)):
        place.attendance.meal_id = None
        tell_answer(session, occasion, part, place, place.status, now=now)


def tell_answer(
    session: AsyncSession,
    occasion: Occasion,
    part: Part,
    place: Place,
    before: RsvpStatus,
    *,
    moved_up: bool = False,
    now: datetime,
) -> None:
    """Tell how a guest's answer stands, which was another one before, or had another meal."""
    row, guest, is_main = place.attendance, place.guest, part.position == 1
    entry = directory_entry(guest, place.household.name, row.status)
    had = directory_entry(guest, place.household.name, before)
    told = RsvpUpdated(
        **of_occasion(occasion),
        household_id=public_id("household", row.household_id),
        guest_id=public_id("guest", guest.id),
        part_id=public_id("part", part.id),
        is_main=is_main,
        guest_name=full_name(guest),
        rsvp_status=row.status,
        previous_rsvp_status=before,
        meal_id=row.meal_id,
        answered_at=row.answered_at,
        moved_up=moved_up,
        decline_until=row.decline_until,
        directory_entry=entry if is_main else None,
        changes_directory=is_main and entry != had,
    )
    record(session, told, now=now)
