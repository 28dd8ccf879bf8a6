"""The master list of an occasion: guests added, changed and deleted, up to a thousand in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import known_as, lock_occasion, no_such, refuse_closed
from domain.guests.facts import guest_state, household_state
from domain.guests.households.guests import entries_of, move_guest, new_guests, remove_guests, tell_moved, wait_together
from domain.guests.households.households import new_household
from domain.guests.households.wishes import GUESTS, GuestChange, GuestWish, check_size, cleaned, cleaned_wish, each
from domain.guests.places.attendances import Place, places_of_guests
from domain.guests.places.parts import lock_parts, main_of, read_parts
from domain.guests.places.queue import free_places, move_up
from domain.guests.problems import CapacityReached
from domain.guests.records import note_activity
from events.guests.households import GuestUpdated, HouseholdCreated
from events.log import record
from kit.errors import InvalidInput
from kit.text import clean_name
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, RsvpStatus

FOUND = select(Guest).where(Guest.id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Guest.id)
HOUSEHOLDS = select(Household).where(Household.occasion_id == bindparam("occasion_id", type_=Uuid))


async def add_guests(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, guests: Sequence[GuestWish], now: datetime
) -> list[Guest]:
    """Invite guests, all of them or none, in their order; a household that is named and not there yet is made.

    Raises NotFound, NotAllowed, InvalidInput, GuestsRefused, OccasionNotOpen, OccasionFull.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    check_size(guests, GUESTS)
    rows = await invite_all(session, occasion, guests, now=now)
    kind = ActivityKind.GUESTS_ADDED
    note_activity(session, occasion, kind, viewer=viewer, guest_ids=[guest.id for guest in rows], now=now)
    return rows


async def invite_all(
    session: AsyncSession, occasion: Occasion, guests: Sequence[GuestWish], *, now: datetime
) -> list[Guest]:
    """Invite guests to a locked occasion, with the households that are not there yet.

    Raises NotFound, GuestsRefused, OccasionFull.
    """
    parts = await read_parts(session, occasion.id)
    households = list(await session.scalars(HOUSEHOLDS, {"occasion_id": occasion.id}))
    by_id = {household.id: household for household in households}
    by_name = {household.name.casefold(): household for household in households}
    wished = each(guests, lambda wish: (_home(wish, by_id), cleaned_wish(occasion, wish)))
    homes, values = [], [values for _, values in wished]
    for home, _ in wished:
        found = by_name.get(home.casefold()) if isinstance(home, str) else home
        if found is None:
            found = by_name[str(home).casefold()] = new_household(occasion, name=home, now=now)
            session.add(found)
            record(session, household_state(HouseholdCreated, occasion, found, parts), now=now)
        homes.append(found)
    return new_guests(session, occasion, list(zip(homes, values, strict=True)), parts, now=now)


def _home(wish: GuestWish, households: Mapping[UUID, Household]) -> Household | str:
    """Give the household of a guest, or the name of the one to be made. Raises InvalidInput."""
    name = clean_name(wish.household_name or "", path=("householdName",), longest=200, empty=True)
    if (wish.household_id is None) == (not name):
        raise InvalidInput(message="Give the household by its id, or by its name.", path=("householdId",))
    if wish.household_id is None:
        return name
    if wish.household_id not in households:
        raise InvalidInput(message="There is no such household; choose one of this occasion.", path=("householdId",))
    return households[wish.household_id]


async def lock_guests(
    session: AsyncSession, viewer: Viewer, guest_ids: Sequence[UUID]
) -> tuple[Occasion, dict[UUID, Part], dict[UUID, Guest]]:
    """Lock the occasion that guests are invited to, and that the viewer plans, with all of its parts.

    Raises NotFound, NotAllowed, InvalidInput for guests of several occasions, OccasionNotOpen.
    """
    check_size(guest_ids, GUESTS)
    found = {guest.id: guest for guest in await session.scalars(FOUND, {"ids": list(set(guest_ids))})}
    if len(found) < len(set(guest_ids)):
        raise no_such("guest")
    occasions = {guest.occasion_id for guest in found.values()}
    for occasion_id in sorted(occasions):
        async with known_as("guest"):
            occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    if len(occasions) > 1:
        raise InvalidInput(message="Name guests of one occasion.", path=GUESTS)
    refuse_closed(occasion)
    parts = await lock_parts(session, occasion_id=occasion.id)
    behind = await session.scalars(FOUND.execution_options(populate_existing=True), {"ids": list(found)})
    present = {guest.id: guest for guest in behind}
    if len(present) < len(found):  # somebody was taken off the list while the locks were waited for
        raise no_such("guest")
    return occasion, parts, present


