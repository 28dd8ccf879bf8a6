"""A client that posts JSON and does nothing else: in many tests, a general one takes longer than the server."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, cast

import httpx
from httptools import HttpResponseParser

from tests.patience import PATIENCE


class Poster:
    """Posts to servers on loopback, by as many connections as there are posts at the same time.

    Neither cookies nor redirects nor compression: for these there is httpx.
    """

    def __init__(self) -> None:
        self._idle: dict[str, list[_Connection]] = {}

    async def post(self, url: str, body: Any, headers: Mapping[str, str]) -> Any:
        """Send a body as JSON; give what comes back. Raises httpx.TransportError, as httpx does."""
        address, path = url.removeprefix("http://").split("/", 1)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        given = {"Host": address, "Accept": "*/*", "Content-Type": "application/json", **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
        head = f"POST /{path} HTTP/1.1\r\n{lines}Content-Length: {len(content)}\r\n\r\n"
        try:
            return json.loads(await self._ask(address, head.encode() + content))
        except OSError as error:  # that it takes too long is one, too
            raise httpx.TransportError(str(error)) from error

    async def _ask(self, address: str, request: bytes) -> bytes:
        connection = await self._connection(address)
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await connection.ask(request)
        except BaseException:
            connection.close()  # as a client does that goes away
            raise
        if address in self._idle:
            self._idle[address].append(connection)
        else:  # this was closed meanwhile
            connection.close()
        return answer

    async def _connection(self, address: str) -> "_Connection":
        idle = self._idle.setdefault(address, [])
        while idle:
            if (connection := idle.pop()).is_open():
                return connection
        host, port = address.split(":")
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, host, int(port))
        return connection

    async def aclose(self) -> None:
        """Close all connections that nobody waits for."""
        closed = [connection.close() for idle in self._idle.values() for connection in idle]
        self._idle.clear()
        await asyncio.gather(*closed)


class _Connection(asyncio.Protocol):
    """One question at a time. The methods named on_… are httptools'."""

    _transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._reusable = cast("asyncio.Transport", transport), True  # uvloop's is one by its methods
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def ask(self, request: bytes) -> bytes:
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._parser, self._parts = HttpResponseParser(self), list[bytes]()
        self._transport.write(request)
        return await self._answer

    def is_open(self) -> bool:
        return self._reusable and not self._transport.is_closing()

    def close(self) -> asyncio.Future[None]:
        self._transport.close()
        return self._closed

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._parts.append(body)

    def on_message_complete(self) -> None:
        self._reusable = self._parser.should_keep_alive()
        if not self._answer.done():
            self._answer.set_result(b"".join(self._parts))

    def connection_lost(self, error: Exception | None) -> None:
        self._reusable = False
        self._closed.set_result(None)
        if not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError("The server closed the connection."))
