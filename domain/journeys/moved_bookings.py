"""Whom to tell that a booking starts at another time: the seam between the tee sheet and notifications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.moves import MovedBooking
from models.clubs.tables import Player
from models.tee_sheet.tables import BookingPlayer


@dataclass(frozen=True, kw_only=True)
class MoveTidings:
    """What one user is to be told of a booking: when it starts now, and when it was to start, in UTC."""

    user_id: str
    club_id: UUID
    booking_id: UUID
    starts_at: datetime
    previous_starts_at: datetime


async def whom_to_tell(session: AsyncSession, *, viewer: Viewer, moved: Sequence[MovedBooking]) -> list[MoveTidings]:
    """Tell who has to know that bookings were moved: who made them, and the players whom the club knows as users.

    Each user is named once for each booking, and the viewer, who did it, not at all. Takes one statement.
    """
    rows = (
        select(BookingPlayer.booking_id, Player.user_id)
        .join(Player, BookingPlayer.player_id == Player.id)
        .where(BookingPlayer.booking_id.in_([one.booking.id for one in moved]))
    )
    users = {(one.booking.id, one.booking.booked_by) for one in moved}
    users |= {(booking_id, user_id) for booking_id, user_id in await session.execute(rows) if user_id}
    return [
        MoveTidings(
            user_id=user_id,
            club_id=one.booking.club_id,
            booking_id=one.booking.id,
            starts_at=one.starts_at,
            previous_starts_at=one.previous_starts_at,
        )
        for one in moved
        for user_id in sorted(user for booking_id, user in users if booking_id == one.booking.id)
        if user_id != viewer.user_id
    ]
