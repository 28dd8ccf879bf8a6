"""Rounds by the word of the staff: the last hole corrected, back or forward, and groups that have walked in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.play.groups import lock_group_as_staff
from domain.tee_sheet.play.pace import measure, plan_of, round_of, tell_of_round
from domain.tee_sheet.play.pace_rules import number_in_lap
from domain.tee_sheet.play.problems import HoleAlreadyRecorded, NotOnCourse
from domain.tee_sheet.play.rounds import MOMENT, check_moment
from domain.tee_sheet.play.suspensions import pauses_of
from events.tee_sheet.play import BookingHoleCorrected, BookingRoundEnded
from kit.errors import InvalidInput
from kit.ids import new_id
from kit.text import check_range
from models.tee_sheet.play import CompletedHole, Round
from models.tee_sheet.tables import Booking
from models.tee_sheet.values import BookingStatus

TEED_OFF = frozenset({BookingStatus.ON_COURSE, BookingStatus.COMPLETED})
MOST_LAPS = 2


async def correct_hole(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    hole: int | None = None,
    lap: int = 1,
    completed_at: datetime | None = None,
    now: datetime,
) -> Booking:
    """Set the hole that a group has completed last, back or forward; none if it has completed none.

    What was reported beyond it is forgotten, and what was reported of it stays, unless a moment is given. A round that
    was over goes on with that, and the last hole ends it.
    Raises NotFound, NotAllowed, InvalidInput, NotOnCourse, HoleAlreadyRecorded, HoleNotInRound.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    booking = group.booking
    if booking.status not in TEED_OFF:
        raise NotOnCourse(status=booking.status)
    played = await round_of(session, booking.id)
    if hole is None and completed_at is not None:
        raise InvalidInput(message="Say which hole was completed then.", path=MOMENT)
    number = _number(played, hole, lap)
    before, level = played.holes_completed, played.level
    is_so = number == before and (booking.status is BookingStatus.ON_COURSE or number == played.holes)
    if is_so and completed_at is None:
        raise HoleAlreadyRecorded(holes_completed=before)
    pauses = await pauses_of(session, course_id=played.course_id, since=played.teed_off_at)
    await _set_last(session, played, number, hole, completed_at, viewer=viewer, now=now)
    booking.status = BookingStatus.COMPLETED if played.completed_at else BookingStatus.ON_COURSE
    await measure(session, played, pauses=pauses, now=now)
    more = {"previous_holes_completed": before}
    await tell_of_round(session, group, played, BookingHoleCorrected, before=level, now=now, **more)
    return booking


async def end_round(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    hole: int | None = None,
    lap: int = 1,
    now: datetime,
) -> Booking:
    """End the round of a group that has left the course, after the hole that is given, or the last that is known of it.

    To correct its last hole lets it go on. Raises NotFound, NotAllowed, InvalidInput, NotOnCourse, HoleNotInRound.
    """
    group = await lock_group_as_staff(session, viewer=viewer, booking_id=booking_id)
    if group.booking.status is not BookingStatus.ON_COURSE:
        raise NotOnCourse(status=group.booking.status)
    played = await round_of(session, group.booking.id)
    level = played.level
    if hole is not None:
        number = _number(played, hole, lap)
        if number != played.holes_completed:
            await _set_last(session, played, number, hole, None, viewer=viewer, now=now)
            pauses = await pauses_of(session, course_id=played.course_id, since=played.teed_off_at)
            await measure(session, played, pauses=pauses, now=now)
    played.completed_at, played.level = played.completed_at or now, None
    group.booking.status = BookingStatus.COMPLETED
    await tell_of_round(session, group, played, BookingRoundEnded, before=level, now=now)
    return group.booking


def _number(played: Round, hole: int | None, lap: int) -> int:
    """Give which hole of the round is meant, 0 for none. Raises InvalidInput, HoleNotInRound."""
    check_range(lap, 1, MOST_LAPS, path=("input", "lap"))
    if hole is None:
        return 0
    check_range(hole, 1, played.course_holes, path=("input", "hole"))
    return number_in_lap(plan_of(played), hole, lap=lap)


async def _set_last(
    session: AsyncSession,
    played: Round,
    number: int,
    hole: int | None,
    completed_at: datetime | None,
    *,
    viewer: Viewer,
    now: datetime,
) -> None:
    """Note which hole was completed last, and forget those beyond it. Raises InvalidInput."""
    rows = select(CompletedHole).where(CompletedHole.round_id == played.id)
    known = {row.number: row for row in await session.scalars(rows.execution_options(populate_existing=True))}
    earlier = [row.completed_at for row in known.values() if row.number < number]
    at = _moment(known.get(number), completed_at, since=max([played.teed_off_at, *earlier]), now=now)
    if max(known, default=0) > number:
        beyond = (CompletedHole.round_id == played.id, CompletedHole.number > number)
        await session.execute(delete(CompletedHole).where(*beyond))
    played.holes_completed, played.last_hole = number, hole
    played.last_completed_at = at if number else None
    played.completed_at = at if number == played.holes else None
    if number in known:
        known[number].completed_at = at
    elif hole is not None:
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


def _moment(known: CompletedHole | None, completed_at: datetime | None, *, since: datetime, now: datetime) -> datetime:
    """Say when the hole was completed: as is told, as was reported, or just now. Raises InvalidInput."""
    if completed_at is None:
        return known.completed_at if known else max(now, since)
    if completed_at.tzinfo is None:
        raise InvalidInput(message="Give the time with its offset, as in 2026-05-04T09:30:00Z.", path=MOMENT)
    check_moment(completed_at, since=since, now=now)
    return completed_at
