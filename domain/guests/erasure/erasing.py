"""Erasing a guest: from the list, from the record, and from what was told before.

What others did to the guest stays, and names nobody: an entry of the record says that there was one. The guest who was
the last of a household takes it along.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import known_as, lock_occasion, no_such
from domain.guests.erasure.said import remove_what_was_said
from domain.guests.facts import household_state, of_occasion
from domain.guests.households.guests import remove_guests
from domain.guests.households.households import remove_household
from domain.guests.places.attendances import places_of_guests
from domain.guests.places.parts import lock_parts
from domain.guests.records import note_activity
from events.base import Event
from events.guests.base import OccasionFact, occasion_room
from events.guests.households import GuestErased, GuestUpdated, HouseholdState, HouseholdUpdated
from events.guests.posts import PostFact
from events.guests.requests import GuestRequestState
from events.log import record
from events.rewriting import rewrite_log, without_texts
from kit.ids import public_id
from models.guests.households import Guest, Household
from models.guests.occasions import Activity, Occasion
from models.guests.values import ActivityKind

GUEST = (
    select(Guest, Household)
    .join(Household, Household.id == Guest.household_id)
    .where(Guest.id == bindparam("guest_id", type_=Uuid))
    .execution_options(populate_existing=True)
)
OTHERS = select(func.count()).where(
    Guest.household_id == bindparam("household_id", type_=Uuid), Guest.id != bindparam("guest_id", type_=Uuid)
)
HOMES = select(Household.id).where(
    Household.occasion_id == bindparam("occasion_id", type_=Uuid), Household.id != bindparam("but", type_=Uuid)
)
NAME_NO_MORE = (
    update(Activity)
    .where(
        Activity.occasion_id == bindparam("of_occasion", type_=Uuid),
        Activity.guest_ids.contains(bindparam("named", type_=ARRAY(Uuid))),
    )
    .values(guest_ids=func.array_remove(Activity.guest_ids, bindparam("gone", type_=Uuid)))
    .execution_options(synchronize_session=False)
)


async def erase_guest(session: AsyncSession, *, viewer: Viewer, guest_id: UUID, now: datetime) -> Guest:
    """Erase all that is held of a guest, for ever, also at an occasion that is closed, and of one who has arrived.

    Raises NotFound, NotAllowed.
    """
    found = await session.get(Guest, guest_id)
    if found is None:
        raise no_such("guest")
    async with known_as("guest"):
        occasion = await lock_occasion(session, viewer=viewer, occasion_id=found.occasion_id)
    parts = await lock_parts(session, occasion_id=occasion.id)
    row = (await session.execute(GUEST, {"guest_id": guest_id})).one_or_none()
    if row is None:
        raise no_such("guest")
    guest, household = row
    is_last = not await session.scalar(OTHERS, {"household_id": household.id, "guest_id": guest.id})
    contacts = {one for one in (guest.email, guest.phone) if one}
    places = await places_of_guests(session, [guest.id])
    for place in places:  # an arrival keeps nobody from being erased
        place.attendance.arrived_at = place.attendance.arrived_by = None
    guest.first_name = guest.last_name = ""  # what is told of this change names nobody
    await remove_guests(session, occasion, parts, [guest], places, now=now)
    said = await remove_what_was_said(session, occasion, guest.id, household.id if is_last else None, now=now)
    if is_last:
        await remove_household(session, occasion, household, viewer=viewer, now=now)
    elif contacts & {household.email, household.phone}:
        household.email = None if household.email in contacts else household.email
        household.phone = None if household.phone in contacts else household.phone
        household.updated_at = now
        record(session, household_state(HouseholdUpdated, occasion, household, parts.values()), now=now)
    gone = {public_id("guest", guest.id), *said} | ({public_id("household", household.id)} if is_last else set())
    await _forget(session, occasion, guest, gone, contacts)
    told = GuestErased(
        **of_occasion(occasion),
        household_id=public_id("household", household.id),
        guest_id=public_id("guest", guest.id),
        household_erased=is_last,
    )
    record(session, told, now=now)
    note_activity(session, occasion, ActivityKind.GUEST_ERASED, viewer=viewer, count=1, now=now)
    return guest


async def _forget(
    session: AsyncSession,
    occasion: Occasion,
    guest: Guest,
    gone: Collection[str],
    contacts: Collection[str],
) -> None:
    """Take the guest out of the record, and out of what was told: by itself, and by what the guest said."""
    await session.execute(NAME_NO_MORE, {"of_occasion": occasion.id, "named": [guest.id], "gone": guest.id})
    rows = await session.scalars(HOMES, {"occasion_id": occasion.id, "but": guest.household_id})
    homes = {public_id("household", one) for one in rows}
    stream, forgetting = occasion_room(public_id("occasion", occasion.id)), Forgetting(gone, contacts, homes)
    await rewrite_log(session, stream, [*gone, *contacts], forgetting)
    former = forgetting.former - homes - {public_id("household", guest.household_id)}
    if former:  # households that the guest was of before, and that are no more: as others of a merger
        await rewrite_log(session, stream, list(former), Forgetting(former, contacts, homes))


class Forgetting:
    """Says what facts say from now on: nothing of who is gone, nor how they were reached."""

    def __init__(self, gone: Collection[str], contacts: Collection[str], homes: Collection[str]) -> None:
        """Take the ids of what is gone, addresses and numbers that go with it, and the households of others."""
        self._gone, self._contacts, self._homes = gone, contacts, homes
        self.former: set[str] = set()
        """The households of which who is gone was before."""

    def __call__(self, fact: Event) -> Event:
        """Give what a fact says from now on."""
        if not isinstance(fact, OccasionFact):
            return fact
        if not fact.about.isdisjoint(self._gone) or self._is_of_what_was_said(fact):
            if isinstance(fact, GuestUpdated) and fact.previous_household_id:
                self.former.add(fact.previous_household_id)
            return without_texts(fact)
        if isinstance(fact, HouseholdState) and fact.household_id not in self._homes:
            email = None if fact.email in self._contacts else fact.email
            return replace(fact, email=email, phone=None if fact.phone in self._contacts else fact.phone)
        return fact

    def _is_of_what_was_said(self, fact: OccasionFact) -> bool:
        """Tell whether it is about a post or a request that went with who is gone."""
        if isinstance(fact, PostFact):
            return fact.post_id in self._gone
        return isinstance(fact, GuestRequestState) and fact.guest_request_id in self._gone
