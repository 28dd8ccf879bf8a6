"""Telling those concerned what happened to a booking, a start, an offer."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.notifications.notifications import notify
from domain.tee_sheet.inventory.slots import LockedTeeTime
from kit.ids import public_id
from models.clubs.tables import Course, Player
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking, BookingPlayer


async def about_start(session: AsyncSession, locked: LockedTeeTime) -> dict[str, Any]:
    """Give what every notification about a start says of it, to people and to screens."""
    return _about(locked, await session.get_one(Course, locked.sheet.course_id))


def _about(locked: LockedTeeTime, course: Course) -> dict[str, Any]:
    sheet = locked.sheet
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
    also: Iterable[str] = (),
    now: datetime,
) -> None:
    """Tell who made a booking, and its players with an account, of what happened to it; not the one who did it.

    `locked` is the start that the text shall name, `viewer` who did it; none when the club's own jobs did, `also` names
    users who play in it no more. To be called after the change's own facts are recorded.
    """
    await tell_parties(session, kind, [(booking, locked)], viewer=viewer, also=also, now=now)


async def tell_parties(
    session: AsyncSession,
    kind: NotificationKind,
    bookings: Collection[tuple[Booking, LockedTeeTime]],
    *,
    viewer: Viewer | None,
    also: Iterable[str] = (),
    more: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Tell the parties of several bookings, each with its start, the same as `tell_party` does.

    `more` is what the text of the kind needs beside the start.
    """
    users = await _users_of(session, [booking.id for booking, _ in bookings])
    courses = {key: await session.get_one(Course, key) for key in {locked.sheet.course_id for _, locked in bookings}}
    for booking, locked in bookings:
        concerned = {booking.booked_by, *users[booking.id], *also} - {viewer.user_id if viewer else None}
        if concerned:
            start = _about(locked, courses[locked.sheet.course_id])
            data = {**(more or {}), **start, "booking_id": public_id("booking", booking.id)}
            await notify(session, tenant_id=booking.tenant_id, kind=kind, data=data, users=concerned, now=now)


async def _users_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {booking_id: set() for booking_id in booking_ids}
    if found:
        known = select(BookingPlayer.booking_id, Player.user_id).join(Player, BookingPlayer.player_id == Player.id)
        for booking_id, user_id in await session.execute(known.where(BookingPlayer.booking_id.in_(found))):
            found[booking_id] |= {user_id} if user_id else set()
    return found
