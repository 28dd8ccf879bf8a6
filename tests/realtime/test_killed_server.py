import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.harness import SECRET
from tests.patience import PATIENCE

ROUNDS = 10
EVENTS = """subscription($club: ID!, $after: String) {
  clubEvents(clubId: $club, types: [CLUB_UPDATED], after: $after) { __typename ... on ClubUpdated { cursor name } }
}"""


class Processes:
    """Servers that are processes of their own, one after the other."""

    def __init__(self, process):
        self._process = process

    async def start(self, kind):
        """Start one; give its address."""
        self._process.stdin.write(kind.encode() + b"\n")
        return await self._line()

    async def died_by(self):
        """Wait until it is dead; give the signal."""
        return int(await self._line())

    async def _line(self):
        async with asyncio.timeout(PATIENCE):
            return (await self._process.stdout.readline()).decode().strip()


@pytest.fixture
async def processes(settings):
    set_by_us = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_SYSTEM_URL": settings.database_system_url,
        "JWT_SECRET": SECRET,
        "REDIS_URL": "",
        "INSTANCE_NAME": "killed",
        "LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.realtime.killed_server",
        env={**os.environ, **set_by_us},
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    yield Processes(process)
    process.stdin.close()
    await process.wait()


@asynccontextmanager
async def following(server, world, *, after):
    async with server.socket(world.staff) as socket:
        await socket.subscribe(EVENTS, club=world.club, after=after)
        yield socket


async def rename(server, world, number):
    return await server.mutate("updateClub", "club { id }", who=world.admin, clubId=world.club, name=f"Club {number}")


@pytest.mark.slow
async def test_a_server_killed_between_commit_and_publish_loses_and_doubles_nothing(server, world, processes):
    cursor = (await rename(server, world, 0))["cursor"]
    expected, heard = [], []
    async with following(server, world, after=cursor) as live:
        for number in range(1, ROUNDS + 1):
            killed = replace(server, url=await processes.start("deadly"))
            async with following(killed, world, after=cursor) as client:
                if expected:
                    async with asyncio.timeout(PATIENCE):
                        event = await client.event()
                    heard.append(event["name"])
                    cursor = event["cursor"]
                with pytest.raises(httpx.TransportError):
                    await rename(killed, world, number)
                assert (await client.closed())[0] == 1006
            assert await processes.died_by() == signal.SIGKILL
            expected.append(f"Club {number}")

        restarted = replace(server, url=await processes.start("lively"))
        async with following(restarted, world, after=cursor) as client:
            await rename(restarted, world, "at last")
            expected.append("Club at last")
            heard += [event["name"] for event in await client.events(2)]
        assert heard == expected
        assert [event["name"] for event in await live.events(ROUNDS + 1)] == expected
