"""Reminders: a day and two hours before a start, told to those who play, each once for each start."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, bindparam, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.notifications.notifications import notify
from kit.ids import public_id
from models.clubs.tables import Course, Player
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, PartStatus
from models.notifications import NotificationKind
from models.tee_sheet.tables import Booking, BookingPlayer, TeeSheet, TeeTime
from models.tee_sheet.values import BookingStatus

DAY, HOURS = timedelta(hours=24, minutes=30), timedelta(hours=2, minutes=30)
"""How long before a start the two reminders fall due. The first one is left out where the second is due."""
LATELY = timedelta(hours=1)
"""Who booked less than so long ago knows of it, and is reminded of the second only."""
TENANTS = text("""
    SELECT t.id FROM tenants t
    WHERE EXISTS (SELECT FROM tee_times s WHERE s.tenant_id = t.id AND s.starts_at > :now AND s.starts_at <= :until)
        OR EXISTS (
            SELECT FROM hosted_tee_times h
            WHERE h.tenant_id = t.id AND h.status IN ('OPEN', 'FULL') AND h.starts_at > :now AND h.starts_at <= :until
        )
    ORDER BY t.id
""")
SOON = (
    TeeTime.starts_at > bindparam("now", type_=DateTime(timezone=True)),
    TeeTime.starts_at <= bindparam("until", type_=DateTime(timezone=True)),
    Booking.status.in_((BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN)),
)
STARTS = (
    select(Booking.id, Booking.created_at, Booking.booked_by, TeeTime, TeeSheet, Course.name)
    .join(TeeTime, Booking.tee_time_id == TeeTime.id)
    .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
    .join(Course, TeeSheet.course_id == Course.id)
    .where(*SOON)
    .order_by(TeeTime.starts_at, Booking.id)
)
PLAYERS = (
    select(BookingPlayer.booking_id, Player.user_id)
    .join(Player, BookingPlayer.player_id == Player.id)
    .join(Booking, BookingPlayer.booking_id == Booking.id)
    .join(TeeTime, Booking.tee_time_id == TeeTime.id)
    .where(*SOON, Player.user_id.is_not(None))
)

IN_PARTY = or_(
    exists().where(Booking.id == HostedTeeTime.booking_id, Booking.booked_by == Golfer.user_id),
    exists().where(
        BookingPlayer.booking_id == HostedTeeTime.booking_id,
        BookingPlayer.player_id == Player.id,
        Player.user_id == Golfer.user_id,
    ),
)
HOSTED = (
    select(HostedTeeTime, Golfer.user_id, Participation.updated_at)
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .join(Golfer, Golfer.id == Participation.golfer_id)
    .where(
        HostedTeeTime.starts_at > bindparam("now", type_=DateTime(timezone=True)),
        HostedTeeTime.starts_at <= bindparam("until", type_=DateTime(timezone=True)),
        HostedTeeTime.status.in_((HostedStatus.OPEN, HostedStatus.FULL)),
        Participation.status == PartStatus.JOINED,
        Golfer.suspended_at.is_(None),
        ~IN_PARTY,
    )
    .order_by(HostedTeeTime.starts_at, HostedTeeTime.id, Participation.slot_number)
)


@dataclass(frozen=True, kw_only=True)
class Start:
    """A start that somebody plays, of whatever kind, as reminders see it."""

    subject: str
    """Names it with its moment: one that is moved is reminded of again."""
    starts_at: datetime
    known_since: datetime
    """When those who play came to know of it."""
    users: tuple[str, ...]
    data: dict[str, Any]
    """What the texts need, and what it refers to."""


Upcoming = Callable[[AsyncSession, datetime, datetime], Awaitable[Iterable[Start]]]
"""Gives the starts of the session's tenant after a moment and until another one."""


async def tenants_with_starts(session: AsyncSession, *, now: datetime) -> list[tuple[UUID]]:
    """Find the tenants with starts to be reminded of. Across tenants."""
    found = await session.scalars(TENANTS, {"now": now, "until": now + DAY})
    return [(tenant_id,) for tenant_id in found]


async def remind(session: AsyncSession, *, tenant_id: UUID, now: datetime) -> None:
    """Remind all of a tenant who play soon, and were not reminded yet. Done twice, or by several, it tells once."""
    for upcoming in UPCOMING:
        for start in await upcoming(session, now, now + DAY):
            kind = kind_due(start, now=now)
            if kind is not None and start.users:
                await notify(
                    session,
                    tenant_id=tenant_id,
                    kind=kind,
                    data=start.data | {"ends_at": start.starts_at.isoformat()},
                    users=start.users,
                    subject=start.subject,
                    now=now,
                )


def kind_due(start: Start, *, now: datetime) -> NotificationKind | None:
    """Tell which reminder of a start is due. Time that is left is real time, whatever the clocks on the wall do."""
    left = start.starts_at - now
    if timedelta() < left <= HOURS:
        return NotificationKind.REMINDER_2H
    if HOURS < left <= DAY and now - start.known_since >= LATELY:
        return NotificationKind.REMINDER_24H
    return None


async def upcoming_bookings(session: AsyncSession, now: datetime, until: datetime) -> list[Start]:
    """Read the bookings that are played soon: who made them, and their players with an account."""
    span = {"now": now, "until": until}
    rows = (await session.execute(STARTS, span)).all()
    users: dict[UUID, set[str]] = {}
    for booking_id, user_id in await session.execute(PLAYERS, span) if rows else ():
        users.setdefault(booking_id, set()).add(str(user_id))
    return [
        Start(
            subject=f"{public_id('booking', booking_id)} {tee_time.starts_at.isoformat()}",
            starts_at=tee_time.starts_at,
            known_since=created_at,
            users=tuple(sorted({booked_by, *users.get(booking_id, ())})),
            data={
                "club_id": public_id("club", sheet.club_id),
                "course_id": public_id("course", sheet.course_id),
                "tee_time_id": public_id("tee_time", tee_time.id),
                "booking_id": public_id("booking", booking_id),
                "course": course,
                "date": sheet.date.isoformat(),
                "time": f"{tee_time.local_time:%H:%M}",
                "time_zone": sheet.time_zone,
            },
        )
        for booking_id, created_at, booked_by, tee_time, sheet, course in rows
    ]


async def upcoming_hosted(session: AsyncSession, now: datetime, until: datetime) -> list[Start]:
    """Read the hosted tee times that are played soon, once for each who takes part.

    Who is of the party of the booking behind one is reminded of the booking.
    """
    rows = (await session.execute(HOSTED, {"now": now, "until": until})).all()
    return [
        Start(
            subject=f"{public_id('hosted_tee_time', tee_time.id)} {tee_time.starts_at.isoformat()}",
            starts_at=tee_time.starts_at,
            known_since=joined_at,
            users=(user_id,),
            data=_data_of(tee_time),
        )
        for tee_time, user_id, joined_at in rows
    ]


def _data_of(tee_time: HostedTeeTime) -> dict[str, Any]:
    local = tee_time.starts_at.astimezone(ZoneInfo(tee_time.time_zone))
    return {
        "tee_time_id": public_id("hosted_tee_time", tee_time.id),
        "course": tee_time.place_name,
        "date": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        "time_zone": tee_time.time_zone,
    }


UPCOMING: tuple[Upcoming, ...] = (upcoming_bookings, upcoming_hosted)
"""All kinds of starts that people are reminded of. Another kind is added by its function."""
