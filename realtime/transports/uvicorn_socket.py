"""uvicorn's WebSocket protocol, with a way for finished frames straight to the transport.

Handshake, masks, fragments, control frames and close handshakes stay with uvicorn and the websockets library. What is
added: frames that are the same for thousands of sockets are written as they are; the application sees when a client
stops taking data, and when it goes on; and a client that takes nothing for long is cut off, which neither `send` nor
`close` can do on a socket that is stalled.
"""

import asyncio
from typing import Any

import structlog
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime import metrics

EXTENSION = "fairway.frames"
HIGH_WATER = 262_144
"""Bytes that may wait in this process for a client, before it counts as slow."""
STALL_SECONDS = 10.0
"""Seconds that a client may take nothing, before it is cut off."""

log = structlog.get_logger(__name__)


class FrameSocket(WebSocketsSansIOProtocol):
    """A WebSocket connection that takes finished frames. The application finds it in its scope's extensions."""

    flowing = True
    """Whether the client takes what it is sent."""
    _stall: asyncio.TimerHandle | None = None

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
        self._stall = self.loop.call_later(STALL_SECONDS, self._give_up)

    def resume_writing(self) -> None:
        """Note that the client goes on."""
        self._forget_stall()
        self.flowing = True
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let those who wait for the client know that it has gone."""
        self._forget_stall()
        self.flowing = False
        super().connection_lost(exc)

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
        await self.writable.wait()
        if self.gone:
            raise ConnectionError

    def abort(self) -> None:
        """Cut the connection, without a word: a close frame could not reach the client."""
        self.transport.abort()

    def _give_up(self) -> None:
        metrics.stalled_sockets.inc()
        log.warning("a client took nothing for long and was cut off", client=self.client, seconds=STALL_SECONDS)
        self.abort()

    def _forget_stall(self) -> None:
        if self._stall:
            self._stall.cancel()
            self._stall = None
