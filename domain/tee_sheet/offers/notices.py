"""Telling those concerned what happened to a booking, a start, an offer."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.notifications.notifications import notify
from domain.tee_sheet.inventory.slots import LockedStart
from kit.ids import public_id
from models.clubs.tables import Course, Player
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking, BookingPlayer

USERS = (
    select(BookingPlayer.booking_id, Player.user_id)
    .join(Player, BookingPlayer.player_id == Player.id)
    .where(BookingPlayer.booking_id == any_(bindparam("booking_ids", type_=ARRAY(Uuid))))
)


async def about_start(session: AsyncSession, locked: LockedStart) -> dict[str, Any]:
    """Give what every notification about a start says of it, to people and to screens."""
    return _about(locked, await session.get_one(Course, locked.sheet.course_id))


def _about(locked: LockedStart, course: Course) -> dict[str, Any]:
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
    locked: LockedStart,
    *,
    viewer: Viewer | None,
    also: Iterable[str] = (),
    apart_from: Iterable[str] = (),
    now: datetime,
) -> None:
    """Tell who made a booking, and its players with an account, of what happened to it; not the one who did it.

    `locked` is the start that the text shall name, `viewer` who did it; none when the club's own jobs did, `also` names
    users who play in it no more, `apart_from` those who are told something else. To be called after the change's own
    facts are recorded.
    """
    await tell_parties(session, kind, [(booking, locked)], viewer=viewer, also=also, apart_from=apart_from, now=now)


async def tell_booked(
    session: AsyncSession,
    booking: Booking,
    locked: LockedStart,
    users: Iterable[str | None],
    *,
    viewer: Viewer,
    now: datetime,
) -> set[str]:
    """Tell users that somebody else has put them on a booking; gives those who were told."""
    booked = {user for user in users if user} - {viewer.user_id}
    if booked:
        with session.no_autoflush:
            start = await about_start(session, locked)
        data = start | {"booking_id": public_id("booking", booking.id)}
        kind = NotificationKind.BOOKED_FOR_YOU
        await notify(session, tenant_id=booking.tenant_id, kind=kind, data=data, users=booked, now=now)
    return booked


async def tell_parties(
    session: AsyncSession,
    kind: NotificationKind,
    bookings: Collection[tuple[Booking, LockedStart]],
    *,
    viewer: Viewer | None,
    also: Iterable[str] = (),
    apart_from: Iterable[str] = (),
    more: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Tell the parties of several bookings, each with its start, the same as `tell_party` does.

    `more` is what the text of the kind needs beside the start.
    """
    with session.no_autoflush:  # who plays in them is written by now; the rest is written with what is told
        users = await _users_of(session, [booking.id for booking, _ in bookings])
        for booking, _ in bookings:
            concerned = {booking.booked_by, *users[booking.id], *also}
            users[booking.id] = concerned - {viewer.user_id if viewer else None, *apart_from}
        where = {locked.sheet.course_id for booking, locked in bookings if users[booking.id]}
        courses = {course_id: await session.get_one(Course, course_id) for course_id in where}
    for booking, locked in bookings:
        if concerned := users[booking.id]:
            start = _about(locked, courses[locked.sheet.course_id])
            data = {**(more or {}), **start, "booking_id": public_id("booking", booking.id)}
            await notify(session, tenant_id=booking.tenant_id, kind=kind, data=data, users=concerned, now=now)


async def _users_of(session: AsyncSession, booking_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {booking_id: set() for booking_id in booking_ids}
    if found:
        for booking_id, user_id in await session.execute(USERS, {"booking_ids": list(found)}):
            found[booking_id] |= {user_id} if user_id else set()
    return found
