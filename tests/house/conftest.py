"""Houses whose every door is tried: what the walks over the schema share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest_asyncio

from api.app import create_app
from auth.viewer import Role
from kit.settings import Settings
from tests.harness import HeldClock, Server, Who, World, found_world, serving
from tests.house.inventory import one_of_each
from tests.house.walk import Houses
from tests.moulds import Mould

EVERYTHING = (Role.ADMIN, Role.STAFF, Role.PLAYER)


@asynccontextmanager
async def somewhere(settings: Settings) -> AsyncIterator[Server]:
    """Run a server on which nothing stands yet."""
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as server:
        yield server


@pytest_asyncio.fixture(scope="module")
async def street(settings: Settings) -> AsyncIterator[Houses]:
    """Two clubs of one tenant and one of another, on a server of their own."""
    async with somewhere(settings) as server:
        home = await found_world(server)
        sister = await found_world(server, tenant_id=home.tenant_id)
        foreign = await found_world(server)
        viewer = replace(home.staff, roles=EVERYTHING)
        own, other_club, other_tenant = [await one_of_each(world) for world in (home, sister, foreign)]
        mould = await Mould.take(server, home.tenant_id, own=own, other_club=other_club)
        yield Houses(server, viewer, foreign.staff, own, other_club, other_tenant, mould)


@pytest_asyncio.fixture(scope="module")
async def plot(settings: Settings) -> AsyncIterator[Houses]:
    """One club, on a server of its own."""
    async with somewhere(settings) as server:
        home = await found_world(server)
        own = await one_of_each(home)
        mould = await Mould.take(server, home.tenant_id, own=own, other_club={})
        yield Houses(server, replace(home.staff, roles=EVERYTHING), None, own, {}, {}, mould)


@pytest_asyncio.fixture
async def houses(street: Houses) -> Houses:
    """Three clubs in the state in which they were made, in whatever order the tests come."""
    await street.mend()
    return street


@pytest_asyncio.fixture
async def house(plot: Houses) -> Houses:
    """One club in the state in which it was made."""
    await plot.mend()
    return plot


@pytest_asyncio.fixture
async def ann(server: Server, world: World) -> Who:
    """A member whom the club knows."""
    known = {"firstName": "Ann", "lastName": "Archer", "priceClass": "MEMBER", "userId": "ann"}
    await server.mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **known)
    return world.player("ann")
