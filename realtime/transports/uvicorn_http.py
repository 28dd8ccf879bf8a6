"""uvicorn's HTTP protocol, with what a response that goes on for hours has to know of its connection.

uvicorn waits for open responses when it stops, and a response without an end would make it wait in vain; so the one who
writes it is told. And a client that takes nothing can be cut off, which `send` can't do on a connection that is
stalled. A request that asks for a WebSocket is handed on as it was read, instead of being written and read once more.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

import httptools

from realtime.transports.guarded_http import GuardedHttp
from realtime.transports.handshake import RequestRefused, key_of, values_of
from realtime.transports.uvicorn_socket import FrameSocket

EXTENSION = "fairway.connection"
LINGER_SECONDS = 0.2
"""How long a connection without a request is kept when the server stops: one may be on its way."""


class StreamHttp(GuardedHttp):
    """An HTTP connection. The application finds it in its scope's extensions."""

    stopping = False
    """Whether the server stops."""
    on_stop: Callable[[], None] | None = None
    """What the response under way does when the server stops."""

    def on_message_begin(self) -> None:
        """Show the connection to the application."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {EXTENSION: self}

    def on_headers_complete(self) -> None:
        """Begin to answer; when the server stops, the client is told that this answer is the last one."""
        super().on_headers_complete()
        if self.stopping and self._answering:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Let the response under way come to its end, since the server stops, and answer a request that is coming."""
        self.stopping = True
        if self._answering:
            self.cycle.keep_alive = False
        else:
            self.loop.call_later(LINGER_SECONDS, self._leave)
        if self.on_stop:
            self.on_stop()

    def _leave(self) -> None:
        if not self._answering:
            self.transport.close()

    def abort(self) -> None:
        """Cut the connection."""
        self.transport.abort()

    def become_socket(self, first: bytes) -> None:
        """Make a WebSocket of the connection, whose first bytes may be there already. Raises RequestRefused."""
        key = key_of(self.parser.get_method(), self.parser.get_http_version(), self.headers)
        scope = self._socket_scope()
        self.connections.discard(self)
        self.arrival.leave()
        self._wait_no_more()
        del self.parser  # it knows this object, and would keep it
        socket = FrameSocket(self.config, self.server_state, self.transport, key=key, queue=self._admission.handshakes)
        self.transport.set_protocol(socket)
        socket.begin(self.app, scope, first)

    def _socket_scope(self) -> dict[str, Any]:
        """Say what is asked for, as ASGI has it."""
        if self.stopping or self._answering:
            raise RequestRefused(
                HTTPStatus.SERVICE_UNAVAILABLE, "No WebSocket can be opened here now; try again in a moment."
            )
        try:
            url = httptools.parse_url(self.url)
            path = url.path.decode("ascii")
        except (httptools.HttpParserError, UnicodeDecodeError):
            raise RequestRefused(HTTPStatus.BAD_REQUEST, "The address can't be read.") from None
        listed = b",".join(values_of(self.headers, b"sec-websocket-protocol")).decode("latin-1").split(",")
        return {
            **cast("dict[str, Any]", self.scope),
            "type": "websocket",
            "asgi": {"version": self.asgi_version, "spec_version": "2.4"},
            "scheme": "wss" if self.scheme == "https" else "ws",
            "path": self.root_path + unquote(path),
            "raw_path": self.root_path.encode("ascii") + url.path,
            "query_string": url.query or b"",
            "subprotocols": [name for name in map(str.strip, listed) if name],
        }
