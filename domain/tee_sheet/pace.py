"""The pace of the groups on the course: tee-off, completed holes, alerts, the last hole."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.tee_sheet.booking_rules import check_transition
from domain.tee_sheet.bookings import find_booking
from domain.tee_sheet.groups import Group, check_day_has_come, lock_group, lock_group_as_staff
from domain.tee_sheet.pace_rules import (
    RoundPlan,
    Span,
    gap_minutes,
    level_of,
    minutes_behind,
    minutes_of_play,
    number_of_hole,
)
from domain.tee_sheet.play_problems import NobodyCheckedIn, NotOnCourse
from domain.tee_sheet.suspensions import pauses_of
from events.log import record
from events.tee_sheet_play import BookingPaceUpdated, BookingTeeOff, PaceAlert
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.ids import new_id
from kit.text import check_range
from models.clubs.tables import Club, Course
from models.tee_sheet.play import CompletedHole, Round
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus

FULL_ROUND = 18
WATCHED_FOR = timedelta(days=2)
"""How long after its tee-off a group is watched: a round that nobody ever reported to its end is left at last."""


async def tee_off(
    session: AsyncSession, *, viewer: Viewer, booking_id: UUID, expected_minutes: int | None = None, now: datetime
) -> Booking:
    """Send a group off its tee; at least one of its players has checked in. Its clock starts.

    `expected_minutes` is for a group of which another pace is expected than the course's.
    Raises NotFound, NotAllowed, InvalidInput, NobodyCheckedIn, TransitionRefused, TooEarly.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    booking = group.booking
    if booking.status is BookingStatus.CONFIRMED:
        raise NobodyCheckedIn
    check_transition(booking.status, BookingStatus.ON_COURSE)
    check_day_has_come(group.sheet, now=now)
    if expected_minutes is not None:
        check_range(expected_minutes, 20, 600, path=("input", "expectedMinutes"))
    course = await session.get_one(Course, booking.course_id)
    club = await session.get_one(Club, booking.club_id)
    booking.status = BookingStatus.ON_COURSE
    begun = _round(group, course, expected_minutes=expected_minutes, now=now)
    session.add(begun)
    told = {"teed_off_at": now, "start_hole": begun.start_hole, "expected_minutes": begun.expected_minutes}
    record(session, group.party_fact(BookingTeeOff, club, **told), now=now)
    return booking


def _round(group: Group, course: Course, *, expected_minutes: int | None, now: datetime) -> Round:
    booking, tee_time = group.booking, group.locked.tee_time
    usual = course.minutes_for_18_holes if booking.holes == FULL_ROUND else course.minutes_for_9_holes
    return Round(
        id=new_id(),
        tenant_id=booking.tenant_id,
        club_id=booking.club_id,
        course_id=booking.course_id,
        sheet_id=group.sheet.id,
        booking_id=booking.id,
        planned_at=tee_time.starts_at,
        teed_off_at=now,
        start_hole=tee_time.tee,
        holes=booking.holes,
        course_holes=group.sheet.holes,
        expected_minutes=usual if expected_minutes is None else expected_minutes,
        time_par=course.time_par if course.holes == group.sheet.holes else None,
        holes_completed=0,
    )


async def record_hole(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    hole: int,
    completed_at: datetime | None = None,
    now: datetime,
) -> Booking:
    """Note that a group has completed a hole, just now or at a moment before; the last one ends its round.

    Raises NotFound, NotAllowed, InvalidInput, NotOnCourse, HoleAlreadyRecorded, HoleNotInRound.
    """
    group = await _lock_group_of_reporter(session, viewer=viewer, booking_id=booking_id)
    if group.booking.status is not BookingStatus.ON_COURSE:
        raise NotOnCourse(status=group.booking.status)
    played = await _round_of(session, group.booking.id)
    check_range(hole, 1, played.course_holes, path=("input", "hole"))
    at = _checked_moment(played, completed_at, now=now)
    number = number_of_hole(plan_of(played), hole, completed=played.holes_completed)
    _note(session, played, hole=hole, number=number, at=at, viewer=viewer)
    await session.flush()
    await _tell_of_hole(session, group, played, now=now)
    return group.booking


async def _lock_group_of_reporter(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> Group:
    booking = await session.get(Booking, booking_id)
    by_device = booking is not None and viewer.has(Role.DEVICE) and viewer.may_see_club(booking.club_id)
    if booking is None or not by_device:
        booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
        if not viewer.is_staff_of(booking.club_id):
            raise NotAllowed(message="Only the club's staff and its devices may report a hole.")
    return await lock_group(session, booking)


async def _round_of(session: AsyncSession, booking_id: UUID) -> Round:
    row = select(Round).where(Round.booking_id == booking_id)
    found = await session.scalar(row.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(message="This booking has no round.")
    return found


def _checked_moment(played: Round, completed_at: datetime | None, *, now: datetime) -> datetime:
    """Read when a hole was completed: from the tee-off and the hole before on, up to now. Raises InvalidInput."""
    before = played.last_completed_at or played.teed_off_at
    if completed_at is None:
        return max(now, before)
    path = ("input", "completedAt")
    if completed_at.tzinfo is None:
        raise InvalidInput(message="Give the time with its offset, as in 2026-05-04T09:30:00Z.", path=path)
    if not before <= completed_at <= now:
        raise InvalidInput(
            message="Give a time after the group's tee-off and its hole before, and not in the future.", path=path
        )
    return completed_at


def _note(session: AsyncSession, played: Round, *, hole: int, number: int, at: datetime, viewer: Viewer) -> None:
    played.holes_completed, played.last_hole, played.last_completed_at = number, hole, at
    if number == played.holes:
        played.completed_at = at
    session.add(
        CompletedHole(
            id=new_id(),
            tenant_id=played.tenant_id,
            round_id=played.id,
            number=number,
            hole=hole,
            completed_at=at,
            reported_by=viewer.user_id,
        )
    )


async def _tell_of_hole(session: AsyncSession, group: Group, played: Round, *, now: datetime) -> None:
    pauses = await pauses_of(session, course_id=played.course_id, since=played.teed_off_at)
    played.minutes_behind = behind_now(played, pauses=pauses, now=now)
    played.gap_minutes = await _gap(session, played)
    before, played.level = played.level, level_of(played.minutes_behind)
    if played.completed_at:
        group.booking.status, played.level = BookingStatus.COMPLETED, None
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


async def _alert(session: AsyncSession, group: Group, played: Round, *, now: datetime) -> None:
    """Tell that the level of a group has changed. Whoever is to be notified of it is notified from here."""
    told = {
        "level": played.level,
        "minutes_behind": played.minutes_behind,
        "holes_completed": played.holes_completed,
        "gap_minutes": played.gap_minutes,
    }
    record(session, group.fact(PaceAlert, **told), now=now)


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
    played = await _round_of(session, booking.id)
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
