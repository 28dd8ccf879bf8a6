import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kit.database import Database, crowded, is_unreachable
from kit.ids import new_id


async def test_a_connection_that_the_database_ends_means_that_it_is_away(settings):
    database = Database(settings.app_url, settings.system_url, pool_size=1)
    try:
        with pytest.raises(Exception, match="terminating connection") as caught:
            async with database.tenant(new_id()) as session:
                await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        assert is_unreachable(caught.value)
    finally:
        await database.close()


@pytest.mark.parametrize("state", ["53100", "53200", "53300"])
async def test_a_database_without_room_memory_or_connections_is_away(settings, state):
    database = Database(settings.app_url, settings.system_url, pool_size=1)
    try:
        with pytest.raises(DBAPIError) as caught:
            async with database.tenant(new_id()) as session:
                await session.execute(text(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$"))
        assert is_unreachable(caught.value)
    finally:
        await database.close()


async def test_it_is_said_when_the_server_has_hardly_as_many_connections_as_are_wanted(settings):
    assert await crowded(settings.system_url, wanted=10) == ""
    said = await crowded(settings.system_url, wanted=197)
    assert "takes 197 connections" in said
    assert "may want 197. Lower DATABASE_POOL_SIZE" in said
