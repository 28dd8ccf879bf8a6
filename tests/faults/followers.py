"""Clients that follow a club of the program itself, and come back with their last cursor."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import websockets

from kit.clock import utc_now
from tests.harness import SECRET, HeldClock, Server, World
from tests.program import Running, serving_program
from tests.realtime.sockets import EVENTS, ME, rename


@dataclass
class Follower:
    """A client that follows a club until its socket is closed."""

    world: World
    cursor: str
    names: list[str] = field(default_factory=list)
    code: int | None = None
    ended: float = 0.0
    subscribed: bool = False

    async def follow(self, server: Server) -> None:
        """Follow from the last cursor on."""
        self.subscribed = False
        async with server.socket(self.world.staff) as socket:
            subscription = await socket.subscribe(EVENTS, club=self.world.club, after=self.cursor)
            await socket.subscribe(ME)
            try:
                while True:
                    message = json.loads(await socket.raw.recv())  # however long it takes
                    if message["type"] == "ping":
                        await socket.send(type="pong")
                    elif message["id"] != subscription:
                        self.subscribed = True
                    elif message["type"] == "next":
                        event = message["payload"]["data"]["clubEvents"]
                        self.names.append(event["name"])
                        self.cursor = event["cursor"]
            except websockets.ConnectionClosed:
                self.code, self.ended = socket.raw.close_code, time.monotonic()


@asynccontextmanager
async def program(folder: Path, **more: str) -> AsyncIterator[tuple[Running, Server]]:
    """The program itself, whose data survives it in the folder."""
    own = {"JWT_SECRET": SECRET, "WS_MAX_CONNECTIONS_PER_USER": "5000", "WS_MAX_CONNECTIONS_PER_ADDRESS": "5000"}
    async with (
        serving_program(folder=folder, data_dir=folder / "data", **own, **more) as running,
        httpx.AsyncClient(timeout=30) as http,
    ):
        url = running.url.replace("localhost", "127.0.0.1")
        yield running, Server(None, url, HeldClock(utc_now()), http)  # type: ignore[arg-type]  # it is another process


async def rename_until_it_stops(world: World, done: list[str], *, pause: float = 0) -> None:
    """Change things for as long as the server takes it; note what it has acknowledged."""
    with suppress(httpx.TransportError):
        while True:
            await rename(world, f"Club {len(done) + 1}")
            done.append(f"Club {len(done) + 1}")
            await asyncio.sleep(pause)
