"""Where the answers of a socket's operations go: straight to the transport, or by way of the server's `send`."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from realtime import metrics
from realtime.feed import Answer
from realtime.frames import header, prefix_of, tail_of
from realtime.transports.uvicorn_socket import EXTENSION, FrameSocket

OUTBOX = 100
"""Messages that wait for a client of another server than ours, before it counts as slow."""


class Outlet:
    """A socket's way out."""

    flowing: bool
    """Whether the client takes more at the moment."""

    def write(self, frames: bytes) -> None:
        """Write finished frames; only where `takes_frames`."""
        raise NotImplementedError

    def post(self, message: bytes) -> None:
        """Send a message without waiting."""
        raise NotImplementedError

    async def drained(self) -> None:
        """Wait until the client takes more. Raises ConnectionError when it has gone."""
        raise NotImplementedError

    def abort(self) -> None:
        """Cut the connection."""

    def on_stop(self, act: Callable[[], None]) -> None:
        """Have something done when the server stops, where it tells."""

    def end_within(self, seconds: float) -> None:
        """Cut the connection if it has not ended by then."""

    def stop(self) -> None:
        """End what the outlet has started."""

    takes_frames = False


class DirectOutlet(Outlet):
    """Straight to the transport."""

    takes_frames = True

    def __init__(self, socket: FrameSocket, stall_seconds: float) -> None:
        self._socket = socket
        socket.stall_seconds = stall_seconds
        self.write = socket.write_frames  # type: ignore[method-assign]  # one call less for each delivery

    @property
    def flowing(self) -> bool:  # type: ignore[override]
        """Whether the client takes more at the moment."""
        return self._socket.flowing

    def post(self, message: bytes) -> None:
        """Send a message without waiting."""
        self._socket.write_frames(header(len(message)) + message)

    async def drained(self) -> None:
        """Wait until the client takes more. Raises ConnectionError when it has gone."""
        await self._socket.drained()

    def abort(self) -> None:
        """Cut the connection."""
        self._socket.abort()

    def on_stop(self, act: Callable[[], None]) -> None:
        """Have something done when the server stops."""
        self._socket.on_stop = act

    def end_within(self, seconds: float) -> None:
        """Cut the connection if it has not ended by then."""
        self._socket.end_within(seconds)


class AsgiOutlet(Outlet):
    """By the server's `send`, one message after the other, for servers that know no finished frames."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: deque[bytes] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._room = asyncio.Event()
        self._room.set()
        self._gone = False

    @property
    def flowing(self) -> bool:  # type: ignore[override]
        """Whether the client takes more at the moment."""
        return len(self._waiting) < OUTBOX and not self._gone

    def post(self, message: bytes) -> None:
        """Send a message without waiting."""
        self._waiting.append(message)
        if not self.flowing:
            self._room.clear()
        if self._pump is None:
            self._pump = asyncio.get_running_loop().create_task(self._send_all())

    async def drained(self) -> None:
        """Wait until the client takes more. Raises ConnectionError when it has gone."""
        while not (self._gone or self._room.is_set()):  # of all who wait, the first may have filled it again
            await self._room.wait()
        if self._gone:
            raise ConnectionError

    def stop(self) -> None:
        """Stop sending."""
        self._gone = True
        self._room.set()
        if self._pump:
            self._pump.cancel()

    async def _send_all(self) -> None:
        with suppress(WebSocketDisconnect, OSError, RuntimeError):
            while self._waiting:
                await self._socket.send({"type": "websocket.send", "text": self._waiting.popleft().decode()})
                if self.flowing:
                    self._room.set()
            self._pump = None
            return
        self._gone = True
        self._room.set()


def outlet_of(socket: WebSocket, *, stall_seconds: float) -> Outlet:
    """Choose the way out that the server offers. A client that takes nothing for so long is cut off, where it can."""
    direct = socket.scope.get("extensions", {}).get(EXTENSION)
    return DirectOutlet(direct, stall_seconds) if direct is not None else AsgiOutlet(socket)


class OperationSink:
    """Where the answers of one operation on a socket go."""

    __slots__ = ("_outlet", "_prefix", "prefix", "write")

    def __init__(self, outlet: Outlet, operation: str) -> None:
        self._outlet = outlet
        self._prefix = prefix_of(operation)
        self.prefix = self._prefix if outlet.takes_frames else None
        self.write = outlet.write

    @property
    def ready(self) -> bool:
        """Whether the client takes more at the moment."""
        return self._outlet.flowing

    def send(self, answers: Sequence[Answer]) -> None:
        """Send answers one by one."""
        for answer in answers:
            self._outlet.post(self._prefix + tail_of(answer.body))
        metrics.messages_sent.labels("next").inc(len(answers))

    async def drained(self) -> None:
        """Wait until the client is ready for more. Raises ConnectionError when it never will be."""
        await self._outlet.drained()
