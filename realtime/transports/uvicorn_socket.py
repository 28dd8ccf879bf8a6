"""uvicorn's WebSocket protocol, with a way for finished frames straight to the transport.

Handshake, masks, fragments, control frames and close handshakes stay with uvicorn and the websockets library. What is
added: frames that are the same for thousands of sockets are written as they are; the application sees when a client
stops taking data, and when it goes on; a client that takes nothing for long is cut off, which neither `send` nor
`close` can do on a socket that is stalled; and the application is asked to end the conversation when the server stops.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime import metrics

EXTENSION = "fairway.frames"
HIGH_WATER = 262_144
"""Bytes that may wait in this process for a client, before it counts as slow."""
STALL_SECONDS = 10.0
"""Seconds that a client may take nothing, before it is cut off; an application may choose another time."""
STOP_SECONDS = 2.5
"""Seconds after which a socket is cut that has not ended by itself when the server stops."""

log = structlog.get_logger(__name__)


class FrameSocket(WebSocketsSansIOProtocol):
    """A WebSocket connection that takes finished frames. The application finds it in its scope's extensions."""

    flowing = True
    """Whether the client takes what it is sent."""
    stall_seconds = STALL_SECONDS
    on_stop: Callable[[], None] | None = None
    """What the application does when the server stops: it says goodbye and closes."""
    _stall: asyncio.TimerHandle | None = None
    _end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Bound what may wait in this process for a client that does not read."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER)

    def handle_connect(self, event: Any) -> None:
        """Show the socket to the application."""
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self

    def pause_writing(self) -> None:
        """Note that the client does not keep up."""
        super().pause_writing()
        self.flowing = False
        self._watch_stall()

    def resume_writing(self) -> None:
        """Note that the client goes on."""
        _cancel(self._stall)
        self.flowing = True
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let those who wait for the client know that it has gone."""
        _cancel(self._stall, self._end)
        self.on_stop = None
        self.flowing = False
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Let the application end the conversation, since the server stops; cut it if that takes too long."""
        self.end_within(STOP_SECONDS)
        if self.on_stop is None or not self.handshake_complete or self.gone:
            super().shutdown()
        else:
            self.on_stop()

    def send_receive_event_to_app(self) -> None:
        """Hand a message to the application; close with 1007 if it claims to be text and is not (RFC 6455, 8.1)."""
        if self.curr_msg_data_type == "text" and not self.gone and not _is_text(b"".join(self.frames)):
            self.frames = []
            self.conn.send_close(1007, "Text is UTF-8")
            self.handle_parser_exception()
            return
        super().send_receive_event_to_app()

    @property
    def gone(self) -> bool:
        """Whether nothing will ever be taken any more."""
        return self.disconnected or self.close_sent or self.transport.is_closing()

    def write_frames(self, frames: bytes) -> None:
        """Write finished frames. They are dropped when the connection has ended: its client resumes by its cursor."""
        if not self.gone:
            self.transport.write(frames)

    async def drained(self) -> None:
        """Wait until the client takes data again. Raises ConnectionError when it has gone."""
        while not (self.gone or self.writable.is_set()):  # of all who wait, the first may have filled it again
            await self.writable.wait()
        if self.gone:
            raise ConnectionError

    def abort(self) -> None:
        """Cut the connection, without a word: a close frame could not reach the client."""
        self.transport.abort()

    def end_within(self, seconds: float) -> None:
        """Cut the connection if it has not ended by then, as when the client does not take what is left for it."""
        at = self.loop.time() + seconds
        if self.disconnected or (self._end and self._end.when() <= at):
            return
        _cancel(self._end)
        self._end = self.loop.call_at(at, self.abort)

    def _watch_stall(self) -> None:
        left = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(self.stall_seconds, self._give_up, left)

    def _give_up(self, left_before: int) -> None:
        if self.transport.get_write_buffer_size() < left_before:  # slow, but it takes something
            self._watch_stall()
            return
        metrics.stalled_sockets.inc()
        log.warning("a client took nothing for long and was cut off", client=self.client, seconds=self.stall_seconds)
        self.abort()


def _cancel(*timers: asyncio.TimerHandle | None) -> None:
    for timer in timers:
        if timer:
            timer.cancel()


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
