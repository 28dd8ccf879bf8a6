"""Runs a client, and a network between it and the server that can be cut."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.clients.conftest import FOLDER
from tests.patience import PATIENCE


class Client:
    """A client that runs, and tells what it hears as lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._in, self._out = process.stdin, process.stdout

    async def hear(self) -> dict[str, Any]:
        """Give what the client tells next."""
        async with asyncio.timeout(PATIENCE):
            line = await self._out.readline()
        assert line, "the client has ended"
        return json.loads(line)  # type: ignore[no-any-return]

    async def say(self, line: str) -> None:
        """Tell the client something."""
        self._in.write(f"{line}\n".encode())
        await self._in.drain()

    async def ask(self, question: str) -> dict[str, Any]:
        """Ask the client something; give its answer."""
        await self.say(question)
        return await self.hear()

    async def give(self, token: str) -> None:
        """Give the client the token that it asks for."""
        assert await self.hear() == {"wants": "token"}
        await self.say(token)


@asynccontextmanager
async def running(node: str, script: str, *, url: str, query: str, **variables: Any) -> AsyncIterator[Client]:
    """Run one of the clients with a subscription."""
    told = json.dumps({"url": url, "query": query, "variables": variables})
    process = await asyncio.create_subprocess_exec(
        node,
        str(FOLDER / script),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "FAIRWAY_TEST": told},
    )
    try:
        yield Client(process)
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


class Network:
    """Carries bytes between clients and a server."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._thawed = asyncio.Event()
        self._thawed.set()
        self.refuses: tuple[bytes, ...] = ()
        """What a proxy in between lets nobody ask: requests that contain one of these."""
        self._carrying: set[asyncio.Task[None]] = set()

    def lead_to(self, url: str) -> None:
        """Lead new connections to another server."""
        self._port = int(url.rpartition(":")[2])

    def cut(self) -> None:
        """Cut all connections that there are; new ones can be made."""
        for task in self._carrying:
            task.cancel()

    def freeze(self) -> None:
        """Let nothing through, and tell nobody; new connections freeze too."""
        self._thawed.clear()

    def thaw(self) -> None:
        """Let through what was kept, and what comes."""
        self._thawed.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection until an end of it is closed, or it is cut."""
        task = asyncio.current_task()
        assert task
        self._carrying.add(task)
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._port)
        pumps = (self._pump(reader, server_writer, self.refuses), self._pump(server_reader, writer))
        both = [asyncio.create_task(pump) for pump in pumps]
        with suppress(asyncio.CancelledError):
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for pump in both:
            pump.cancel()
        for end in (writer, server_writer):
            end.transport.abort()
        self._carrying.discard(task)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, refused: tuple[bytes, ...] = ()
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                await self._thawed.wait()
                if any(what in data for what in refused):
                    return
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def network(url: str) -> AsyncIterator[tuple[Network, str]]:
    """Open a way to a server; gives the network and the server's address by it."""
    between = Network(int(url.rpartition(":")[2]))
    listener = await asyncio.start_server(between.carry, "127.0.0.1", 0)
    async with listener:
        yield between, f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
        between.cut()
