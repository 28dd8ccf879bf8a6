import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.harness import found_world, http_client
from tests.realtime.sockets import EVENTS, ME, rename, room_subscriptions, server_with
from tests.realtime.streams import MULTIPART, Parts, asking
from tests.realtime.support import until


def subscribing(world, query=EVENTS, *, accept=MULTIPART, who=None, **given):
    return asking(world.server, query, accept=accept, who=who or world.staff, **{"club": world.club, **given})


@pytest.mark.parametrize(
    "accept",
    [
        MULTIPART,
        'multipart/mixed;boundary="graphql";subscriptionSpec="1.0",application/graphql-response+json;q=0.9',
        "multipart/mixed; subscriptionSpec=1.0",
    ],
)
async def test_events_come_as_parts(world, accept):
    async with subscribing(world, accept=accept) as response:
        parts = await Parts(response).opened()
        cursor = await rename(world, "One")
        event = {"__typename": "ClubUpdated", "cursor": cursor, "name": "One"}
        assert await parts.part() == {"payload": {"data": {"clubEvents": event}}}
    assert response.headers["content-type"] == 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'
    assert response.headers["cache-control"] == "no-cache, no-transform"
    assert "content-encoding" not in response.headers  # though the client would take gzip


async def test_one_who_comes_back_with_a_cursor_misses_nothing(world):
    first = await rename(world, "One")
    await rename(world, "Two")
    async with subscribing(world, after=first) as response:
        parts = await Parts(response).opened()
        await rename(world, "Three")
        assert [event["name"] for event in await parts.events(2)] == ["Two", "Three"]


async def test_what_is_no_subscription_is_answered_as_json(world):
    async with subscribing(world, ME) as response:
        assert await response.aread() == b'{"data":{"viewer":{"userId":"staff"}}}'
    assert response.headers["content-type"] == "application/json"


async def test_a_subscription_that_cannot_begin_is_refused_as_json(world):
    for given in ({"after": "7"}, {"who": replace(world.staff, club_ids=())}):
        async with subscribing(world, **given) as response:
            await response.aread()
        assert response.headers["content-type"] == "application/json"
        assert set(response.json()) == {"errors"}


async def test_a_quiet_stream_shows_that_it_lives(settings, clock):
    async with server_with(settings, clock, ws_heartbeat_interval=100) as server:
        world = await found_world(server)
        async with subscribing(world) as response:
            parts = await Parts(response).opened()
            assert [await parts.part() for _ in range(3)] == [{}, {}, {}]


async def test_a_stream_says_so_when_its_token_expires(world):
    async with subscribing(world, who=replace(world.staff, lifetime=timedelta(seconds=1))) as response:
        parts = await Parts(response).opened()
        end = await parts.part()
        assert (end["payload"], end["errors"][0]["extensions"]["code"]) == (None, "TOKEN_EXPIRED")
        assert await parts.rest() == "--\r\n"


async def test_a_server_that_stops_says_so(settings, clock):
    async with http_client() as http, AsyncExitStack() as stack:
        async with server_with(settings, clock, ws_stop_spread=0) as server:
            world = await found_world(server)
            response = await stack.enter_async_context(subscribing(world, http=http))
            parts = await Parts(response).opened()
            begun = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - begun < 0.9  # the harness would cut what is left after a second
        end = await parts.part()
        assert (end["payload"], end["errors"][0]["extensions"]["code"]) == (None, "UNAVAILABLE")
        assert await parts.rest() == "--\r\n"


async def test_streams_that_are_cut_leave_nothing(world):
    before = room_subscriptions()
    async with AsyncExitStack() as stack:
        streams = []
        for _ in range(5):
            response = await stack.enter_async_context(subscribing(world))
            streams.append(await Parts(response).opened())
        assert room_subscriptions() == before + 5
    await until(lambda: room_subscriptions() == before)
    assert not world.server.process.fanout._groups
