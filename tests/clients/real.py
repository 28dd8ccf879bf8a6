"""A club in the time of the day, and programs that serve it and can be killed."""

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kit.clock import utc_now
from kit.settings import Settings
from tests.clients.client import Network, network
from tests.harness import SECRET, World, found_world
from tests.program import Running, serving_program
from tests.realtime.sockets import server_with


@asynccontextmanager
async def real_world(settings: Settings) -> AsyncIterator[World]:
    """A club with tomorrow's sheet, all of whose starts are still to come, and a server in this process."""
    async with server_with(settings, utc_now) as server:
        world = await found_world(server, days=(0, 1))
        world = replace(world, day=world.day + timedelta(days=1))
        await world.read()
        yield world


@asynccontextmanager
async def program_beside(settings: Settings, folder: Path, **more: str) -> AsyncIterator[Running]:
    """Run `fairway serve` on the same database, as another server of the same clubs."""
    given = {
        "DATABASE_URL": settings.database_url,
        "DATABASE_SYSTEM_URL": settings.database_system_url,
        "JWT_SECRET": SECRET,
    }
    async with serving_program("--no-jobs", folder=folder, data_dir=folder, **given | more) as running:
        yield running


class Mortal:
    """A server that can be killed, the way to it, and who takes its place then."""

    def __init__(self, program: Running, between: Network, url: str, heir: str) -> None:
        self._program, self._between, self._heir = program, between, heir
        self.url = url
        """Where clients reach it, and whoever takes its place."""

    async def kill(self) -> None:
        """Kill it without a word, in the midst of whatever it does; new connections come to the other."""
        self._between.lead_to(self._heir)
        self._program.process.send_signal(signal.SIGKILL)
        await self._program.process.wait()


@asynccontextmanager
async def mortal(world: World, settings: Settings, folder: Path, **more: str) -> AsyncIterator[Mortal]:
    """Run a server of a world that can be killed; the world's own takes its place."""
    async with program_beside(settings, folder, **more) as program, network(program.url) as (between, url):
        yield Mortal(program, between, url, world.server.url)
