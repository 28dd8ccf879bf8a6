"""What happens to a booking happens to the tee time that is hosted with it: it moves, loses places, ends, comes back.

Who takes part and is of the booking's party, too, is told by the booking, and not a second time.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, any_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.facts import hosted_id, place_fact, state_fact, state_of, tell
from domain.matching.feed_facts import feed_state, tell_feed
from domain.matching.hosting import place_of_course, set_open_places
from domain.matching.rooms import Standing
from domain.tee_sheet.booking.naming import unnamed
from domain.tee_sheet.booking.reading import players_of, users_of
from events.log import record
from events.matching.hosted import HostedTeeTimeCancelled, HostedTeeTimeUpdated, SlotLeft
from kit.text import camel
from models.clubs.tables import Club, Course, Player
from models.matching.golfers import Golfer, GolferConnection
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, PartStatus
from models.notifications import Notification, NotificationKind
from models.tee_sheet.tables import Booking, BookingPlayer, TeeTime
from models.tee_sheet.values import BookingStatus

CANCELLED = "The booking was cancelled."
GIVEN_AWAY = "Its places were given to others."
LIVE = (HostedStatus.OPEN, HostedStatus.FULL)
IDS = any_(bindparam("booking_ids", type_=ARRAY(Uuid)))
HOSTED = (
    select(HostedTeeTime)
    .where(
        HostedTeeTime.booking_id == IDS,
        or_(HostedTeeTime.status.in_(LIVE), HostedTeeTime.ended_with_booking),
    )
    .order_by(HostedTeeTime.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
PARTS = (
    select(Participation, Golfer)
    .join(Golfer, Golfer.id == Participation.golfer_id)
    .where(
        Participation.tee_time_id == bindparam("tee_time_id", type_=Uuid),
        Participation.status.in_((PartStatus.JOINED, PartStatus.REQUESTED)),
    )
    .order_by(Participation.slot_number.nulls_last(), Participation.id)
    .execution_options(populate_existing=True)
)
AT_COURSE = select(HostedTeeTime).where(
    HostedTeeTime.course_id == bindparam("course_id", type_=Uuid),
    HostedTeeTime.status.in_(LIVE),
    HostedTeeTime.starts_at >= bindparam("since", type_=DateTime(timezone=True)),
    HostedTeeTime.starts_at < bindparam("until", type_=DateTime(timezone=True)),
)
AT_COURSE = AT_COURSE.order_by(HostedTeeTime.id)
TOLD = select(Notification.id).where(
    Notification.kind == NotificationKind.COURSE_CLOSED,
    Notification.created_at > bindparam("since", type_=DateTime(timezone=True)),
    Notification.data["tee_time_id"].astext == bindparam("id"),
)
TOLD = TOLD.limit(1)
STARTS = select(TeeTime.id, TeeTime.starts_at).where(TeeTime.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
ON_SHEET = (
    select(Booking)
    .join(TeeTime, TeeTime.id == Booking.tee_time_id)
    .where(
        TeeTime.sheet_id == bindparam("sheet_id", type_=Uuid),
        Booking.hosts_tee_time,
        Booking.status.in_((BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN)),
    )
    .order_by(Booking.id)
)
KNOWN = select(GolferConnection.other_id).where(
    GolferConnection.golfer_id == bindparam("host_id", type_=Uuid), GolferConnection.made_at.is_not(None)
)
WITH_ACCOUNT = select(Player.user_id).where(
    Player.club_id == bindparam("club_id", type_=Uuid), Player.user_id.in_(bindparam("users", expanding=True))
)

Part = tuple[Participation, Golfer]


async def follow_booking(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Let the tee time that is hosted with a locked booking be what the booking is by now."""
    if not booking.hosts_tee_time:
        return
    await session.flush()
    for row in await session.scalars(HOSTED, {"booking_ids": [booking.id]}):
        parts: list[Part] = [(one, golfer) for one, golfer in await session.execute(PARTS, {"tee_time_id": row.id})]
        standing = await _standing(session, row, parts)
        listed = feed_state(standing)
        if booking.status in {BookingStatus.CANCELLED, BookingStatus.NO_SHOW}:
            await _end(session, booking, row, parts, CANCELLED, now=now)
        else:
            await _go_on(session, booking, row, parts, now=now)
        tell_feed(session, standing, listed, now=now)


async def _standing(session: AsyncSession, row: HostedTeeTime, parts: Sequence[Part]) -> Standing:
    host = next(golfer for part, golfer in parts if part.slot_number == 0)
    knows = list(await session.scalars(KNOWN, {"host_id": host.id}))
    return Standing(row, host, [part for part, _ in parts], knows)


async def follow_sheet(session: AsyncSession, *, sheet_id: UUID, now: datetime) -> None:
    """Let the tee times that are hosted with a locked sheet's bookings start when these do."""
    for booking in list(await session.scalars(ON_SHEET, {"sheet_id": sheet_id})):
        await follow_booking(session, booking=booking, now=now)


async def tell_closed(
    session: AsyncSession,
    course: Course,
    *,
    since: datetime,
    until: datetime,
    reason: str,
    unless_told_since: datetime | None,
    now: datetime,
) -> None:
    """Tell who takes part in tee times at a course that a closure covers their starts, if the club does so.

    A tee time stays, as a booking does; its host may cancel it.
    """
    if since >= until or not (await session.get_one(Club, course.club_id)).tells_of_closures:
        return
    kind = NotificationKind.COURSE_CLOSED
    for row in list(await session.scalars(AT_COURSE, {"course_id": course.id, "since": since, "until": until})):
        parts: list[Part] = [(one, golfer) for one, golfer in await session.execute(PARTS, {"tee_time_id": row.id})]
        if unless_told_since and await session.scalar(TOLD, {"id": hosted_id(row), "since": unless_told_since}):
            continue
        joined = [golfer for part, golfer in parts if part.status is PartStatus.JOINED]
        party = await _party_of(session, row.booking_id)
        await tell(session, kind, row, [one for one in joined if one.user_id not in party], reason=reason, now=now)


