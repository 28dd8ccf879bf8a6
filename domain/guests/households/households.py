"""Inviting households, changing them, and taking them off the list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.codes import new_invitation_code
from auth.viewer import Viewer
from domain.guests.access import find_household, known_as, lock_occasion, no_such, refuse_closed, still_there
from domain.guests.facts import guest_state, household_state, is_invited_to, of_occasion, part_state
from domain.guests.households.codes import end_tokens, good_from
from domain.guests.households.guests import end_rules, entries_of, new_guests, remove_guests, remove_places
from domain.guests.households.wishes import GuestWish, cleaned_wish, each
from domain.guests.places.attendances import Place, invite, places_of_households
from domain.guests.places.parts import lock_parts, main_of, read_parts
from domain.guests.problems import PlusOnesNamed
from domain.guests.records import note_activity
from events.guests.households import DirectoryEntry, GuestUpdated, HouseholdCreated, HouseholdDeleted, HouseholdUpdated
from events.log import record
from kit.ids import new_id, public_id
from kit.text import check_range, clean_email, clean_name, clean_phone
from models.clubs.values import Language
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, RsvpStatus

MOST_PLUS_ONES = 20


class HouseholdData(TypedDict, total=False):
    """The data of a household: what is left out stays, and so does None, but for contact and parts.

    No parts named means all of them.
    """

    name: str | None
    language: Language | None
    email: str | None
    phone: str | None
    plus_ones: int | None
    part_ids: Sequence[UUID] | None


def new_household(occasion: Occasion, *, now: datetime, **values: Any) -> Household:
    """Make a household, with a code of its own."""
    usual = {"language": occasion.language, "plus_ones": 0, "part_ids": None}
    return Household(
        id=new_id(),
        tenant_id=occasion.tenant_id,
        occasion_id=occasion.id,
        code=new_invitation_code(),
        code_issued_at=now,
        created_at=now,
        updated_at=now,
        **usual | values,
    )


def cleaned_household(values: Mapping[str, Any], parts: Collection[Part]) -> dict[str, Any]:
    """Give the values that are set of a household, as they are kept. Raises InvalidInput."""
    nullable = {"email", "phone", "part_ids"}
    clean = {name: value for name, value in values.items() if value is not None or name in nullable}
    if "name" in clean:
        clean["name"] = clean_name(clean["name"], path=("input", "name"), longest=200)
    if "email" in clean:
        clean["email"] = clean_email(clean["email"], path=("input", "email"))
    if "phone" in clean:
        clean["phone"] = clean_phone(clean["phone"], path=("input", "phone"))
    if "plus_ones" in clean:
        check_range(clean["plus_ones"], 0, MOST_PLUS_ONES, path=("input", "plusOnes"))
    if clean.get("part_ids") is not None:
        clean["part_ids"] = _invited(clean["part_ids"], parts)
    return clean


def _invited(part_ids: Collection[UUID], parts: Collection[Part]) -> list[UUID] | None:
    if not part_ids:
        return None
    if not {part.id for part in parts}.issuperset(part_ids):
        raise no_such("part")
    return [part.id for part in parts if part.id in part_ids]


async def add_household(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    name: str,
    language: Language | None = None,
    email: str | None = None,
    phone: str | None = None,
    plus_ones: int = 0,
    part_ids: Sequence[UUID] = (),
    guests: Sequence[GuestWish] = (),
    household_id: UUID | None = None,
    now: datetime,
) -> Household:
    """Invite a household with its guests, and as many plus-ones without a name as it may bring.

    The id is a new one unless given.

    Raises NotFound, NotAllowed, InvalidInput, GuestsRefused, OccasionNotOpen, OccasionFull.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    parts = await read_parts(session, occasion.id)
    given = {"name": name, "language": language, "email": email, "phone": phone, "plus_ones": plus_ones}
    clean = cleaned_household(given | {"part_ids": part_ids}, parts)
    household = new_household(occasion, now=now, **clean)
    household.id = household_id or household.id
    session.add(household)
    record(session, household_state(HouseholdCreated, occasion, household, parts), now=now)
    wished = each(guests, lambda wish: cleaned_wish(occasion, wish))
    wished += [cleaned_wish(occasion, GuestWish(is_plus_one=True)) for _ in range(plus_ones)]
    rows = new_guests(session, occasion, [(household, values) for values in wished], parts, now=now)
    note_activity(
        session,
        occasion,
        ActivityKind.HOUSEHOLD_ADDED,
        viewer=viewer,
        household_id=household.id,
        guest_ids=[guest.id for guest in rows],
        now=now,
    )
    return household


async def lock_household(
    session: AsyncSession, viewer: Viewer, household_id: UUID
) -> tuple[Occasion, dict[UUID, Part], Household]:
    """Lock an occasion that the viewer plans, by one of its households, with all of its parts."""
    access, found = await find_household(session, viewer=viewer, household_id=household_id)
    async with known_as("household"):
        occasion = await lock_occasion(session, viewer=viewer, occasion_id=access.occasion.id)
    refuse_closed(occasion)
    parts = await lock_parts(session, occasion_id=occasion.id)
    return occasion, parts, await still_there(session, found, "household")


