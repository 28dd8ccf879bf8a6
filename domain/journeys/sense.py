"""Whether what somebody was told still makes sense when it is sent: what was cancelled, left or is over does not."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.matching.telling import JOINABLE
from domain.notifications.parcels import end_of
from kit.ids import parse_id
from models.clubs.tables import Player
from models.matching.golfers import Golfer, GolferBlock
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, PartStatus
from models.notifications import Notification
from models.notifications import NotificationKind as Kind
from models.tee_sheet.tables import Booking, BookingPlayer, TeeTime
from models.tee_sheet.values import BookingStatus
from models.tee_sheet.waitlist import OfferStatus, WaitlistOffer

Check = Callable[[AsyncSession, Notification, datetime], Awaitable[bool]]
PLAYS = (
    select(BookingPlayer.id)
    .join(Player, BookingPlayer.player_id == Player.id)
    .where(BookingPlayer.booking_id == Booking.id, Player.user_id == bindparam("user_id"))
    .exists()
)
CONCERNED = (
    select(Booking.tee_time_id, TeeTime.starts_at)
    .join(TeeTime, Booking.tee_time_id == TeeTime.id)
    .where(
        Booking.id == bindparam("booking_id"),
        Booking.status.in_((BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN)),
        or_(Booking.booked_by == bindparam("user_id"), PLAYS),
    )
)

IS_LIVE = (HostedTeeTime.status.in_((HostedStatus.OPEN, HostedStatus.FULL)), HostedTeeTime.starts_at > bindparam("now"))
ASKS = (
    select(HostedTeeTime.id)
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .where(
        HostedTeeTime.id == bindparam("id"),
        *IS_LIVE,
        Participation.status == PartStatus.REQUESTED,
        Participation.golfer_id == bindparam("golfer_id"),
    )
)
_own = aliased(Golfer)
BLOCKED = select(GolferBlock.id).where(
    _own.user_id == bindparam("user_id"),
    or_(
        and_(GolferBlock.golfer_id == _own.id, GolferBlock.other_id == bindparam("golfer_id")),
        and_(GolferBlock.golfer_id == bindparam("golfer_id"), GolferBlock.other_id == _own.id),
    ),
)
TAKES_PART = (
    select(HostedTeeTime.starts_at)
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .join(Golfer, Golfer.id == Participation.golfer_id)
    .where(
        HostedTeeTime.id == bindparam("id"),
        *IS_LIVE,
        Participation.status == PartStatus.JOINED,
        Golfer.user_id == bindparam("user_id"),
    )
)


STANDS_SO = (
    select(HostedTeeTime.id)
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .join(Golfer, Golfer.id == Participation.golfer_id)
    .where(
        HostedTeeTime.id == bindparam("id"),
        *IS_LIVE,
        Participation.status == bindparam("status"),
        Golfer.user_id == bindparam("user_id"),
    )
    .limit(1)
)
CANCELLED = select(HostedTeeTime.id).where(
    HostedTeeTime.id == bindparam("id"),
    HostedTeeTime.status == HostedStatus.CANCELLED,
    HostedTeeTime.starts_at > bindparam("now"),
)
ANSWERED = MappingProxyType({"accepted": PartStatus.JOINED, "declined": PartStatus.DECLINED})


async def still_makes_sense(session: AsyncSession, row: Notification, *, now: datetime) -> bool:
    """Tell whether to send a notification by now, by what its kind is about."""
    check = CHECKS.get(row.kind)
    if check is not None and not await check(session, row, now):
        return False
    golfer = row.data.get("golfer_id")
    if golfer is None:
        return True
    between = {"user_id": row.user_id, "golfer_id": parse_id("golfer", golfer)}
    return await session.scalar(BLOCKED, between) is None  # two who have nothing to do with each other


async def hide_employer(session: AsyncSession, row: Notification) -> None:
    """Let a notification say no more for whom a golfer works who hides that since it was recorded."""
    known = row.data.get("golfer_id")
    if known is None or row.data.get("employer") is None:
        return
    golfer = await session.get(Golfer, parse_id("golfer", known))
    if golfer is None or golfer.hides_employer:
        row.data = row.data | {"employer": None}


async def _still_plays(session: AsyncSession, row: Notification, now: datetime) -> bool:
    """It is about a start that is still to come, which the user still has."""
    booking, start = row.data.get("booking_id"), row.data.get("tee_time_id")
    if booking is None:
        return start is None or await _still_takes_part(session, row, now)
    asked = {"booking_id": parse_id("booking", booking), "user_id": row.user_id}
    found = (await session.execute(CONCERNED, asked)).one_or_none()
    if found is None or found.starts_at <= now:
        return False
    return start is None or parse_id("tee_time", start) == found.tee_time_id


async def _still_takes_part(session: AsyncSession, row: Notification, now: datetime) -> bool:
    """It is about a hosted tee time that is still to come, in which the user takes part."""
    asked = {"id": parse_id("hosted_tee_time", row.data["tee_time_id"]), "user_id": row.user_id, "now": now}
    starts_at = await session.scalar(TAKES_PART, asked)
    end = end_of(row)  # of a reminder: the start of which it reminds
    return starts_at is not None and (end is None or end == starts_at)


async def _still_asked(session: AsyncSession, row: Notification, now: datetime) -> bool:
    """A golfer still waits for the user's answer whether they may join."""
    asked = {"id": parse_id("hosted_tee_time", row.data["tee_time_id"]), "now": now}
    golfer = row.data.get("golfer_id")
    if golfer is None:  # of an earlier release
        return True
    return await session.scalar(ASKS, asked | {"golfer_id": parse_id("golfer", golfer)}) is not None


