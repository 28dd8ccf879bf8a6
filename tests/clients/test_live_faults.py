"""`@fairway/live` when a server is killed, Redis is, the identity provider is away, and the day turns."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest_asyncio

from kit.clock import utc_now
from tests.clients.client import network
from tests.clients.following import following
from tests.clients.real import mortal, program_beside, real_world
from tests.harness import settings_for
from tests.realtime.redis_server import RedisServer
from tests.tee_sheet.desk import hold


@pytest_asyncio.fixture
async def today(settings):
    async with real_world(settings) as found:
        yield found


def sheet_of(world):
    return {"courseId": world.course, "date": world.day.isoformat()}


async def test_a_server_that_is_killed_is_followed_by_another(today, live, settings, tmp_path):
    token = today.staff.token(utc_now())
    async with (
        mortal(today, settings, tmp_path) as server,
        following(live, "followSheet", url=server.url, token=token, **sheet_of(today)) as screen,
    ):
        await screen.note()
        await server.kill()
        await hold(today, today.player("eva"), 5)
        await screen.is_right()


async def test_a_redis_that_is_killed_holds_no_news_back(live, settings, tmp_path):
    with closing(RedisServer()) as redis:
        redis.start()
        together = settings_for(settings, redis_url=redis.url)
        async with (
            real_world(together) as world,
            program_beside(settings, tmp_path, REDIS_URL=redis.url) as other,
            following(
                live, "followSheet", url=other.url, token=world.staff.token(utc_now()), **sheet_of(world)
            ) as screen,
        ):
            for number in (5, 6):
                await screen.note()
                await hold(world, world.player(f"eva{number}"), number)
                await screen.is_right()
                redis.kill()


async def test_while_the_identity_provider_is_away_a_screen_stays_and_it_goes_on_after_that(world, live):
    brief = replace(world.staff, lifetime=timedelta(seconds=1))
    clock = world.server.clock
    async with (
        network(world.server.url) as (between, url),
        following(live, "followSheet", url=url, token=brief.token(clock()), **sheet_of(world)) as screen,
    ):
        await screen.note()
        await screen.loses_its_provider()
        clock.advance(seconds=5)
        between.cut()
        await screen.becomes("reconnecting")
        await hold(world, world.player("eva"), 5)
        await screen.gets(world.staff.token(clock()))
        await screen.is_right()


async def test_a_day_that_turns_leaves_what_is_followed_right(world, live):
    clock = world.server.clock
    lasting = replace(world.staff, lifetime=timedelta(days=3))
    async with following(
        live, "followSheet", url=world.server.url, token=lasting.token(clock()), **sheet_of(world)
    ) as screen:
        await screen.note()
        clock.advance(hours=20)  # past midnight in Madrid
        given = {"courseId": world.course, "date": (world.day + timedelta(days=1)).isoformat()}
        made = await world.server.mutate("generateTeeSheet", "teeSheets { id }", who=world.staff, **given)
        assert made["problems"] == []
        offline = {"courseId": world.course, "date": world.day.isoformat()}
        await world.server.mutate("takeTeeSheetOffline", "cursor", who=world.staff, **offline)
        await screen.is_right()
    async with following(live, "followSheet", url=world.server.url, token=lasting.token(clock()), **given) as tomorrow:
        await tomorrow.note()
        await world.server.mutate("takeTeeSheetOffline", "cursor", who=world.staff, **given)
        await tomorrow.is_right()
