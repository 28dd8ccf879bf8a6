"""A course gets another status, or the same one for another reason or time, with all that follows from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts.closing import resume_carts, suspend_carts
from domain.clubs.closures import closed_until, end_of_day
from domain.course.audit import LABELS, log_change
from domain.course.conditions import conditions_fact, lock_conditions, tell_conditions
from domain.course.status import Wanted, take_over
from domain.journeys import hosted_for_bookings
from domain.journeys.course_closing import (
    Reach,
    Span,
    block_free_places,
    dates_of,
    put_back_on_sale,
    reach_of,
    take_out_of_sale,
)
from domain.journeys.course_notices import reason_of, tell_closed, tell_of_transition
from events.course import CourseConditionsChanged, CourseStatusChanged
from events.log import record
from models.clubs.tables import Course
from models.course.tables import CourseConditions
from models.course.values import CourseStatus, StatusSource


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCourse:
    """A course whose row this transaction holds, so that its status, closure and conditions change by nobody else."""

    course: Course
    conditions: CourseConditions
    before: CourseConditionsChanged
    """What everybody could know of it when it was locked."""
    viewer: Viewer | None
    """Who changes it; None for the club's own jobs."""
    cooldown: timedelta
    """For how long people who were told of a change that nobody made are not told of another."""
    now: datetime


async def hold_course(
    session: AsyncSession, course: Course, *, viewer: Viewer | None, cooldown: timedelta, now: datetime
) -> HeldCourse:
    """Lock a course with its conditions."""
    conditions = await lock_conditions(session, course)
    before = conditions_fact(course, conditions, now=now)
    return HeldCourse(course=course, conditions=conditions, before=before, viewer=viewer, cooldown=cooldown, now=now)


def tell_of(session: AsyncSession, held: HeldCourse) -> None:
    """Record what everybody may know of the course, if that has changed since it was locked."""
    tell_conditions(session, held.course, held.conditions, before=held.before, now=held.now)


async def transition(session: AsyncSession, held: HeldCourse, wanted: Wanted, *, blocks: bool = False) -> None:
    """Give a course its status, with all that follows: closure, tee sheets, carts, log, facts, notifications.

    `blocks` tells that a closure shall block the free places that it covers. The row is written before any start is
    locked: who sells a place shares it, and has either committed or will see the new status.
    """
    course, now, previous = held.course, held.now, held.course.status
    take_over(course, held.conditions, wanted, now=now)
    await session.flush()
    reach = await reach_of(session, course, blocks=blocks, now=now)
    await log_change(session, course, held.conditions, previous=previous, wanted=wanted, viewer=held.viewer, now=now)
    carts = await _suspend_or_resume(session, held, reach)
    record(session, await _fact(session, held, wanted, reach, previous=previous, carts=carts), now=now)
    tell_of(session, held)
    await _follow_up(session, held, wanted, reach, blocks=blocks)
    if wanted.source is not StatusSource.MANUAL and course.status is not previous:
        await tell_of_transition(
            session,
            course,
            held.conditions,
            previous=previous,
            viewer=held.viewer,
            cooldown=held.cooldown,
            now=now,
        )


async def _suspend_or_resume(session: AsyncSession, held: HeldCourse, reach: Reach) -> int:
    """Suspend the carts of a course that closes, or of what its closure covers now; gives how many these were.

    A closure that has ended gives back what it suspended, and nothing else.
    """
    if reach.closure is None:
        return 0
    course, closure, now = held.course, reach.closure, held.now
    if closure.ended_at is not None:
        await resume_carts(session, course=course, closure_id=closure.id, now=now)
    elif reach.covered or reach.has_begun:
        return await suspend_carts(session, course=course, closure_id=closure.id, now=now)
    return 0


async def _fact(
    session: AsyncSession, held: HeldCourse, wanted: Wanted, reach: Reach, *, previous: CourseStatus, carts: int
) -> CourseStatusChanged:
    course, now = held.course, held.now
    return CourseStatusChanged(
        club_id=held.before.club_id,
        course_id=held.before.course_id,
        date=held.before.date,
        previous_status=previous,
        previous_since=held.before.since,
        new_status=course.status,
        source=wanted.source,
        causes=wanted.causes,
        playability_score=held.conditions.score,
        reason=wanted.reason or wanted.remark,
        carts_suspended=carts,
        closed_until=closed_until(course, now=now),
        dates=await dates_of(session, course, _concerned(held, reach)),
    )


def _concerned(held: HeldCourse, reach: Reach) -> Span:
    """Give the time that a change concerns: the rest of the day, and as far as the old and the new status reach."""
    ends = [end_of_day(held.course.time_zone, now=held.now), reach.covered.until, reach.uncovered.until]
    overrides = (held.before.override_until, held.conditions.override_until)
    return Span(held.now, max(*ends, *filter(None, overrides)))


async def _follow_up(session: AsyncSession, held: HeldCourse, wanted: Wanted, reach: Reach, *, blocks: bool) -> None:
    """Bring the tee sheets up to a closure, and tell the parties whom it concerns; each of them once a closure."""
    course, now = held.course, held.now
    by = held.viewer.user_id if held.viewer else LABELS[wanted.source]
    bookings = await take_out_of_sale(session, course, reach, now=now)
    await put_back_on_sale(session, course, reach, by=by, now=now)
    reason = reason_of(course, held.conditions)
    if blocks:
        await block_free_places(session, course, reach, reason=reason, by=by, now=now)
    since = None if wanted.until else now - held.cooldown
    await tell_closed(session, course, bookings, reason=reason, viewer=held.viewer, unless_told_since=since, now=now)
    span = reach.covered
    await hosted_for_bookings.tell_closed(
        session, course, since=span.since, until=span.until, reason=reason, unless_told_since=since, now=now
    )
