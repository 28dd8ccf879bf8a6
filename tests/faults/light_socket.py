"""A WebSocket client that does so little that one process can be a thousand of them beside the servers it asks."""

import asyncio
import socket as sockets
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
NO_CODE, ABNORMAL = 1005, 1006
OPEN_WITHIN = 30.0
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class LightSocket(asyncio.Protocol):
    """One connection. It takes whole frames, which are all that Fairway sends, and masks its own with zeros.

    `hear` is given each text message; what it raises ends the connection and is raised by `closed`.
    """

    def __init__(self, hear: Callable[["LightSocket", bytes], None]) -> None:
        loop = asyncio.get_running_loop()
        self.opened: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[int] = loop.create_future()
        """The close code, once the connection has ended: 1006 without a close frame."""
        self.transport: asyncio.Transport
        self._hear = hear
        self._rest = b""
        self._code = ABNORMAL

    def send(self, payload: bytes, *, opcode: int = TEXT) -> None:
        """Send a message in one frame."""
        self.transport.write(frame(payload, opcode=opcode))

    def cut(self, *, reset: bool) -> None:
        """End the connection without a word: with a TCP reset, or by closing it."""
        if reset:
            raw = self.transport.get_extra_info("socket")
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, RESET_ON_CLOSE)
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # it is one of a stream
        self.transport.write(HANDSHAKE)

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if not self.opened.done() and not self._is_open():
            return
        at = 0
        while found := _frame_at(self._rest, at):
            opcode, payload, at = found
            self._take(opcode, payload)
        self._rest = self._rest[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionResetError("The connection has ended before it was open."))
        if self.closed.done():  # who waited for it was cancelled
            return
        if exc is None or isinstance(exc, OSError):
            self.closed.set_result(self._code)
        else:
            self.closed.set_exception(exc)

    def _is_open(self) -> bool:
        head, whole, rest = self._rest.partition(b"\r\n\r\n")
        if whole:
            if not head.startswith(b"HTTP/1.1 101"):
                raise ConnectionRefusedError(head.decode(errors="replace"))
            self._rest = rest
            self.opened.set_result(None)
        return bool(whole)

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == TEXT:
            self._hear(self, payload)
        elif opcode == PING:
            self.send(payload, opcode=PONG)
        elif opcode == CLOSE:
            self._code = int.from_bytes(payload[:2]) or NO_CODE
            self.send(payload[:2], opcode=CLOSE)
            self.transport.close()


@asynccontextmanager
async def light_socket(url: str, hear: Callable[[LightSocket, bytes], None]) -> AsyncIterator[LightSocket]:
    """Connect to a server's `/graphql`; the connection is closed at the end. Raises OSError when it can't be had."""
    where = urlsplit(url)
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(OPEN_WITHIN):
        transport, socket = await loop.create_connection(
            lambda: LightSocket(hear), where.hostname or "", where.port or 80
        )
        try:
            await socket.opened
        except BaseException:
            transport.abort()
            raise
    try:
        yield socket
    finally:
        transport.close()


def frame(payload: bytes, *, opcode: int = TEXT, first: int = 0x80, masked: bool = True) -> bytes:
    """Write a frame (RFC 6455, 5.2). `first` has the bits before the opcode: that it is the last one of its message."""
    size, mask = len(payload), 0x80 if masked else 0
    if size < 126:
        length = bytes((mask | size,))
    elif size < 65_536:
        length = bytes((mask | 126,)) + size.to_bytes(2)
    else:
        length = bytes((mask | 127,)) + size.to_bytes(8)
    return bytes((first | opcode,)) + length + (bytes(4) if masked else b"") + payload


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
