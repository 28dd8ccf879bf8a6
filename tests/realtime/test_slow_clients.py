"""Clients that do not read, beside some that do, on a stream whose events are answered by 50 kB each."""

import asyncio
import gc
import json
import socket as sockets
from contextlib import asynccontextmanager

import orjson
import psutil
import pytest
import websockets
from fastapi import FastAPI
from starlette.websockets import WebSocket
from structlog.testing import capture_logs

from realtime import metrics
from realtime.fanout import Fanout
from realtime.feed import Feed
from realtime.presence import Census, SocketLimits
from realtime.transports.graphql_ws import SocketSession
from realtime.transports.socket_settings import SocketSettings
from realtime.transports.uvicorn_socket import EXTENSION
from tests.harness import Socket, serving
from tests.patience import PATIENCE
from tests.realtime.list_hub import ListHub
from tests.realtime.list_log import STREAM
from tests.realtime.support import until

MORE = "x" * 50_000
MIB = 1024 * 1024


class Room:
    """A stream that everybody follows from the beginning on, and a server of it."""

    def __init__(self, stall):
        self.hub = ListHub()
        self.fanout = Fanout(self.hub)
        self.settings = SocketSettings(
            instance="test",
            auth_timeout=10,
            heartbeat=30,
            max_operations=1_000,
            max_message_bytes=65_536,
            stall_timeout=stall,
        )
        self.census = Census(SocketLimits())
        self.served, self.asked = [], 0

    async def open(self, request, *, viewer):
        if request.query == "query":
            self.asked += 1
            return orjson.dumps({"data": MORE})
        return Feed(
            stream=STREAM,
            room=STREAM,
            after=None,
            key=1,
            wanted=None,
            render=lambda item: orjson.dumps({"data": item.position, "more": MORE}),
        )

    def app(self, clock):
        app = FastAPI()

        async def talk(socket: WebSocket):
            self.served.append(socket.scope["extensions"][EXTENSION])
            await SocketSession(
                socket,
                operations=self,
                fanout=self.fanout,
                authenticator=None,
                census=self.census,
                settings=self.settings,
                clock=clock,
            ).serve()

        app.add_api_websocket_route("/graphql", talk)
        return app

    async def happen(self, events, *, heard_by):
        """Let events happen, as fast as somebody who reads hears of them."""
        for _ in range(events):
            self.hub.happen()
            if self.hub.position % 5 == 0:
                await until(lambda: heard_by.heard[-1:] == [self.hub.position])
        await until(lambda: heard_by.heard[-1:] == [self.hub.position])

    def subscribers(self):
        (group,) = self.fanout._groups.values()
        return len(group.members) + len(group.lagging)


class Reader:
    """A client that hears what is said, and how long the longest silence was."""

    def __init__(self, socket):
        self.heard, self.longest = [], 0.0
        self._socket = socket

    async def read(self):
        loop, last = asyncio.get_running_loop(), None
        async for raw in self._socket.raw:
            message = json.loads(raw)
            if message["type"] == "next":
                now = loop.time()
                self.longest = max(self.longest, now - (last or now))
                last = now
                self.heard.append(message["payload"]["data"])


@asynccontextmanager
async def following(server, room):
    """A client that follows the room; its machine keeps little of what it has not read."""
    raw_socket = sockets.socket()
    raw_socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 65_536)
    raw_socket.setblocking(False)
    host, port = server.url.removeprefix("http://").split(":")
    await asyncio.get_running_loop().sock_connect(raw_socket, (host, int(port)))
    url = f"ws://{host}:{port}/graphql"
    async with websockets.connect(
        url,
        sock=raw_socket,
        subprotocols=["graphql-transport-ws"],
        max_size=None,
        ping_interval=None,
        close_timeout=0.1,
    ) as raw:
        socket, before = Socket(raw), room.subscribers() if room.fanout._groups else 0
        await socket.initialise(None)
        await socket.subscribe("subscription")
        await until(lambda: room.fanout._groups and room.subscribers() == before + 1)
        yield socket


@asynccontextmanager
async def reading(server, room):
    async with following(server, room) as socket:
        reader = Reader(socket)
        task = asyncio.create_task(reader.read())
        yield reader
        task.cancel()
        await asyncio.wait({task})


def memory():
    gc.collect()
    return psutil.Process().memory_info().rss


@pytest.mark.slow
async def test_one_who_never_reads_costs_little_memory_and_is_cut_off_while_the_others_do_not_notice(clock):
    room, stalled = Room(stall=0.5), metrics.stalled_sockets._value.get()
    async with serving(room.app(clock), clock) as server, reading(server, room) as good:
        async with following(server, room) as deaf:
            await room.happen(100, heard_by=good)
            before = memory()
            with capture_logs() as logs:
                await room.happen(2_900, heard_by=good)
                assert memory() - before < 30 * MIB
                await until(lambda: room.subscribers() == 1)
            assert [(entry["seconds"], entry["user"], "connection" in entry) for entry in logs] == [(0.5, None, True)]
            assert metrics.stalled_sockets._value.get() == stalled + 1
            assert (await deaf.closed())[0] == 1006
        assert good.heard == list(range(2, 3_002))
        assert room.census.counted == 1


@pytest.mark.slow
async def test_one_who_reads_again_in_time_has_missed_nothing_and_hears_nothing_twice(clock):
    room, slow_before = Room(stall=30), metrics.slow_clients._value.get()
    async with serving(room.app(clock), clock) as server, reading(server, room) as good:
        async with following(server, room) as slow:
            await room.happen(600, heard_by=good)
            assert metrics.slow_clients._value.get() > slow_before
            reader = Reader(slow)
            task = asyncio.create_task(reader.read())
            await until(lambda: reader.heard[-1:] == [601])
            await room.happen(20, heard_by=reader)
            task.cancel()
            await asyncio.wait({task})
            assert reader.heard == list(range(2, 622))
        await until(lambda: good.heard == list(range(2, 622)))


async def test_answers_that_a_client_does_not_take_wait_their_turn(clock):
    room = Room(stall=30)
    async with serving(room.app(clock), clock) as server, following(server, room) as slow:
        (served,) = room.served
        asked = answered = 0
        while served.flowing:
            await slow.subscribe("query")
            asked += 1
            await until(lambda number=asked: room.asked == number)
        for _ in range(100):
            await slow.subscribe("query")
        asked += 100
        await until(lambda: room.asked == asked)
        async with asyncio.timeout(PATIENCE):
            while answered < asked:
                assert served.transport.get_write_buffer_size() < MIB
                answered += (await slow.receive())["type"] == "complete"
