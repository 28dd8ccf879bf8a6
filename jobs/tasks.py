"""The tasks: each is short, and one call of the domain."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import CursorResult, text

from domain import idempotency, pictures
from domain.caddies.queues import begin_due_day, due_queues
from domain.carts import days
from domain.course.status import CourseDue, due_all_clears, due_overrides
from domain.guests.mailing.sending import due_reminders, remind_undecided
from domain.guests.seating.reveal import due_reveals, reveal_due
from domain.journeys import bookings, course_status, reminders
from domain.notifications import notifications
from domain.tee_sheet.ballots import steps
from domain.tee_sheet.desk import standing_days
from domain.tee_sheet.offers.holds import due_holds, expire_hold
from domain.tee_sheet.play.pace import courses_in_play, watch_course
from domain.tee_sheet.sheets.generation import generate_window
from domain.tee_sheet.waitlist import serving
from events import figures
from events.work import Change
from kit.database import is_unreachable
from providers.album import Album
from providers.storage import StorageUnavailable, storage_of
from realtime.runtime import Runtime

log = structlog.get_logger(__name__)

JOBS_NOTED = timedelta(days=7)
"""How long the queue's notes of the work that it has done are kept."""
PAYMENT_EVENTS_KEPT = timedelta(days=30)
"""Providers tell a thing again for some days at the most."""
DEPTHS = text("SELECT entrypoint, count(*) FROM pgqueuer WHERE status IN ('queued', 'picked') GROUP BY entrypoint")
AT_ONCE = 5_000
"""Rows that are removed in one transaction."""


async def expire_one_hold(runtime: Runtime, *, tenant_id: UUID, hold_id: str) -> None:
    """End a hold whose time has passed, with the offer that it was for, if nothing else has ended it."""
    await _change(runtime, tenant_id, expire_hold, hold_id=UUID(hold_id), now=runtime.clock())


async def sweep_holds(runtime: Runtime) -> None:
    """End the overdue holds that a dead worker has left."""
    async with runtime.database.across_tenants() as session:
        due = await due_holds(session, now=runtime.clock())
    await _each(due, _deciding(runtime, expire_hold, "hold_id"), otherwise="a hold could not be ended")


async def serve_waitlist(runtime: Runtime, *, tenant_id: UUID, sheet_id: str) -> None:
    """Give those in line for a sheet their turn, since booking has opened to some of them."""
    await _change(runtime, tenant_id, serving.serve_waitlist, sheet_id=UUID(sheet_id), now=runtime.clock())


MOST_DATES = 60
"""How many dates of one standing booking are decided at a time: what is left is due at the next."""


async def make_standing_bookings(runtime: Runtime) -> None:
    """Make the standing bookings to which booking opens, and those that a dead worker has left."""
    async with runtime.database.across_tenants() as session:
        due = await standing_days.due_standing(session, now=runtime.clock())
    await _each(due, partial(_make_standing, runtime), otherwise="a standing booking could not be made")


async def _make_standing(runtime: Runtime, tenant_id: UUID, key: UUID) -> None:
    """Decide all dates of a standing booking that are due: each is booked, or noted as skipped in its own change."""
    for _ in range(MOST_DATES):
        now = runtime.clock()

        async def make(change: Change, now: datetime = now) -> date | None:
            return await standing_days.make_next(change.session, standing_booking_id=key, now=now)

        try:
            if await runtime.work.run(tenant_id, make) is None:
                return
        except standing_days.DateRefused as refused:
            given = {"standing_booking_id": key, "day": refused.day, "problem": refused.problem, "now": now}
            await _change(runtime, tenant_id, standing_days.skip_date, **given)


MOST_STEPS = 4
"""How many steps a ballot has: after a night without a worker it takes one after the other."""


async def tend_ballot(runtime: Runtime, *, tenant_id: UUID, ballot_id: str) -> None:
    """Let a ballot open, close, be drawn, or release what is left, if nobody else has."""
    await _tend_ballot(runtime, tenant_id, UUID(ballot_id))


