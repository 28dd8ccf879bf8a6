"""Instances that are replaced one after the other, and clients that come to others when they are closed."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

import httpx

from tests.faults.followers import PATIENCE, Follower
from tests.harness import Server, World
from tests.realtime.support import until


@dataclass
class Fleet:
    """The instances that take clients, as a load balancer knows them. One is stopped by leaving what has started it."""

    start: Callable[[str], AbstractAsyncContextManager[Server]]
    http: httpx.AsyncClient
    """The connections of those who change things, which outlive an instance."""
    taking: list[tuple[Server, AsyncExitStack]] = field(default_factory=list)
    codes: Counter[int | None] = field(default_factory=Counter)
    """What sockets were closed with."""

    async def add(self, name: str) -> Server:
        """Start an instance, and let clients come to it."""
        resources = AsyncExitStack()
        server = replace(await resources.enter_async_context(self.start(name)), http=self.http, poster=None)
        self.taking.append((server, resources))
        return server

    async def stop_oldest(self) -> None:
        """Let nobody come to the oldest instance any more, and stop it."""
        _, resources = self.taking.pop(0)
        await resources.aclose()

    def worlds(self, world: World) -> list[World]:
        """Give a club by each instance that takes clients."""
        return [replace(world, server=server) for server, _ in self.taking]

    async def keep(self, follower: Follower) -> None:
        """Let a client follow, and come back whenever it is closed, after a moment as clients wait one."""
        while True:
            with suppress(ConnectionError):
                await follower.follow(random.choice(self.taking)[0])
                self.codes[follower.code] += 1
            await asyncio.sleep(random.uniform(0.0, 0.2))

    @asynccontextmanager
    async def keeping(self, followers: Sequence[Follower]) -> AsyncIterator[None]:
        """Let everybody follow, wherever, until the block ends."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.keep(follower)) for follower in followers]
            await until(lambda: all(follower.subscribed for follower in followers), within=PATIENCE)
            yield
            for task in tasks:
                task.cancel()


@asynccontextmanager
async def fleet_of(start: Callable[[str], AbstractAsyncContextManager[Server]], *names: str) -> AsyncIterator[Fleet]:
    """Start a fleet; stop what is left of it at the end."""
    async with httpx.AsyncClient(timeout=30) as http:
        fleet = Fleet(start, http)
        try:
            for name in names:
                await fleet.add(name)
            yield fleet
        finally:
            while fleet.taking:
                await fleet.stop_oldest()