async def update_household(
    session: AsyncSession, *, viewer: Viewer, household_id: UUID, now: datetime, **values: Unpack[HouseholdData]
) -> Household:
    """Change a household. Parts that it is not invited to any more lose its answers, places and seats.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, OccasionFull, AlreadyCheckedIn, PlusOnesNamed.
    """
    occasion, parts, household = await lock_household(session, viewer, household_id)
    clean = cleaned_household(values, parts.values())
    changed = {name for name, value in clean.items() if getattr(household, name) != value}
    if not changed:
        return household
    if "plus_ones" in changed:
        await _set_plus_ones(session, occasion, parts, household, clean["plus_ones"], now=now)
    if "part_ids" in changed:
        await _set_parts(session, occasion, parts, household, clean["part_ids"], now=now)
    before = await _directory_of(session, household, parts) if "name" in changed else {}
    for name in changed:
        setattr(household, name, clean[name])
    if "email" in changed:
        household.unsubscribed_at = None  # it was said of the other address
    household.updated_at = now
    invited = [part_state(part) for part in parts.values() if is_invited_to(household, part.id)]
    more = {"invited_parts": tuple(invited)} if "part_ids" in changed else {}
    record(session, household_state(HouseholdUpdated, occasion, household, parts.values(), **more), now=now)
    for guest, entry in before.items():
        called = replace(entry, household_name=household.name)
        record(session, guest_state(GuestUpdated, occasion, guest, entry=called, before=entry), now=now)
    note_activity(
        session,
        occasion,
        ActivityKind.HOUSEHOLD_UPDATED,
        viewer=viewer,
        household_id=household.id,
        count=1,
        now=now,
    )
    return household


async def _directory_of(
    session: AsyncSession, household: Household, parts: Mapping[UUID, Part]
) -> dict[Guest, DirectoryEntry]:
    """Give what the directory shows of a household's guests, for those of whom it shows anything."""
    places = await places_of_households(session, [household.id])
    entries = entries_of(places, main_of(parts.values()))
    guests = {place.guest.id: place.guest for place in places}
    return {guests[guest_id]: entry for guest_id, entry in entries.items() if entry is not None}


async def _set_plus_ones(
    session: AsyncSession,
    occasion: Occasion,
    parts: dict[UUID, Part],
    household: Household,
    wanted: int,
    *,
    now: datetime,
) -> None:
    """Make plus-ones without a name, or take away those of whom the household has told nothing yet."""
    mine = select(Guest).where(Guest.household_id == household.id, Guest.is_plus_one).order_by(Guest.id)
    present = list(await session.scalars(mine))
    if wanted >= len(present):
        more = [cleaned_wish(occasion, GuestWish(is_plus_one=True)) for _ in range(wanted - len(present))]
        new_guests(session, occasion, [(household, values) for values in more], list(parts.values()), now=now)
        return
    places = await places_of_households(session, [household.id])
    told = {place.guest.id for place in places if place.status is not RsvpStatus.PENDING}
    free = [guest for guest in present if guest.id not in told and not guest.first_name and not guest.last_name]
    spare = free[len(free) - (len(present) - wanted) :] if len(free) >= len(present) - wanted else None
    if spare is None:
        raise PlusOnesNamed(named=len(present) - len(free), path=("input", "plusOnes"))
    gone = {guest.id for guest in spare}
    theirs = [place for place in places if place.guest.id in gone]
    await remove_guests(session, occasion, parts, spare, theirs, now=now)


async def _set_parts(
    session: AsyncSession,
    occasion: Occasion,
    parts: dict[UUID, Part],
    household: Household,
    wanted: list[UUID] | None,
    *,
    now: datetime,
) -> None:
    places = await places_of_households(session, [household.id])
    gone = [place for place in places if wanted is not None and place.attendance.part_id not in wanted]
    _leave_directory(session, occasion, gone, main_of(parts.values()), now=now)
    await remove_places(session, occasion, parts, gone, now=now)
    before, household.part_ids = household.part_ids, wanted
    more = [part for part in parts.values() if before is not None and part.id not in before]
    guests = list(await session.scalars(select(Guest).where(Guest.household_id == household.id).order_by(Guest.id)))
    invite(session, household, guests, [part for part in more if is_invited_to(household, part.id)])


def _leave_directory(
    session: AsyncSession, occasion: Occasion, gone: Collection[Place], main: Part, *, now: datetime
) -> None:
    """Tell that guests who do not come to the main part any more are in the directory no more."""
    for place in gone:
        entry = entries_of([place], main).get(place.guest.id)
        if entry is not None:
            record(session, guest_state(GuestUpdated, occasion, place.guest, before=entry), now=now)


async def delete_household(session: AsyncSession, *, viewer: Viewer, household_id: UUID, now: datetime) -> Household:
    """Take a household off the list, with all of its guests; its code opens nothing any more.

    Raises NotFound, NotAllowed, OccasionNotOpen, AlreadyCheckedIn.
    """
    occasion, parts, household = await lock_household(session, viewer, household_id)
    guests = list(await session.scalars(select(Guest).where(Guest.household_id == household.id).order_by(Guest.id)))
    places = await places_of_households(session, [household.id])
    await remove_guests(session, occasion, parts, guests, places, now=now)
    note_activity(session, occasion, ActivityKind.HOUSEHOLD_DELETED, viewer=viewer, count=len(guests), now=now)
    await remove_household(session, occasion, household, viewer=viewer, now=now)
    return household


async def remove_household(
    session: AsyncSession, occasion: Occasion, household: Household, *, viewer: Viewer, now: datetime
) -> None:
    """Take a household in which nobody is left off the list, with its tokens and the rules of seating about it."""
    await end_rules(session, occasion, [household.id], now=now)
    told = HouseholdDeleted(**of_occasion(occasion), household_id=public_id("household", household.id))
    record(session, told, now=now)
    await end_tokens(session, household, viewer=viewer, before=good_from(household, now=now), now=now)
    await session.flush()
    await session.execute(delete(Household).where(Household.id == household.id))
