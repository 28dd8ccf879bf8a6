"""Reading bookings and who plays on them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of
from domain.rows import rows_by_id
from models.clubs.tables import Player
from models.tee_sheet.tables import Booking, BookingPlayer, TeeSheet, TeeTime
from models.tee_sheet.values import PriceClass


class PlayerView(NamedTuple):
    """A player of a booking as screens show one: plain values, since a day has hundreds of players."""

    booking_id: UUID
    position: int
    player_id: UUID | None
    slot_id: UUID | None
    first_name: str
    last_name: str
    price_class: PriceClass
    price_cents: int
    checked_in_at: datetime | None
    no_show_at: datetime | None


PARTIES = (
    select(*[getattr(BookingPlayer, name) for name in PlayerView._fields])
    .where(BookingPlayer.booking_id == any_(bindparam("booking_ids", type_=ARRAY(Uuid))))
    .order_by(BookingPlayer.position)
)
PLAYERS = (
    select(BookingPlayer)
    .where(BookingPlayer.booking_id == any_(bindparam("booking_ids", type_=ARRAY(Uuid))))
    .order_by(BookingPlayer.position)
)


async def bookings_of(
    session: AsyncSession, *, viewer: Viewer, sheet: TeeSheet, only: Collection[UUID] | None = None
) -> list[Booking]:
    """Read a sheet's bookings, or only some of them.

    They are all of them for staff, the viewer's own for players, cancelled ones included.
    """
    if only is not None and not only:
        return []
    rows = select(Booking).join(TeeTime, Booking.tee_time_id == TeeTime.id).where(TeeTime.sheet_id == sheet.id)
    if not viewer.is_staff_of(sheet.club_id):
        own = await player_of(session, viewer=viewer, club_id=sheet.club_id)
        mine = Booking.booked_by == viewer.user_id
        if own:  # compared with nobody, the guests of all bookings would be found, who are no known players either
            mine |= Booking.id.in_(select(BookingPlayer.booking_id).where(BookingPlayer.player_id == own.id))
        rows = rows.where(mine)
    if only is not None:
        rows = rows.where(Booking.id.in_(only))
    return list(await session.scalars(rows.order_by(TeeTime.starts_at, TeeTime.tee, Booking.id)))


async def parties_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, list[PlayerView]]:
    """Read who plays on bookings, in their order, to be looked at alone."""
    found: dict[UUID, list[PlayerView]] = {booking_id: [] for booking_id in booking_ids}
    for row in (await session.execute(PARTIES, {"booking_ids": list(found)})).all():
        found[row[0]].append(PlayerView._make(row))
    return found


async def players_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, list[BookingPlayer]]:
    """Read the players of bookings, in their order, as rows that can be changed."""
    found: dict[UUID, list[BookingPlayer]] = {booking_id: [] for booking_id in booking_ids}
    for player in await session.scalars(PLAYERS, {"booking_ids": list(found)}):
        found[player.booking_id].append(player)
    return found


async def users_of(session: AsyncSession, player_ids: Iterable[UUID | None]) -> dict[UUID | None, str | None]:
    """Tell which users the club knows as which players; nobody for those whom it does not know."""
    wanted = {player_id for player_id in player_ids if player_id}
    if not wanted:
        return {}
    rows = await session.execute(select(Player.id, Player.user_id).where(Player.id.in_(wanted)))
    return {player_id: user_id for player_id, user_id in rows}  # noqa: C416 - a row is no pair to the type checker


async def bookings_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Booking]:
    """Read bookings by their ids."""
    return await rows_by_id(session, Booking, ids)
