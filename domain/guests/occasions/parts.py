"""Adding parts to an occasion, changing and deleting them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import known_as, lock_occasion, no_such, refuse_closed
from domain.guests.facts import household_state
from domain.guests.occasions.checks import (
    MOST_PARTS,
    MealWish,
    check_capacity,
    check_span,
    clean_meals,
)
from domain.guests.places.attendances import forget_meals, invite
from domain.guests.places.parts import MAIN, lock_parts
from domain.guests.places.queue import move_up
from domain.guests.places.telling import tell_updated
from domain.guests.problems import PartInUse, PlacesTaken
from domain.guests.records import note_activity
from events.guests.households import HouseholdUpdated
from events.log import record
from kit.errors import InvalidInput
from kit.ids import new_id
from kit.text import camel, clean_name
from models.guests.households import Attendance, Guest, Household
from models.guests.occasions import Occasion, Part
from models.guests.seating import DiningTable
from models.guests.values import ActivityKind, RsvpStatus

UNSETS = frozenset({"capacity", "meals_until"})
"""What of a part may be none."""


@dataclass(frozen=True, kw_only=True)
class PartWish:
    """A part as it shall be."""

    name: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    capacity: int | None = None
    is_seated: bool = False
    meals: list[MealWish] = field(default_factory=list)
    meals_until: datetime | None = None


class PartData(TypedDict, total=False):
    """The data of a part: what is left out stays, and so does None, but for capacity and cut-off, which it unsets."""

    name: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    place: str | None
    capacity: int | None
    is_seated: bool | None
    meals: Sequence[MealWish] | None
    meals_until: datetime | None


def new_part(occasion: Occasion, wish: PartWish, *, position: int, path: tuple[str, ...], now: datetime) -> Part:
    """Make a part. Raises InvalidInput."""
    check_span(wish.starts_at, wish.ends_at, path)
    check_capacity(wish.capacity, path)
    return Part(
        id=new_id(),
        tenant_id=occasion.tenant_id,
        occasion_id=occasion.id,
        name=clean_name(wish.name, path=(*path, "name")),
        position=position,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        place=clean_name(wish.place, path=(*path, "place"), longest=200, empty=True),
        capacity=wish.capacity,
        taken=0,
        is_seated=wish.is_seated,
        meals=clean_meals(wish.meals, [], (*path, "meals")),
        meals_until=wish.meals_until,
        next_in_queue=1,
        created_at=now,
        updated_at=now,
    )


async def add_part(session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, part: PartWish, now: datetime) -> Part:
    """Add a part. Households that are invited to all parts are invited to it, too.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    refuse_closed(occasion)
    parts = await lock_parts(session, occasion_id=occasion.id)
    if len(parts) >= MOST_PARTS:
        raise InvalidInput(
            message=f"An occasion has at most {MOST_PARTS} parts; take one of these, or delete one first.",
            path=("input", "occasionId"),
        )
    last = max(one.position for one in parts.values())
    made = new_part(occasion, part, position=last + 1, path=("input", "part"), now=now)
    invited = select(Guest, Household).join(Household, Household.id == Guest.household_id)
    invited = invited.where(Guest.occasion_id == occasion.id, Household.part_ids.is_(None)).order_by(Guest.id)
    rows = list(await session.execute(invited))
    session.add(made)
    for guest, household in rows:
        invite(session, household, [guest], [made])
    everything = [*parts.values(), made]
    await _tell(session, occasion, everything, ["parts"], about=made.id, viewer=viewer, now=now)
    for household in dict.fromkeys(household for _, household in rows):
        record(session, household_state(HouseholdUpdated, occasion, household, everything), now=now)
    return made


async def _tell(
    session: AsyncSession,
    occasion: Occasion,
    parts: Sequence[Part],
    changed: Sequence[str],
    *,
    about: UUID,
    viewer: Viewer,
    now: datetime,
) -> None:
    occasion.updated_at = now
    await tell_updated(session, occasion, parts, list(map(camel, changed)), about=about, now=now)
    note_activity(session, occasion, ActivityKind.OCCASION_UPDATED, viewer=viewer, count=1, now=now)


