"""A way to a server that can be made to swallow what is sent: connections stay open, and nothing comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Way:
    """A port of loopback that leads to a server, while it is open."""

    port: int = 0
    server: Path | tuple[str, int] = Path()
    _open: asyncio.Event = field(default_factory=asyncio.Event)

    def swallow(self) -> None:
        """Take what comes from now on, and pass nothing, neither way."""
        self._open.clear()

    def pass_on(self) -> None:
        """Pass on what comes, and what was swallowed."""
        self._open.set()

    async def lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Lead a client to the server, until one of them goes."""
        await self._open.wait()
        if isinstance(self.server, Path):
            far_reader, far_writer = await asyncio.open_unix_connection(self.server)
        else:
            far_reader, far_writer = await asyncio.open_connection(*self.server)
        ways = [asyncio.create_task(self._pass(*way)) for way in ((reader, far_writer), (far_reader, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            far_writer.close()
            writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self._open.wait()
                writer.write(data)
                await writer.drain()


@asynccontextmanager
async def way_to(server: Path | tuple[str, int]) -> AsyncIterator[Way]:
    """Open a way to a server by its socket or its address, until the block ends."""
    way = Way(server=server)
    way.pass_on()
    clients: set[asyncio.Task[None]] = set()

    def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.create_task(way.lead(reader, writer))
        clients.add(client)
        client.add_done_callback(clients.discard)

    door = await asyncio.start_server(come, "127.0.0.1", 0)
    way.port = door.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        door.close()
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
