"""uvicorn's HTTP protocol, with what a response that goes on for hours has to know of its connection.

uvicorn waits for open responses when it stops, and a response without an end would make it wait in vain; so the one who
writes it is told. And a client that takes nothing can be cut off, which `send` can't do on a connection that is
stalled. A request that asks for a WebSocket is handed on as it was read, instead of being written and read once more.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote

import httptools
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from realtime.transports.handshake import HandshakeRefused, key_of, refusal, values_of
from realtime.transports.uvicorn_socket import FrameSocket

EXTENSION = "fairway.connection"
LINGER_SECONDS = 0.2
"""How long a connection without a request is kept when the server stops: one may be on its way."""


class StreamHttp(HttpToolsProtocol):
    """An HTTP connection. The application finds it in its scope's extensions."""

    stopping = False
    """Whether the server stops."""
    on_stop: Callable[[], None] | None = None
    """What the response under way does when the server stops."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, as the base class does, but ask the transport for its addresses, not a copy of its socket."""
        self.connections.add(self)
        self.transport, self.flow = transport, FlowControl(transport)
        self.server, self.client = _address(transport, "sockname"), _address(transport, "peername")
        self.scheme = "https" if transport.get_extra_info("sslcontext") else "http"

    def data_received(self, data: bytes) -> None:
        """Read what comes. Behind a request for a WebSocket, its first frames may follow at once."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._should_upgrade():
                self._become_socket(data[upgrade.args[0] :])
            else:
                self._unsupported_upgrade_warning()
        except httptools.HttpParserError:
            self.logger.warning("Invalid HTTP request received.")
            self.send_400_response("Invalid HTTP request received.")

    def on_message_begin(self) -> None:
        """Show the connection to the application."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {EXTENSION: self}

    def on_headers_complete(self) -> None:
        """Begin to answer; when the server stops, the client is told that this answer is the last one."""
        super().on_headers_complete()
        if self.stopping and not self._idle:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Let the response under way come to its end, since the server stops, and answer a request that is coming."""
        self.stopping = True
        if self._idle:
            self.loop.call_later(LINGER_SECONDS, self._part)
        else:
            self.cycle.keep_alive = False
        if self.on_stop:
            self.on_stop()

    @property
    def _idle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # none before the first request, whatever uvicorn says
        return cycle is None or cycle.response_complete

    def _part(self) -> None:
        if self._idle:
            self.transport.close()

    def abort(self) -> None:
        """Cut the connection."""
        self.transport.abort()

    def _become_socket(self, first: bytes) -> None:
        """Make a WebSocket of the connection, whose first bytes may be there already; or say why that can't be."""
        try:
            key = key_of(self.parser.get_method(), self.parser.get_http_version(), self.headers)
            scope = self._socket_scope()
        except HandshakeRefused as refused:
            more = [*self.server_state.default_headers, *refused.headers]
            self.transport.write(refusal(refused.status, str(refused), more))
            self.transport.close()
            return
        self.connections.discard(self)
        del self.parser  # it knows this object, and would keep it
        socket = FrameSocket(self.config, self.server_state, self.transport, key=key)
        self.transport.set_protocol(socket)
        socket.begin(self.app, scope, first)

    def _socket_scope(self) -> dict[str, Any]:
        """Say what is asked for, as ASGI has it."""
        if self.stopping:
            raise HandshakeRefused(HTTPStatus.SERVICE_UNAVAILABLE, "The server stops; try again in a moment.")
        try:
            url = httptools.parse_url(self.url)
            path = url.path.decode("ascii")
        except (httptools.HttpParserError, UnicodeDecodeError):
            raise HandshakeRefused(HTTPStatus.BAD_REQUEST, "The address can't be read.") from None
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


def _address(transport: asyncio.Transport, name: str) -> Any:
    address = transport.get_extra_info(name)
    return (str(address[0]), int(address[1])) if isinstance(address, tuple) else None
