"""Seats for all guests of a part by themselves: planned outside of locks, and saved where that is wanted."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import find_planned
from domain.guests.places.parts import chosen, read_parts
from domain.guests.places.seats import vacate
from domain.guests.records import note_activity
from domain.guests.seating.facts import sit
from domain.guests.seating.floor import Seating, count_seated, lock_floor, places_at, read_seating, refuse_unseated
from domain.guests.seating.plan import SeatingPlan, plan_seating
from domain.guests.seating.undoing import keep_plan
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan for a part, beside the seating that it was made from."""

    part: Part
    before: Seating
    plan: SeatingPlan
    is_applied: bool


async def auto_seat(
    session: AsyncSession,
    *,
    viewer: Viewer,
    occasion_id: UUID,
    part_id: UUID | None = None,
    apply: bool = False,
    now: datetime,
) -> Proposal:
    """Plan who sits where: everybody who comes or has not answered, around those who are locked.

    The same guests, tables, rules and locks always have the same plan, whoever sat where before. `apply` saves it.
    Where somebody has changed the seating meanwhile, it is planned anew behind the locks.
    Raises NotFound, NotAllowed, PartNotSeated, and OccasionNotOpen where it is to be saved.
    """
    occasion = await find_planned(session, viewer=viewer, occasion_id=occasion_id)
    part = chosen(await read_parts(session, occasion.id), part_id)
    refuse_unseated(part)
    seating = await read_seating(session, part)
    plan = await _plan(seating)
    if not apply:
        return Proposal(part, seating, plan, is_applied=False)
    occasion, part = await lock_floor(session, viewer=viewer, occasion_id=occasion_id, part_id=part.id)
    locked = await read_seating(session, part, lock=True)
    if locked.banquet != seating.banquet:
        plan = await _plan(locked)
    await _save(session, viewer, occasion, part, locked, plan, now=now)
    return Proposal(part, locked, plan, is_applied=True)


async def _plan(seating: Seating) -> SeatingPlan:
    """Plan in a thread: it takes a good part of a second, in which others are to be answered."""
    return await asyncio.to_thread(plan_seating, seating.banquet)


async def _save(
    session: AsyncSession,
    viewer: Viewer,
    occasion: Occasion,
    part: Part,
    seating: Seating,
    plan: SeatingPlan,
    *,
    now: datetime,
) -> None:
    changed = [one.guest_id for one in seating.sitters if one.table_id != plan.seats.get(one.guest_id)]
    if not changed:
        return
    places = await places_at(session, part, changed)
    await keep_plan(session, part, places, plan.seats, now=now)
    await vacate(session, occasion, [place for g, place in places.items() if g not in plan.seats], now=now)
    for guest_id, place in places.items():
        if guest_id in plan.seats:
            sit(session, occasion, place, plan.seats[guest_id], seat=None, is_locked=False, now=now)
    count_seated(seating.tables, plan.seats.values())
    kind = ActivityKind.SEATING_CHANGED
    note_activity(session, occasion, kind, viewer=viewer, guest_ids=changed, now=now)
