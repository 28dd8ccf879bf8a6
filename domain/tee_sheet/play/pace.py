"""The pace of the groups on the course: what a completed hole says of it, alerts, and the watch of every minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.notifications.notifications import notify
from domain.tee_sheet.offers.notices import about_start
from domain.tee_sheet.play.groups import Group, lock_group
from domain.tee_sheet.play.pace_rules import Span, gap_minutes, level_of, minutes_behind, minutes_of_play
from domain.tee_sheet.play.suspensions import pauses_of
from domain.tee_sheet.sheets.round_plan import RoundPlan
from events.log import record
from events.tee_sheet.play import BookingPaceUpdated, PaceAlert, RoundState
from kit.errors import NotFound
from kit.ids import public_id
from models.notifications import NotificationKind
from models.tee_sheet.play import CompletedHole, Round
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus, PaceLevel

WATCHED_FOR = timedelta(days=2)
"""How long after its tee-off a group is watched: a round that nobody ever reported to its end is left at last."""


async def round_of(session: AsyncSession, booking_id: UUID) -> Round:
    """Read the round of a booking anew. Raises NotFound for one that has not teed off."""
    row = select(Round).where(Round.booking_id == booking_id)
    found = await session.scalar(row.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(message="This booking has no round.")
    return found


async def tell_of_hole(
    session: AsyncSession, group: Group, played: Round, *, pauses: Sequence[Span], now: datetime
) -> None:
    """Work out the pace of a group that has just completed a hole, and tell of it; the last hole ends its round."""
    before = played.level
    await measure(session, played, pauses=pauses, now=now)
    if played.completed_at:
        group.booking.status = BookingStatus.COMPLETED
    told = {
        "hole": played.last_hole,
        "holes_completed": played.holes_completed,
        "completed_at": played.last_completed_at,
        "minutes_behind": played.minutes_behind,
        "gap_minutes": played.gap_minutes,
        "level": played.level,
    }
    record(session, group.fact(BookingPaceUpdated, **told), now=now)
    if played.level is not before:
        await _alert(session, group, played, now=now)


async def measure(session: AsyncSession, played: Round, *, pauses: Sequence[Span], now: datetime) -> None:
    """Work out a round's pace anew. None is known before its first hole, and none is warned of once it is over."""
    if played.last_completed_at is None:
        played.minutes_behind = played.gap_minutes = played.level = None
        return
    played.minutes_behind = behind_now(played, pauses=pauses, now=now)
    played.gap_minutes = await _gap(session, played)
    played.level = None if played.completed_at else level_of(played.minutes_behind)


async def tell_of_round(
    session: AsyncSession,
    group: Group,
    played: Round,
    kind: type[RoundState],
    *,
    before: PaceLevel | None,
    now: datetime,
    **more: int,
) -> None:
    """Tell of a round that the staff have corrected or ended; `before` is its level until then."""
    told = {
        "hole": played.last_hole,
        "holes_completed": played.holes_completed,
        "last_completed_at": played.last_completed_at,
        "completed_at": played.completed_at,
        "minutes_behind": played.minutes_behind,
        "gap_minutes": played.gap_minutes,
        "level": played.level,
    }
    record(session, group.fact(kind, **told, **more), now=now)
    if played.level is not before:
        await _alert(session, group, played, now=now)


def clear_alert(session: AsyncSession, group: Group, played: Round, *, now: datetime) -> None:
    """Tell that a group's alert is cleared, if it has one."""
    if played.level is not None:
        _tell_level(session, group, played, None, now=now)


def _tell_level(session: AsyncSession, group: Group, played: Round, level: PaceLevel | None, *, now: datetime) -> None:
    told = {
        "level": level,
        "minutes_behind": played.minutes_behind or 0.0,
        "holes_completed": played.holes_completed,
        "gap_minutes": played.gap_minutes,
    }
    record(session, group.fact(PaceAlert, **told), now=now)


async def _alert(session: AsyncSession, group: Group, played: Round, *, now: datetime) -> None:
    """Tell that the level of a group has changed, and the starter who sent it off, if it has become critical."""
    _tell_level(session, group, played, played.level, now=now)
    if played.level is PaceLevel.CRITICAL:
        data = await about_start(session, group.start) | {"booking_id": public_id("booking", played.booking_id)}
        await notify(
            session,
            tenant_id=played.tenant_id,
            kind=NotificationKind.PACE_CRITICAL,
            data=data | {"minutes_behind": round(played.minutes_behind or 0)},
            users=[played.teed_off_by],
            now=now,
        )


