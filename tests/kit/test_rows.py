"""Changing one row at once, beside what a session does with attributes that were set."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from kit.ids import new_id
from kit.rows import change_row
from models.clubs.tables import Course


async def test_a_row_is_changed_at_once_and_shows_it(world):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        course = await session.get(Course, world.course_id)
        await change_row(session, course, {"name": "Hills", "time_par": None})
        assert (course.name, course.time_par, list(session.dirty)) == ("Hills", None, [])
        found = select(Course.name, Course.time_par).where(Course.id == course.id)
        assert (await session.execute(found)).one() == ("Hills", None)
        course.name = "Dunes"
        await session.flush()
        assert await session.scalar(select(Course.name).where(Course.id == course.id)) == "Dunes"


async def test_a_row_that_is_gone_is_not_changed_in_silence(world):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        with pytest.raises(StaleDataError):
            await change_row(session, Course(id=new_id()), {"name": "Hills"})
