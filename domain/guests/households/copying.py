"""Taking households over to another occasion of the club."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_planned, known_as, lock_occasion, no_such, refuse_closed
from domain.guests.facts import household_state
from domain.guests.households.guests import new_guests
from domain.guests.households.households import new_household
from domain.guests.households.wishes import MOST_AT_ONCE
from domain.guests.places.parts import read_parts
from domain.guests.records import note_activity
from events.guests.households import HouseholdCreated
from events.log import record
from kit.errors import InvalidInput
from models.guests.households import Guest, Household
from models.guests.occasions import Occasion
from models.guests.values import ActivityKind

BY_HOUSEHOLD = select(Guest).where(Guest.household_id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Guest.id)
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
