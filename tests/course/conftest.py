"""One server for all tests of a module: each founds a tenant of its own, and has the clock set back."""

from collections.abc import AsyncIterator

import pytest_asyncio

from api.app import create_app
from kit.settings import Settings
from tests.course.garage import add_carts
from tests.harness import MORNING, HeldClock, Server, World, found_world, serving


@pytest_asyncio.fixture(scope="module")
async def shared_server(settings: Settings) -> AsyncIterator[Server]:
    """A server on loopback, without a worker."""
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as running:
        yield running


@pytest_asyncio.fixture
async def server(shared_server: Server) -> Server:
    """The module's server, in the morning."""
    shared_server.clock.now = MORNING
    return shared_server


@pytest_asyncio.fixture
async def clock(server: Server) -> HeldClock:
    """The clock of the module's server."""
    return server.clock


@pytest_asyncio.fixture
async def garage(server: Server) -> World:
    """A club with a course, the sheets of today and tomorrow, and the carts 1, 2 and 10."""
    world = await found_world(server, days=(0, 1))
    await add_carts(world, "10 1 2")
    return world
