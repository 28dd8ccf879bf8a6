"""A WebSocket connection of uvicorn's server, made for thousands of clients that are told the same.

Frames that are the same for thousands of sockets are written as they are. What a client sends goes straight to the one
who listens, without a task that waits for it. The handler sees when a client stops taking data, and when it goes on;
a client that takes nothing for long is cut off, which neither `send` nor `close` of ASGI can do on a socket that is
stalled; and the handler is asked to end the conversation when the server stops.

The application is asked by ASGI whether it wants the socket. It turns it away with `websocket.close`, or accepts it and
listens, by the extension in its scope: messages are not exchanged by ASGI.
"""

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Protocol

import structlog
from uvicorn.config import Config
from uvicorn.server import ServerState

from realtime import metrics
from realtime.fair_queue import FairQueue
from realtime.feed import Exit
from realtime.transports.borrowed_socket import socket_beneath
from realtime.transports.handshake import refusal, switching
from realtime.transports.websocket_frames import FrameReader, FrameRefused, Opcode, close_frame, control_frame

EXTENSION = "fairway.frames"
HIGH_WATER = 262_144
"""Bytes that may wait in this process for a client, before it counts as slow."""
STALL_SECONDS = 10.0
"""Seconds that a client may take nothing, before it is cut off; a handler may choose another time."""
CLOSE_SECONDS = 5.0
"""Seconds that a client may take to take what is left for it and a close frame, and to answer that."""
STOP_SECONDS = 2.5
"""Seconds after which a socket is cut that has not ended by itself when the server stops."""

log = structlog.get_logger(__name__)


class SocketHandler(Protocol):
    """Who talks to the client."""

    def take(self, message: bytes | None) -> None:
        """Take a message: text, as UTF-8, or None for one that is binary. Must not raise, and must not wait."""
        ...

    def gone(self) -> None:
        """Know that nothing comes from the client any more, and that nothing will reach it."""
        ...

    def stalled(self) -> None:
        """Know that the client took nothing for long and is cut off."""
        ...

    def stop(self) -> None:
        """Say goodbye and close, since the server stops."""
        ...


