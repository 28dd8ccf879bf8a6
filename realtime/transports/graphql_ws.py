"""The graphql-transport-ws protocol on one socket."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import random
from typing import Any

import orjson
import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from auth.tokens import from_connection_init
from auth.viewer import Viewer
from kit.clock import Clock
from kit.errors import FairwayError, TokenRefused
from realtime import metrics
from realtime.batch import Member
from realtime.fanout import Fanout
from realtime.feed import Feed
from realtime.frames import prefix_of, tail_of
from realtime.operations import Authenticates, OperationRefused, Operations, Request
from realtime.presence import Census, TooManyConnections
from realtime.transports.sinks import OperationSink, outlet_of

PROTOCOL = "graphql-transport-ws"
LONGEST_ID = 256
CLOSE_SECONDS = 5.0
"""Seconds that a client may take to take what is left for it and a close frame."""
FINISH_SECONDS = 1.0
"""Seconds that queries and mutations may take when the server stops, before they are broken off."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class SocketSettings:
    """What holds for every socket; times in seconds."""

    instance: str
    auth_timeout: float
    heartbeat: float
    max_operations: int
    max_message_bytes: int
    pong_timeout: float = 90.0
    """How long a client may leave pings unanswered."""
    stall_timeout: float = 10.0
    """How long a client may take nothing of what it is sent."""
    stop_code: int = 1001
    """The close code when the server stops."""
    stop_spread: float = 1.0
    """The time over which sockets are closed then, lest all clients come back in the same instant."""


