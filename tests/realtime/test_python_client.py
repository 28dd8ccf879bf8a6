"""The `gql` package, with which Python programs use GraphQL: by WebSocket, as it comes."""

import asyncio

from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport

from tests.patience import PATIENCE
from tests.realtime.sockets import EVENTS, ME, rename
from tests.realtime.support import until


async def test_it_asks_and_follows(world):
    token = world.staff.token(world.server.clock())
    url = world.server.url.replace("http", "ws", 1) + "/graphql"
    transport = WebsocketsTransport(url=url, init_payload={"Authorization": f"Bearer {token}"})
    async with Client(transport=transport) as session, asyncio.timeout(PATIENCE):
        assert await session.execute(gql(ME)) == {"viewer": {"userId": world.staff.user_id}}
        query = gql(EVENTS)
        query.variable_values = {"club": world.club}
        events = session.subscribe(query)
        told = asyncio.ensure_future(anext(events))
        await until(lambda: f"club:{world.club}" in world.server.process.fanout.census())
        await rename(world, "Heard by Python")
        assert (await told)["clubEvents"]["name"] == "Heard by Python"
        await events.aclose()
