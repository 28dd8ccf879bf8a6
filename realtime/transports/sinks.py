"""How a socket is talked to: straight by its transport, or by way of the server's `receive` and `send`."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from realtime import metrics
from realtime.feed import CUT, Answer, Exit
from realtime.frames import header, prefix_of, tail_of
from realtime.transports.uvicorn_socket import CLOSE_SECONDS, EXTENSION, FrameSocket, SocketHandler

OUTBOX = 100
"""Messages that wait for a client of another server than ours, before it counts as slow."""


class Outlet:
    """A socket, as the conversation on it sees it."""

    flowing: bool
    """Whether the client takes more at the moment."""
    takes_frames = False
    exit: Exit | None = None
    """The short way for finished frames, where there is one."""

    async def accept(self, subprotocol: str | None) -> None:
        """Open the socket."""
        raise NotImplementedError

    async def listen(self, handler: SocketHandler) -> None:
        """Hand over what the client says: until it ends or, where the server does that by itself, from now on."""
        raise NotImplementedError

    def pause(self) -> None:
        """Read no more for a while."""
        raise NotImplementedError

    def resume(self) -> None:
        """Go on reading."""
        raise NotImplementedError

    def write(self, frames: bytes) -> None:
        """Write finished frames; only where `takes_frames`."""
        raise NotImplementedError

    def post(self, message: bytes) -> None:
        """Send a message without waiting."""
        raise NotImplementedError

    async def drained(self) -> None:
        """Wait until the client takes more. Raises ConnectionError when it has gone."""
        raise NotImplementedError

    def close(self, code: int, reason: str) -> None:
        """Close the socket, and cut it if the client does not take that in time."""
        raise NotImplementedError

    def abort(self) -> None:
        """Cut the connection."""

    def leave(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        """End what the outlet has started. The server waits for the tasks, which come to their end, when it stops."""
        raise NotImplementedError


class DirectOutlet(Outlet):
    """Straight to the transport."""

    takes_frames = True

    def __init__(self, socket: FrameSocket, stall_seconds: float) -> None:
        self._socket = socket
        socket.stall_seconds = stall_seconds
        self.exit = socket.exit

    @property
    def flowing(self) -> bool:  # type: ignore[override]
        """Whether the client takes more at the moment."""
        return self._socket.flowing

    async def accept(self, subprotocol: str | None) -> None:
        """Open the socket."""
        self._socket.accept(subprotocol)

    async def listen(self, handler: SocketHandler) -> None:
        """Hand over what the client says, from now on."""
        self._socket.listen(handler)

    def write(self, frames: bytes) -> None:
        """Write finished frames."""
        self._socket.write_frames(frames)

    def pause(self) -> None:
        """Read no more for a while."""
        self._socket.transport.pause_reading()

    def resume(self) -> None:
        """Go on reading."""
        self._socket.transport.resume_reading()

    def post(self, message: bytes) -> None:
        """Send a message without waiting."""
        self._socket.write_frames(header(len(message)) + message)

    async def drained(self) -> None:
        """Wait until the client takes more. Raises ConnectionError when it has gone."""
        await self._socket.drained()

    def close(self, code: int, reason: str) -> None:
        """Close the socket, and cut it if the client does not take that in time."""
        self._socket.close(code, reason)

    def abort(self) -> None:
        """Cut the connection."""
        self._socket.abort()

    def leave(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        """Let the server wait for the tasks when it stops."""
        self._socket.keep(tasks)


class AsgiOutlet(Outlet):
    """By the server's `receive` and `send`, one message after the other, for servers that know no finished frames."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: deque[bytes] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._room, self._reading = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._reading.set()
        self._last: list[asyncio.Task[None]] = []
        self._gone = False

    @property
    def flowing(self) -> bool:  # type: ignore[override]
        """Whether the client takes more at the moment."""
        return len(self._waiting) < OUTBOX and not self._gone

    async def accept(self, subprotocol: str | None) -> None:
        """Open the socket."""
        await self._socket.accept(subprotocol=subprotocol)

    async def listen(self, handler: SocketHandler) -> None:
        """Hand over what the client says, until the conversation ends."""
        try:
            while (message := await self._socket.receive())["type"] != "websocket.disconnect":
                text = message.get("text")
                handler.take(None if text is None else text.encode())
                await self._reading.wait()
        except WebSocketDisconnect:
            pass
        finally:
            handler.gone()
            await asyncio.gather(*self._last, return_exceptions=True)

    def pause(self) -> None:
        """Read no more for a while."""
        self._reading.clear()

    def resume(self) -> None:
        """Go on reading."""
        self._reading.set()

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

    def close(self, code: int, reason: str) -> None:
        """Close the socket; a client that does not take that in time is left to the server."""
        self._last.append(asyncio.get_running_loop().create_task(self._close(code, reason)))

    def leave(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        """Stop sending."""
        self._last += tasks
        self._gone = True
        self._room.set()
        self._reading.set()
        if self._pump:
            self._pump.cancel()

    async def _close(self, code: int, reason: str) -> None:
        with suppress(RuntimeError, WebSocketDisconnect, OSError, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._socket.close(code, reason)

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

    __slots__ = ("_operation", "_outlet", "_prefix", "_whose", "exit", "prefix")

    def __init__(self, outlet: Outlet, operation: str, *, whose: Callable[[], Mapping[str, Any]]) -> None:
        """Take the way out, the operation's id, and what tells for the log who is connected."""
        self._outlet, self._operation, self._whose = outlet, operation, whose
        self._prefix = prefix_of(operation)
        self.prefix = self._prefix if outlet.takes_frames else None
        self.exit = outlet.exit

    def whose(self) -> dict[str, Any]:
        """Tell for the log whose operation it is."""
        return {**self._whose(), "operation": self._operation}

    @property
    def ready(self) -> bool:
        """Whether the client takes more at the moment."""
        return self._outlet.flowing

    def write(self, frames: bytes) -> None:
        """Write finished frames."""
        self._outlet.write(frames)

    def send(self, answers: Sequence[Answer]) -> None:
        """Send answers one by one."""
        for answer in answers:
            self._outlet.post(self._prefix + tail_of(answer.body))
        metrics.messages_sent.labels("next").inc(len(answers))

    async def drained(self) -> None:
        """Wait until the client is ready for more. Raises ConnectionError when it never will be."""
        await self._outlet.drained()

    def cut(self, why: str = CUT) -> None:
        """Close the socket of a client that nothing can be told: it comes back with its cursor."""
        self._outlet.close(1013, why)