class Closed(Exception):
    """The socket is to be closed with a code of the protocol."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Gone(Exception):
    """The client has gone."""


class Connection:
    """One client's socket, from `connection_init` to the last `complete`."""

    def __init__(
        self,
        socket: WebSocket,
        *,
        operations: Operations,
        fanout: Fanout,
        authenticator: Authenticates,
        census: Census,
        settings: SocketSettings,
        clock: Clock,
    ) -> None:
        self._socket = socket
        self._census = census
        self._address = socket.client.host if socket.client else ""
        self._counted_as: tuple[Any, ...] | None = None
        self._operations = operations
        self._fanout = fanout
        self._authenticator = authenticator
        self._settings = settings
        self._clock = clock
        self._outlet = outlet_of(socket, stall_seconds=settings.stall_timeout)
        self._viewer: Viewer | None = None
        self._initialised = False
        self._acknowledged = False
        self._unanswered_since: float | None = None
        self._running: dict[str, asyncio.Task[None] | Member] = {}
        self._timers: list[asyncio.TimerHandle] = []
        self._closing: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()

    async def serve(self) -> None:
        """Talk to the client until one of the two ends it."""
        await self._socket.accept(subprotocol=PROTOCOL)
        metrics.connections_total.inc()
        try:
            self._census.enter(self._address)
        except TooManyConnections as error:
            self._leave_all()
            await self._close(_too_many(error))
            return
        metrics.connections_active.inc()
        self._outlet.on_stop(self._say_goodbye)
        self._after(self._settings.auth_timeout, self._refuse_silence)
        closed: Closed | None = None
        try:
            closed = await self._end_of_reading()
        finally:
            metrics.connections_active.dec()
            self._census.leave(self._address, self._counted_as)
            tasks = self._leave_all()  # before the close frame, after which nothing may be sent
        if closed:
            await self._close(closed)
        await asyncio.gather(*tasks, *filter(None, [self._closing]), return_exceptions=True)

    async def _end_of_reading(self) -> Closed | None:
        """Read until the conversation ends; tell how we are to close the socket, unless that is done."""
        try:
            await self._read()
        except Closed as closed:
            return closed
        except (WebSocketDisconnect, Gone):
            return None
        except Exception:
            self._log("exception", "a socket failed")
            return Closed(4500, "Something went wrong on our side")
        return None

    def _leave_all(self) -> list[asyncio.Task[None]]:
        for timer in self._timers:
            timer.cancel()
        running, self._running = self._running, {}
        tasks = []
        for entry in running.values():
            if isinstance(entry, Member):
                self._fanout.leave(entry)
            else:
                entry.cancel()
                tasks.append(entry)
        self._outlet.stop()
        self._outlet.end_within(CLOSE_SECONDS)
        return tasks

    async def _close(self, closed: Closed) -> None:
        self._log("info", "socket closed", code=closed.code, reason=closed.reason)
        if self._socket.client_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError, WebSocketDisconnect, OSError):
                try:
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await self._socket.close(closed.code, closed.reason)
                except TimeoutError:  # the client takes nothing, so it can't be told
                    self._outlet.abort()

    def _end(self, code: int, reason: str) -> None:
        """Close the socket from outside of the conversation."""
        if self._closing is None:
            self._leave_all()
            self._closing = self._loop.create_task(self._close(Closed(code, reason)))

    def _say_goodbye(self) -> None:
        """Take nothing more, since the server stops, and close in a while."""
        if self._closing is None:
            self._closing = self._loop.create_task(self._finish())

    async def _finish(self) -> None:
        await asyncio.sleep(random() * self._settings.stop_spread)  # noqa: S311 - spread out, not secret
        if running := [entry for entry in self._running.values() if isinstance(entry, asyncio.Task)]:
            await asyncio.wait(running, timeout=FINISH_SECONDS)
        self._leave_all()
        await self._close(Closed(self._settings.stop_code, "The server stops; connect again with your last cursor"))

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if self._closing:
                continue
            text = message.get("text")
            if text is None:
                raise Closed(4400, "Send text messages")
            raw = text.encode()
            if len(raw) > self._settings.max_message_bytes:
                raise Closed(4400, f"A message has at most {self._settings.max_message_bytes} bytes")
            await self._handle(_parse(raw))

    async def _handle(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                await self._initialise(message)
            case "ping":
                await self._send(b'{"type":"pong"}', kind="pong")
            case "pong":
                self._unanswered_since = None
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                self._complete(_operation_id(message))
            case _:
                raise Closed(4400, "Unknown message type")

    async def _initialise(self, message: dict[str, Any]) -> None:
        if self._initialised:
            raise Closed(4429, "Too many initialisation requests")
        self._initialised = True
        payload = message.get("payload")
        if payload is not None and not isinstance(payload, dict):
            raise Closed(4400, "The payload of connection_init is an object")
        try:
            token = from_connection_init(payload)
            if token:
                viewer = await self._authenticator.authenticate(token, now=self._clock())
                self._count_as(viewer)
                self._viewer = viewer
        except TokenRefused as error:
            metrics.auth_failures.inc()
            raise Closed(4403, _reason(error.message)) from error
        except TooManyConnections as error:
            raise _too_many(error) from error
        except FairwayError as error:
            raise Closed(4500, _reason(error.message)) from error
        self._acknowledged = True
        await self._acknowledge()
        self._watch()

    def _count_as(self, viewer: Viewer) -> None:
        user = (viewer.tenant_id, viewer.user_id)
        self._census.identify(user)
        self._counted_as = user

    async def _acknowledge(self) -> None:
        user_id = self._viewer.user_id if self._viewer else None
        payload = {"userId": user_id, "timestamp": self._clock(), "instance": self._settings.instance}
        await self._send(orjson.dumps({"type": "connection_ack", "payload": payload}), kind="connection_ack")

    def _watch(self) -> None:
        self._after(self._settings.heartbeat, self._beat)
        if self._viewer:
            left = (self._viewer.expires_at - self._clock()).total_seconds()
            self._after(max(left, 0), lambda: self._end(4403, "Token expired"))

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if not self._acknowledged:
            raise Closed(4401, "Unauthorized")
        operation = _operation_id(message)
        if operation in self._running:
            raise Closed(4409, _reason(f"Subscriber for {operation} already exists"))
        if len(self._running) >= self._settings.max_operations:
            await self._send(_one_too_many(operation, self._settings.max_operations), kind="error")
            return
        self._running[operation] = self._loop.create_task(self._run(operation, _request(message)))

    def _complete(self, operation: str) -> None:
        entry = self._running.pop(operation, None)
        if isinstance(entry, Member):
            self._fanout.leave(entry)
        elif entry:
            entry.cancel()

    async def _run(self, operation: str, request: Request) -> None:
        """Run an operation: answer it, or let it take part in what it follows."""
        head = prefix_of(operation)
        try:
            opened = await self._operations.open(request, viewer=self._viewer)
            if isinstance(opened, Feed):
                member = await self._fanout.join(opened, OperationSink(self._outlet, operation))
                self._running[operation] = member
                return
            await self._send(head + tail_of(opened), kind="next")
            end, kind = head + b',"type":"complete"}', "complete"
        except OperationRefused as refused:
            end, kind = head + b',"type":"error","payload":' + refused.errors + b"}", "error"
        except Gone:
            return
        except Exception:
            self._log("exception", "an operation failed", operation=operation)
            fault = [{"message": "Something went wrong on our side.", "extensions": {"code": "INTERNAL"}}]
            end, kind = head + b',"type":"error","payload":' + orjson.dumps(fault) + b"}", "error"
        if self._running.get(operation) is asyncio.current_task():
            del self._running[operation]  # first, so that the id is free when the client hears of the end
        with suppress(Gone):
            await self._send(end, kind=kind)

    async def _send(self, message: bytes, *, kind: str) -> None:
        try:
            await self._outlet.drained()
        except ConnectionError as error:
            raise Gone from error
        self._outlet.post(message)
        metrics.messages_sent.labels(kind).inc()

    def _beat(self) -> None:
        now = self._loop.time()
        if self._unanswered_since is not None and now - self._unanswered_since >= self._settings.pong_timeout:
            self._log("info", "a client answers no pings and was cut off")
            self._outlet.abort()  # a close frame could not reach it
            self._end(1011, "No answer to pings")
            return
        if self._outlet.flowing:
            self._unanswered_since = self._unanswered_since or now
            self._outlet.post(b'{"type":"ping"}')
            metrics.messages_sent.labels("ping").inc()
        self._after(self._settings.heartbeat, self._beat)

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        now = self._loop.time()
        self._timers = [timer for timer in self._timers if timer.when() > now and not timer.cancelled()]
        self._timers.append(self._loop.call_later(seconds, act))

    def _refuse_silence(self) -> None:
        if not self._acknowledged:
            metrics.auth_failures.inc()
            self._end(4408, "Connection initialisation timeout")

    def _log(self, level: str, event: str, **more: Any) -> None:
        user = self._viewer.user_id if self._viewer else None
        getattr(log, level)(event, connection=f"{id(self):x}", instance=self._settings.instance, user=user, **more)


def _too_many(error: TooManyConnections) -> Closed:
    """Say “try again later”: those of a process that was killed count for some seconds longer."""
    metrics.refused_sockets.labels(error.limit).inc()
    return Closed(1013, _reason(str(error)))


def _one_too_many(operation: str, most: int) -> bytes:
    error = {
        "message": f"At most {most} operations on a connection; complete one first, or open another connection.",
        "extensions": {"code": "TOO_MANY_OPERATIONS"},
    }
    return prefix_of(operation) + b',"type":"error","payload":' + orjson.dumps([error]) + b"}"


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        message = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Closed(4400, "Messages are JSON") from error
    if not isinstance(message, dict):
        raise Closed(4400, "A message is an object")
    return message


def _operation_id(message: dict[str, Any]) -> str:
    operation = message.get("id")
    if not isinstance(operation, str) or not 0 < len(operation) <= LONGEST_ID:
        raise Closed(4400, f"An operation has an id of 1 to {LONGEST_ID} characters")
    return operation


def _request(message: dict[str, Any]) -> Request:
    payload = message.get("payload")
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        raise Closed(4400, "The payload of subscribe has a query")
    variables, name = payload.get("variables"), payload.get("operationName")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise Closed(4400, "Variables are an object, operationName is a string")
    return Request(payload["query"], variables, name)


def _reason(text: str) -> str:
    """Cut a reason to the 123 bytes that a close frame has room for."""
    return text.encode()[:123].decode(errors="ignore")