def plan_of(played: Round) -> RoundPlan:
    """Give what was expected of a round when it began."""
    return RoundPlan(
        course_holes=played.course_holes,
        holes=played.holes,
        start_hole=played.start_hole,
        expected_minutes=played.expected_minutes,
        time_par=played.time_par,
    )


def behind_now(played: Round, *, pauses: Sequence[Span], now: datetime) -> float:
    """Give the minutes that a group is behind now; 0 as long as nobody has reported a hole."""
    if played.last_completed_at is None:
        return 0.0
    return minutes_behind(
        plan_of(played),
        completed=played.holes_completed,
        completed_after=minutes_of_play(played.teed_off_at, played.last_completed_at, pauses),
        now_after=minutes_of_play(played.teed_off_at, max(now, played.last_completed_at), pauses),
    )


async def _gap(session: AsyncSession, played: Round) -> float | None:
    """Give the gap to the group ahead: the one that started last before this one from the same tee."""
    ahead = await session.scalar(
        select(Round)
        .where(
            Round.sheet_id == played.sheet_id,
            Round.start_hole == played.start_hole,
            Round.planned_at < played.planned_at,
        )
        .order_by(Round.planned_at.desc(), Round.teed_off_at.desc())
        .limit(1)
    )
    if ahead is None:
        return None
    rows = await session.execute(
        select(CompletedHole.round_id, CompletedHole.number, CompletedHole.completed_at).where(
            CompletedHole.round_id.in_([played.id, ahead.id])
        )
    )
    holes: dict[UUID, dict[int, datetime]] = {played.id: {}, ahead.id: {}}
    for round_id, number, at in rows:
        holes[round_id][number] = at
    pauses = await pauses_of(session, course_id=played.course_id, since=ahead.teed_off_at)
    return gap_minutes(holes[played.id], holes[ahead.id], interval=played.planned_at - ahead.planned_at, pauses=pauses)


async def watch_course(session: AsyncSession, *, course_id: UUID, now: datetime) -> list[Booking]:
    """Look at all groups on a course, and tell of those whose level has changed; gives their bookings.

    Tee times are locked in the order of their ids, and for those groups alone.
    """
    in_play = await session.execute(
        select(Round, Booking)
        .join(Booking, Round.booking_id == Booking.id)
        .where(
            Round.course_id == course_id,
            Round.completed_at.is_(None),
            Round.holes_completed > 0,
            Round.teed_off_at > now - WATCHED_FOR,
        )
        .order_by(Booking.tee_time_id, Booking.id)
    )
    rows = [(played, booking) for played, booking in in_play]
    if not rows:
        return []
    since = min(played.teed_off_at for played, _ in rows)
    pauses = await pauses_of(session, course_id=course_id, since=since)
    due = [booking for played, booking in rows if _new_level(played, pauses, now) is not played.level]
    return [booking for booking in due if await _watch(session, booking, pauses=pauses, now=now)]


def _new_level(played: Round, pauses: Sequence[Span], now: datetime) -> object:
    return level_of(behind_now(played, pauses=pauses, now=now))


async def _watch(session: AsyncSession, booking: Booking, *, pauses: Sequence[Span], now: datetime) -> bool:
    """Tell of a group's level if it has changed, once its tee time is locked and nobody else can tell of it."""
    group = await lock_group(session, booking)
    played = await round_of(session, booking.id)
    behind = behind_now(played, pauses=pauses, now=now)
    level = level_of(behind)
    if played.completed_at or level is played.level:
        return False
    played.minutes_behind, played.level = behind, level
    await _alert(session, group, played, now=now)
    return True


async def courses_in_play(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the courses of all tenants with groups whose pace is known, as tenant and course."""
    found = text(
        "SELECT DISTINCT tenant_id, course_id FROM rounds"
        " WHERE completed_at IS NULL AND holes_completed > 0 AND teed_off_at > :since"
    )
    return [(row.tenant_id, row.course_id) for row in await session.execute(found, {"since": now - WATCHED_FOR})]
