"""Clients that follow a club of the program itself, and come back with their last cursor."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import httpx
import orjson

from kit.clock import utc_now
from tests.faults.light_socket import LightSocket, light_socket
from tests.harness import SECRET, Server, Who, World
from tests.program import Running, serving_program
from tests.realtime.sockets import EVENTS, ME, rename
from tests.realtime.support import until

AT_A_TIME = 50
PATIENCE = 120.0
"""Seconds that a busy machine may take for what takes a few."""


@dataclass(eq=False)
class Follower:
    """A client that follows a club until its socket is closed. Without a cursor, it begins with what comes next."""

    world: World
    cursor: str | None
    who: Who | None = None
    """Whose token it has, if not the staff's."""
    held: bool = False
    """Whether it waits for `subscribe` once it is connected."""
    names: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """When it heard each name, by the monotonic clock."""
    code: int | None = None
    ended: float = 0.0
    connected: bool = False
    subscribed: bool = False
    refusal: str = ""
    """Why it may not follow, in the server's words; its connection is closed then."""
    token: str = ""
    socket: LightSocket | None = None

    async def follow(self, server: Server) -> None:
        """Follow from the last cursor on."""
        self.connected = self.subscribed = False
        self.token = (self.who or self.world.staff).token(server.clock())
        async with light_socket(server.url, self._hear) as self.socket:
            self._send(type="connection_init", payload={"token": self.token})
            self.code = await self.socket.closed
            self.ended = time.monotonic()

    def subscribe(self) -> None:
        """Ask for the events, and for something that shows that the server has come so far."""
        events = {"query": EVENTS, "variables": {"club": self.world.club, "after": self.cursor}}
        self._send(id="events", type="subscribe", payload=events)
        self._send(id="me", type="subscribe", payload={"query": ME})

    def _send(self, **message: object) -> None:
        assert self.socket
        self.socket.send(orjson.dumps(message))

    def _hear(self, socket: LightSocket, payload: bytes) -> None:
        message = orjson.loads(payload)
        match message["type"], message.get("id"):
            case "next", "events":
                event = message["payload"]["data"]["clubEvents"]
                self.names.append(event["name"])
                self.times.append(time.monotonic())
                self.cursor = event["cursor"]
            case "next" | "complete", "me":
                self.subscribed = True
            case "connection_ack", _:
                self.connected = True
                if not self.held:
                    self.subscribe()
            case "error", "events":
                self.refusal = message["payload"][0]["message"]
                socket.transport.close()
            case "ping", _:
                self._send(type="pong")
            case _:
                raise AssertionError(message)


def _are_there(followers: Sequence[Follower]) -> bool:
    return all(one.connected if one.held else one.subscribed for one in followers)


async def begin(followers: Sequence[Follower], servers: Sequence[Server]) -> list[asyncio.Task[None]]:
    """Let everybody follow, spread over the servers; give their tasks when all are there."""
    tasks: list[asyncio.Task[None]] = []
    for first in range(0, len(followers), AT_A_TIME):
        some = followers[first : first + AT_A_TIME]
        tasks += [asyncio.create_task(f.follow(servers[n % len(servers)])) for n, f in enumerate(some)]
        await until(partial(_are_there, some), within=PATIENCE)
    return tasks


@asynccontextmanager
async def following(followers: Sequence[Follower], servers: Sequence[Server]) -> AsyncIterator[None]:
    """Let everybody follow until the block ends."""
    tasks = await begin(followers, servers)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Hearer(Protocol):
    """Somebody who hears names."""

    names: list[str]


async def all_have_heard(followers: Sequence[Hearer], count: int, *, within: float = PATIENCE) -> bool:
    """Wait until everybody has heard so many events; tell whether that came about."""
    with suppress(TimeoutError):
        await until(lambda: all(len(f.names) >= count for f in followers), within=within)
    return all(len(f.names) >= count for f in followers)


@asynccontextmanager
async def program(folder: Path, *words: str, **more: str) -> AsyncIterator[tuple[Running, Server]]:
    """The program itself, whose data survives it in the folder unless a database is given."""
    own = {"JWT_SECRET": SECRET, "WS_MAX_CONNECTIONS_PER_USER": "5000", "WS_MAX_CONNECTIONS_PER_ADDRESS": "5000"}
    own["HTTP_MAX_CONNECTIONS_PER_ADDRESS"] = "5000"
    async with (
        serving_program(*words, folder=folder, data_dir=folder / "data", **own, **more) as running,
        httpx.AsyncClient(timeout=30) as http,
    ):
        url = running.url.replace("localhost", "127.0.0.1")
        await _is_ready(running, http, url)
        yield running, Server(None, url, utc_now, http)  # type: ignore[arg-type]  # it is another process


async def _is_ready(running: Running, http: httpx.AsyncClient, url: str) -> None:
    """Wait until a program answers. Raises AssertionError with its last words if it ends instead."""
    try:
        assert (await http.get(f"{url}/readyz")).status_code == 200, running.lines
    except httpx.TransportError as error:
        await running.process.wait()
        raise AssertionError("\n".join(running.lines)) from error


async def rename_until_it_stops(world: World, done: list[str], *, pause: float = 0) -> None:
    """Change things for as long as the server takes it; note what it has acknowledged."""
    with suppress(httpx.TransportError):
        while True:
            await rename(world, f"Club {len(done) + 1}")
            done.append(f"Club {len(done) + 1}")
            await asyncio.sleep(pause)
