"""Messages that wait: for the check of a token, and for a client that does not take its answers."""

import asyncio
import gc
import socket as sockets

from fastapi import FastAPI
from structlog.testing import capture_logs

from kit.errors import TokenRefused
from realtime.frames import header
from realtime.transports.uvicorn_socket import HIGH_WATER, FrameSocket
from tests.faults.light_socket import frame
from tests.harness import serving
from tests.patience import PATIENCE
from tests.realtime.sockets import SOMEBODY
from tests.realtime.support import until
from tests.realtime.test_connection import Scripted, connected, route_to
from tests.realtime.test_handshake import head_of, request

INIT = frame(b'{"type":"connection_init","payload":{"token":"x"}}')
PONG = header(15) + b'{"type":"pong"}'
PING = frame(b'{"type":"ping"}')
ASK = frame(b'{"id":"1","type":"subscribe","payload":{"query":"refuse"}}')
MIB = 1024 * 1024


class Slow:
    """An authenticator that waits for its keys, as one does that has to fetch them."""

    def __init__(self, clock, *, refuses=False):
        self.asked, self.go_on = 0, asyncio.Event()
        self._clock, self._refuses = clock, refuses

    async def authenticate(self, token, *, now, address):
        self.asked += 1
        await self.go_on.wait()
        if self._refuses:
            raise TokenRefused(message="No.")
        return SOMEBODY.viewer(self._clock())

    def watch(self, watcher):
        """Revoke nothing."""

    unwatch = watch


async def test_what_follows_a_token_waits_for_its_check_and_keeps_its_order(clock):
    tokens = Slow(clock)
    async with connected(clock, Scripted(), tokens=tokens) as socket:
        await socket.send(type="connection_init", payload={"token": "x"})
        await socket.subscribe("refuse")
        for _ in range(50):
            await socket.send(type="ping")
        await until(lambda: tokens.asked == 1)
        tokens.go_on.set()
        said = [(await socket.receive())["type"] for _ in range(52)]
        assert said[0] == "connection_ack"
        assert sorted(said[1:]) == ["error", *["pong"] * 50]


async def test_what_follows_a_token_that_is_refused_is_not_heard(clock):
    app, tokens, operations = FastAPI(), Slow(clock, refuses=True), Scripted()
    route_to(app, operations, clock=clock, tokens=tokens)
    async with serving(app, clock) as server:
        host, port = server.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        with capture_logs() as logs:
            writer.write(request() + INIT + ASK + PING)
            assert (await head_of(reader))[0] == 101
            await until(lambda: tokens.asked == 1)
            writer.write(ASK + PING)
            tokens.go_on.set()
            async with asyncio.timeout(PATIENCE):
                assert await reader.readexactly(7) == b"\x88\x05\x11\x33No."
            writer.write(frame(b"\x11\x33", opcode=8))
            async with asyncio.timeout(PATIENCE):
                assert await reader.read() == b""
        writer.close()
        assert [(entry["event"], entry["code"]) for entry in logs] == [("socket closed", 4403)]
        assert operations.entered == 0


async def test_one_who_goes_while_its_token_is_checked_leaves_nothing(clock):
    tokens, before = Slow(clock), asyncio.all_tasks()
    async with connected(clock, Scripted(), tokens=tokens) as socket:
        await socket.send(type="connection_init", payload={"token": "x"})
        await until(lambda: tokens.asked == 1)
        with capture_logs() as logs:
            socket.raw.transport.abort()
            await until(lambda: not any("_go_on_after" in repr(task) for task in asyncio.all_tasks() - before))
        assert logs == []


async def test_one_who_asks_and_does_not_listen_is_not_heard_until_it_does(server):
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 16_384)
    raw.setblocking(False)
    host, port = server.url.removeprefix("http://").split(":")
    await asyncio.get_running_loop().sock_connect(raw, (host, int(port)))
    reader, writer = await asyncio.open_connection(sock=raw, limit=4_096)
    writer.write(request() + frame(b'{"type":"connection_init"}'))  # one who says nothing is sent away after a while
    assert (await head_of(reader))[0] == 101
    (acknowledged,) = (await reader.readexactly(2))[1:]
    await reader.readexactly(acknowledged if acknowledged < 126 else int.from_bytes(await reader.readexactly(2)))
    sent, many = 0, 2_000
    async with asyncio.timeout(PATIENCE):
        while writer.transport.get_write_buffer_size() < MIB:  # nobody takes it any more
            writer.write(PING * many)
            sent += many
            await asyncio.sleep(0)
    ours = raw.getsockname()
    found = [thing for thing in gc.get_objects() if type(thing) is FrameSocket]  # asks no proxy what it stands for
    alive = [one for one in found if not one.transport.is_closing()]  # an earlier one may have had the same port
    (served,) = [one for one in alive if one.transport.get_extra_info("peername") == ours]
    assert served.transport.get_write_buffer_size() < 2 * HIGH_WATER
    assert sent * len(PONG) > 2 * HIGH_WATER
    async with asyncio.timeout(PATIENCE):
        assert await reader.readexactly(sent * len(PONG)) == PONG * sent
    writer.close()