async def update_guests(
    session: AsyncSession, *, viewer: Viewer, guests: Sequence[GuestChange], now: datetime
) -> list[Guest]:
    """Change guests, all of them or none, in their order; another `household_id` moves a guest there.

    Whoever takes a place from now on needs one that is free. Raises NotFound, NotAllowed, InvalidInput, GuestsRefused,
    OccasionNotOpen, CapacityReached, AlreadyCheckedIn.
    """
    occasion, parts, found = await lock_guests(session, viewer, [change.guest_id for change in guests])
    if len(found) < len(guests):
        raise InvalidInput(message="Name each guest once.", path=GUESTS)
    rows = await change_all(session, occasion, parts, found, guests, now=now)
    kind, ids = ActivityKind.GUESTS_UPDATED, [change.guest_id for change in guests]
    note_activity(session, occasion, kind, viewer=viewer, guest_ids=ids, now=now)
    return rows


async def change_all(
    session: AsyncSession,
    occasion: Occasion,
    parts: Mapping[UUID, Part],
    found: Mapping[UUID, Guest],
    guests: Sequence[GuestChange],
    *,
    now: datetime,
) -> list[Guest]:
    """Change guests of a locked occasion, whose parts are locked, in their order.

    Raises NotFound, GuestsRefused, CapacityReached, AlreadyCheckedIn.
    """
    clean = each(guests, lambda change: cleaned(occasion, change.values, found[change.guest_id]))
    homes = await _homes(session, occasion, guests)
    places = await places_of_guests(session, list(found))
    main = main_of(parts.values())
    before = entries_of(places, main)
    queues: set[UUID] = set()
    moved = {change.guest_id: found[change.guest_id].household_id for change in guests}
    for change, values in zip(guests, clean, strict=True):
        guest = found[change.guest_id]
        mine = [place for place in places if place.guest.id == guest.id]
        _count_again(parts, guest, mine, takes_place=values.get("takes_place", guest.takes_place))
        for name, value in values.items():
            setattr(guest, name, value)
        guest.updated_at = now
        if change.household_id is not None and change.household_id != guest.household_id:
            queues |= await move_guest(session, occasion, parts, guest, homes[change.household_id], mine, now=now)
    if queues:
        await wait_together(session, {guest.household_id for guest in found.values()})
    behind = await places_of_guests(session, list(found))
    after = entries_of(behind, main)
    for guest in [found[change.guest_id] for change in guests]:
        had, home = before.get(guest.id), moved[guest.id]
        if home != guest.household_id:
            mine = [place for place in behind if place.guest.id == guest.id]
            tell_moved(session, occasion, guest, mine, entry=after.get(guest.id), before=had, previous=home, now=now)
        else:
            told = guest_state(GuestUpdated, occasion, guest, entry=after.get(guest.id), before=had)
            record(session, told, now=now)
    for part in parts.values():
        await move_up(session, occasion, part, queue_moved=part.id in queues, now=now)
    return [found[change.guest_id] for change in guests]


async def _homes(session: AsyncSession, occasion: Occasion, guests: Sequence[GuestChange]) -> dict[UUID, Household]:
    if all(change.household_id is None for change in guests):
        return {}
    homes = {one.id: one for one in await session.scalars(HOUSEHOLDS, {"occasion_id": occasion.id})}
    if any(change.household_id is not None and change.household_id not in homes for change in guests):
        raise no_such("household")
    return homes


def _count_again(parts: Mapping[UUID, Part], guest: Guest, places: Sequence[Place], *, takes_place: bool) -> None:
    """Take or free the places of somebody who takes one from now on, or no more. Raises CapacityReached."""
    if takes_place == guest.takes_place:
        return
    for place in places:
        if place.status is RsvpStatus.ACCEPTED:
            part = parts[place.attendance.part_id]
            if takes_place and free_places(part) < 1:
                raise CapacityReached(places_left=0)
            part.taken += 1 if takes_place else -1


async def delete_guests(
    session: AsyncSession, *, viewer: Viewer, guest_ids: Sequence[UUID], now: datetime
) -> list[Guest]:
    """Take guests off the list, all of them or none; their places and seats come free.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, AlreadyCheckedIn.
    """
    occasion, parts, found = await lock_guests(session, viewer, guest_ids)
    rows = [found[guest_id] for guest_id in dict.fromkeys(guest_ids)]
    places = await places_of_guests(session, list(found))
    await remove_guests(session, occasion, parts, rows, places, now=now)
    note_activity(session, occasion, ActivityKind.GUESTS_DELETED, viewer=viewer, count=len(rows), now=now)
    return rows
