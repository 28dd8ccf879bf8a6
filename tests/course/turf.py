"""What the staff, the weather and the clock do to a course, through the domain, and what tests ask about it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select, text

from auth.viewer import Role
from domain.course import conditions as conditions_of_course
from domain.course.audit import status_history
from domain.course.conditions import conditions_fact
from domain.course.rules import Decision
from domain.journeys import course_status
from events.course import CourseConditionsChanged
from models.clubs.tables import Course
from models.course.tables import CourseStatusChange
from models.course.values import CourseStatus, Weather
from tests.harness import Who, World

R = TypeVar("R")
MARGIN = 10
HOUR = timedelta(hours=1)


async def act(world: World, function: Callable[..., Awaitable[R]], /, **given: Any) -> R:
    """Call the domain about the world's course in a transaction of its own, now; commit it."""
    async with world.server.runtime.work.change(world.tenant_id) as change:
        return await function(change.session, **{"course_id": world.course_id, "now": world.server.clock()} | given)


async def by(world: World, who: Who, function: Callable[..., Awaitable[R]], /, **given: Any) -> R:
    """Call the domain as somebody."""
    return await act(world, function, viewer=who.viewer(world.server.clock()), **given)


async def shown(world: World) -> CourseConditionsChanged:
    """Give what everybody may know of the world's course now."""
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        course = await session.get_one(Course, world.course_id)
        rows = await conditions_of_course.conditions_of(session, [course])
        return conditions_fact(course, rows[course.id], now=world.server.clock())


async def history(world: World, **given: Any) -> list[CourseStatusChange]:
    """Give the audit log of the world's course, newest first."""
    wanted = {"day": None, "before": None, "limit": 100} | given
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        viewer = world.staff.viewer(world.server.clock())
        return await status_history(session, viewer=viewer, course_id=world.course_id, **wanted)


OPEN, CONDITIONAL, CLOSED = CourseStatus


async def override(world: World, status: CourseStatus = CLOSED, *, who: Who | None = None, **given: Any) -> Course:
    """Override the course's status, as staff unless somebody else is named."""
    wanted = {"status": status, "reason": "Works on the greens"} | given
    return await by(world, who or world.staff, course_status.set_status, **wanted)


async def clear(world: World, **given: Any) -> Course:
    """Clear the override of the course, as staff."""
    return await by(world, world.staff, course_status.clear_override, margin=MARGIN, **given)


async def look(world: World, **more: Any) -> Decision:
    """Evaluate the course by calm weather of this moment, or what else is said."""
    read = weather(world.server.clock(), **more)
    return await evaluate(world, read)


async def evaluate(world: World, read: Weather | None, **given: Any) -> Decision:
    """Evaluate the course by some weather, or none."""
    how = {"margin": MARGIN, "alert_cooldown": HOUR} | given
    return await act(world, course_status.evaluate, weather=read, **how)


async def strike(world: World, *, who: Who | None = None, **given: Any) -> Course:
    """Report lightning, as the club's detector unless somebody else is named."""
    return await by(world, who or device(world), course_status.report_lightning, margin=MARGIN, **given)


def device(world: World) -> Who:
    """Give a lightning detector of the club."""
    return replace(world.staff, roles=(Role.DEVICE,), user_id="detector")


def weather(at: datetime, **more: Any) -> Weather:
    """Give calm weather at a moment, or what else is said."""
    calm = {"wind_kmh": 10.0, "gust_kmh": 15.0, "rain_mm_per_hour": 0.0, "temperature_c": 18.0, "weather_code": 1}
    return Weather(observed_at=at, **calm | more)


async def facts(world: World, *kinds: str) -> list[dict[str, Any]]:
    """Give the events of the world's tenant, or those of some types, in order, with their rooms and types."""
    query = text("SELECT type, rooms, data FROM events ORDER BY stream_id, position")
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        rows = [(row.type, row.rooms, row.data) for row in await session.execute(query)]
    return [data | {"type": kind, "rooms": rooms} for kind, rooms, data in rows if not kinds or kind in kinds]


async def rows(world: World, table: Any, **where: Any) -> list[Any]:
    """Read rows of the world's tenant in the order of their ids."""
    async with world.server.runtime.database.snapshot(world.tenant_id) as session:
        return list(await session.scalars(select(table).filter_by(**where).order_by(table.id)))
