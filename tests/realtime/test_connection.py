import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.websockets import WebSocket
from structlog.testing import capture_logs

from realtime import metrics
from realtime.fair_queue import FairQueue
from realtime.feed import Feed
from realtime.operations import OperationRefused
from realtime.presence import Census, SocketLimits
from realtime.transports.graphql_ws import SocketSession
from realtime.transports.socket_settings import SocketSettings
from tests.harness import serving
from tests.realtime.support import until

SETTINGS = SocketSettings(instance="test", auth_timeout=10, heartbeat=30, max_operations=100, max_message_bytes=65_536)


@dataclass
class Scripted:
    """Operations whose query names what they do."""

    entered: int = 0
    left: list[str] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, request, *, viewer):
        self.entered += 1
        try:
            match request.query:
                case "refuse":
                    raise OperationRefused(b'[{"message":"No."}]')
                case "break the socket's way":
                    raise ConnectionResetError("the database has gone")
                case "break":
                    raise ValueError("a fault")
                case "follow a broken room":
                    return Feed(stream="s", room="s", after=None, key="k", wanted=None, render=broken)
                case _:
                    await self.go_on.wait()
                    return b'{"data":1}'
        finally:
            await asyncio.sleep(0)  # leaving takes a moment, as it does where a transaction is given back
            self.left.append(request.query)


class Deaf:
    """A fan-out whose hub can't follow anything."""

    def __init__(self):
        self.openings = FairQueue(8)

    async def join(self, feed, sink):
        raise ValueError("a fault")


def broken(item):
    raise ValueError("a fault")


class Broken:
    """An authenticator that fails in a way that nobody thought of."""

    async def authenticate(self, token, *, now, address):
        raise ValueError("a fault")


def route_to(app, operations, *, clock, tokens=None, settings=SETTINGS):
    """Let an application talk to sockets about scripted operations."""

    async def talk(socket: WebSocket):
        await SocketSession(
            socket,
            operations=operations,
            fanout=Deaf(),
            authenticator=tokens,
            census=Census(SocketLimits()),
            settings=settings,
            clock=clock,
        ).serve()

    app.add_api_websocket_route("/graphql", talk)


@asynccontextmanager
async def connected(clock, operations, *, tokens=None):
    """An acknowledged socket to a server that runs scripted operations."""
    app = FastAPI()
    route_to(app, operations, clock=clock, tokens=tokens)
    async with serving(app, clock) as server, server.socket(acknowledged=tokens is None) as socket:
        yield socket


async def test_an_operation_that_fails_is_told_and_logged_and_ends_alone(clock):
    operations = Scripted()
    ways = {"break": "INTERNAL", "break the socket's way": "UNAVAILABLE", "follow a broken room": "INTERNAL"}
    async with connected(clock, operations) as socket:
        with capture_logs() as logs:
            for query, code in ways.items():
                operation = await socket.subscribe(query)
                message = await socket.receive()
                assert (message["id"], message["type"]) == (operation, "error")
                assert message["payload"][0]["extensions"]["code"] == code
                assert "fault" not in str(message)
        assert [(entry["event"], entry["operation"]) for entry in logs] == [
            ("an operation failed", number) for number in "123"
        ]
        await socket.subscribe("refuse")
        assert await socket.receive() == {"id": "4", "type": "error", "payload": [{"message": "No."}]}


async def test_an_operation_that_is_completed_is_left_at_once_and_its_id_is_free(clock):
    operations = Scripted()
    async with connected(clock, operations) as socket:
        operation = await socket.subscribe("wait")
        await until(lambda: operations.entered == 1)
        await socket.send(id=operation, type="complete")
        await socket.send(id=operation, type="subscribe", payload={"query": "wait again"})
        await until(lambda: operations.left == ["wait"])
        operations.go_on.set()
        assert await socket.receive() == {"id": operation, "type": "next", "payload": {"data": 1}}
        assert await socket.receive() == {"id": operation, "type": "complete"}


async def test_a_socket_that_is_closed_while_operations_run_leaves_them_without_a_word(clock):
    operations, before = Scripted(), metrics.connections_active._value.get()
    async with connected(clock, operations) as socket:
        with capture_logs() as logs:
            for query in ("one", "two", "three"):
                await socket.subscribe(query)
            await until(lambda: operations.entered == 3)
            await socket.raw.send("nonsense")
            assert (await socket.closed())[0] == 4400
            await until(lambda: sorted(operations.left) == ["one", "three", "two"])
        assert [entry["event"] for entry in logs] == ["socket closed"]
        assert metrics.connections_active._value.get() == before


async def test_a_socket_that_is_cut_leaves_its_operations(clock):
    operations = Scripted()
    async with connected(clock, operations) as socket:
        with capture_logs() as logs:
            for query in ("one", "two"):
                await socket.subscribe(query)
            await until(lambda: operations.entered == 2)
            socket.raw.transport.abort()
            await until(lambda: sorted(operations.left) == ["one", "two"])
        assert logs == []


async def test_a_fault_in_the_socket_itself_is_logged_and_closes_it_with_a_code(clock):
    async with connected(clock, Scripted(), tokens=Broken()) as socket:
        with capture_logs() as logs:
            await socket.send(type="connection_init", payload={"token": "anything"})
            assert await socket.closed() == (4500, "Something went wrong on our side")
        assert [entry["event"] for entry in logs] == ["a socket failed", "socket closed"]
