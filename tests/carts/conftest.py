"""A club with carts."""

import pytest_asyncio

from tests.carts.garage import add_carts
from tests.harness import Server, World
from tests.moulds import another_world
from tests.tee_sheet.conftest import shared_world, standing

__all__ = ["garage", "shared_world", "standing"]


@pytest_asyncio.fixture
async def garage(server: Server) -> World:
    """A club with a course, the sheets of today and tomorrow, and the carts 1, 2 and 10."""
    world = await another_world(server, days=(0, 1))
    await add_carts(world, "10 1 2")
    return world
