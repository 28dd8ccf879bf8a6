from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from api.app import create_app
from kit.database import Database
from kit.settings import Settings
from realtime.hub import Hub
from tests.harness import HeldClock, Server, serving
from tests.realtime.redis_server import RedisServer
from tests.realtime.support import database, running_hub

__all__ = ["database"]


@pytest.fixture
def clock() -> HeldClock:
    """A clock that stands still until a test moves it."""
    return HeldClock()


@pytest_asyncio.fixture
async def server(settings: Settings, clock: HeldClock) -> AsyncIterator[Server]:
    """A server of the test's own: who is connected to it is counted, and it may be stopped."""
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as running:
        yield running


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
