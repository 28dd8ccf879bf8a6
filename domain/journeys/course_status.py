"""The status of a course as it changes: by the weather, by lightning, by the staff, by the end of what the staff said.

Every change is one transaction with all that follows from it. Whoever changes a course's status holds its row's lock,
so that changes of one course follow one after the other, and each decides by what the one before has left.
"""

from datetime import datetime, timedelta
from math import inf
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Role, Viewer
from domain.clubs.access import find_course, refuse_unless_staff
from domain.clubs.closures import end_of_day
from domain.course.conditions import weather_of
from domain.course.observations import CLOCKS_DIFFER_BY
from domain.course.problems import NoOverride, StrikeTooFar
from domain.course.rules import LIGHTNING_HOLDS_FOR, Decision
from domain.course.status import EXPIRE_OVERRIDE, LONGEST_REASON, Wanted, check_override_end, newest, put_override
from domain.journeys.course_decisions import How, ended_if_due, follow_weather, put_down
from domain.journeys.course_notices import tell_of_outage
from domain.journeys.course_transitions import HeldCourse, hold_course, transition
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.text import clean_name
from models.clubs.tables import Course
from models.course.values import CourseStatus, StatusCause, StatusSource, Weather

REACH_KM = 16.0
"""Up to how many kilometres away lightning closes a course."""
COOLDOWN = timedelta(hours=1)
"""For how long people are not told again of changes that nobody made, unless the settings say otherwise."""


class CourseToCheck(NamedTuple):
    """A course of some tenant whose weather can be read, since it says where it lies."""

    tenant_id: UUID
    course_id: UUID
    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""


async def courses_to_check(session: AsyncSession) -> list[CourseToCheck]:
    """List the courses of all tenants that say where they lie."""
    located = text(
        "SELECT tenant_id, id, latitude, longitude FROM courses"
        " WHERE latitude IS NOT NULL AND longitude IS NOT NULL ORDER BY tenant_id, id"
    )
    return [CourseToCheck(*row) for row in await session.execute(located)]


async def set_status(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    status: CourseStatus,
    reason: str,
    until: datetime | None = None,
    now: datetime,
) -> Course:
    """Override a course's status until an instant, or else the next midnight of the course; replaces what was in force.

    Raises NotFound, NotAllowed, InvalidInput, OverrideEndRefused.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    path = ("input", "reason")
    reason = clean_name(reason, path=path, longest=LONGEST_REASON, empty=True)
    if not reason:
        raise InvalidInput(message="Say why: players and the log are shown it.", path=path)
    held = await hold_course(session, course, viewer=viewer, cooldown=COOLDOWN, now=now)
    end = check_override_end(until, now=now) if until else end_of_day(course.time_zone, now=now)
    causes = (StatusCause.OVERRIDE,)
    wanted = Wanted(status=status, source=StatusSource.MANUAL, causes=causes, reason=reason, until=end)
    put_override(held.conditions, wanted, viewer=viewer, now=now)
    await transition(session, held, wanted)
    await put_down(session, EXPIRE_OVERRIDE, course, at=end, now=now)
    return course


async def clear_override(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    reason: str = "",
    margin: int,
    alert_cooldown: timedelta = COOLDOWN,
    now: datetime,
) -> Course:
    """End the override of a course: its status is decided afresh, by the weather that was read last.

    Raises NotFound, NotAllowed, InvalidInput, NoOverride.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    refuse_unless_staff(viewer, course.club_id)
    remark = clean_name(reason, path=("input", "reason"), longest=LONGEST_REASON, empty=True)
    held = await hold_course(session, course, viewer=viewer, cooldown=alert_cooldown, now=now)
    if held.conditions.override_until is None:
        raise NoOverride
    how = How(margin=margin, source=StatusSource.MANUAL, ended=StatusCause.OVERRIDE_CLEARED, remark=remark)
    await follow_weather(session, held, weather_of(held.conditions), how)
    return course