async def tend_ballots(runtime: Runtime) -> None:
    """Let the ballots take the steps that a dead worker has left."""
    async with runtime.database.across_tenants() as session:
        due = await steps.due_ballots(session, now=runtime.clock())
    await _each(due, partial(_tend_ballot, runtime), otherwise="a ballot could not be tended")


async def _tend_ballot(runtime: Runtime, tenant_id: UUID, key: UUID) -> None:
    """Let a ballot take all steps that are due, each in a change of its own."""

    async def step(change: Change) -> object:
        return await bookings.tend_ballot(change.session, ballot_id=key, now=runtime.clock())

    for _ in range(MOST_STEPS):
        if await runtime.work.run(tenant_id, step) is None:
            return


async def forget_entrants(runtime: Runtime) -> None:
    """Forget who was in entries of ballots of long ago."""
    async with runtime.database.across_tenants() as session:
        due = await steps.tenants_with_old(session, now=runtime.clock())
    forget = _deciding_for_tenant(runtime, steps.forget_entrants)
    await _each(due, forget, otherwise="the entrants of old ballots could not be forgotten")


async def generate_sheets(runtime: Runtime) -> None:
    """Make the tee sheets of all courses up to their clubs' longest booking window."""
    async with runtime.database.across_tenants() as session:
        courses = text("SELECT DISTINCT tenant_id, course_id FROM sheet_templates")
        due = [tuple(row) for row in await session.execute(courses)]
    await _each(due, _deciding(runtime, generate_window, "course_id"), otherwise="tee sheets could not be generated")


async def watch_pace(runtime: Runtime) -> None:
    """Look at the pace of all groups on all courses."""
    async with runtime.database.across_tenants() as session:
        due = await courses_in_play(session, now=runtime.clock())
    await _each(
        due, _deciding(runtime, watch_course, "course_id"), otherwise="the pace on a course could not be watched"
    )


async def begin_caddie_days(runtime: Runtime) -> None:
    """Begin the day of the caddie lists where it is a new one and nothing has happened yet."""
    async with runtime.database.across_tenants() as session:
        due = await due_queues(session, now=runtime.clock())
    await _each(
        due,
        _deciding(runtime, begin_due_day, "club_id", "list_number"),
        otherwise="a caddie list's day could not be begun",
    )


async def end_cart_days(runtime: Runtime) -> None:
    """Give back the carts that still wait for bookings of days that are over."""
    async with runtime.database.across_tenants() as session:
        due = await days.due_courses(session, now=runtime.clock())
    await _each(
        due,
        _deciding(runtime, days.end_cart_days, "course_id"),
        otherwise="carts of a day that is over could not be given back",
    )


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
    await _each(due, partial(_look_at_course, runtime), otherwise="a course's status could not be decided")


async def _look_at_course(runtime: Runtime, course: CourseDue, decide: Callable[..., Awaitable[object]]) -> None:
    settings = runtime.settings
    how = {"margin": settings.course_status_hysteresis, "alert_cooldown": settings.weather_alert_cooldown}
    await _change(runtime, course.tenant_id, decide, course_id=course.course_id, **how, now=runtime.clock())


async def remind_guests(runtime: Runtime) -> None:
    """Remind households that have not answered, three days before the deadline of their occasion."""
    async with runtime.database.across_tenants() as session:
        due = await due_reminders(session, now=runtime.clock())
    await _each(due, _deciding(runtime, remind_undecided, "occasion_id"), otherwise="households could not be reminded")


async def remind_players(runtime: Runtime) -> None:
    """Remind those who play within a day, and within two hours. What was missed is caught up while it makes sense."""
    async with runtime.database.across_tenants() as session:
        due = await reminders.tenants_with_starts(session, now=runtime.clock())
    remind = _deciding_for_tenant(runtime, reminders.remind)
    await _each(due, remind, otherwise="the players of a tenant could not be reminded")


async def tell_depths(runtime: Runtime) -> None:
    """Tell how many jobs wait, by queue: also of queues that are empty by now."""
    async with runtime.database.across_tenants() as session:
        found: dict[str, int] = {name: depth for name, depth in await session.execute(DEPTHS)}  # noqa: C416 - a row is no pair to the type checker
    for name in {*found, *(labels[0] for labels in figures.queue_depth._metrics)}:  # noqa: SLF001 it has no other list
        figures.queue_depth.labels(name).set(found.get(name, 0))