async def _lock_part(session: AsyncSession, viewer: Viewer, part_id: UUID) -> tuple[Occasion, dict[UUID, Part]]:
    """Lock an occasion that the viewer plans, by one of its parts, with all of them."""
    found = await session.get(Part, part_id)
    if found is None:
        raise no_such("part")
    async with known_as("part"):
        occasion = await lock_occasion(session, viewer=viewer, occasion_id=found.occasion_id)
    refuse_closed(occasion)
    parts = await lock_parts(session, occasion_id=occasion.id)
    if part_id not in parts:
        raise no_such("part")
    return occasion, parts


async def update_part(
    session: AsyncSession, *, viewer: Viewer, part_id: UUID, now: datetime, **values: Unpack[PartData]
) -> Part:
    """Change a part. More places are given to who waits; a meal that is offered no more is chosen by nobody.

    Raises NotFound, NotAllowed, InvalidInput, OccasionNotOpen, PlacesTaken, PartInUse.
    """
    occasion, parts = await _lock_part(session, viewer, part_id)
    part = parts[part_id]
    clean = _cleaned(part, values)
    changed = [name for name, value in clean.items() if getattr(part, name) != value]
    if not changed:
        return part
    await _refuse_what_is_used(session, part, clean)
    dropped = {meal["id"] for meal in part.meals} - {meal["id"] for meal in clean.get("meals", part.meals)}
    for name in changed:
        setattr(part, name, clean[name])
    part.updated_at = now
    await _tell(session, occasion, list(parts.values()), changed, about=part.id, viewer=viewer, now=now)
    if dropped:
        await forget_meals(session, occasion, part, dropped, now=now)
    if "capacity" in changed:
        await move_up(session, occasion, part, now=now)
    return part


def _cleaned(part: Part, values: PartData) -> dict[str, Any]:
    path = ("input",)
    clean: dict[str, Any] = {name: value for name, value in values.items() if value is not None or name in UNSETS}
    check_span(clean.get("starts_at", part.starts_at), clean.get("ends_at", part.ends_at), path)
    check_capacity(clean.get("capacity"), path)
    if "name" in clean:
        clean["name"] = clean_name(clean["name"], path=(*path, "name"))
    if "place" in clean:
        clean["place"] = clean_name(clean["place"], path=(*path, "place"), longest=200, empty=True)
    if "meals" in clean:
        clean["meals"] = clean_meals(clean["meals"], part.meals, (*path, "meals"))
    return clean


async def _refuse_what_is_used(session: AsyncSession, part: Part, clean: dict[str, Any]) -> None:
    capacity = clean.get("capacity")
    if capacity is not None and capacity < part.taken:
        raise PlacesTaken(taken=part.taken, path=("input", "capacity"))
    if clean.get("is_seated", part.is_seated) is False and part.is_seated:
        await _refuse_tables(session, part.id, path=("input", "isSeated"))


async def _refuse_tables(session: AsyncSession, part_id: UUID, *, path: tuple[str, ...]) -> None:
    tables = await session.scalar(select(func.count()).where(DiningTable.part_id == part_id)) or 0
    if tables:
        raise PartInUse(message="The part has tables; delete them first.", answers=tables, path=path)


async def delete_part(session: AsyncSession, *, viewer: Viewer, part_id: UUID, now: datetime) -> Occasion:
    """Delete a part, other than the main one, for which nobody has answered, and that has no tables.

    Raises NotFound, NotAllowed, InvalidInput for the main part, OccasionNotOpen, PartInUse.
    """
    occasion, parts = await _lock_part(session, viewer, part_id)
    if parts[part_id].position == MAIN:
        raise InvalidInput(message="The main part stays; change it, or delete another one.", path=("input", "partId"))
    await _refuse_tables(session, part_id, path=("input", "partId"))
    mine = Attendance.part_id == part_id
    answered = select(func.count()).where(mine, Attendance.status != RsvpStatus.PENDING)
    if answers := await session.scalar(answered):
        raise PartInUse(answers=answers)
    named = select(Household).where(Household.part_ids.contains([part_id])).order_by(Household.id)
    households = list(await session.scalars(named.with_for_update(key_share=True)))
    await session.execute(delete(Part).where(Part.id == part_id))
    left = [part for part in parts.values() if part.id != part_id]
    await _tell(session, occasion, left, ["parts"], about=part_id, viewer=viewer, now=now)
    for household in households:
        household.part_ids = [one for one in household.part_ids or () if one != part_id]
        record(session, household_state(HouseholdUpdated, occasion, household, left), now=now)
    return occasion