async def expire_override(
    session: AsyncSession, *, course_id: UUID, margin: int, alert_cooldown: timedelta = COOLDOWN, now: datetime
) -> Decision | None:
    """End the override of a course whose time has come: its status is decided afresh, by the weather read last.

    Gives None when it has ended before, or was replaced by one that is not due yet.
    """
    held = await _hold_for_job(session, course_id, cooldown=alert_cooldown, now=now)
    ends_at = held.conditions.override_until
    if ends_at is None or ends_at > now:
        return None
    how = How(margin=margin, source=StatusSource.SCHEDULED, ended=StatusCause.OVERRIDE_EXPIRED)
    return await follow_weather(session, held, weather_of(held.conditions), how)


async def report_lightning(
    session: AsyncSession,
    *,
    viewer: Viewer,
    course_id: UUID,
    at: datetime | None = None,
    distance_km: float | None = None,
    margin: int,
    alert_cooldown: timedelta = COOLDOWN,
    now: datetime,
) -> Course:
    """Note a strike near a course, by its staff or a device of its club, and close it unless an override says no.

    `at` is now unless given, in the last 30 minutes. Raises NotFound, NotAllowed, InvalidInput, StrikeTooFar.
    """
    course = await find_course(session, viewer=viewer, course_id=course_id)
    if not viewer.is_staff_of(course.club_id) and not viewer.has(Role.DEVICE):
        raise NotAllowed(message="Only the club's staff and its devices may report lightning.")
    struck_at = _checked_strike(at, distance_km, now=now)
    held = await hold_course(session, course, viewer=viewer, cooldown=alert_cooldown, now=now)
    held.conditions.last_strike_at = max(struck_at, held.conditions.last_strike_at or struck_at)
    await follow_weather(session, held, weather_of(held.conditions), ended_if_due(held, How(margin=margin)))
    return course


def _checked_strike(at: datetime | None, distance_km: float | None, *, now: datetime) -> datetime:
    """Read when lightning struck; a clock that is a little ahead means now. Raises InvalidInput, StrikeTooFar."""
    if distance_km is not None and not 0 <= distance_km < inf:
        raise InvalidInput(message="Give a distance of 0 km or more.", path=("input", "distanceKm"))
    if distance_km is not None and distance_km > REACH_KM:
        raise StrikeTooFar(limit_km=REACH_KM, path=("input", "distanceKm"))
    if at is None:
        return now
    path = ("input", "at")
    if at.tzinfo is None:
        raise InvalidInput(message="Give the time with its offset, as in 2026-05-04T09:30:00Z.", path=path)
    if not now - LIGHTNING_HOLDS_FOR < at <= now + CLOCKS_DIFFER_BY:
        raise InvalidInput(message="Give a time of the last 30 minutes, and not in the future.", path=path)
    return min(at, now)


async def all_clear(
    session: AsyncSession, *, course_id: UUID, margin: int, alert_cooldown: timedelta = COOLDOWN, now: datetime
) -> Decision | None:
    """Decide a course's status anew once 30 minutes have passed without lightning, by the weather that was read last.

    Gives None when lightning is not warned of any more, or struck again meanwhile.
    """
    held = await _hold_for_job(session, course_id, cooldown=alert_cooldown, now=now)
    until = held.conditions.lightning_until
    if until is None or until > now:
        return None
    return await follow_weather(session, held, weather_of(held.conditions), ended_if_due(held, How(margin=margin)))


async def evaluate(
    session: AsyncSession,
    *,
    course_id: UUID,
    weather: Weather | None,
    margin: int,
    alert_cooldown: timedelta,
    now: datetime,
) -> Decision:
    """Decide a course's status by the weather that was just read, or None if none could be had.

    While an override is in force, all is kept and shown but the status. Raises NotFound.
    """
    held = await _hold_for_job(session, course_id, cooldown=alert_cooldown, now=now)
    read = newest(weather, weather_of(held.conditions), now=now)
    decision = await follow_weather(session, held, read, ended_if_due(held, How(margin=margin)))
    if decision.stale:
        await tell_of_outage(session, held.course, held.conditions, now=now)
    return decision


async def _hold_for_job(session: AsyncSession, course_id: UUID, *, cooldown: timedelta, now: datetime) -> HeldCourse:
    course = await session.get(Course, course_id)
    if course is None:
        raise NotFound(message="There is no such course.")
    return await hold_course(session, course, viewer=None, cooldown=cooldown, now=now)
