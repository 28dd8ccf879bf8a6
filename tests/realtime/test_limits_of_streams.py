"""Subscriptions over HTTP are connections like sockets: counted, limited, and forgotten however they end."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import httpx
import orjson
import pytest

from kit.ids import new_id
from realtime import metrics
from realtime.fanout import Fanout
from realtime.presence import CURE, Census, SocketLimits
from tests.harness import found_world, http_client
from tests.patience import PATIENCE
from tests.realtime.sockets import EVENTS, close_code, handshake, rename, server_with
from tests.realtime.streams import MULTIPART, SSE, EventStream, Parts, asking
from tests.realtime.support import Numbered, until
from tests.realtime.test_http_stream import StalledConnection, feed_of, respond


def refused(limit):
    return metrics.refused_sockets.labels(limit)._value.get()


def census_of(server):
    return server.process.census


def nobody_is_counted(server):
    census = census_of(server)
    return (census.counted, dict(census.addresses), census.users, census.transports) == (0, {}, {}, {})


def following(world, *, accept=SSE, who=None, **options):
    return asking(world.server, EVENTS, accept=accept, who=who or world.staff, club=world.club, **options)


async def cut_off(world, accept):
    """Open a stream by hand, and cut its connection without a word."""
    url = httpx.URL(world.server.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    body = orjson.dumps({"query": EVENTS, "variables": {"club": world.club}})
    token = world.staff.token(world.server.clock())
    lines = ["POST /graphql HTTP/1.1", "Host: x", "Content-Type: application/json", f"Accept: {accept}"]
    lines += [f"Authorization: Bearer {token}", f"Content-Length: {len(body)}", "", ""]
    writer.write("\r\n".join(lines).encode() + body)
    assert b" 200 OK" in await reader.readline()
    assert census_of(world.server).counted == 1
    writer.transport.abort()


async def is_refused(response, sentence):
    assert response.status_code == 429
    assert response.headers["content-type"] == "application/json"
    assert response.headers["retry-after"] == "5"
    await response.aread()
    assert response.json() == {"errors": [{"message": sentence, "extensions": {"code": "TOO_MANY_CONNECTIONS"}}]}


@pytest.mark.parametrize(
    ("setting", "limit", "sentence"),
    [
        ("ws_max_connections", "all", "Too many connections to this server; try again later or elsewhere"),
        ("ws_max_connections_per_address", "address", "At most 2 connections from an address; " + CURE),
        ("ws_max_connections_per_user", "user", "At most 2 connections of a user; " + CURE),
    ],
)
@pytest.mark.parametrize("accept", [SSE, MULTIPART])
async def test_one_stream_more_than_a_limit_is_refused_and_the_others_stay(
    settings, clock, accept, setting, limit, sentence
):
    async with server_with(settings, clock, **{setting: 2}) as server:
        world, before = await found_world(server), refused(limit)
        async with following(world) as first, following(world, accept=MULTIPART) as second:
            stream, parts = await EventStream(first).opened(), await Parts(second).opened()
            async with following(world, accept=accept) as third:
                await is_refused(third, sentence)
            assert refused(limit) == before + 1
            await rename(world, "Still told")
            assert [e["name"] for e in [*await stream.events(1), *await parts.events(1)]] == ["Still told"] * 2
        await until(lambda: nobody_is_counted(server))
        async with following(world, accept=accept) as again:
            assert again.status_code == 200


async def test_sockets_and_streams_of_a_user_count_together(settings, clock):
    async with server_with(settings, clock, ws_max_connections_per_user=2) as server:
        world = await found_world(server)
        async with following(world) as response, server.socket(world.staff):
            stream = await EventStream(response).opened()
            assert census_of(server).transports == {world.tenant_id: {"sse": 1, "websocket": 1}}
            async with following(world) as third:
                await is_refused(third, "At most 2 connections of a user; " + CURE)
            async with handshake(server) as socket:
                await socket.send(type="connection_init", payload={"token": world.staff.token(clock())})
                assert await close_code(socket) == 1013
            async with following(world, who=replace(world.staff, user_id="another")) as other:
                assert other.status_code == 200
            await rename(world, "Still told")
            assert [e["name"] for e in await stream.events(1)] == ["Still told"]
        await until(lambda: nobody_is_counted(server))


async def test_what_is_no_stream_is_not_counted(world):
    server, stranger = world.server, replace(world.staff, club_ids=(new_id(),))
    for response in (
        following(world, who=stranger),
        following(world, headers={"Last-Event-ID": "7"}),
        asking(server, "{ viewer { userId } }", accept=SSE, who=world.staff),
        asking(server, EVENTS, accept="application/json", who=world.staff, club=world.club),
    ):
        async with response as answered:
            await answered.aread()
        assert nobody_is_counted(server)


@pytest.mark.parametrize("accept", [SSE, MULTIPART])
async def test_however_a_stream_ends_it_is_counted_no_more(settings, clock, accept):
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(server_with(settings, clock, ws_stop_spread=0))
        world = await found_world(server)

        async with following(world, accept=accept) as left:  # by its client, in good order
            assert left.status_code == 200
            assert census_of(server).counted == 1
        await until(lambda: nobody_is_counted(server))

        await cut_off(world, accept)
        await until(lambda: nobody_is_counted(server))

        brief = replace(world.staff, lifetime=timedelta(milliseconds=200))  # by its token
        async with following(world, accept=accept, who=brief) as expiring:
            async with asyncio.timeout(PATIENCE):
                await expiring.aread()
        await until(lambda: nobody_is_counted(server))


async def test_a_stream_that_ends_with_the_server_is_counted_no_more(settings, clock):
    async with AsyncExitStack() as outside:
        async with server_with(settings, clock, ws_stop_spread=0) as server:
            world = await found_world(server)
            http = await outside.enter_async_context(http_client())
            open_one = await outside.enter_async_context(following(world, http=http))
            stream = await EventStream(open_one).opened()
            assert census_of(server).counted == 1
        assert await stream.end() == []
        assert nobody_is_counted(server)


async def test_a_stream_that_is_stalled_or_fails_is_counted_no_more(hub, database):
    census = Census(SocketLimits())
    numbered = Numbered(database, hub.publish)
    await respond(StalledConnection(), feed_of(numbered), Fanout(hub), stall_timeout=0.05, census=census)
    assert census.counted == 0

    class Broken:
        async def join(self, feed, sink):
            assert census.counted == 1
            raise ValueError("a fault")

    await respond(StalledConnection(), feed_of(numbered), Broken(), stall_timeout=5, census=census)
    assert census.counted == 0
