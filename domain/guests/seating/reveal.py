"""Showing guests their tables: at once, or at a moment that was set; and taking that back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import lock_occasion
from domain.guests.facts import is_revealed as is_shown
from domain.guests.letters import write_letters
from domain.guests.places.parts import read_parts
from domain.guests.places.seats import seats_of, tell_seat
from domain.guests.places.telling import tell_updated
from domain.guests.problems import OccasionNotOpen
from domain.guests.records import note_activity
from domain.guests.seating.problems import SeatingHidden, SeatingRevealed
from models.guests.households import Attendance, Household, Letter
from models.guests.occasions import Occasion
from models.guests.values import ActivityKind, LetterKind, OccasionStatus


async def reveal_seating(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, is_revealed: bool = True, now: datetime
) -> Occasion:
    """Show guests their tables from now on, or hide them again, also where the moment for it had come by itself.

    Each household is told of its seats, and written to, once. Raises NotFound, NotAllowed, OccasionNotOpen,
    SeatingRevealed, SeatingHidden.
    """
    occasion = await lock_occasion(session, viewer=viewer, occasion_id=occasion_id)
    if occasion.status is not OccasionStatus.PUBLISHED:
        raise OccasionNotOpen(status=occasion.status)
    if is_revealed:
        await _reveal(session, occasion, viewer=viewer, now=now)
    else:
        await _hide(session, occasion, viewer=viewer, now=now)
    return occasion


async def _reveal(session: AsyncSession, occasion: Occasion, *, viewer: Viewer | None, now: datetime) -> None:
    if occasion.seating_revealed_at is not None:
        raise SeatingRevealed(revealed_at=occasion.seating_revealed_at)
    parts = await read_parts(session, occasion.id)
    households = await _to_be_told(session, occasion)
    seated = await seats_of(session, occasion)
    occasion.seating_revealed_at = occasion.updated_at = now
    await tell_updated(session, occasion, parts, ["isSeatingRevealed"], now=now)
    for place in seated:
        tell_seat(session, occasion, place, now=now)
    write_letters(session, occasion, LetterKind.SEATING_REVEALED, households, now=now)
    note_activity(session, occasion, ActivityKind.SEATING_REVEALED, viewer=viewer, count=1, now=now)


async def _to_be_told(session: AsyncSession, occasion: Occasion) -> list[UUID]:
    """Give the households that have a seat and an address, and were not written to about it yet."""
    told = select(Letter.household_id).where(
        Letter.occasion_id == occasion.id, Letter.kind == LetterKind.SEATING_REVEALED
    )
    seated = select(Attendance.household_id).where(
        Attendance.occasion_id == occasion.id, Attendance.table_id.is_not(None)
    )
    wanted = select(Household.id).where(
        Household.id.in_(seated), Household.email.is_not(None), Household.id.not_in(told)
    )
    return list(await session.scalars(wanted.order_by(Household.id)))


async def _hide(session: AsyncSession, occasion: Occasion, *, viewer: Viewer, now: datetime) -> None:
    if not is_shown(occasion, now):
        raise SeatingHidden
    parts = await read_parts(session, occasion.id)
    occasion.seating_revealed_at = occasion.reveal_seating_at = None
    occasion.updated_at = now
    await tell_updated(session, occasion, parts, ["isSeatingRevealed", "revealSeatingAt"], now=now)
    note_activity(session, occasion, ActivityKind.SEATING_HIDDEN, viewer=viewer, count=1, now=now)


async def due_reveals(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find the occasions, of whatever tenants, whose tables are to be shown by now. Across tenants."""
    due = select(Occasion.tenant_id, Occasion.id).where(
        Occasion.status == OccasionStatus.PUBLISHED,
        Occasion.reveal_seating_at <= now,
        Occasion.seating_revealed_at.is_(None),
    )
    found = await session.execute(due.order_by(Occasion.id))
    return [(tenant_id, occasion_id) for tenant_id, occasion_id in found]


async def reveal_due(session: AsyncSession, *, occasion_id: UUID, now: datetime) -> None:
    """Show the tables of an occasion whose moment for it has come, unless somebody has changed that meanwhile."""
    wanted = select(Occasion).where(Occasion.id == occasion_id).with_for_update(key_share=True)
    occasion = await session.scalar(wanted.execution_options(populate_existing=True))
    if occasion is None or occasion.seating_revealed_at is not None or not is_shown(occasion, now):
        return
    if occasion.status is OccasionStatus.PUBLISHED:
        await _reveal(session, occasion, viewer=None, now=now)
