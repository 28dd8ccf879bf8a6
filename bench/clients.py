"""Clients so light that one process can be a thousand of them: they follow over WebSockets, or ask over HTTP.

All that they send and receive is counted in bytes, as TCP carries it: headers and frames with their heads, and nothing
of what the kernel puts around.
"""

import asyncio
import gzip
import json
from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

from bench.machine import Failed

HOST = "127.0.0.1"
ANSWER_SECONDS = 30.0
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


@dataclass
class Tally:
    """What many clients have sent and received since they began."""

    sent: int = 0
    """Bytes from the clients."""
    received: int = 0
    """Bytes to the clients."""
    messages: int = 0
    """Messages of WebSockets to the clients, heartbeats among them."""
    requests: int = 0
    unchanged: int = 0
    """Answers that said that nothing is new."""
    reconnects: int = 0
    """Connections that the server had closed, and that were opened again."""


class Line(asyncio.Protocol):
    """A connection that counts its bytes."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.transport: asyncio.Transport
        self.rest = b""
        """What has come and is not used yet."""

    def write(self, data: bytes) -> None:
        """Send, and count."""
        self.tally.sent += len(data)
        self.transport.write(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        self.tally.received += len(data)
        self.rest += data
        self.take(now)

    def take(self, now: float) -> None:
        """Use of `rest` what is whole."""
        raise NotImplementedError


class Follower(Line):
    """A socket that follows one subscription. It keeps each event as it comes, with the time, to be read later.

    It takes whole frames, which are all that Fairway sends, and masks its own with zeros.
    """

    def __init__(self, tally: Tally, *, list_number: int, token: str, subscribe: bytes) -> None:
        super().__init__(tally)
        self.list_number = list_number
        self.heard: list[tuple[float, bytes]] = []
        self.trouble = ""
        """What ended the subscription, or the connection, before its time."""
        self._subscribed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._connected = self._upgraded = False
        self._hello = _message(type="connection_init", payload={"Authorization": f"Bearer {token}"})
        self._subscribe = subscribe

    async def follow(self, port: int) -> None:
        """Connect, sign in, subscribe. Raises Failed."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await asyncio.get_running_loop().create_connection(lambda: self, HOST, port)
                await self._subscribed
        except (OSError, TimeoutError) as error:
            raise Failed(f"a client could not subscribe: {error!r}") from error

    def leave(self) -> None:
        """Close the connection, if there is one."""
        if self._connected:
            self.transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connected = True
        self.write(HANDSHAKE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(f"the connection ended: {exc!r}")

    def take(self, now: float) -> None:
        """Hear all whole frames."""
        if not self._upgraded and not self._upgrade():
            return
        at = 0
        while found := _frame_at(self.rest, at):
            opcode, payload, at = found
            self.tally.messages += 1
            if opcode == TEXT and b'"type":"next"' in payload[:60]:
                self.heard.append((now, payload))
            else:
                self._converse(opcode, payload)
        self.rest = self.rest[at:]

    def _upgrade(self) -> bool:
        head, whole, rest = self.rest.partition(b"\r\n\r\n")
        if whole and not head.startswith(b"HTTP/1.1 101"):
            self._end(head.decode(errors="replace"))
        elif whole:
            self._upgraded, self.rest = True, rest
            self.write(_frame(self._hello))
        return self._upgraded

    def _converse(self, opcode: int, payload: bytes) -> None:
        kind = json.loads(payload)["type"] if opcode == TEXT else ""
        if kind == "ping":
            self.write(_frame(b'{"type":"pong"}'))
        elif kind == "connection_ack":
            self.write(_frame(self._subscribe))
            self._subscribed.set_result(None)
        elif opcode == PING:
            self.write(_frame(payload, opcode=PONG))
        else:
            self._end(f"the server said: {payload[:300].decode(errors='replace')}")

    def _end(self, trouble: str) -> None:
        self.trouble = self.trouble or trouble
        if not self._subscribed.done():
            self._subscribed.set_exception(ConnectionResetError(self.trouble))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer over HTTP, when it was asked for, and when it was there."""

    status: int
    tag: str
    body: bytes
    asked_at: float
    at: float

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


class Caller:
    """A client that asks one thing after the other over a connection that stays open, or is opened again."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.tally = tally
        self._port = port
        self._line: _HttpLine | None = None

    async def ask(self, request: bytes) -> Answer:
        """Ask. A connection that the server closes meanwhile is opened again, once. Raises OSError, TimeoutError."""
        self.tally.requests += 1
        async with asyncio.timeout(ANSWER_SECONDS):
            try:
                return await (await self._open_line()).ask(request)
            except ConnectionResetError:
                return await (await self._open_line()).ask(request)

    async def _open_line(self) -> "_HttpLine":
        if self._line is not None and not self._line.transport.is_closing():
            return self._line
        self.tally.reconnects += self._line is not None
        line = _HttpLine(self.tally)
        await asyncio.get_running_loop().create_connection(lambda: line, HOST, self._port)
        self._line = line
        return line

    def close(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.transport.close()


class _HttpLine(Line):
    """A connection for HTTP that awaits one answer at a time. All answers of Fairway to queries tell their length."""

    def __init__(self, tally: Tally) -> None:
        super().__init__(tally)
        self._asked_at = 0.0
        self._answer: asyncio.Future[Answer] | None = None

    async def ask(self, request: bytes) -> Answer:
        """Ask, and wait. Raises ConnectionResetError."""
        self._answer = asyncio.get_running_loop().create_future()
        self._asked_at = perf_counter()
        self.write(request)
        return await self._answer

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError(repr(exc)))

    def take(self, now: float) -> None:
        """Give the answer once it is whole."""
        head, whole, body = self.rest.partition(b"\r\n\r\n")
        if not whole or self._answer is None or self._answer.done():
            return
        status, _, lines = head.decode("latin-1").partition("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (h.partition(":") for h in lines.split("\r\n"))}
        length = 0 if " 304 " in status else int(headers["content-length"])
        if len(body) < length:
            return
        self.rest = body[length:]
        body = gzip.decompress(body[:length]) if "gzip" in headers.get("content-encoding", "") else body[:length]
        tag = headers.get("etag", "")
        self._answer.set_result(
            Answer(status=int(status.split()[1]), tag=tag, body=body, asked_at=self._asked_at, at=now)
        )


def http_request(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """Write a request."""
    given = {"Host": HOST, **headers, **({"Content-Length": str(len(body))} if body else {})}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def subscribe_message(query: str, variables: dict[str, Any]) -> bytes:
    """Write what subscribes."""
    return _message(id="1", type="subscribe", payload={"query": query, "variables": variables})


def _message(**content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _frame(payload: bytes, *, opcode: int = TEXT) -> bytes:
    """Write a masked frame of up to 65,535 bytes (RFC 6455, 5.2)."""
    size = len(payload)
    length = bytes((0x80 | size,)) if size < 126 else bytes((0x80 | 126,)) + size.to_bytes(2)
    return bytes((0x80 | opcode,)) + length + bytes(4) + payload


def _frame_at(data: bytes, at: int) -> tuple[int, bytes, int] | None:
    """Give the opcode and the payload of the frame that begins there, and where the next one begins; None in half."""
    if len(data) < at + 2:
        return None
    length, start = data[at + 1], at + 2
    if length >= 126:
        start += 2 if length == 126 else 8
        length = int.from_bytes(data[at + 2 : start])
    end = start + length
    return (data[at] & 15, data[start:end], end) if end <= len(data) else None
