"""Where requests and sockets come in: the middleware that all of them pass, and the short way of those for GraphQL."""

from collections.abc import MutableMapping
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from api.origins import origin_allowed
from api.process import process_of
from realtime.transports.graphql_ws import SocketSession
from realtime.transports.http_stream import one_too_many
from realtime.transports.messages import PROTOCOL
from realtime.transports.uvicorn_http import EXTENSION, StreamHttp

FOREIGN_PAGE = "Pages of this origin may not use the API: its operator names those that may in ALLOWED_ORIGINS."

log = structlog.get_logger(__name__)


class ShortWay:
    """A fork: what is for GraphQL goes past the framework's routing, and all else through it.

    The layers within would keep things of their own as long as a socket lives, and cost a small operation a tenth of
    its time. Middleware is added outside of the fork, with `add_middleware`, and so it sees both ways. The path is
    taken without that of a mount.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Talk to a socket, answer a request, or let the framework find out who does."""
        if scope["type"] == "lifespan" or scope["path"].removeprefix(scope.get("root_path", "")) != "/graphql":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await graphql_socket(WebSocket(scope, receive, send))
        else:
            await (await graphql(Request(scope, receive, send)))(scope, receive, send)


class Admitted:
    """Refuses requests on a connection that is one too many of its address. A socket is counted by itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, once it is known whom it is from."""
        refused = too_many(scope) if scope["type"] == "http" else None
        await (refused or self._app)(scope, receive, send)


def too_many(scope: MutableMapping[str, Any]) -> Response | None:
    """Say that the connection of a request is one too many, if it is."""
    connection: StreamHttp | None = scope.get("extensions", {}).get(EXTENSION)
    if connection is None:
        return None
    connection.arrival.speak_for(scope["client"][0] if scope["client"] else "")
    if connection.arrival.refused is None:
        return None
    connection.arrival.turned_away()
    response = one_too_many(connection.arrival.refused)
    response.headers["Connection"] = "close"
    return response


async def graphql(request: Request) -> Response:
    """Answer GraphQL over HTTP, or show GraphiQL to a browser that asks for a page."""
    if request.method not in {"GET", "POST"}:
        return Response(status_code=405, headers={"Allow": "GET, POST"})
    process = process_of(request.app)
    wants_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if wants_page and "query" not in request.query_params and process.runtime.settings.shows_graphiql:
        return process.pages.graphiql()
    return await process.http.answer(request)


async def graphql_socket(socket: WebSocket) -> None:
    """Talk graphql-transport-ws. A page of an origin that is not allowed is turned away before the handshake."""
    process = process_of(socket.app)
    if not origin_allowed(socket, process.runtime.settings.allowed_origins):
        log.info("a page of an origin that is not allowed was turned away", origin=socket.headers.get("origin"))
        await socket.close(4403, FOREIGN_PAGE)
        return
    if PROTOCOL not in socket.scope["subprotocols"]:
        await socket.accept()
        await socket.close(4406, "Subprotocol not acceptable: use graphql-transport-ws")
        return
    await SocketSession(
        socket,
        operations=process.engine,
        fanout=process.fanout,
        authenticator=process.door,
        census=process.census,
        settings=process.sockets,
        clock=process.runtime.clock,
    ).serve()
