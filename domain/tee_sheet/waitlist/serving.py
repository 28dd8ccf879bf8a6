"""Giving all in line for a sheet their turn, when booking opens to some of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.inventory.slots import lock_tee_times
from domain.tee_sheet.offers.places import take_turns
from models.tee_sheet.tables import Slot, TeeTime
from models.tee_sheet.values import SlotStatus


async def serve_waitlist(session: AsyncSession, *, sheet_id: UUID, now: datetime) -> None:
    """Offer what is free on a sheet, start by start, to those in line to whom booking is open by now."""
    free = exists().where(Slot.tee_time_id == TeeTime.id, Slot.status == SlotStatus.AVAILABLE)
    wanted = await session.scalars(
        select(TeeTime.id).where(TeeTime.sheet_id == sheet_id, TeeTime.starts_at > now, free)
    )
    locked = await lock_tee_times(session, wanted)
    await take_turns(session, sorted(locked.values(), key=lambda start: start.tee_time.starts_at), now=now)
