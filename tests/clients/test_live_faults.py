"""Each `follow…` of `@fairway/live` shows what a fresh query says, whatever happens to network, servers and tokens.

All are followed by one client through each fault: what changes meanwhile is heard afterwards.
"""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from kit.clock import utc_now
from tests.clients.client import network
from tests.clients.following import Kind, following
from tests.clients.kinds import found_each
from tests.clients.real import mortal, program_beside, real_world
from tests.harness import settings_for
from tests.realtime.redis_server import RedisServer


def tokens_of(kinds, now, **lifetime):
    return [replace(kind.who, **lifetime).token(now) for kind in kinds]


async def act(kinds):
    for kind in kinds:
        await kind.act()


async def test_a_network_that_is_cut_or_frozen_hides_nothing_for_good(world, live):
    kinds = await found_each(world)
    async with (
        network(world.server.url) as (between, url),
        following(live, kinds, tokens_of(kinds, world.server.clock()), url=url) as screen,
    ):
        await screen.note()
        between.freeze()
        await act(kinds[::2])
        await screen.becomes("reconnecting")
        between.thaw()
        await screen.becomes("live")
        between.cut()
        await act(kinds[1::2])
        await screen.is_right()


async def test_a_server_that_is_killed_is_followed_by_another(live, settings, tmp_path):
    async with real_world(settings) as world, mortal(world, settings, tmp_path) as server:
        kinds = await found_each(world)
        async with following(live, kinds, tokens_of(kinds, utc_now()), url=server.url) as screen:
            await screen.note()
            await server.kill()
            await act(kinds)
            await screen.is_right()


async def test_a_redis_that_is_killed_holds_no_news_back(live, settings, tmp_path):
    with closing(RedisServer()) as redis:
        redis.start()
        together = settings_for(settings, redis_url=redis.url)
        async with (
            real_world(together) as world,
            program_beside(settings, tmp_path, REDIS_URL=redis.url) as other,
        ):
            kinds = await found_each(world)
            async with following(live, kinds, tokens_of(kinds, utc_now()), url=other.url) as screen:
                await screen.note()
                await act(kinds[::2])
                redis.kill()
                await act(kinds[1::2])
                await screen.is_right()


async def test_while_the_identity_provider_is_away_a_screen_stays_and_it_goes_on_after_that(world, live):
    kinds, clock = await found_each(world), world.server.clock
    brief = tokens_of(kinds, clock(), lifetime=timedelta(seconds=1))
    async with network(world.server.url) as (between, url), following(live, kinds, brief, url=url) as screen:
        await screen.note()
        await screen.loses_its_provider()
        clock.advance(seconds=5)  # by which the tokens have expired
        between.cut()
        await screen.becomes("reconnecting")
        await act(kinds)
        await screen.gets(*tokens_of(kinds, clock()))
        await screen.is_right()


async def test_a_day_that_turns_leaves_what_is_followed_right(world, live):
    kinds, clock = (await found_each(world))[1:], world.server.clock
    given = {"courseId": world.course, "date": world.day.isoformat()}

    async def offline():
        await world.server.mutate("takeTeeSheetOffline", "cursor", who=world.staff, **given)

    kinds.append(Kind("followSheet", dict(given), world.staff, offline))
    async with following(
        live, kinds, tokens_of(kinds, clock(), lifetime=timedelta(days=3)), url=world.server.url
    ) as screen:
        await screen.note()
        clock.advance(hours=20)  # past midnight in Madrid
        await act(kinds)
        await screen.is_right()
    given["date"] = (world.day + timedelta(days=1)).isoformat()
    made = await world.server.mutate("generateTeeSheet", "teeSheets { id }", who=world.staff, **given)
    assert made["problems"] == []
    tomorrow = [Kind("followSheet", given, world.staff, offline)]
    async with following(live, tomorrow, tokens_of(tomorrow, clock()), url=world.server.url) as screen:
        await screen.note()
        await offline()
        await screen.is_right()
