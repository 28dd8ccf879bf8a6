from dataclasses import replace
from datetime import timedelta

from kit.ids import public_id
from tests.auth.issuer import published, serving, sign_as
from tests.clients.client import network, running
from tests.harness import MORNING
from tests.realtime.sockets import EVENTS, rename, server_with


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


async def test_graphql_ws_comes_back_by_itself_once_the_issuers_keys_are_to_be_had(world, node, settings, clock):
    told = {"sub": "staff", "tenantId": public_id("tenant", world.tenant_id), "clubIds": [world.club]}
    token = sign_as("ES256", **told, roles=["STAFF"], exp=int((MORNING + timedelta(hours=1)).timestamp()))
    with serving(published("ES256")) as issuer:
        issuer.status = 503
        given = {"jwt_jwks_url": issuer.url, "jwt_algorithm": "ES256", "ws_keys_timeout": 0}
        async with server_with(settings, clock, **given) as server:
            url = server.url.replace("http", "ws", 1) + "/graphql"
            start = await rename(world, "Start")
            async with running(node, "ws.js", url=url, query=EVENTS, club=world.club, after=start) as client:
                for _ in range(2):
                    await client.give(token)
                    assert await client.hear() == {"closed": 1013}
                await rename(world, "One")
                issuer.status = 200
                clock.advance(seconds=2)
                await client.give(token)
                assert await client.hear() == {"name": "One"}


async def test_graphql_http_has_nothing_to_say_against_the_server(server, node):
    async with running(node, "http.js", url=f"{server.url}/graphql", query="") as auditor:
        assert await auditor.hear() == {"audits": 61, "broken": []}
