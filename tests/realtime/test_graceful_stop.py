"""A server that is asked to stop, as a service manager does it, with sockets open and changes under way."""

import asyncio
import os
import signal
import socket
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

import pytest
from fastapi import FastAPI

from tests.faults.followers import Follower, program, rename_until_it_stops
from tests.harness import found_world, serving
from tests.patience import PATIENCE
from tests.program import open_folder
from tests.realtime.sockets import SOMEBODY, rename, server_with
from tests.realtime.support import until
from tests.realtime.test_connection import SETTINGS, Scripted, route_to

SOCKETS = 100


@pytest.fixture(scope="module")
def folder():
    with open_folder() as folder:
        yield folder


async def deaf_client(server):
    """A client that opens a socket, and neither reads nor closes from then on."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    return writer


@pytest.mark.slow
async def test_a_server_that_stops_under_load_lets_everybody_go_in_time_and_nothing_is_lost(folder):
    done: list[str] = []
    async with program(folder) as (running, server):
        world = await found_world(server)
        start = await rename(world, "Club 0")
        followers = [Follower(world, start) for _ in range(SOCKETS)]
        following = [asyncio.create_task(follower.follow(server)) for follower in followers]
        await until(lambda: all(follower.subscribed for follower in followers))
        deaf = await deaf_client(server)
        load = asyncio.create_task(rename_until_it_stops(world, done))
        await until(lambda: len(done) >= 20)

        began = time.monotonic()
        os.kill(running.pid, signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await running.process.wait() == 0
        await asyncio.gather(*following, load)
        deaf.close()
        assert {follower.code for follower in followers} == {1001}
        ended = sorted(follower.ended - began for follower in followers)
        assert ended[-1] - ended[0] > 0.3
        assert not any("Traceback" in line or "Cancel" in line for line in running.lines), running.lines

    async with program(folder, WS_STOP_SPREAD="0") as (_, server):
        again = replace(world, server=server)
        following = [asyncio.create_task(follower.follow(server)) for follower in followers]
        await rename(again, "The last")
        await until(lambda: all(follower.names[-1:] == ["The last"] for follower in followers))
        told = followers[0].names[:-1]
        assert told[: len(done)] == done
        assert len(told) - len(done) <= 1  # the one that was committed, and whose answer was cut off
        assert all(follower.names[:-1] == told for follower in followers)
    await asyncio.gather(*following)


async def test_the_close_code_is_a_setting(settings, clock):
    async with AsyncExitStack() as clients:
        async with server_with(settings, clock, ws_close_code_on_stop=1012, ws_stop_spread=0) as server:
            sockets = [await clients.enter_async_context(server.socket(SOMEBODY)) for _ in range(3)]
        assert [await socket.closed() for socket in sockets] == [
            (1012, "The server stops; connect again with your last cursor")
        ] * 3
        assert server.process.census.counted == 0
        assert server.process.fanout._groups == {}


async def test_what_is_under_way_is_finished_and_nothing_new_is_begun(clock):
    operations, app = Scripted(), FastAPI()
    route_to(app, operations, clock=clock, settings=replace(SETTINGS, stop_spread=0))
    async with AsyncExitStack() as clients:
        async with serving(app, clock) as server:
            socket = await clients.enter_async_context(server.socket())
            operation = await socket.subscribe("one")
            await until(lambda: operations.entered == 1)
            late = asyncio.create_task(_ask_for_more(server, socket, operations))
        await late
        assert await socket.receive() == {"id": operation, "type": "next", "payload": {"data": 1}}
        assert await socket.receive() == {"id": operation, "type": "complete"}
        assert (await socket.closed())[0] == 1001
        assert (operations.entered, operations.left) == (1, ["one"])


async def _ask_for_more(server, socket, operations):
    """Ask for another operation when the server has begun to stop, then let the first one end."""
    host, port = server.url.removeprefix("http://").split(":")
    with suppress(OSError):  # it takes no connections any more
        while True:
            _, writer = await asyncio.open_connection(host, int(port))
            writer.close()
            await writer.wait_closed()
    await socket.subscribe("two")
    operations.go_on.set()


def is_free(port):
    """Whether nobody listens on a port."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            other.bind(("127.0.0.1", port))
            return True
    return False


async def test_a_request_that_is_on_its_way_when_the_server_stops_is_answered(clock):
    app = FastAPI()
    app.get("/")(lambda: "here")
    ask = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    async with AsyncExitStack() as running:
        server = await running.enter_async_context(serving(app, clock))
        host, port = server.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(ask)
        assert b"connection: close" not in await reader.readuntil(b'"here"')
        stop = asyncio.create_task(running.aclose())
        await until(lambda: is_free(int(port)))  # in the same moment, connections are told that it stops
        writer.write(ask)
        async with asyncio.timeout(PATIENCE):
            last = await reader.read()
            await stop
        writer.close()
    assert last.startswith(b"HTTP/1.1 200")
    assert b"connection: close" in last
    assert last.endswith(b'"here"')
