"""A course whose status is set where it counts, and a closing as the tee sheet sees one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clubs.access import lock_course
from domain.clubs.closures import closed_until
from domain.tee_sheet.inventory.slots import lock_tee_times
from domain.tee_sheet.offers.holds import end_due_holds
from domain.tee_sheet.offers.places import withdraw_places
from kit.ids import parse_id
from models.clubs.tables import Course
from models.course.values import CourseStatus
from models.tee_sheet.tables import TeeSheet, TeeTime
from tests.harness import World
from tests.patience import PATIENCE

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND :pid = ANY (pg_blocking_pids(pid))")
"""`pg_stat_activity` would not do: a transaction sees there, each time, those who were connected at its first look."""


async def set_status(
    world: World, status: str, *, until: datetime | None = None, reason: str = "", course: str | None = None
) -> None:
    """Give a course a status, and nothing else: what is held or offered there stays."""
    async with world.server.runtime.work.change(world.tenant_id) as change:
        await put_status(change.session, parse_id("course", course or world.course), status, until, reason)


async def put_status(
    session: AsyncSession, course_id: UUID, status: str, until: datetime | None = None, reason: str = ""
) -> Course:
    """Lock a course as who changes its status does, and set it; gives the course."""
    course = await lock_course(session, course_id=course_id)
    course.status, course.status_until, course.status_reason = CourseStatus(status), until, reason
    await session.flush()
    return course


async def withdraw(session: AsyncSession, course: Course, *, now: datetime) -> None:
    """End what is held and offered of the starts that a closure covers, as a closing does."""
    rows = select(TeeTime.id).join(TeeSheet, TeeSheet.id == TeeTime.sheet_id)
    until = closed_until(course, now=now)
    covered = rows.where(TeeSheet.course_id == course.id, TeeTime.starts_at >= now, TeeTime.starts_at < until)
    for locked in (await lock_tee_times(session, await session.scalars(covered))).values():
        await end_due_holds(session, locked, now=now)
        await withdraw_places(session, locked, locked.slots, now=now)


async def close(world: World, *, until: datetime | None = None) -> None:
    """Close a course, with all that it means for the tee sheet, in one transaction."""
    async with closing(world, until=until):
        pass


@asynccontextmanager
async def closing(world: World, *, until: datetime | None = None) -> AsyncIterator[AsyncSession]:
    """A closing that is done but for its commit, which comes when the block ends; gives its session."""
    now = world.server.clock()
    async with world.server.runtime.work.change(world.tenant_id) as change:
        course = await put_status(change.session, world.course_id, "CLOSED", until)
        await withdraw(change.session, course, now=now)
        yield change.session


async def until_somebody_waits_for(session: AsyncSession, world: World) -> None:
    """Wait until another transaction waits for a lock of this one."""
    pid = await session.scalar(text("SELECT pg_backend_pid()"))
    async with asyncio.timeout(PATIENCE), world.server.runtime.database.tenant(world.tenant_id) as other:
        while not await other.scalar(WAITING, {"pid": pid}):  # noqa: ASYNC110 - a lock raises no event
            await asyncio.sleep(0.005)