async def _still_answered(session: AsyncSession, row: Notification, now: datetime) -> bool:
    """A tee time is still to come, and the user stands to it as the host has answered: they have not left it since."""
    asked = {"id": parse_id("hosted_tee_time", row.data["tee_time_id"]), "user_id": row.user_id, "now": now}
    return await session.scalar(STANDS_SO, asked | {"status": ANSWERED[row.data["answer"]]}) is not None


async def _still_cancelled(session: AsyncSession, row: Notification, now: datetime) -> bool:
    """A tee time would be still to come, and is cancelled: its booking may have been restored since."""
    asked = {"id": parse_id("hosted_tee_time", row.data["tee_time_id"]), "now": now}
    return await session.scalar(CANCELLED, asked) is not None


async def _still_offered(session: AsyncSession, row: Notification, now: datetime) -> bool:
    offer = await session.get(WaitlistOffer, parse_id("waitlist_offer", row.data["offer_id"]))
    return offer is not None and offer.status is OfferStatus.PENDING and now < offer.expires_at


async def _still_news(session: AsyncSession, row: Notification, now: datetime) -> bool:
    """Of the tee times that it is about, one at least can still be joined by the user, and is not joined yet."""
    named = [one["tee_time_id"] for one in row.data.get("tee_times", ())] or [row.data["tee_time_id"]]
    asked = {"ids": [parse_id("hosted_tee_time", one) for one in named], "user_id": row.user_id, "now": now}
    return await session.scalar(JOINABLE, asked) is not None


CHECKS: Mapping[Kind, Check] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                Kind.BOOKING_MOVED,
                Kind.BOOKED_FOR_YOU,
                Kind.TEE_TIMES_DELAYED,
                Kind.TEE_TIMES_ADVANCED,
                Kind.BOOKING_RESTORED,
                Kind.BLOCKED,
                Kind.DEPOSIT_ASKED,
                Kind.COURSE_CLOSED,
                Kind.REMINDER_24H,
                Kind.REMINDER_2H,
                Kind.SLOT_JOINED,
            ),
            _still_plays,
        ),
        Kind.WAITLIST_OFFER: _still_offered,
        **dict.fromkeys((Kind.NEW_TEE_TIMES, Kind.SLOT_OPEN, Kind.WEEKLY_DIGEST), _still_news),
        Kind.JOIN_REQUESTED: _still_asked,
        Kind.JOIN_ANSWERED: _still_answered,
        Kind.TEE_TIME_CANCELLED: _still_cancelled,
    }
)
"""What is asked of each kind; the others make sense whenever they come."""
