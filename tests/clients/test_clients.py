from dataclasses import replace
from datetime import timedelta

from tests.clients.client import network, running
from tests.realtime.sockets import EVENTS, rename


async def test_graphql_sse_is_cut_and_goes_on_without_a_gap(world, node):
    token = world.staff.token(world.server.clock())
    start = await rename(world, "Start")
    async with network(world.server.url) as (between, address):
        given = {"url": f"{address}/graphql", "query": EVENTS, "club": world.club, "after": start}
        async with running(node, "sse.js", **given) as client:
            await client.give(token)
            await rename(world, "One")
            assert await client.hear() == {"name": "One"}
            between.cut()
            await rename(world, "Two")
            await client.give(token)
            assert await client.hear() == {"name": "Two"}
            await rename(world, "Three")
            assert await client.hear() == {"name": "Three"}


async def test_graphql_sse_is_told_what_is_wrong_and_does_not_come_back(world, node):
    given = {"url": f"{world.server.url}/graphql", "query": EVENTS, "club": world.club, "after": "7"}
    async with running(node, "sse.js", **given) as client:
        await client.give(world.staff.token(world.server.clock()))
        [error] = (await client.hear())["errors"]
        assert error["extensions"]["code"] == "INVALID_INPUT"
        assert await client.hear() == {"complete": True}


async def test_graphql_ws_gets_another_token_when_its_own_expires_and_goes_on_without_a_gap(world, node):
    start = await rename(world, "Start")
    url = world.server.url.replace("http", "ws", 1) + "/graphql"
    given = {"url": url, "query": EVENTS, "club": world.club, "after": start}
    async with running(node, "ws.js", **given) as client:
        await client.give(replace(world.staff, lifetime=timedelta(seconds=1)).token(world.server.clock()))
        await rename(world, "One")
        assert await client.hear() == {"name": "One"}
        assert await client.hear() == {"closed": 4403}
        await rename(world, "Two")
        await client.give(world.staff.token(world.server.clock()))
        assert await client.hear() == {"name": "Two"}
        await rename(world, "Three")
        assert await client.hear() == {"name": "Three"}


async def test_graphql_http_has_nothing_to_say_against_the_server(server, node):
    async with running(node, "http.js", url=f"{server.url}/graphql", query="") as auditor:
        assert await auditor.hear() == {"audits": 61, "broken": []}
