"""The acts of a cart desk through the API, a closing and a reopening of the course, and what tests ask about carts."""

from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.course.carts import resume_carts, suspend_carts
from kit.ids import new_id
from models.clubs.tables import Course
from models.course.tables import CourseClosure
from models.course.values import CourseStatus
from tests.harness import World


@asynccontextmanager
async def course_locked(world: World):
    """Open a change that has locked the course, as one of its status does."""
    async with world.server.runtime.work.change(world.tenant_id) as change:
        course = await change.session.get_one(Course, world.course_id)
        await change.session.refresh(course, with_for_update={"key_share": True})
        yield change.session, course


async def close(world: World, *, until: datetime | None = None) -> int:
    """Close the course, until the end of its day or a moment; tell how many carts that has suspended."""
    now = world.server.clock()
    async with course_locked(world) as (session, course):
        course.status, course.status_until = CourseStatus.CLOSED, until
        closure = CourseClosure(
            id=new_id(),
            tenant_id=course.tenant_id,
            club_id=course.club_id,
            course_id=course.id,
            began_at=now,
            reaches_until=until or now + timedelta(days=1),
        )
        session.add(closure)
        await session.flush()
        return await suspend_carts(session, course=course, closure_id=closure.id, now=now)


async def reopen(world: World) -> int:
    """Open the course again; tell how many carts that has put back into use."""
    now = world.server.clock()
    async with course_locked(world) as (session, course):
        live = select(CourseClosure).where(CourseClosure.course_id == course.id, CourseClosure.ended_at.is_(None))
        closure = (await session.scalars(live)).one()
        course.status, course.status_until, closure.ended_at = CourseStatus.OPEN, None, now
        return await resume_carts(session, course=course, closure_id=closure.id, now=now)
