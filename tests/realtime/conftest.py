from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from kit.database import Database
from realtime.hub import Hub
from tests.realtime.redis_server import RedisServer
from tests.realtime.support import database, running_hub

__all__ = ["database"]


@pytest_asyncio.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    """A hub that hears of other processes by its sweep alone."""
    async with running_hub(database) as running:
        yield running


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of the test's own, running."""
    server = RedisServer()
    server.start()
    yield server
    server.close()


@pytest.fixture
def absent_redis() -> Iterator[RedisServer]:
    """A Redis that is not started yet."""
    server = RedisServer()
    yield server
    server.close()
