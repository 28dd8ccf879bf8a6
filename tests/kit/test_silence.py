"""A PostgreSQL from which nothing comes back though its connections are open: nobody waits for it longer than is set.

No test asserts how long anything took: what would wait for ever does not end, and what waits its turn is counted.
"""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from api.app import create_app
from kit.database import Database, DatabaseUnavailable, is_unreachable
from kit.ids import new_id
from tests.harness import HeldClock, found_world, serving, settings_for
from tests.patience import PATIENCE
from tests.swallowing import way_to

ONE = text("SELECT 1")


@pytest_asyncio.fixture
async def way(postgres):
    socket = Path(postgres.owner_url.query["host"]) / f".s.PGSQL.{postgres.owner_url.query['port']}"
    async with way_to(socket) as opened:
        yield opened


def by(way, url):
    """A database's address by the way."""
    return url.difference_update_query(["host", "port"]).set(host="127.0.0.1", port=way.port)


@pytest_asyncio.fixture
async def database(way, settings):
    opened = Database(by(way, settings.app_url), by(way, settings.system_url), pool_size=3, within=0.4)
    yield opened
    way.pass_on()
    await opened.close()


async def read(database):
    async with database.snapshot(new_id()) as session:
        return await session.scalar(ONE)


async def change(database):
    async with database.tenant(new_id()) as session:
        await session.execute(ONE)
        await session.commit()


async def look_across(database):
    async with database.across_tenants() as session:
        return await session.scalar(ONE)


async def glance(database):
    async with database.glance() as connection:
        return await connection.scalar(ONE)


async def outcomes(*doing):
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*doing, return_exceptions=True)


@pytest.mark.parametrize("known", [True, False], ids=["open connections", "no connection"])
async def test_whoever_asks_meanwhile_hears_that_it_is_away_and_all_is_well_afterwards(way, database, known):
    ways = (read, change, look_across, glance)
    if known:
        assert [
            error for error in await outcomes(*(one(database) for one in ways)) if isinstance(error, Exception)
        ] == []
    way.swallow()
    errors = await outcomes(*(one(database) for one in ways for _ in range(10)), database.check())
    assert [type(error) for error in errors if not is_unreachable(error)] == []
    assert [type(error) for error in await outcomes(*(one(database) for one in ways))] == [DatabaseUnavailable] * 4
    way.pass_on()
    async with asyncio.timeout(PATIENCE):
        while errors := [one for one in await outcomes(*(one(database) for one in ways)) if isinstance(one, Exception)]:
            assert all(map(is_unreachable, errors))
            await asyncio.sleep(0.05)


async def test_a_change_that_was_under_way_is_given_up_and_who_waits_for_a_lock_keeps_nobody_else(way, database):
    async with database.tenant(new_id()) as session:
        await session.execute(ONE)
        way.swallow()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await session.commit()
    way.pass_on()
    async with database.across_tenants() as one, database.across_tenants() as other:
        await one.execute(text("SELECT pg_advisory_xact_lock(77)"))
        with pytest.raises(TimeoutError):
            await other.execute(text("SELECT pg_advisory_xact_lock(77)"))
        assert await read(database) == 1
        assert await one.scalar(ONE) == 1


SHEET = "query($c: ID!, $d: Date!) { a: teeSheet(courseId: $c, date: $d) { id } clubs { id } }"


async def test_clients_hear_that_it_is_unavailable_and_what_they_do_afterwards_is_done(way, settings):
    urls = {"database_url": settings.app_url, "database_system_url": settings.system_url}
    urls = {name: by(way, url).render_as_string(hide_password=False) for name, url in urls.items()}
    clock = HeldClock()
    app = create_app(settings_for(settings, **urls, database_timeout_ms=500), with_jobs=False, clock=clock)
    async with serving(app, clock) as server:
        world = await found_world(server)
        held = {"who": world.staff, "teeTimeId": world.tee_time(), "places": 1}
        asked = {"who": world.staff, "c": world.course, "d": world.day.isoformat()}
        assert (await server.run(SHEET, **asked)).data["a"]
        way.swallow()
        hold = server.run(
            "mutation($t: ID!) { holdSlots(input: { teeTimeId: $t, places: 1 }) { cursor } }",
            who=world.staff,
            t=world.tee_time(),
        )
        answers = await outcomes(*(server.run(SHEET, **asked) for _ in range(30)), hold)
        assert {error["extensions"]["code"] for answer in answers for error in answer["errors"]} == {"UNAVAILABLE"}
        way.pass_on()
        async with asyncio.timeout(PATIENCE):
            while "errors" in (answer := await server.run(SHEET, **asked)):
                assert answer.code == "UNAVAILABLE"
                await asyncio.sleep(0.05)
        assert (await server.mutate("holdSlots", "hold { id }", **held))["hold"]