async def _party_of(session: AsyncSession, booking_id: UUID | None) -> set[str | None]:
    """Give the users whom a booking tells of what happens to it: who made it, and its players."""
    if booking_id is None:
        return set()
    booking = await session.get_one(Booking, booking_id)
    players = (await players_of(session, [booking_id]))[booking_id]
    users = await users_of(session, [player.player_id for player in players])
    return {booking.booked_by, *users.values()}


async def _go_on(
    session: AsyncSession, booking: Booking, row: HostedTeeTime, parts: Sequence[Part], *, now: datetime
) -> None:
    """Move a tee time with its booking, take off who lost the place there, and let it come back."""
    if row.status is HostedStatus.CANCELLED and row.starts_at <= now:
        return
    before = state_of(row)
    players = (await players_of(session, [booking.id]))[booking.id]
    was_over = row.status is HostedStatus.CANCELLED
    staying = await _take_off(session, booking, row, parts, players, now=now)
    taken, free = len(staying), len(unnamed(players))
    if not taken + free:
        await _end(session, booking, row, parts, GIVEN_AWAY, now=now)
        return
    row.places = min(row.places, taken + free)
    set_open_places(row, max(0, min(row.places - taken, free)))
    row.ended_with_booking, row.cancel_reason = False, ""
    await _place(session, booking, row)
    changes = tuple(camel(name) for name, value in state_of(row).items() if before[name] != value)
    if not changes:
        return
    row.updated_at = now
    record(session, state_fact(HostedTeeTimeUpdated, row, changes=changes), now=now)
    if was_over or before["starts_at"] != row.starts_at:
        kind = NotificationKind.BOOKING_RESTORED if was_over else NotificationKind.BOOKING_MOVED
        await _tell(session, kind, booking, row, parts, now=now)


async def _place(session: AsyncSession, booking: Booking, row: HostedTeeTime) -> None:
    """Say where and when a tee time is, by its booking."""
    [(_, starts_at)] = (await session.execute(STARTS, {"ids": [booking.tee_time_id]})).all()
    row.starts_at = starts_at
    if row.course_id != booking.course_id:
        course = await session.get_one(Course, booking.course_id)
        row.course_id = course.id
        for name, value in place_of_course(course).items():
            setattr(row, name, value)


async def _take_off(
    session: AsyncSession,
    booking: Booking,
    row: HostedTeeTime,
    parts: Sequence[Part],
    players: Sequence[BookingPlayer],
    *,
    now: datetime,
) -> list[Part]:
    """Take those off a tee time whose place in the booking is there no more, or another's; gives who stays.

    Who has an account at the club was told so by the booking.
    """
    at = {player.position: player for player in players}
    users = await users_of(session, [player.player_id for player in players])
    joined = [(part, golfer) for part, golfer in parts if part.position is not None]
    staying = [one for one in joined if _is_there(at.get(one[0].position or 0), one, users)]
    for part, golfer in joined:
        if (part, golfer) in staying:
            continue
        number = part.slot_number or 0
        part.status, part.slot_number, part.position, part.updated_at = PartStatus.REMOVED, None, None, now
        part.left_number = row.last_message
        row.open_places = min(row.open_places + 1, row.places)
        row.status = HostedStatus.OPEN
        record(session, place_fact(SlotLeft, row, golfer, number), now=now)
        known = await _with_account(session, booking, [golfer])
        await tell(
            session,
            NotificationKind.SLOT_LEFT,
            row,
            [] if golfer.user_id in known else [golfer],
            about=golfer,
            now=now,
        )
    return staying


def _is_there(player: BookingPlayer | None, who: Part, users: Any) -> bool:
    """Tell whether a place is still a golfer's: by the account that the club knows, or else by the name."""
    if player is None:
        return False
    part, golfer = who
    if player.player_id is not None:
        return bool(users.get(player.player_id) == golfer.user_id)
    return f"{player.first_name} {player.last_name}".strip() == part.named_as


async def _with_account(session: AsyncSession, booking: Booking, golfers: Iterable[Golfer]) -> set[str | None]:
    given = {"club_id": booking.club_id, "users": [golfer.user_id for golfer in golfers]}
    return set(await session.scalars(WITH_ACCOUNT, given))


async def _end(
    session: AsyncSession,
    booking: Booking,
    row: HostedTeeTime,
    parts: Sequence[Part],
    reason: str,
    *,
    now: datetime,
) -> None:
    """Cancel a tee time whose booking is over; it comes back with it."""
    if row.status not in LIVE:
        return
    row.status, row.cancel_reason, row.updated_at, row.ended_with_booking = (
        HostedStatus.CANCELLED,
        reason,
        now,
        True,
    )
    record(session, HostedTeeTimeCancelled(tee_time_id=hosted_id(row), reason=reason), now=now)
    await _tell(session, NotificationKind.TEE_TIME_CANCELLED, booking, row, parts, reason=reason, now=now)


async def _tell(
    session: AsyncSession,
    kind: NotificationKind,
    booking: Booking,
    row: HostedTeeTime,
    parts: Sequence[Part],
    *,
    now: datetime,
    **more: Any,
) -> None:
    """Tell those who take part, or have asked to, and whom the booking does not tell: its maker and its players."""
    party = await _party_of(session, booking.id)
    others = [golfer for part, golfer in parts if part.status is not PartStatus.REMOVED and golfer.user_id not in party]
    await tell(session, kind, row, others, now=now, **more)
