"""A club that all tests of a module share, where they change nothing there."""

import pytest_asyncio

from tests.harness import MORNING, Server, World
from tests.moulds import another_world


@pytest_asyncio.fixture(scope="module")
async def shared_world(shared_server: Server) -> World:
    """A club of the module's."""
    shared_server.clock.now = MORNING
    return await another_world(shared_server)


@pytest_asyncio.fixture
async def standing(server: Server, shared_world: World) -> World:
    """A club for tests that change nothing there, in the morning."""
    return shared_world
