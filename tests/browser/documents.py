"""What pages send, beside what their manifest says that they send."""

import json

import orjson
from playwright.async_api import BrowserContext, Page, Request, WebSocket

from api.trusted import OWN

LISTED = frozenset(orjson.loads(OWN.read_bytes()).values())


def unlisted(context: BrowserContext) -> list[str]:
    """Gather the documents that the pages of a browser send and that are not in the manifest: they are locked out."""
    found: list[str] = []

    def note(query: str | None) -> None:
        if query and query not in LISTED:
            found.append(query)

    def requested(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/graphql"):
            note(json.loads(request.post_data or "{}").get("query"))

    def sent(frame: str | bytes) -> None:
        message = orjson.loads(frame)
        if message["type"] == "subscribe":
            note(message["payload"].get("query"))

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", sent)

    def watch(page: Page) -> None:
        page.on("websocket", opened)

    context.on("request", requested)
    context.on("page", watch)
    return found
