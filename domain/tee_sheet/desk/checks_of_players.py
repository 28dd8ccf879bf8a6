"""Rain checks by who played."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tee_sheet.desk import RainCheck
from models.tee_sheet.tables import Booking, BookingPlayer

CHECKS = (
    select(BookingPlayer.player_id, RainCheck, Booking.booked_by)
    .join(RainCheck, RainCheck.booking_id == BookingPlayer.booking_id)
    .join(Booking, Booking.id == BookingPlayer.booking_id)
    .where(BookingPlayer.player_id == any_(bindparam("player_ids", type_=ARRAY(Uuid))))
    .order_by(RainCheck.id.desc())
)


async def rain_checks_of_players(
    session: AsyncSession, player_ids: Iterable[UUID]
) -> dict[UUID, list[tuple[RainCheck, str]]]:
    """Read the rain checks of bookings that players are on, the newest first, each with the user who booked."""
    found: dict[UUID, list[tuple[RainCheck, str]]] = {player_id: [] for player_id in player_ids}
    for player_id, check, booked_by in await session.execute(CHECKS, {"player_ids": list(found)}):
        if player_id is not None:
            found[player_id].append((check, booked_by))
    return found