class FrameSocket(asyncio.Protocol):
    """A WebSocket connection that takes finished frames. The application finds it in its scope's extensions."""

    def __init__(
        self, config: Config, server_state: ServerState, transport: asyncio.Transport, *, key: bytes, queue: FairQueue
    ) -> None:
        """Take over a connection on which a WebSocket was asked for with a key. It is opened when its turn comes."""
        self.transport = transport
        self.exit = Exit(None, self.write_frames)
        """The way out for frames that are the same for many: open while the client takes what it is sent."""
        self._direct = socket_beneath(transport)
        self._waiting = False
        """Whether anything waits in the transport: nothing may overtake it."""
        self.stall_seconds = STALL_SECONDS
        self._state = server_state
        self._key = key
        self._queue = queue
        self._accepted = False
        self._close_sent = False
        self._lost = False
        self._early = b""
        """What came before anybody listened."""
        self._reader = FrameReader(config.ws_max_size)
        self._handler: SocketHandler | None = None
        self._writable: asyncio.Event | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._end: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._open_exit()

    def begin(self, app: Any, scope: dict[str, Any], first: bytes) -> None:
        """Ask the application whether it wants the socket. `first` is what the client has sent already."""
        self._state.connections.add(self)  # type: ignore[arg-type]  # it wants to be told to shut down, no more
        self.transport.set_write_buffer_limits(high=0)  # so that it tells whenever something waits
        self._early = first
        scope["extensions"] = {EXTENSION: self}
        self.keep([self._loop.create_task(self._ask(app, scope))])

    def accept(self, subprotocol: str | None) -> None:
        """Open the WebSocket."""
        if not self._accepted and not self.gone:
            self._accepted = True
            named = [(b"Sec-WebSocket-Protocol", subprotocol.encode())] if subprotocol else []
            self.transport.write(switching(self._key, [*self._state.default_headers, *named]))

    def listen(self, handler: SocketHandler) -> None:
        """Hand over what the client says from now on, and what it has said already."""
        if self._lost:
            handler.gone()
            return
        self._handler = handler
        early, self._early = self._early, b""
        if early:
            self.transport.resume_reading()
            self.data_received(early)

    def data_received(self, data: bytes) -> None:
        """Read frames."""
        if self._handler is None and not self._close_sent:
            self._early += data
            self.transport.pause_reading()
            return
        try:
            for opcode, payload in self._reader.feed(data):
                if opcode == Opcode.CLOSE:
                    self._answer_close(payload)
                    return
                self._take(opcode, payload)
        except FrameRefused as refused:
            self._write_close(close_frame(refused.code, refused.reason))
            self._part()

    def pause_writing(self) -> None:
        """Note that something waits for the client: what follows has to go by the transport too."""
        self._waiting = True
        self._open_exit()

    def resume_writing(self) -> None:
        """Note that the client has taken everything."""
        _cancel(self._stall)
        self._waiting = False
        self._open_exit()
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - however it ended, it has
        """Let those who wait for the client know that it has gone."""
        _cancel(self._stall, self._end)
        self.exit.write, self._lost = None, True
        if self._direct:
            self._direct.detach()  # before the transport closes it: its number may soon be another client's
        self._state.connections.discard(self)
        self._wake()
        self._part()

    def shutdown(self) -> None:
        """Have the conversation ended, since the server stops; cut it if that takes too long."""
        self.end_within(STOP_SECONDS)
        if self._handler:
            self._handler.stop()
        elif not self.gone:
            self._turn_away(HTTPStatus.SERVICE_UNAVAILABLE)

    @property
    def flowing(self) -> bool:
        """Whether the client takes what it is sent."""
        return self.exit.write is not None

    @property
    def gone(self) -> bool:
        """Whether nothing will ever be taken any more."""
        return self._lost or self._close_sent or self.transport.is_closing()

    def write_frames(self, frames: bytes) -> None:
        """Write finished frames. They are dropped when the connection has ended: its client resumes by its cursor."""
        if not self.gone:
            self.transport.write(frames)
            if self._waiting and self.flowing:
                self._open_exit()

    async def drained(self) -> None:
        """Wait until the client takes data again. Raises ConnectionError when it has gone."""
        while not (self.gone or self.flowing):  # of all who wait, the first may have filled it again
            self._writable = self._writable or asyncio.Event()
            await self._writable.wait()
        if self.gone:
            raise ConnectionError

    def close(self, code: int, reason: str) -> None:
        """Send a close frame behind what is left for the client, and wait a while for its answer."""
        if not self.gone:
            self._write_close(close_frame(code, reason))
            self.transport.resume_reading()
            self.end_within(CLOSE_SECONDS)

    def abort(self) -> None:
        """Cut the connection, without a word: a close frame could not reach the client."""
        self._end_frames()
        self.transport.abort()

    def end_within(self, seconds: float) -> None:
        """Cut the connection if it has not ended by then, as when the client does not take what is left for it."""
        at = self._loop.time() + seconds
        if self._lost or (self._end and self._end.when() <= at):
            return
        _cancel(self._end)
        self._end = self._loop.call_at(at, self.abort)

    def keep(self, tasks: Iterable[asyncio.Task[None]]) -> None:
        """Let the server wait for these when it stops."""
        for task in tasks:
            self._state.tasks.add(task)
            task.add_done_callback(self._state.tasks.discard)

    async def _ask(self, app: Any, scope: dict[str, Any]) -> None:
        """Let the application decide."""
        await self._queue.wait()
        try:
            await app(scope, self._receive, self._send)
        except Exception:
            log.exception("a socket could not be opened")
        if self._handler is None and not self.gone:
            self._turn_away(HTTPStatus.INTERNAL_SERVER_ERROR)

    async def _receive(self) -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def _send(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "websocket.accept":
                self.accept(message.get("subprotocol"))
            case "websocket.close" if self._accepted:
                self.close(message["code"], message["reason"] or "")
            case "websocket.close":
                self._turn_away(HTTPStatus.FORBIDDEN, message["reason"] or "")
            case _:
                raise RuntimeError(f"Messages are exchanged by the extension “{EXTENSION}” of the scope.")

    def _turn_away(self, status: HTTPStatus, sentence: str = "") -> None:
        if not self._accepted:
            self.transport.write(refusal(status, sentence, self._state.default_headers))
        self.transport.close()

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == Opcode.PING:
            if self.flowing:  # who does not take answers needs no more of them
                self.write_frames(control_frame(Opcode.PONG, payload))
        elif opcode != Opcode.PONG and self._handler and not self._close_sent:
            self._handler.take(payload if opcode == Opcode.TEXT else None)

    def _answer_close(self, payload: bytes) -> None:
        self._write_close(control_frame(Opcode.CLOSE, payload))
        self._part()

    def _write_close(self, frame: bytes) -> None:
        """Say the last word, unless it is said."""
        if not self.gone:
            self.transport.write(frame)
            self._end_frames()

    def _open_exit(self) -> None:
        """Choose how frames get out: straight into the socket, or behind what waits, unless that is too much."""
        if self.gone:
            self._end_frames()
        elif not self._waiting and self._direct:
            self.exit.write = self._direct.send
        elif self.transport.get_write_buffer_size() <= HIGH_WATER:
            self.exit.write = self._write_behind
        else:
            self.exit.write = None
            self._watch_stall()

    def _write_behind(self, frames: bytes) -> int:
        self.write_frames(frames)
        return len(frames)

    def _end_frames(self) -> None:
        """Let no frame follow any more. Those to come are dropped: the client resumes by its cursor."""
        self._close_sent = True
        if self.flowing:
            self.exit.write = _drop

    def _part(self) -> None:
        """End the connection, once what is left has been taken, and tell the handler."""
        self._end_frames()
        self.transport.close()
        self.end_within(CLOSE_SECONDS)
        if self._handler:
            self._handler.gone()

    def _wake(self) -> None:
        if self._writable:
            self._writable.set()
            self._writable = None

    def _watch_stall(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._stall = self._loop.call_later(self.stall_seconds, self._give_up, left)

    def _give_up(self, left_before: int) -> None:
        if self.transport.get_write_buffer_size() < left_before:  # slow, but it takes something
            self._watch_stall()
            return
        metrics.stalled_sockets.inc()
        if self._handler:
            self._handler.stalled()
        self.abort()


def _drop(frames: bytes) -> int:
    """Write nothing, and leave nothing to be written."""
    return len(frames)


def _cancel(*timers: asyncio.TimerHandle | None) -> None:
    for timer in timers:
        if timer:
            timer.cancel()
