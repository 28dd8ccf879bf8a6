"""Places that are held until a moment: for somebody who books, or for somebody who was offered them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.inventory.slots import LockedTeeTime
from events.log import record
from events.tee_sheet.inventory import SlotHeld
from kit.ids import new_id
from kit.jobs import defer
from models.tee_sheet.tables import Hold, Slot
from models.tee_sheet.values import HoldStatus, SlotStatus

EXPIRE_HOLD = "expire_hold"


async def reserve(
    session: AsyncSession,
    locked: LockedTeeTime,
    slots: Sequence[Slot],
    *,
    holder_id: str,
    until: datetime,
    offer_id: UUID | None = None,
    is_held_back: bool = False,
    now: datetime,
) -> Hold:
    """Hold free places of a locked tee time until a moment; the job that ends the hold is part of the change."""
    hold = Hold(
        id=new_id(),
        tenant_id=locked.sheet.tenant_id,
        club_id=locked.sheet.club_id,
        tee_time_id=locked.tee_time.id,
        holder_id=holder_id,
        offer_id=offer_id,
        is_held_back=is_held_back,
        places=len(slots),
        status=HoldStatus.ACTIVE,
        created_at=now,
        expires_at=until,
    )
    session.add(hold)
    for slot in slots:
        slot.status, slot.hold_id = SlotStatus.HELD, hold.id
    tell_held(session, locked, slots, until=until, is_held_back=is_held_back, now=now)
    await defer(session, EXPIRE_HOLD, at=until, now=now, hold_id=str(hold.id))
    return hold


def tell_held(
    session: AsyncSession,
    locked: LockedTeeTime,
    slots: Sequence[Slot],
    *,
    until: datetime,
    is_held_back: bool,
    now: datetime,
) -> None:
    """Tell until when places of a locked tee time are held."""
    held = [locked.fact(SlotHeld, slot, held_until=until, is_held_back=is_held_back) for slot in slots]
    record(session, *held, now=now)


def end_hold(hold: Hold, status: HoldStatus, *, now: datetime) -> None:
    """Note what became of a hold."""
    hold.status, hold.ended_at = status, now
