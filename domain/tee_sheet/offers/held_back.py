"""Cancelled places that nobody is to snatch: held back for a while, and released together at a time of the clock.

They are kept by a hold that is nobody's, which ends as others do: when it expires, those who wait have their turn
first. The staff sell them before that.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.inventory.slots import LockedTeeTime
from domain.tee_sheet.offers.problems import SlotsUnavailable
from domain.tee_sheet.offers.reservations import reserve
from domain.tee_sheet.offers.rules import release_of
from models.clubs.tables import Club
from models.tee_sheet.tables import Hold, Slot
from models.tee_sheet.values import HoldStatus, SlotStatus

RELEASED_AT = select(func.min(Hold.expires_at)).where(
    Hold.tee_time_id == bindparam("tee_time_id"), Hold.status == HoldStatus.ACTIVE, Hold.is_held_back
)


async def hold_back(session: AsyncSession, locked: LockedTeeTime, slots: Sequence[Slot], *, now: datetime) -> None:
    """Hold those of some places back that are free, if their club does so: they were given up just now."""
    free = [slot for slot in slots if slot.status is SlotStatus.AVAILABLE]
    club = await session.get_one(Club, locked.sheet.club_id)
    until = release_of(
        now=now,
        starts_at=locked.tee_time.starts_at,
        minutes=club.held_back_minutes,
        at=club.held_back_until,
        zone=ZoneInfo(locked.sheet.time_zone),
    )
    if free and until:
        await reserve(session, locked, free, holder_id="", until=until, is_held_back=True, now=now)


async def check_free(
    session: AsyncSession,
    locked: LockedTeeTime,
    places: int,
    *,
    among: Sequence[Slot] | None = None,
    path: tuple[str, ...] = (),
) -> list[Slot]:
    """Give so many places of a locked tee time, of those that are free or of others.

    Raises SlotsUnavailable, with when more will be released.
    """
    slots = list((locked.free if among is None else among)[:places])
    if len(slots) < places:
        raise SlotsUnavailable(
            places_left=len(slots), released_at=await released_at(session, locked.tee_time.id), path=path
        )
    return slots


async def released_at(session: AsyncSession, tee_time_id: UUID) -> datetime | None:
    """Tell when the first places that are held back on a tee time are released, in UTC; none where none are."""
    moment: datetime | None = await session.scalar(RELEASED_AT, {"tee_time_id": tee_time_id})
    return moment
