from collections.abc import Iterator

import pytest

from tests.realtime.redis_server import RedisServer


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
