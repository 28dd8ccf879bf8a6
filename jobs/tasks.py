"""The tasks: each is short, and one call of the domain."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import text

from domain.caddies.queues import begin_due_day, due_queues
from domain.course.status import CourseDue, due_all_clears, due_overrides
from domain.idempotency import forget_old_keys
from domain.journeys import course_status
from domain.notifications import notifications
from domain.tee_sheet.offers.holds import due_holds, expire_hold
from domain.tee_sheet.play.pace import courses_in_play, watch_course
from domain.tee_sheet.sheets.generation import generate_window
from realtime.runtime import Runtime

log = structlog.get_logger(__name__)

JOBS_NOTED = timedelta(days=7)
"""How long the queue's notes of the work that it has done are kept."""


async def expire_one_hold(runtime: Runtime, *, tenant_id: UUID, hold_id: str) -> None:
    """End a hold whose time has passed, with the offer that it was for, if nothing else has ended it."""
    async with runtime.work.change(tenant_id) as change:
        await expire_hold(change.session, hold_id=UUID(hold_id), now=runtime.clock())


async def sweep_holds(runtime: Runtime) -> None:
    """End the overdue holds that a dead worker has left."""
    async with runtime.database.across_tenants() as session:
        due = await due_holds(session, now=runtime.clock())
    for tenant_id, hold_id in due:
        try:
            await expire_one_hold(runtime, tenant_id=tenant_id, hold_id=str(hold_id))
        except Exception:  # one that fails, as when the database gives up a transaction, must not keep the others
            log.exception("a hold could not be ended; the next sweep tries again", hold_id=str(hold_id))


async def generate_sheets(runtime: Runtime) -> None:
    """Make the tee sheets of all courses up to their clubs' longest booking window."""
    async with runtime.database.across_tenants() as session:
        courses = [
            tuple(row) for row in await session.execute(text("SELECT tenant_id, course_id FROM sheet_templates"))
        ]
    for tenant_id, course_id in courses:
        try:
            async with runtime.work.change(tenant_id) as change:
                await generate_window(change.session, course_id=course_id, now=runtime.clock())
        except Exception:  # one course that fails must not keep the others from theirs
            log.exception("tee sheets could not be generated", course_id=str(course_id))


async def watch_pace(runtime: Runtime) -> None:
    """Look at the pace of all groups on all courses."""
    async with runtime.database.across_tenants() as session:
        courses = await courses_in_play(session, now=runtime.clock())
    for tenant_id, course_id in courses:
        try:
            async with runtime.work.change(tenant_id) as change:
                await watch_course(change.session, course_id=course_id, now=runtime.clock())
        except Exception:  # one course that fails must not keep the others from being watched
            log.exception("the pace on a course could not be watched", course_id=str(course_id))


async def begin_caddie_days(runtime: Runtime) -> None:
    """Begin the day of the caddie lists where it is a new one and nothing has happened yet."""
    async with runtime.database.across_tenants() as session:
        due = await due_queues(session, now=runtime.clock())
    for tenant_id, club_id, list_number in due:
        try:
            async with runtime.work.change(tenant_id) as change:
                await begin_due_day(change.session, club_id=club_id, list_number=list_number, now=runtime.clock())
        except Exception:  # one list that fails must not keep the others from their day
            log.exception("a caddie list's day could not be begun", club_id=str(club_id), list_number=list_number)


async def expire_override(runtime: Runtime, *, tenant_id: UUID, course_id: str) -> None:
    """End the override of a course whose time has come, unless it has ended or was replaced."""
    await _look_at_course(runtime, CourseDue(tenant_id, UUID(course_id)), course_status.expire_override)


async def all_clear(runtime: Runtime, *, tenant_id: UUID, course_id: str) -> None:
    """Decide a course's status anew once lightning has passed, unless it struck again."""
    await _look_at_course(runtime, CourseDue(tenant_id, UUID(course_id)), course_status.all_clear)


async def sweep_courses(runtime: Runtime) -> None:
    """End the overrides, and give the all-clears, that a dead worker has left."""
    async with runtime.database.across_tenants() as session:
        now = runtime.clock()
        due = [(one, course_status.expire_override) for one in await due_overrides(session, now=now)]
        due += [(one, course_status.all_clear) for one in await due_all_clears(session, now=now)]
    for one, decide in due:
        try:
            await _look_at_course(runtime, one, decide)
        except Exception:  # one course that fails must not keep the others closed
            log.exception("a course's status could not be decided", course_id=str(one.course_id))


async def _look_at_course(runtime: Runtime, course: CourseDue, decide: Callable[..., Awaitable[object]]) -> None:
    settings = runtime.settings
    how = {"margin": settings.course_status_hysteresis, "alert_cooldown": settings.weather_alert_cooldown}
    async with runtime.work.change(course.tenant_id) as change:
        await decide(change.session, course_id=course.course_id, **how, now=runtime.clock())


async def remove_old(runtime: Runtime) -> None:
    """Remove events past their retention, idempotency keys past their 48 hours, and the queue's notes of done work."""
    now = runtime.clock()
    async with runtime.database.across_tenants() as session:
        await session.execute(
            text("DELETE FROM events WHERE occurred_at < :before"), {"before": now - runtime.settings.retention}
        )
        await forget_old_keys(session, now=now)
        for table in ("pgqueuer_log", "pgqueuer_statistics"):
            await session.execute(text(f"DELETE FROM {table} WHERE created < :before"), {"before": now - JOBS_NOTED})
        await session.commit()


async def remove_old_notifications(runtime: Runtime) -> None:
    """Remove notifications past their 90 days, user by user."""
    async with runtime.database.across_tenants() as session:
        users = await notifications.users_with_old(session, now=runtime.clock())
    for tenant_id, user_id in users:
        async with runtime.work.change(tenant_id) as change:
            await notifications.remove_old(change.session, tenant_id=tenant_id, user_id=user_id, now=runtime.clock())
