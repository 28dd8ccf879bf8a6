"""Following the weather: one evaluation of a course, kept, and acted on unless the staff have the say."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.closures import closed_until, live_closure
from domain.course.memory import Memory
from domain.course.rules import Decision, decide
from domain.course.status import ALL_CLEAR, Wanted, drop_override, is_overridden, keep_decision
from domain.course.thresholds import thresholds_of
from domain.journeys.course_transitions import HeldCourse, tell_of, transition
from kit.jobs import defer
from models.clubs.tables import Course
from models.course.values import CourseStatus, StatusCause, StatusSource, Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How the weather is followed."""

    margin: int
    """How far the score has to rise above a threshold until the course recovers."""
    source: StatusSource = StatusSource.AUTO_WEATHER
    ended: StatusCause | None = None
    """How the override has ended that had the say until now; the status is decided afresh then."""
    remark: str = ""


def ended_if_due(held: HeldCourse, how: How) -> How:
    """End an override that is past its end first, whoever comes by: nobody may have worked when its time came."""
    if held.conditions.override_until is None or is_overridden(held.conditions, now=held.now):
        return how
    return replace(how, source=StatusSource.SCHEDULED, ended=StatusCause.OVERRIDE_EXPIRED)


async def follow_weather(session: AsyncSession, held: HeldCourse, weather: Weather | None, how: How) -> Decision:
    """Decide by weather and lightning, keep what that comes to, and change the status unless an override says no."""
    course, conditions, now = held.course, held.conditions, held.now
    if how.ended:
        drop_override(conditions)
    thresholds = await thresholds_of(session, course_id=course.id)
    decision = decide(
        status=course.status,
        weather=weather,
        last_strike_at=conditions.last_strike_at,
        memory=Memory.of_json(conditions.memory),
        thresholds=thresholds,
        margin=how.margin,
        now=now,
        afresh=how.ended is not None,
    )
    keep_decision(conditions, decision, weather, now=now)
    await _put_down_all_clear(session, held)
    if conditions.override_until is not None:
        tell_of(session, held)
    elif how.ended or await _moves(session, held, decision):
        causes = (*decision.causes, *([how.ended] if how.ended else []))
        wanted = Wanted(status=decision.status, source=how.source, causes=causes, remark=how.remark)
        blocks = thresholds.auto_block_on_severe and wanted.status is CourseStatus.CLOSED
        await transition(session, held, wanted, blocks=blocks)
    else:
        conditions.causes = list(decision.causes)
        tell_of(session, held)
    return decision


async def _moves(session: AsyncSession, held: HeldCourse, decision: Decision) -> bool:
    """Tell whether the status changes, or a closure has come into another day, which it covers from now on too."""
    if decision.status is not held.course.status:
        return True
    if decision.status is not CourseStatus.CLOSED:
        return False
    closure = await live_closure(session, held.course.id)
    return closure is None or closure.reaches_until != closed_until(held.course, now=held.now)


async def _put_down_all_clear(session: AsyncSession, held: HeldCourse) -> None:
    """Have the worker decide anew when lightning has passed; each later strike puts down a later job of its own."""
    until = held.conditions.lightning_until
    if until is not None and until != held.before.lightning_until:
        await put_down(session, ALL_CLEAR, held.course, at=until, now=held.now)


async def put_down(session: AsyncSession, task: str, course: Course, *, at: datetime, now: datetime) -> None:
    """Have the worker look at a course at a moment; a task that is not needed then does nothing."""
    once = f"{task}:{course.id}:{at.isoformat()}"
    await defer(session, task, at=at, now=now, once=once, course_id=str(course.id))
