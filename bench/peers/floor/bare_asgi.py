"""Floor: a bare ASGI application under uvicorn, with a prepared frame for each event and a prepared body for a query.

It speaks just enough of graphql-transport-ws for the bench. No GraphQL, no Redis, no task for each subscriber.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

CADDIES = [{"id": str(n), "name": f"Caddie {n:02d}", "status": "AVAILABLE", "listNumber": 1} for n in range(1, 31)]
LIST = json.dumps({"data": {"caddies": CADDIES}}, separators=(",", ":")).encode()
DONE = b'{"data":{"setCaddieStatus":{"id":"1"}}}'
subscribers: dict[Send, str] = {}


async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Serve whatever comes."""
    serve = {"lifespan": live, "websocket": talk, "http": answer}[scope["type"]]
    await serve(receive, send)


async def live(receive: Receive, send: Send) -> None:
    """Say yes to starting and stopping."""
    while True:
        kind = (await receive())["type"]
        await send({"type": kind + ".complete"})
        if kind == "lifespan.shutdown":
            return


async def talk(receive: Receive, send: Send) -> None:
    """Acknowledge, and take part from `subscribe` on."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
    try:
        while (message := await receive())["type"] == "websocket.receive":
            said = json.loads(message["text"])
            if said["type"] == "connection_init":
                await send({"type": "websocket.send", "text": '{"type":"connection_ack"}'})
            elif said["type"] == "subscribe":
                subscribers[send] = '{"id":"' + said["id"]
    finally:
        subscribers.pop(send, None)


async def answer(receive: Receive, send: Send) -> None:
    """Fan out what a mutation says; answer any other request with the list."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if b"setCaddieStatus" in body:
        await fan_out(json.loads(body)["variables"])
    content = DONE if b"setCaddieStatus" in body else LIST
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def fan_out(variables: dict[str, str]) -> None:
    """Send everybody the same event, with their own operation's id."""
    event = {
        "__typename": "CaddieEvent",
        "caddieId": variables["id"],
        "name": f"Caddie {variables['id']}",
        "status": variables["status"],
        "listNumber": 1,
        "timestamp": datetime.now(UTC).isoformat(),
    }
    payload = json.dumps({"data": {"caddieEvents": event}}, separators=(",", ":"))
    tail = '","type":"next","payload":' + payload + "}"
    for subscriber, prefix in list(subscribers.items()):
        await subscriber({"type": "websocket.send", "text": prefix + tail})