async def reveal_seatings(runtime: Runtime) -> None:
    """Show guests their tables where the moment that was set for it has come, and write to them."""
    async with runtime.database.across_tenants() as session:
        due = await due_reveals(session, now=runtime.clock())
    await _each(due, _deciding(runtime, reveal_due, "occasion_id"), otherwise="tables could not be shown")


async def remove_old(runtime: Runtime) -> None:
    """Remove events, idempotency keys, revocations and the queue's notes of done work, each past its time.

    A job that has failed for good is such a note too: it is kept as long as they are.
    """
    now = runtime.clock()
    await _remove(runtime, "events", "occurred_at < :before", before=now - runtime.settings.retention)
    await _remove(runtime, "idempotency_keys", "created_at < :before", before=now - idempotency.KEPT)
    await _remove(runtime, "payment_events", "received_at < :before", before=now - PAYMENT_EVENTS_KEPT)
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

    async def remove(tenant_id: UUID, user_id: str) -> None:
        whose = {"tenant_id": tenant_id, "user_id": user_id}
        await _change(runtime, tenant_id, notifications.remove_old, **whose, now=now)

    await _each(users, remove, otherwise="old notifications could not be removed")


async def remove_picture(runtime: Runtime, *, tenant_id: UUID, picture_id: str) -> None:
    """Remove a picture whose time has come, first from the storage: a try that fails leaves its row for the next."""
    await _remove_picture(runtime, tenant_id, UUID(picture_id))


async def _remove_picture(runtime: Runtime, tenant_id: UUID, picture_id: UUID) -> None:
    album, now = Album(storage_of(runtime.settings)), runtime.clock()

    async def work(change: Change) -> None:
        picture = await pictures.lock_due(change.session, picture_id=picture_id, now=now)
        if picture is not None:
            await album.remove(picture.id)
            await pictures.forget_picture(change.session, picture)

    await runtime.work.run(tenant_id, work)


async def remove_old_pictures(runtime: Runtime) -> None:
    """Remove pictures that are shown nowhere, a day after an address was given for them."""
    async with runtime.database.across_tenants() as session:
        due = await pictures.due_pictures(session, now=runtime.clock())
    await _each(due, partial(_remove_picture, runtime), otherwise="a picture could not be removed")


async def _each(due: Iterable[tuple[Any, ...]], work: Callable[..., Awaitable[object]], *, otherwise: str) -> None:
    """Do work that is due, one after the other. One that fails does not keep the others from theirs: it stays due.

    A fault that all others would meet too is raised: the database or the storage is away.
    """
    for one in due:
        try:
            await work(*one)
        except Exception as error:
            if is_unreachable(error) or isinstance(error, StorageUnavailable):
                raise
            log.exception(otherwise, due=[str(part) for part in one])


def _deciding_for_tenant(runtime: Runtime, decide: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[None]]:
    """Make work of a function of the domain that decides about all of a tenant."""

    async def work(tenant_id: UUID) -> None:
        await _change(runtime, tenant_id, decide, tenant_id=tenant_id, now=runtime.clock())

    return work


def _deciding(
    runtime: Runtime, decide: Callable[..., Awaitable[object]], *names: str
) -> Callable[..., Awaitable[None]]:
    """Make work of a function of the domain, for the tenant that is named first and what is called by these names."""

    async def work(tenant_id: UUID, *ids: Any) -> None:
        await _change(runtime, tenant_id, decide, **dict(zip(names, ids, strict=True)), now=runtime.clock())

    return work


async def _change(runtime: Runtime, tenant_id: UUID, decide: Callable[..., Awaitable[object]], /, **given: Any) -> None:
    """Have one function of the domain decide about a tenant, in a transaction of its own."""

    async def work(change: Change) -> None:
        await decide(change.session, **given)

    await runtime.work.run(tenant_id, work)
