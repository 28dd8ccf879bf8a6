"""The two ways out of a socket: straight into it, and behind what waits in its transport."""

import asyncio
import socket
from contextlib import asynccontextmanager
from itertools import count
from random import Random
from types import SimpleNamespace

from uvicorn.server import ServerState

from realtime.fair_queue import FairQueue
from realtime.transports.uvicorn_socket import HIGH_WATER, FrameSocket
from tests.patience import PATIENCE
from tests.realtime.support import until


class Silent:
    """Somebody who says nothing."""

    def take(self, message):
        pass

    def gone(self):
        pass


@asynccontextmanager
async def served_pair():
    """Give a socket as the server has it, with small buffers beneath, and its client's end."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    theirs.setblocking(False)
    loop, state = asyncio.get_running_loop(), ServerState()
    transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, ours)
    served = FrameSocket(SimpleNamespace(ws_max_size=65_536), state, transport, key=b"key", queue=FairQueue(1))
    transport.set_protocol(served)

    async def talk(*_asgi):
        served.listen(Silent())

    served.begin(talk, {}, b"")
    await until(lambda: not state.tasks)
    try:
        yield served, theirs
    finally:
        served.abort()
        theirs.close()
        await until(lambda: not state.connections)


async def test_what_goes_out_both_ways_comes_in_the_order_in_which_it_was_written():
    async with served_pair() as (served, client):
        dice, written, paused, straight = Random(7), bytearray(), 0, 0
        heard = asyncio.create_task(read_slowly(client, 3_000_000))
        for number in count():
            if len(written) >= 3_000_000:
                break
            frames = f"{number:08}".encode() * dice.choice([1, 30, 400, 6_000])
            written += frames
            if (write := served.exit.write) is None:
                paused += 1
                await served.drained()
            elif dice.random() < 0.7:
                straight += write == served._direct.send
                give(served, frames)
                continue
            served.write_frames(frames)
            if dice.random() < 0.1:
                await asyncio.sleep(0)
        assert await heard == bytes(written[:3_000_000])
        assert paused
        assert straight


def give(served, frames):
    """Write as one does who writes to thousands."""
    try:
        taken = served.exit.write(frames)
    except BlockingIOError:
        taken = 0
    if taken < len(frames):
        served.exit.rest(frames[taken:])


async def read_slowly(client, size):
    loop, got = asyncio.get_running_loop(), bytearray()
    async with asyncio.timeout(PATIENCE):
        while len(got) < size:
            got += await loop.sock_recv(client, min(50_000, size - len(got)))
            await asyncio.sleep(0)
    return bytes(got)


async def test_too_much_that_waits_closes_the_way_out_until_all_of_it_is_taken():
    async with served_pair() as (served, client):
        written = 0
        while served.flowing:
            give(served, b"x" * 10_000)
            written += 10_000
        assert HIGH_WATER < served.transport.get_write_buffer_size() < HIGH_WATER + 20_000
        reading = asyncio.create_task(read_slowly(client, written))
        async with asyncio.timeout(PATIENCE):
            await served.drained()
        assert served.exit.write == served._direct.send
        await reading


async def test_nothing_is_written_to_a_connection_that_has_ended_nor_to_who_gets_its_number_next():
    async with served_pair() as (served, _):
        served.close(1000, "enough")
        assert served.exit.write(b"x" * 10) == 10
        served.abort()
        await until(lambda: served.exit.write is None)
        assert served._direct.fileno() == -1
