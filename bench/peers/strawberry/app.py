"""Peer: Strawberry with FastAPI and broadcaster, as their documentation suggests. Run: uvicorn app:app."""

import enum
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import strawberry
from broadcaster import Broadcast
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

broadcast = Broadcast(os.environ["REDIS_URL"])


@strawberry.enum
class CaddieStatus(enum.Enum):
    """What a caddie does at the moment."""

    AVAILABLE = "AVAILABLE"
    CHECKED_IN = "CHECKED_IN"
    ASSIGNED = "ASSIGNED"
    ON_COURSE = "ON_COURSE"
    RETURNING = "RETURNING"
    ON_BREAK = "ON_BREAK"
    OFF_DUTY = "OFF_DUTY"


@strawberry.type
class Caddie:
    """A caddie of list 1."""

    id: strawberry.ID
    name: str
    status: CaddieStatus
    list_number: int


@strawberry.type
class CaddieEvent:
    """A caddie's status changed."""

    caddie_id: strawberry.ID
    name: str
    status: CaddieStatus
    list_number: int
    timestamp: str


caddies = {
    str(n): Caddie(id=strawberry.ID(str(n)), name=f"Caddie {n:02d}", status=CaddieStatus.AVAILABLE, list_number=1)
    for n in range(1, 31)
}


@strawberry.type
class Query:
    """What can be read."""

    @strawberry.field
    async def caddies(self, list: int) -> list[Caddie]:
        """The caddies of a list."""
        return [caddie for caddie in caddies.values() if caddie.list_number == list]


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    async def set_caddie_status(self, id: strawberry.ID, status: CaddieStatus) -> Caddie:
        """Change a caddie's status, and tell everybody."""
        caddie = caddies[id]
        caddie.status = status
        event = {
            "caddieId": caddie.id,
            "name": caddie.name,
            "status": status.value,
            "listNumber": caddie.list_number,
            "timestamp": datetime.now(UTC).isoformat(),
        }
        await broadcast.publish(channel=f"caddies:{caddie.list_number}", message=json.dumps(event))
        return caddie


@strawberry.type
class Subscription:
    """What can be followed."""

    @strawberry.subscription
    async def caddie_events(self, list: int) -> AsyncGenerator[CaddieEvent, None]:
        """The changes of a list's caddies."""
        async with broadcast.subscribe(channel=f"caddies:{list}") as subscriber:
            async for message in subscriber:
                event = json.loads(message.message)
                yield CaddieEvent(
                    caddie_id=event["caddieId"],
                    name=event["name"],
                    status=CaddieStatus(event["status"]),
                    list_number=event["listNumber"],
                    timestamp=event["timestamp"],
                )


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Keep the broadcaster connected while the application runs."""
    async with broadcast:
        yield


schema = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
app = FastAPI(lifespan=lifespan)
app.include_router(
    GraphQLRouter(schema, subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL], graphql_ide=None), prefix="/graphql"
)
