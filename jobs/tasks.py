"""The tasks: each is short, and one call of the domain."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import CursorResult, text

from domain import idempotency
from domain.caddies.queues import begin_due_day, due_queues
from domain.carts import days
from domain.course.status import CourseDue, due_all_clears, due_overrides
from domain.guests.mailing.sending import due_reminders, remind_undecided
from domain.guests.posts import pictures
from domain.guests.seating.reveal import due_reveals, reveal_due
from domain.journeys import course_status
from domain.notifications import notifications
from domain.tee_sheet.offers.holds import due_holds, expire_hold
from domain.tee_sheet.play.pace import courses_in_play, watch_course
from domain.tee_sheet.sheets.generation import generate_window
from events.work import Change
from kit.database import is_unreachable
from providers.album import Album
from providers.storage import StorageUnavailable, storage_of
from realtime.runtime import Runtime

log = structlog.get_logger(__name__)

JOBS_NOTED = timedelta(days=7)
"""How long the queue's notes of the work that it has done are kept."""
AT_ONCE = 5_000
"""Rows that are removed in one transaction."""


async def expire_one_hold(runtime: Runtime, *, tenant_id: UUID, hold_id: str) -> None:
    """End a hold whose time has passed, with the offer that it was for, if nothing else has ended it."""
    await _change(runtime, tenant_id, expire_hold, hold_id=UUID(hold_id), now=runtime.clock())


async def sweep_holds(runtime: Runtime) -> None:
    """End the overdue holds that a dead worker has left."""
    async with runtime.database.across_tenants() as session:
        due = await due_holds(session, now=runtime.clock())
    for tenant_id, hold_id in due:
        try:
            await expire_one_hold(runtime, tenant_id=tenant_id, hold_id=str(hold_id))
        except (
            Exception
        ) as error:  # one that fails, as when the database gives up a transaction, must not keep the others
            _unless_away(error)
            log.exception("a hold could not be ended; the next sweep tries again", hold_id=str(hold_id))


async def generate_sheets(runtime: Runtime) -> None:
    """Make the tee sheets of all courses up to their clubs' longest booking window."""
    async with runtime.database.across_tenants() as session:
        courses = [
            tuple(row) for row in await session.execute(text("SELECT tenant_id, course_id FROM sheet_templates"))
        ]
    for tenant_id, course_id in courses:
        try:
            await _change(runtime, tenant_id, generate_window, course_id=course_id, now=runtime.clock())
        except Exception as error:  # one course that fails must not keep the others from theirs
            _unless_away(error)
            log.exception("tee sheets could not be generated", course_id=str(course_id))


async def watch_pace(runtime: Runtime) -> None:
    """Look at the pace of all groups on all courses."""
    async with runtime.database.across_tenants() as session:
        courses = await courses_in_play(session, now=runtime.clock())
    for tenant_id, course_id in courses:
        try:
            await _change(runtime, tenant_id, watch_course, course_id=course_id, now=runtime.clock())
        except Exception as error:  # one course that fails must not keep the others from being watched
            _unless_away(error)
            log.exception("the pace on a course could not be watched", course_id=str(course_id))


async def begin_caddie_days(runtime: Runtime) -> None:
    """Begin the day of the caddie lists where it is a new one and nothing has happened yet."""
    async with runtime.database.across_tenants() as session:
        due = await due_queues(session, now=runtime.clock())
    for tenant_id, club_id, list_number in due:
        try:
            whose = {"club_id": club_id, "list_number": list_number}
            await _change(runtime, tenant_id, begin_due_day, **whose, now=runtime.clock())
        except Exception as error:  # one list that fails must not keep the others from their day
            _unless_away(error)
            log.exception("a caddie list's day could not be begun", club_id=str(club_id), list_number=list_number)


async def end_cart_days(runtime: Runtime) -> None:
    """Give back the carts that still wait for bookings of days that are over."""
    async with runtime.database.across_tenants() as session:
        due = await days.due_courses(session, now=runtime.clock())
    for tenant_id, course_id in due:
        try:
            await _change(runtime, tenant_id, days.end_cart_days, course_id=course_id, now=runtime.clock())
        except Exception as error:  # one course that fails must not keep the carts of others
            _unless_away(error)
            log.exception("carts of a day that is over could not be given back", course_id=str(course_id))


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
        except Exception as error:  # one course that fails must not keep the others closed
            _unless_away(error)
            log.exception("a course's status could not be decided", course_id=str(one.course_id))


async def _look_at_course(runtime: Runtime, course: CourseDue, decide: Callable[..., Awaitable[object]]) -> None:
    settings = runtime.settings
    how = {"margin": settings.course_status_hysteresis, "alert_cooldown": settings.weather_alert_cooldown}
    await _change(runtime, course.tenant_id, decide, course_id=course.course_id, **how, now=runtime.clock())


