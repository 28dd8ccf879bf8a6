"""Who is told of a course's status: the parties whose starts a closure covers, and the staff who look after it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.closures import local_date
from domain.notifications.notifications import notify
from domain.tee_sheet.inventory.slots import lock_tee_times
from domain.tee_sheet.offers.notices import tell_parties
from kit.ids import public_id
from models.clubs.tables import Club, Course
from models.course.tables import CourseConditions, CourseStatusChange, CourseThresholds
from models.course.values import CourseStatus, StatusCause, StatusSource
from models.notifications import Notification, NotificationKind
from models.tee_sheet.play import Round
from models.tee_sheet.tables import Booking, TeeSheet

ON_DUTY = timedelta(days=7)
"""How long somebody counts as looking after a course after they sent a group off on it, or set its status."""
AT_ONCE = 500
"""Bookings whose parties are told in one go: a statement can name only so many."""
WORDS = {
    StatusCause.SCORE_SEVERE: "bad weather",
    StatusCause.SCORE_WARNING: "poor weather",
    StatusCause.SCORE_RECOVERING: "weather that is only just getting better",
    StatusCause.WIND_WARNING: "strong wind",
    StatusCause.WIND_SEVERE: "a storm",
    StatusCause.GUST_SEVERE: "heavy gusts",
    StatusCause.RAIN_WARNING: "rain",
    StatusCause.RAIN_SEVERE: "heavy rain",
    StatusCause.FROST: "frost",
    StatusCause.LIGHTNING: "lightning",
    StatusCause.THUNDERSTORM: "a thunderstorm",
}
"""What people call a cause; those without words here say nothing about the weather."""
STATES = {CourseStatus.OPEN: "open", CourseStatus.CONDITIONAL: "open with restrictions", CourseStatus.CLOSED: "closed"}


def reason_of(course: Course, conditions: CourseConditions) -> str:
    """Say why a course has its status: in the club's words, or else by what the weather does."""
    causes = [WORDS[cause] for cause in map(StatusCause, conditions.causes) if cause in WORDS]
    return course.status_reason or ", ".join(causes)


async def tell_closed(
    session: AsyncSession,
    course: Course,
    bookings: Sequence[Booking],
    *,
    reason: str,
    viewer: Viewer | None,
    unless_told_since: datetime | None,
    now: datetime,
) -> None:
    """Tell the parties of bookings that the closure covers their starts, if the club does so.

    A party that was told so after a moment is not told again: the weather may close and open a course several times
    within an hour. Their tee times must be locked.
    """
    if not bookings or not (await session.get_one(Club, course.club_id)).tells_of_closures:
        return
    for first in range(0, len(bookings), AT_ONCE):
        some = bookings[first : first + AT_ONCE]
        told = await _told(session, some, since=unless_told_since) if unless_told_since else set()
        new = [booking for booking in some if booking.id not in told]
        locked = await lock_tee_times(session, {booking.tee_time_id for booking in new})
        parties = [(booking, locked[booking.tee_time_id]) for booking in new]
        kind, more = NotificationKind.COURSE_CLOSED, {"reason": reason}
        await tell_parties(session, kind, parties, viewer=viewer, more=more, now=now)


async def _told(session: AsyncSession, bookings: Iterable[Booking], *, since: datetime) -> set[UUID]:
    """Give those of the bookings whose parties were told of a closure after a moment."""
    ids = {public_id("booking", booking.id): booking.id for booking in bookings}
    of_booking = Notification.data["booking_id"].astext
    lately = (Notification.kind == NotificationKind.COURSE_CLOSED, Notification.created_at > since)
    found = await session.scalars(select(of_booking).where(*lately, of_booking.in_(ids)))
    return {ids[booking_id] for booking_id in found}


async def tell_of_transition(
    session: AsyncSession,
    course: Course,
    conditions: CourseConditions,
    *,
    previous: CourseStatus,
    viewer: Viewer | None,
    cooldown: timedelta,
    now: datetime,
) -> None:
    """Tell the staff that a course has changed its status by itself, unless they were told of such within the cooldown.

    The cooldown limits what people are told, and never a transition; screens follow each of them.
    """
    if conditions.alerted_at is not None and now - conditions.alerted_at < cooldown:
        return
    conditions.alerted_at = now
    states = {"previous_status": STATES[previous], "status": STATES[course.status]}
    more = states | {"reason": reason_of(course, conditions)}
    await _tell_staff(session, course, NotificationKind.COURSE_STATUS_CHANGED, more=more, viewer=viewer, now=now)


async def tell_of_outage(session: AsyncSession, course: Course, conditions: CourseConditions, *, now: datetime) -> None:
    """Tell the staff that there is no usable weather, once until there was some again."""
    if conditions.stale_told_at is None:
        conditions.stale_told_at = now
        await _tell_staff(session, course, NotificationKind.WEATHER_STALE, more={}, viewer=None, now=now)


async def _tell_staff(
    session: AsyncSession,
    course: Course,
    kind: NotificationKind,
    *,
    more: dict[str, Any],
    viewer: Viewer | None,
    now: datetime,
) -> None:
    users = await on_duty(session, course, now=now) - {viewer.user_id if viewer else None}
    about = {"club_id": public_id("club", course.club_id), "course_id": public_id("course", course.id)}
    data = about | {"course": course.name} | more
    await notify(session, tenant_id=course.tenant_id, kind=kind, data=data, users=filter(None, users), now=now)


async def on_duty(session: AsyncSession, course: Course, *, now: datetime) -> set[str | None]:
    """Give the users who look after a course: who works at a club stands in tokens alone, so their deeds must tell.

    They are those who have sent off groups on it or set its status in the last seven days, and who set its thresholds.
    """
    since = local_date(course, now) - ON_DUTY
    sheets = select(TeeSheet.id).where(TeeSheet.course_id == course.id, TeeSheet.date >= since)
    starters = select(Round.teed_off_by).where(Round.sheet_id.in_(sheets))
    by_hand = (CourseStatusChange.course_id == course.id, CourseStatusChange.source == StatusSource.MANUAL)
    setters = select(CourseStatusChange.changed_by_id).where(*by_hand, CourseStatusChange.date >= since)
    keepers = select(CourseThresholds.changed_by).where(CourseThresholds.course_id == course.id)
    return set(await session.scalars(starters.union(setters, keepers)))
