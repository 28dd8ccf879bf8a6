"""Making one household of two, and taking households over to another occasion of the club."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_planned, known_as, lock_occasion, no_such, refuse_closed
from domain.guests.facts import guest_state, household_state, of_occasion
from domain.guests.households.codes import end_tokens, good_from
from domain.guests.households.guests import end_rules, entries_of, move_guest, new_guests
from domain.guests.households.households import MOST_PLUS_ONES, lock_household, new_household
from domain.guests.households.wishes import MOST_AT_ONCE
from domain.guests.places.attendances import places_of_households
from domain.guests.places.parts import main_of, read_parts
from domain.guests.places.queue import move_up
from domain.guests.records import note_activity
from events.guests.households import GuestUpdated, HouseholdCreated, HouseholdDeleted, HouseholdUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import public_id
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion
from models.guests.posts import GuestRequest, MusicVote, Picture, Post
from models.guests.values import ActivityKind

BY_HOUSEHOLD = select(Guest).where(Guest.household_id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Guest.id)
HAND_OVER = [
    update(kind)
    .where(kind.household_id == bindparam("from_id", type_=Uuid))
    .values(household_id=bindparam("to_id", type_=Uuid))
    .execution_options(synchronize_session=False)
    for kind in (Post, Picture, MusicVote, GuestRequest)
]
TAKEN_OVER = (
    "first_name",
    "last_name",
    "is_plus_one",
    "age_group",
    "takes_place",
    "group_name",
    "diets",
    "diet_note",
    "needs",
    "need_note",
    "email",
    "phone",
    "is_vip",
)
"""What of a guest holds for another occasion, too; answers, listing and seat do not."""


async def merge_households(
    session: AsyncSession, *, viewer: Viewer, household_id: UUID, other_id: UUID, now: datetime
) -> Household:
    """Take the guests of the other household into the first, which keeps its code, and delete the other.

    Answers stay for the parts to which the first is invited, and what the other has posted and asked for is the first's
    from then on. Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, AlreadyCheckedIn.
    """
    occasion, parts, household = await lock_household(session, viewer, household_id)
    if household_id == other_id:
        raise InvalidInput(message="Name two households.", path=("input", "otherId"))
    other = await session.get(Household, other_id)
    if other is None or other.occasion_id != occasion.id:
        raise no_such("household")
    guests = list(await session.scalars(BY_HOUSEHOLD, {"ids": [other.id]}))
    brought = household.plus_ones + sum(guest.is_plus_one for guest in guests)
    if brought > MOST_PLUS_ONES:
        message = (
            f"Together they bring {brought} guests, and a household at most {MOST_PLUS_ONES}; take some off first."
        )
        raise InvalidInput(message=message, path=("input", "otherId"))
    places = await places_of_households(session, [other.id])
    main = main_of(parts.values())
    before = entries_of(places, main)
    for guest in guests:
        mine = [place for place in places if place.guest.id == guest.id]
        await move_guest(session, occasion, parts, guest, household, mine, now=now)
        guest.updated_at = now
    household.plus_ones = brought
    household.email, household.phone = household.email or other.email, household.phone or other.phone
    household.updated_at = now
    record(session, household_state(HouseholdUpdated, occasion, household, parts.values()), now=now)
    previous = public_id("household", other.id)
    after = entries_of(await places_of_households(session, [household.id]), main)
    for guest in guests:
        entry, entry_before = after.get(guest.id), before.get(guest.id)
        told = guest_state(
            GuestUpdated, occasion, guest, entry=entry, before=entry_before, previous_household_id=previous
        )
        record(session, told, now=now)
    await end_rules(session, occasion, [other.id], now=now)
    record(session, HouseholdDeleted(**of_occasion(occasion), household_id=previous), now=now)
    for part in parts.values():
        await move_up(session, occasion, part, now=now)
    kind, ids = ActivityKind.HOUSEHOLDS_MERGED, [guest.id for guest in guests]
    note_activity(session, occasion, kind, viewer=viewer, household_id=household.id, guest_ids=ids, now=now)
    await end_tokens(session, other, viewer=viewer, before=good_from(other, now=now), now=now)
    await session.flush()
    for hand_over in HAND_OVER:
        await session.execute(hand_over, {"from_id": other.id, "to_id": household.id})
    await session.execute(delete(Household).where(Household.id == other.id))
    return household


async def copy_guests(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    household_ids: Sequence[UUID],
    now: datetime,
) -> list[Household]:
    """Invite households of another occasion of the club to this one, each with its guests, a new code, and no answers.

    A household whose name is there already is left out. Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen,
    OccasionFull.
    """
    wanted = list(dict.fromkeys(household_ids))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise InvalidInput(message=f"Name 1 to {MOST_AT_ONCE:,} households.", path=("input", "householdIds"))
    found = await _sources(session, viewer, wanted)
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    await _refuse_others(session, viewer, occasion, found)
    parts = await read_parts(session, occasion.id)
    present = await session.scalars(select(Household.name).where(Household.occasion_id == occasion.id))
    names = {name.casefold() for name in present}
    fresh = [one for one in found if one.name.casefold() not in names]
    rows = await session.scalars(BY_HOUSEHOLD, {"ids": [one.id for one in fresh]})
    guests: dict[UUID, list[Guest]] = {one.id: [] for one in fresh}
    for guest in rows:
        guests[guest.household_id].append(guest)
    made = []
    for one in fresh:
        kept = {name: getattr(one, name) for name in ("name", "language", "email", "phone", "plus_ones")}
        household = new_household(occasion, now=now, **kept)
        session.add(household)
        record(session, household_state(HouseholdCreated, occasion, household, parts), now=now)
        values = [{name: getattr(guest, name) for name in TAKEN_OVER} | {"answers": {}} for guest in guests[one.id]]
        new_guests(session, occasion, [(household, each) for each in values], parts, now=now)
        made.append(household)
    count = sum(map(len, guests.values()))
    note_activity(session, occasion, ActivityKind.GUESTS_COPIED, viewer=viewer, count=count, now=now)
    return made


async def _sources(session: AsyncSession, viewer: Viewer, wanted: Sequence[UUID]) -> list[Household]:
    """Find the households to be taken over, of occasions that the viewer plans. Raises NotFound, NotAllowed."""
    ids = any_(bindparam("ids", list(wanted), ARRAY(Uuid)))
    found = {one.id: one for one in await session.scalars(select(Household).where(Household.id == ids))}
    if len(found) < len(wanted):
        raise no_such("household")
    for occasion_id in sorted({one.occasion_id for one in found.values()}):
        async with known_as("household"):
            await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    return [found[one] for one in wanted]


async def _refuse_others(
    session: AsyncSession, viewer: Viewer, occasion: Occasion, households: Sequence[Household]
) -> None:
    """Accept households of other occasions of the same club. Raises InvalidInput."""
    for occasion_id in {one.occasion_id for one in households}:
        source = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
        if source.id == occasion.id or source.club_id != occasion.club_id:
            message = "Name households of another occasion of the same club."
            raise InvalidInput(message=message, path=("input", "householdIds"))
