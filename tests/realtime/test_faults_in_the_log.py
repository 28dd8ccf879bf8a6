"""What the log says about a fault of ours: whose operation it was, on which connection."""

import asyncio
import inspect
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Annotated, Any

import orjson
import pytest
import strawberry
from structlog.testing import capture_logs

from api.engine import Engine
from api.limits import Limits
from api.process import hold
from realtime.operations import Request
from realtime.subscription import Reset
from schema.events import StreamReset, show_reset
from schema.feeds import RoomFeed
from schema.sight import EVERYBODY
from tests.realtime.list_log import message
from tests.realtime.sockets import SOMEBODY


@strawberry.type
class Query:
    @strawberry.field
    def broken(self) -> str:
        raise ValueError("a fault")


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def broken(self) -> AsyncGenerator[str, None]:
        raise ValueError("a fault")


def broken(server, subscription: type = Subscription) -> Engine:
    """An engine in which everything fails."""
    limits = Limits(tokens=2_000, depth=15, fields=2_000, aliases=50)
    schema = strawberry.Schema(query=Query, subscription=subscription)._schema
    make_context = server.process.engine._make_context
    return Engine(schema, make_context=make_context, introspection=False, suggestions=False, limits=limits)


async def test_a_fault_on_a_socket_is_logged_with_connection_user_and_operation(server):
    hold(server.app, replace(server.process, engine=broken(server)))
    with capture_logs() as logs:
        async with server.socket(SOMEBODY) as socket, server.socket() as nobody:
            for client in (socket, nobody):
                await client.subscribe("query Mine { broken }")
                assert (await client.receive())["payload"]["errors"][0]["extensions"]["code"] == "INTERNAL"
            await client.receive()  # its end
            await client.subscribe("subscription { broken }")
            assert (await client.receive())["payload"][0]["extensions"]["code"] == "INTERNAL"
    told = [(entry["operation"], entry["user"]) for entry in logs]
    assert told == [("Mine", "somebody"), ("Mine", None), ("subscription", None)]
    first, second, third = (entry["connection"] for entry in logs)
    assert first != second == third
    assert None not in {first, second}
    assert all(entry["reference"] for entry in logs)


async def test_a_fault_by_http_is_logged_with_user_and_operation(server, clock):
    with capture_logs() as logs:
        await broken(server).open(Request("{ broken }"), viewer=SOMEBODY.viewer(clock()))
    assert [(entry["operation"], entry["user"], entry["path"]) for entry in logs] == [("query", "somebody", ["broken"])]


@dataclass(frozen=True, kw_only=True)
class FaultyRoom(RoomFeed):
    """A room whose events have a field that fails, at once or after a wait."""

    def show(self, item: Any) -> Any:
        return show_reset(item) if isinstance(item, Reset) else Faulty()


@strawberry.type
class Faulty:
    @strawberry.field
    def at_once(self) -> str:
        raise ValueError("a fault")

    @strawberry.field
    async def later(self) -> str:
        await asyncio.sleep(0)
        raise ValueError("a fault")


News = Annotated[Faulty | StreamReset, strawberry.union("News")]


@strawberry.type
class Following:
    @strawberry.subscription
    async def news(self) -> AsyncGenerator[News, None]:
        return FaultyRoom(stream="s", room="r", after=None, wanted=None, audience=EVERYBODY)


@pytest.mark.parametrize("field", ["atOnce", "later"])
async def test_an_event_with_a_fault_is_told_as_a_reset_and_the_fault_to_the_log(server, field):
    engine = broken(server, subscription=Following)
    query = f"subscription {{ news {{ ... on Faulty {{ {field} }} ... on StreamReset {{ reason cursor }} }} }}"
    feed = await engine.open(Request(query), viewer=None)
    event = message(5)
    with capture_logs() as logs:
        rendered = feed.render(event)
        answer = orjson.loads(await rendered if inspect.isawaitable(rendered) else rendered)
    assert answer == {"data": {"news": {"reason": "UNREADABLE", "cursor": str(event.cursor)}}}
    assert [(entry["log_level"], entry["room"]) for entry in logs] == [("error", "r")]
