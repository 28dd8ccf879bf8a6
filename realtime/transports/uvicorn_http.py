"""uvicorn's HTTP protocol, with what a response that goes on for hours has to know of its connection.

uvicorn waits for open responses when it stops, and a response without an end would make it wait in vain; so the one who
writes it is told. And a client that takes nothing can be cut off, which `send` can't do on a connection that is
stalled.
"""

from collections.abc import Callable
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "fairway.connection"


class StreamHttp(HttpToolsProtocol):
    """An HTTP connection. The application finds it in its scope's extensions."""

    stopping = False
    """Whether the server stops."""
    on_stop: Callable[[], None] | None = None
    """What the response under way does when the server stops."""

    def on_message_begin(self) -> None:
        """Show the connection to the application."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)["extensions"] = {EXTENSION: self}

    def shutdown(self) -> None:
        """Let the response under way come to its end, since the server stops."""
        super().shutdown()
        self.stopping = True
        if self.on_stop:
            self.on_stop()

    def abort(self) -> None:
        """Cut the connection."""
        self.transport.abort()