async def remind_guests(runtime: Runtime) -> None:
    """Remind households that have not answered, three days before the deadline of their occasion."""
    async with runtime.database.across_tenants() as session:
        due = await due_reminders(session, now=runtime.clock())
    for tenant_id, occasion_id in due:
        try:
            await _change(runtime, tenant_id, remind_undecided, occasion_id=occasion_id, now=runtime.clock())
        except Exception as error:  # one occasion that fails must not keep the others from theirs
            _unless_away(error)
            log.exception("households could not be reminded", occasion_id=str(occasion_id))


async def reveal_seatings(runtime: Runtime) -> None:
    """Show guests their tables where the moment that was set for it has come, and write to them."""
    async with runtime.database.across_tenants() as session:
        due = await due_reveals(session, now=runtime.clock())
    for tenant_id, occasion_id in due:
        try:
            await _change(runtime, tenant_id, reveal_due, occasion_id=occasion_id, now=runtime.clock())
        except Exception as error:  # one occasion that fails must not keep the others from theirs
            _unless_away(error)
            log.exception("tables could not be shown", occasion_id=str(occasion_id))


async def remove_old(runtime: Runtime) -> None:
    """Remove events, idempotency keys, revocations and the queue's notes of done work, each past its time.

    A job that has failed for good is such a note too: it is kept as long as they are.
    """
    now = runtime.clock()
    await _remove(runtime, "events", "occurred_at < :before", before=now - runtime.settings.retention)
    await _remove(runtime, "idempotency_keys", "created_at < :before", before=now - idempotency.KEPT)
    await _remove(runtime, "revocations", "revoked_before < :before", before=now - runtime.settings.jwt_max_lifetime)
    await _remove(runtime, "pgqueuer", "status = 'failed' AND updated < :before", before=now - JOBS_NOTED)
    for notes in ("pgqueuer_log", "pgqueuer_statistics"):
        await _remove(runtime, notes, "created < :before", before=now - JOBS_NOTED)


async def _remove(runtime: Runtime, table: str, which: str, *, before: datetime) -> None:
    """Remove rows, so many at a time that each time is a short one, however long nothing was removed."""
    some = f"SELECT ctid FROM {table} WHERE {which} LIMIT {AT_ONCE}"
    statement = text(f"DELETE FROM {table} WHERE ctid = ANY (ARRAY({some}))")
    removed = AT_ONCE
    while removed == AT_ONCE:
        async with runtime.database.across_tenants() as session:
            removed = cast("CursorResult[Any]", await session.execute(statement, {"before": before})).rowcount
            await session.commit()


async def remove_old_notifications(runtime: Runtime) -> None:
    """Remove notifications past their 90 days, user by user."""
    now = runtime.clock()
    async with runtime.database.across_tenants() as session:
        users = await notifications.users_with_old(session, now=now)
    for tenant_id, user_id in users:
        whose = {"tenant_id": tenant_id, "user_id": user_id}
        await _change(runtime, tenant_id, notifications.remove_old, **whose, now=now)


async def remove_picture(runtime: Runtime, *, tenant_id: UUID, picture_id: str) -> None:
    """Remove a picture whose time has come, first from the storage: a try that fails leaves its row for the next."""
    album, now = Album(storage_of(runtime.settings)), runtime.clock()

    async def work(change: Change) -> None:
        picture = await pictures.lock_due(change.session, picture_id=UUID(picture_id), now=now)
        if picture is not None:
            await album.remove(picture.id)
            await pictures.forget_picture(change.session, picture)

    await runtime.work.run(tenant_id, work)


async def remove_old_pictures(runtime: Runtime) -> None:
    """Remove pictures that no post shows, a day after an address was given for them."""
    async with runtime.database.across_tenants() as session:
        due = await pictures.due_pictures(session, now=runtime.clock())
    for tenant_id, picture_id in due:
        try:
            await remove_picture(runtime, tenant_id=tenant_id, picture_id=str(picture_id))
        except StorageUnavailable:
            raise  # the others would meet it too
        except Exception as error:  # one that fails must not keep the others
            _unless_away(error)
            log.exception("a picture could not be removed; the next look tries again", picture_id=str(picture_id))


def _unless_away(error: Exception) -> None:
    """Raise a fault again that all others would meet too."""
    if is_unreachable(error):
        raise error


async def _change(runtime: Runtime, tenant_id: UUID, decide: Callable[..., Awaitable[object]], /, **given: Any) -> None:
    """Have one function of the domain decide about a tenant, in a transaction of its own."""

    async def work(change: Change) -> None:
        await decide(change.session, **given)

    await runtime.work.run(tenant_id, work)
