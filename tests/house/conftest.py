"""Houses whose every door is tried: what the walks over the schema share."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio

from api.app import create_app
from auth.viewer import Role
from kit.settings import Settings
from tests.harness import HeldClock, found_world, serving
from tests.house.inventory import one_of_each
from tests.house.walk import Houses

EVERYTHING = (Role.ADMIN, Role.STAFF, Role.PLAYER)


@pytest_asyncio.fixture(scope="module")
async def houses(settings: Settings) -> AsyncIterator[Houses]:
    """Two clubs of one tenant and one of another, on a server of their own."""
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as server:
        home = await found_world(server)
        sister = await found_world(server, tenant_id=home.tenant_id)
        foreign = await found_world(server)
        viewer = replace(home.staff, roles=EVERYTHING)
        yield Houses(server, viewer, foreign.staff, *[await one_of_each(world) for world in (home, sister, foreign)])


@pytest_asyncio.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[Houses]:
    """One club, on a server of its own."""
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as server:
        home = await found_world(server)
        yield Houses(server, replace(home.staff, roles=EVERYTHING), None, await one_of_each(home), {}, {})
