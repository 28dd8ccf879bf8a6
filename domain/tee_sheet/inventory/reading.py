"""Reading tee times and their places: what screens show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.rows import rows_by_id
from domain.tee_sheet.inventory.prices import list_price, stored_prices
from models.clubs.tables import Player
from models.tee_sheet.tables import Booking, BookingPlayer, Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import SlotStatus


@dataclass(frozen=True, slots=True)
class SlotView:
    """A place as screens show it."""

    slot: Slot
    price_cents: int
    payer: tuple[str, str] | None
    held_until: datetime | None
    booked_by: str | None
    player: BookingPlayer | None
    """Who plays on the place, once it is booked."""
    user_id: str | None
    """The user whom the club knows as this player."""


async def tee_times_of(session: AsyncSession, sheet_id: UUID) -> list[TeeTime]:
    """Read a sheet's tee times, by start and tee."""
    rows = select(TeeTime).where(TeeTime.sheet_id == sheet_id).order_by(TeeTime.starts_at, TeeTime.tee)
    return list(await session.scalars(rows))


async def next_free_start(
    session: AsyncSession, *, course_id: UUID, places: int, after: datetime
) -> tuple[TeeTime, TeeSheet] | None:
    """Find the first start of a course after a moment that has so many places free, with its sheet."""
    free = (
        select(func.count())
        .where(Slot.tee_time_id == TeeTime.id, Slot.status == SlotStatus.AVAILABLE)
        .correlate(TeeTime)
        .scalar_subquery()
    )
    found = await session.execute(
        select(TeeTime, TeeSheet)
        .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
        .where(TeeSheet.course_id == course_id, TeeSheet.is_online, TeeTime.starts_at > after, free >= places)
        .order_by(TeeTime.starts_at, TeeTime.tee)
        .limit(1)
    )
    row = found.one_or_none()
    return (row[0], row[1]) if row else None


async def slots_of(session: AsyncSession, tee_time_ids: Iterable[UUID]) -> dict[UUID, list[SlotView]]:
    """Read the slots of tee times, with what is sold and held."""
    found: dict[UUID, list[SlotView]] = {tee_time_id: [] for tee_time_id in tee_time_ids}
    rows = await session.execute(
        select(
            Slot,
            TeeSheet,
            Booking.payer_first_name,
            Booking.payer_last_name,
            BookingPlayer,
            Hold.expires_at,
            Booking.booked_by,
            Player.user_id,
        )
        .join(TeeTime, Slot.tee_time_id == TeeTime.id)
        .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
        .outerjoin(Booking, Slot.booking_id == Booking.id)
        .outerjoin(BookingPlayer, BookingPlayer.slot_id == Slot.id)
        .outerjoin(Player, BookingPlayer.player_id == Player.id)
        .outerjoin(Hold, Slot.hold_id == Hold.id)
        .where(Slot.tee_time_id.in_(found))
        .order_by(Slot.tee_time_id, Slot.number)
    )
    offered: dict[UUID, int] = {}
    for slot, sheet, first, last, player, held_until, booked_by, user_id in rows:
        if sheet.id not in offered:
            offered[sheet.id] = list_price(stored_prices(sheet.prices), holes=sheet.holes)
        price = player.price_cents if slot.booking_id else offered[sheet.id]
        payer = None if slot.booking_id is None else (first, last)
        found[slot.tee_time_id].append(SlotView(slot, price, payer, held_until, booked_by, player, user_id))
    return found


async def tee_times_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, TeeTime]:
    """Read tee times by their ids."""
    return await rows_by_id(session, TeeTime, ids)


async def sheets_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, TeeSheet]:
    """Read tee sheets by their ids."""
    return await rows_by_id(session, TeeSheet, ids)
