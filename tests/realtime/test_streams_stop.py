"""The program itself, asked to stop as a service manager does it, with event streams open."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack

import pytest

from kit.clock import utc_now
from tests.harness import SECRET, HeldClock, Server, found_world, http_client
from tests.patience import PATIENCE
from tests.program import open_folder, serving_program
from tests.realtime.sockets import EVENTS, rename
from tests.realtime.streams import SSE, EventStream, asking


@pytest.fixture
def folder():
    with open_folder() as folder:
        yield folder


@pytest.mark.slow
async def test_a_program_that_is_asked_to_stop_ends_its_streams_and_exits_in_time(folder):
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(
            serving_program(folder=folder, data_dir=folder / "data", JWT_SECRET=SECRET)
        )
        http = await stack.enter_async_context(http_client())
        server = Server(None, running.url.replace("localhost", "127.0.0.1"), HeldClock(utc_now()), http)
        world = await found_world(server)
        start = await rename(world, "Start")
        streams = []
        for _ in range(20):
            asked = asking(server, EVENTS, accept=SSE, who=world.staff, club=world.club, after=start)
            streams.append(await EventStream(await stack.enter_async_context(asked)).opened())
        await rename(world, "One")
        for stream in streams:
            await stream.events(1)

        os.kill(running.pid, signal.SIGTERM)
        assert [await stream.end() for stream in streams] == [[]] * 20  # no `complete`: they come back
        async with asyncio.timeout(PATIENCE):
            assert await running.process.wait() == 0
        assert not any("Traceback" in line or "Cancel" in line for line in running.lines), running.lines
