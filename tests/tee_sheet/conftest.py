"""A club that all tests of a module share, where they change nothing there."""

import pytest_asyncio

from tests.harness import MORNING, Server, World, found_world


@pytest_asyncio.fixture(scope="module")
async def shared_world(shared_server: Server) -> World:
    """A club of the module's, founded once."""
    shared_server.clock.now = MORNING
    return await found_world(shared_server)


@pytest_asyncio.fixture
async def standing(server: Server, shared_world: World) -> World:
    """A club for tests that change nothing there, in the morning."""
    return shared_world
