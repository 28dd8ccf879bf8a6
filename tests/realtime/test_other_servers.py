"""Sockets under a server that knows nothing of finished frames: uvicorn with its own protocol classes."""

import asyncio
from contextlib import AsyncExitStack

import pytest
import websockets

from api.app import create_app
from tests.harness import found_world, serving, settings_for
from tests.realtime.sockets import EVENTS, ME, SOMEBODY, close_code, handshake, rename
from tests.realtime.support import until

OTHER = {"http": "httptools", "ws": "websockets-sansio"}


async def test_everything_goes_by_receive_and_send(settings, clock):
    app = create_app(settings_for(settings, ws_max_connections_per_user=2), with_jobs=False, clock=clock)
    async with AsyncExitStack() as clients:
        async with serving(app, clock, **OTHER) as server:
            tasks = asyncio.all_tasks()
            world = await found_world(server)
            async with server.socket(world.staff) as socket:
                await socket.subscribe(ME)
                assert [(await socket.receive())["type"] for _ in range(2)] == ["next", "complete"]
                await socket.subscribe(EVENTS, club=world.club, after=await rename(world, "First"))
                for number in range(3):
                    await rename(world, f"Club {number}")
                assert [event["name"] for event in await socket.events(3)] == ["Club 0", "Club 1", "Club 2"]
                async with server.socket(world.staff), handshake(server) as third:
                    await third.send(type="connection_init", payload={"token": world.staff.token(clock())})
                    assert await close_code(third) == 1013
                await socket.send(type="ping")
                assert await socket.receive() == {"type": "pong"}
                await socket.raw.send("nonsense")
                assert await close_code(socket) == 4400
            async with server.socket(world.staff) as cut:
                await cut.subscribe(EVENTS, club=world.club)
                cut.raw.transport.abort()
            async with handshake(server, subprotocols=["graphql-ws"]) as other:
                assert await close_code(other) == 4406
            with pytest.raises(websockets.InvalidStatus):
                async with handshake(server, origin="https://evil.example"):
                    pass
            await until(lambda: server.process.census.counted == 0 and not server.process.fanout._groups)
            await until(lambda: {task for task in asyncio.all_tasks() - tasks if "run_asgi" in repr(task)} == set())
            last = await clients.enter_async_context(server.socket(SOMEBODY))
        assert await close_code(last) == 1012


async def test_one_who_says_nothing_is_closed_there_too(settings, clock):
    app = create_app(settings_for(settings, ws_auth_timeout=100), with_jobs=False, clock=clock)
    async with serving(app, clock, **OTHER) as server, handshake(server) as silent:
        assert await close_code(silent) == 4408
