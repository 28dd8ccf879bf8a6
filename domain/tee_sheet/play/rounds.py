"""Rounds: a group tees off, completes its holes, and with the last one its round."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.tee_sheet.booking.access import find_booking
from domain.tee_sheet.booking.rules import check_transition
from domain.tee_sheet.play.groups import Group, check_day_has_come, lock_group, lock_group_as_staff
from domain.tee_sheet.play.pace import clear_alert, plan_of, round_of, tell_of_hole
from domain.tee_sheet.play.pace_rules import minutes_of_play, number_of_hole
from domain.tee_sheet.play.problems import NobodyCheckedIn, NotOnCourse
from domain.tee_sheet.play.suspensions import pauses_of
from events.log import record
from events.tee_sheet.play import BookingTeeOff, BookingTeeOffUndone
from kit.errors import InvalidInput, NotAllowed
from kit.ids import new_id
from kit.text import check_range
from models.clubs.tables import Course
from models.tee_sheet.play import CompletedHole, Round
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus

FULL_ROUND = 18
MOMENT = ("input", "completedAt")


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
    booking.status = BookingStatus.ON_COURSE
    begun = _round(group, course, viewer=viewer, expected_minutes=expected_minutes, now=now)
    session.add(begun)
    told = {"teed_off_at": now, "start_hole": begun.start_hole, "expected_minutes": begun.expected_minutes}
    record(session, group.party_fact(BookingTeeOff, **told), now=now)
    return booking


def _round(group: Group, course: Course, *, viewer: Viewer, expected_minutes: int | None, now: datetime) -> Round:
    booking, tee_time = group.booking, group.start.tee_time
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
        teed_off_by=viewer.user_id,
        start_hole=tee_time.tee,
        holes=booking.holes,
        course_holes=group.sheet.holes,
        expected_minutes=usual if expected_minutes is None else expected_minutes,
        time_par=course.time_par if course.holes == group.sheet.holes else None,
        holes_completed=0,
    )


async def undo_tee_off(session: AsyncSession, *, viewer: Viewer, booking_id: UUID, now: datetime) -> Booking:
    """Take a tee-off back: the group waits for its start again. Its round is forgotten, with the holes reported of it.

    Raises NotFound, NotAllowed, NotOnCourse.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    if group.booking.status is not BookingStatus.ON_COURSE:
        raise NotOnCourse(status=group.booking.status)
    played = await round_of(session, group.booking.id)
    await session.execute(delete(CompletedHole).where(CompletedHole.round_id == played.id))
    await session.execute(delete(Round).where(Round.id == played.id))
    group.booking.status = BookingStatus.CHECKED_IN
    clear_alert(session, group, played, now=now)
    told = {"teed_off_at": played.teed_off_at, "holes_completed": played.holes_completed}
    record(session, group.party_fact(BookingTeeOffUndone, **told), now=now)
    return group.booking


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
    played = await round_of(session, group.booking.id)
    check_range(hole, 1, played.course_holes, path=("input", "hole"))
    at = _moment(played, completed_at, now=now)
    pauses = await pauses_of(session, course_id=played.course_id, since=played.teed_off_at)
    number = number_of_hole(
        plan_of(played),
        hole,
        completed=played.holes_completed,
        completed_after=minutes_of_play(played.teed_off_at, last_moment(played), pauses),
        reported_after=minutes_of_play(played.teed_off_at, at, pauses),
    )
    check_moment(at, since=last_moment(played), now=now)
    _note(session, played, hole=hole, number=number, at=at, viewer=viewer)
    await tell_of_hole(session, group, played, pauses=pauses, now=now)
    return group.booking


async def _lock_group_of_reporter(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> Group:
    booking = await session.get(Booking, booking_id)
    by_device = booking is not None and viewer.has(Role.DEVICE) and viewer.may_see_club(booking.club_id)
    if booking is None or not by_device:
        booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
        if not viewer.is_staff_of(booking.club_id):
            raise NotAllowed(message="Only the club's staff and its devices may report a hole.")
    return await lock_group(session, booking)


def _moment(played: Round, completed_at: datetime | None, *, now: datetime) -> datetime:
    """Read when a hole was completed, if not just now. Raises InvalidInput."""
    if completed_at is None:
        return max(now, last_moment(played))
    if completed_at.tzinfo is None:
        raise InvalidInput(message="Give the time with its offset, as in 2026-05-04T09:30:00Z.", path=MOMENT)
    return completed_at


def last_moment(played: Round) -> datetime:
    """Give when a group completed its last hole, or teed off if it has completed none."""
    return played.last_completed_at or played.teed_off_at


def check_moment(at: datetime, *, since: datetime, now: datetime) -> None:
    """Refuse a moment that is not between the hole before, or the tee-off, and now. Raises InvalidInput."""
    if not since <= at <= max(now, since):
        message = "Give a time after the group's tee-off and its hole before, and not in the future."
        raise InvalidInput(message=message, path=MOMENT)


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
