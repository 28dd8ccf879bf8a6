"""Telling those concerned what happened to a booking, a start, an offer."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.notifications.notifications import notify
from domain.tee_sheet.slots import LockedTeeTime
from kit.ids import public_id
from models.clubs.tables import Course, Player
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking, BookingPlayer


async def about_start(session: AsyncSession, locked: LockedTeeTime) -> dict[str, Any]:
    """Give what every notification about a start says of it, to people and to screens."""
    sheet, course = locked.sheet, await session.get_one(Course, locked.sheet.course_id)
    return {
        "club_id": public_id("club", sheet.club_id),
        "course_id": public_id("course", sheet.course_id),
        "tee_time_id": public_id("tee_time", locked.tee_time.id),
        "course": course.name,
        "date": sheet.date.isoformat(),
        "time": f"{locked.tee_time.local_time:%H:%M}",
    }


async def tell_party(
    session: AsyncSession,
    kind: NotificationKind,
    booking: Booking,
    locked: LockedTeeTime,
    *,
    viewer: Viewer | None,
    now: datetime,
    **more: Any,
) -> None:
    """Tell who made a booking, and its players with an account, of what happened to it; not the one who did it.

    `locked` is the start that the text shall name, `viewer` who did it; none when the club's own jobs did. To be called
    after the change's own facts are recorded.
    """
    known = select(Player.user_id).join(BookingPlayer, BookingPlayer.player_id == Player.id)
    players = await session.scalars(known.where(BookingPlayer.booking_id == booking.id, Player.user_id.is_not(None)))
    concerned = {booking.booked_by, *(user for user in players if user)} - {viewer.user_id if viewer else None}
    if not concerned:
        return
    data = await about_start(session, locked) | {"booking_id": public_id("booking", booking.id)} | more
    await notify(session, tenant_id=booking.tenant_id, kind=kind, data=data, users=filter(None, concerned), now=now)
