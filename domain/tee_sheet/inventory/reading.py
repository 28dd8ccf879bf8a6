"""Reading tee times and their places: what screens show."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.rows import rows_by_id
from domain.tee_sheet.inventory.prices import list_price, stored_prices
from domain.tee_sheet.inventory.restrictions import planned_time, stored_restrictions
from models.clubs.tables import Player
from models.tee_sheet.tables import Booking, BookingPlayer, Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass, Restriction, SlotStatus


class SlotView(NamedTuple):
    """A place as screens show it: plain values, since a day has hundreds of places."""

    tee_time_id: UUID
    id: UUID
    number: int
    status: SlotStatus
    price_cents: int
    """What it was sold for, or what it is offered for to the public."""
    held_until: datetime | None
    is_held_back: bool
    """Whether it is held since it was given up, and not by somebody who books."""
    booking_id: UUID | None
    payer: tuple[str, str] | None
    booked_by: str | None
    player_id: UUID | None
    """Who plays on the place, once it is booked, if the club knows them."""
    player: tuple[str, str] | None
    """The name of who plays on it, empty for a guest without one."""
    price_class: PriceClass | None
    """By which class they pay."""
    user_id: str | None
    """The user whom the club knows as this player."""
    shop_only: bool
    """Whether the shop alone sells it."""


SLOTS = (
    select(
        Slot.tee_time_id,
        Slot.id,
        Slot.number,
        Slot.status,
        TeeTime.sheet_id,
        TeeTime.local_time,
        TeeTime.delayed_minutes,
        TeeTime.tee,
        TeeTime.starts_at,
        Hold.expires_at,
        Hold.is_held_back,
        Slot.booking_id,
        Booking.payer_first_name,
        Booking.payer_last_name,
        Booking.booked_by,
        BookingPlayer.player_id,
        BookingPlayer.first_name,
        BookingPlayer.last_name,
        BookingPlayer.price_class,
        BookingPlayer.price_cents,
        Player.user_id,
    )
    .join(TeeTime, Slot.tee_time_id == TeeTime.id)
    .outerjoin(Booking, Slot.booking_id == Booking.id)
    .outerjoin(BookingPlayer, BookingPlayer.slot_id == Slot.id)
    .outerjoin(Player, BookingPlayer.player_id == Player.id)
    .outerjoin(Hold, Slot.hold_id == Hold.id)
    .where(Slot.tee_time_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(Slot.tee_time_id, Slot.number)
)


async def tee_times_of(session: AsyncSession, sheet_id: UUID, *, only: Collection[UUID] | None = None) -> list[TeeTime]:
    """Read a sheet's tee times, or only some of them, by start and tee."""
    if only is not None and not only:
        return []
    rows = select(TeeTime).where(TeeTime.sheet_id == sheet_id).order_by(TeeTime.starts_at, TeeTime.tee)
    if only is not None:
        rows = rows.where(TeeTime.id.in_(only))
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
    rows = (await session.execute(SLOTS, {"ids": list(found)})).all()
    offered, by_shop = await _terms(session, {row[0]: row[4:9] for row in rows})
    for tee_time_id, slot_id, number, status, _, _, _, _, _, held_until, held_back, booking_id, *sold in rows:
        first, last, booked_by, player_id, player_first, player_last, price_class, price, user_id = sold
        is_sold = booking_id is not None
        view = SlotView(
            tee_time_id,
            slot_id,
            number,
            status,
            price if is_sold else offered[tee_time_id],
            held_until,
            bool(held_back),
            booking_id,
            (first, last) if is_sold else None,
            booked_by,
            player_id,
            (player_first, player_last) if player_first is not None else None,
            price_class,
            user_id,
            tee_time_id in by_shop,
        )
        found[tee_time_id].append(view)
    return found


async def _terms(
    session: AsyncSession, starts: Mapping[UUID, tuple[UUID, time, int, int, datetime]]
) -> tuple[dict[UUID, int], set[UUID]]:
    """Tell what free places of tee times are offered for, in cents, and which of these the shop alone sells.

    It goes by the sheet, the local time, the minutes of delay and the tee of each.
    """
    sheets = await rows_by_id(session, TeeSheet, {sheet_id for sheet_id, *_ in starts.values()})
    prices = {key: stored_prices(sheet.prices) for key, sheet in sheets.items()}
    found = {
        start: list_price(prices[start[0]], holes=sheets[start[0]].holes, at=start[1])
        for start in {(sheet_id, at) for sheet_id, at, *_ in starts.values()}
    }
    asked = {key: restrictions for key, sheet in sheets.items() if (restrictions := _by_shop(sheet))}
    by_shop = {
        key
        for key, (sheet_id, _, late, tee, starts_at) in starts.items()
        if sheet_id in asked and _is_by_shop(asked[sheet_id], sheets[sheet_id], starts_at, late, tee)
    }
    return {key: found[start[0], start[1]] for key, start in starts.items()}, by_shop


def _is_by_shop(asked: Iterable[Restriction], sheet: TeeSheet, starts_at: datetime, late: int, tee: int) -> bool:
    at = planned_time(starts_at, late, zone=sheet.time_zone)
    return any(one.covers(at, tee) for one in asked)


def _by_shop(sheet: TeeSheet) -> list[Restriction]:
    return [one for one in stored_restrictions(sheet.restrictions) if one.shop_sale]


async def tee_times_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, TeeTime]:
    """Read tee times by their ids."""
    return await rows_by_id(session, TeeTime, ids)


async def sheets_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, TeeSheet]:
    """Read tee sheets by their ids."""
    return await rows_by_id(session, TeeSheet, ids)
