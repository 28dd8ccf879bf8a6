"""Fairway's own realtime engine as the peers have it: their schema, their 30 caddies, Redis, and no PostgreSQL.

Followers, fan-out, GraphQL engine, transport and uvicorn's protocol classes are the program's own. The log is a list
in memory, and every event travels through Redis. Run: python -m bench.peers.fairway_engine PORT, with REDIS_URL set.
"""

import os
import sys
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import uvicorn
from graphql import GraphQLSchema, build_schema
from prometheus_client import generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from api.engine import Engine
from api.limits import Limits
from api.serving import uvicorn_config
from auth.limits import RateLimits
from auth.revocation import Revocations
from auth.sign_in import Door
from auth.tokens import Authenticator
from bench.peers.fairway_hub import STREAM, BoardHub
from events.log import Logged
from kit.clock import utc_now
from kit.limiter import Limiter
from kit.settings import Settings
from realtime.fanout import Fanout
from realtime.operations import Request as Operation
from realtime.presence import Census, SocketLimits
from realtime.subscription import Reset
from realtime.transports.graphql_ws import SocketSession
from realtime.transports.socket_settings import SocketSettings
from schema.feeds import RoomFeed
from schema.sight import Audience

if TYPE_CHECKING:
    from fastapi import FastAPI

    from realtime.hub import Hub
    from schema.context import Context

SDL = """
enum CaddieStatus { AVAILABLE CHECKED_IN ASSIGNED ON_COURSE RETURNING ON_BREAK OFF_DUTY }
type Caddie { id: ID! name: String! status: CaddieStatus! listNumber: Int! }
type CaddieEvent { caddieId: ID! name: String! status: CaddieStatus! listNumber: Int! timestamp: String! }
type Query { caddies(list: Int!): [Caddie!]! }
type Mutation { setCaddieStatus(id: ID!, status: CaddieStatus!): Caddie! }
type Subscription { caddieEvents(list: Int!): CaddieEvent! }
"""
CADDIES = {
    str(n): {"id": str(n), "name": f"Caddie {n:02d}", "status": "AVAILABLE", "listNumber": 1} for n in range(1, 31)
}


EVERYBODY = Audience(staff=True)


class BoardFeed(RoomFeed):
    """The caddie board; an event is shown as it was told."""

    def show(self, item: Logged | Reset) -> Any:
        """Give what the fields are read from."""
        return item.data if isinstance(item, Logged) else None


class Nobody:
    """The context of operations that need none."""

    parts: None = None
    """Answers are made whole."""

    def begin(self, address: str) -> None:
        """Count nothing."""

    async def forget(self) -> None:
        """Have nothing to forget."""

    def run_again(self) -> None:
        """Have counted nothing."""

    def share(self, _tenant_id: UUID | None) -> "Nobody":
        """Be the same for all."""
        return self


def board_schema(hub: BoardHub) -> GraphQLSchema:
    """Make the peers' schema on the hub."""

    def of_list(_root: None, _info: Any, *, list: int) -> list[dict[str, Any]]:
        return [caddie for caddie in CADDIES.values() if caddie["listNumber"] == list]

    async def set_status(_root: None, _info: Any, *, id: str, status: str) -> dict[str, Any]:
        caddie = CADDIES[id]
        caddie["status"] = status
        fact = {"caddieId": id, "timestamp": utc_now().isoformat(), **caddie}
        await hub.tell(fact)
        return caddie

    async def follow(_root: None, _info: Any, *, list: int) -> BoardFeed:
        return BoardFeed(stream=STREAM, room=f"caddies:{list}", after=None, wanted=None, audience=EVERYBODY)

    schema = build_schema(SDL)
    queries, mutations, subscriptions = schema.query_type, schema.mutation_type, schema.subscription_type
    if not (queries and mutations and subscriptions):
        raise TypeError("the schema has all three")
    queries.fields["caddies"].resolve = of_list
    mutations.fields["setCaddieStatus"].resolve = set_status
    events = subscriptions.fields["caddieEvents"]
    events.subscribe, events.resolve = follow, lambda event, _info, **_arguments: event
    return schema


class Board:
    """The application."""

    def __init__(self, settings: Settings) -> None:
        self._hub = BoardHub(settings.redis_url)
        self._fanout = Fanout(cast("Hub", self._hub))
        self._engine = Engine(
            board_schema(self._hub),
            make_context=lambda _viewer: cast("Context", Nobody()),
            introspection=False,
            suggestions=False,
            limits=Limits.of(settings),
        )
        self._authenticator = Door(Authenticator(settings), RateLimits(settings, Limiter()), Revocations())
        self._census = Census(SocketLimits(in_all=100_000, per_address=100_000, per_user=100_000))
        self._socket = SocketSettings(
            instance="bench", auth_timeout=10, heartbeat=30, max_operations=100, max_message_bytes=65_536
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve whatever comes."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._talk(WebSocket(scope, receive, send))
        else:
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        for kind in ("startup", "shutdown"):
            await receive()
            if kind == "startup":
                await self._hub.start()
            await send({"type": f"lifespan.{kind}.complete"})

    async def _talk(self, socket: WebSocket) -> None:
        await SocketSession(
            socket,
            operations=self._engine,
            fanout=self._fanout,
            authenticator=self._authenticator,
            census=self._census,
            settings=self._socket,
            clock=utc_now,
        ).serve()

    async def _answer(self, request: Request) -> Response:
        if request.url.path == "/metrics":
            return Response(generate_latest())
        asked = await request.json()
        answer = await self._engine.open(Operation(asked["query"], asked.get("variables")), viewer=None)
        return Response(answer, media_type="application/json")


def main(port: int) -> None:
    """Serve on the loopback until stopped."""
    settings = Settings(
        _env_file=None, redis_url=os.environ["REDIS_URL"], jwt_secret="no token is ever shown to this server"
    )
    config = uvicorn_config(cast("FastAPI", Board(settings)), settings)
    config.host, config.port, config.backlog = "127.0.0.1", port, 4096
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
