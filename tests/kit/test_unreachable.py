import pytest
from sqlalchemy import text

from kit.database import Database, is_unreachable
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
