"""The graphql-transport-ws protocol on one socket."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from math import inf
from random import random
from typing import Any

import orjson
import structlog
from starlette.websockets import WebSocket

from auth.tokens import from_connection_init
from auth.viewer import Viewer
from kit.clock import Clock
from kit.database import DatabaseUnavailable, is_unreachable
from kit.errors import TokenRefused, TokenRevoked, TooManyTries, Unavailable
from realtime import metrics
from realtime.batch import Member
from realtime.fanout import Fanout
from realtime.feed import Followed
from realtime.frames import prefix_of, tail_of
from realtime.operations import Authenticates, OperationRefused, Operations, Request
from realtime.presence import Census, TooManyConnections
from realtime.transports.closings import passing, refused, too_many
from realtime.transports.messages import (
    PROTOCOL,
    Closed,
    error_of,
    message_of,
    one_too_many,
    operation_id,
    payload_of,
    request_of,
)
from realtime.transports.sinks import OperationSink, outlet_of
from realtime.transports.socket_settings import SocketSettings

FINISH_SECONDS = 1.0
"""Seconds that queries and mutations may take when the server stops, before they are broken off."""
LAST_WORDS = 0.1
"""Seconds until a socket is closed whose token was revoked: it may have asked for that itself, and gets its answer."""
FIRST_LOOK = 0.1
"""Seconds at the least until keys that were out of reach are looked for again."""
FAULT = orjson.dumps([{"message": "Something went wrong on our side.", "extensions": {"code": "INTERNAL"}}])
AWAY = orjson.dumps([{"message": DatabaseUnavailable().message, "extensions": {"code": DatabaseUnavailable.code}}])

log = structlog.get_logger(__name__)


class Gone(Exception):
    """The client has gone."""


class SocketSession:
    """One client's socket, from `connection_init` to the last `complete`.

    It is told of each message when it comes, and handles it at once. What has to be waited for is a task: an operation,
    beside which the others go on, or what the client's next messages depend on, which then wait for it.
    """

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
        self._census = census
        self._address = socket.client.host if socket.client else ""
        self._counted = False
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
        self._next_ping = self._expires = inf
        self._running: dict[str, asyncio.Task[None] | Member] = {}
        self._holding: asyncio.Task[None] | None = None
        self._held: list[bytes | None] = []
        self._timer: asyncio.TimerHandle | None = None
        self._farewell: asyncio.Task[None] | None = None
        self._left = False
        self._loop = asyncio.get_running_loop()

    async def serve(self) -> None:
        """Open the socket, and talk to the client until one of the two ends it.

        Where the server hands messages on by itself, this returns at once, and the conversation goes on.
        """
        await self._outlet.accept(PROTOCOL)
        metrics.connections_total.inc()
        try:
            self._census.enter(self._address)
        except TooManyConnections as error:
            self._close(too_many(error))
        else:
            self._counted = True
            metrics.connections_active.inc()
            self._timer = self._loop.call_later(self._settings.auth_timeout, self._refuse_silence)
        await self._outlet.listen(self)

    def take(self, message: bytes | None) -> None:
        """Handle a message of the client, or let it wait for what is under way."""
        if self._left or self._farewell:
            return
        if self._holding:
            self._held.append(message)
            self._outlet.pause()
            return
        try:
            self._handle(message_of(message, max_bytes=self._settings.max_message_bytes))
        except Exception as error:
            self._fail(error)

    def gone(self) -> None:
        """Leave everything, since the client has gone."""
        self._leave()

    def stalled(self) -> None:
        """Note that the client took nothing for long, for which the server cuts it off."""
        self._log("warning", "a client took nothing for long and was cut off", seconds=self._settings.stall_timeout)

    @property
    def viewer(self) -> Viewer | None:
        """Who is connected, once a token was checked."""
        return self._viewer

    def revoked(self) -> None:
        """Close soon, since the token was revoked; what is being answered is answered before."""
        self._loop.call_later(LAST_WORDS, self._close, refused(TokenRevoked()))

    def stop(self) -> None:
        """Take nothing more, since the server stops, and close in a while."""
        if not (self._left or self._farewell):
            self._farewell = self._loop.create_task(self._finish())

    def _handle(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "connection_init":
                self._initialise(message)
            case "ping":
                payload_of(message)
                self._reply(b'{"type":"pong"}', kind="pong")
            case "pong":
                payload_of(message)
                self._unanswered_since = None
            case "subscribe":
                self._subscribe(message)
            case "complete":
                self._complete(operation_id(message))
            case _:
                raise Closed(4400, "Unknown message type")

    def _reply(self, message: bytes, *, kind: str) -> None:
        """Answer; one who does not take answers is not listened to until it does."""
        self._outlet.post(message)
        metrics.messages_sent.labels(kind).inc()
        if not self._outlet.flowing:
            self._hold(self._drained)

    def _hold(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something before the next message is handled."""
        self._holding = self._loop.create_task(self._go_on_after(work))

    async def _go_on_after(self, work: Callable[[], Awaitable[None]]) -> None:
        failure = None
        try:
            await work()
        except Exception as error:
            failure = error
        self._holding = None
        if failure:
            self._fail(failure)
        held, self._held = self._held, []
        for message in held:
            self.take(message)
        if held and not self._held:
            self._outlet.resume()

    def _fail(self, error: Exception) -> None:
        """Close the socket for what is wrong: with a code of the protocol, or because of a fault of ours."""
        if isinstance(error, Closed):
            self._close(error)
        elif not isinstance(error, Gone):
            self._log("exception", "a socket failed", exc_info=error)
            gone = is_unreachable(error)
            self._close(passing(DatabaseUnavailable()) if gone else Closed(4500, "Something went wrong on our side"))

    def _close(self, closed: Closed) -> None:
        if not self._left:
            self._log("info", "socket closed", code=closed.code, reason=str(closed))
            self._leave()  # before the close frame, after which nothing may be sent
            self._outlet.close(closed.code, str(closed))

    def _leave(self) -> None:
        """Be counted no more, and end all that was begun."""
        if self._left:
            return
        self._left = True
        if self._counted:
            metrics.connections_active.dec()
            self._census.leave(self._address, self._counted_as)
        if self._viewer:
            self._authenticator.unwatch(self)
        if self._timer:
            self._timer.cancel()
        running, self._running = self._running, {}
        entries = (*running.values(), self._holding, self._farewell)
        tasks = [entry for entry in entries if isinstance(entry, asyncio.Task)]
        for entry in running.values():
            if isinstance(entry, Member):
                self._fanout.leave(entry)
        for task in tasks:
            task.cancel()
        self._outlet.leave(tasks)

    async def _finish(self) -> None:
        await asyncio.sleep(random() * self._settings.stop_spread)  # noqa: S311 - spread out, not secret
        if running := [entry for entry in self._running.values() if isinstance(entry, asyncio.Task)]:
            await asyncio.wait(running, timeout=FINISH_SECONDS)
        self._farewell = None
        self._close(Closed(self._settings.stop_code, "The server stops; connect again with your last cursor"))

    def _initialise(self, message: dict[str, Any]) -> None:
        if self._initialised:
            raise Closed(4429, "Too many initialisation requests")
        self._initialised = True
        payload = payload_of(message)
        try:
            token = from_connection_init(payload)
        except TokenRefused as error:
            raise refused(error) from error
        if token:
            if self._timer:
                self._timer.cancel()  # the client has said what it has to say
            self._hold(partial(self._sign_in, token))
        else:
            self._acknowledge()

    async def _sign_in(self, token: str) -> None:
        try:
            viewer = await self._recognise(token)
            self._count_as(viewer)
        except TokenRefused as error:
            raise refused(error) from error
        except TooManyConnections as error:
            raise too_many(error) from error
        except (Unavailable, TooManyTries) as error:
            raise passing(error) from error
        self._viewer = viewer
        self._authenticator.watch(self)
        self._acknowledge()

    async def _recognise(self, token: str) -> Viewer:
        """Find out who it is; where that can't be found out at the moment, try again for a while."""
        until = self._loop.time() + self._settings.keys_timeout
        while True:
            try:
                return await self._authenticator.authenticate(token, now=self._clock(), address=self._address)
            except Unavailable as error:
                left = until - self._loop.time()
                if left <= 0:
                    raise
                await asyncio.sleep(min(max(error.retry_after, FIRST_LOOK), left))

    def _count_as(self, viewer: Viewer) -> None:
        user = (viewer.tenant_id, viewer.user_id)
        self._census.identify(user)
        self._counted_as = user

    def _acknowledge(self) -> None:
        self._acknowledged = True
        now = self._clock()
        payload = {
            "userId": self._viewer.user_id if self._viewer else None,
            "timestamp": now,
            "instance": self._settings.instance,
        }
        self._outlet.post(orjson.dumps({"type": "connection_ack", "payload": payload}))
        metrics.messages_sent.labels("connection_ack").inc()
        began = self._loop.time()
        self._next_ping = began + self._settings.heartbeat
        if self._viewer:
            self._expires = began + max((self._viewer.expires_at - now).total_seconds(), 0)
        self._watch()

    def _watch(self) -> None:
        """Wake up when the next ping is due, or the token expires."""
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_at(min(self._next_ping, self._expires), self._wake_up)

    def _wake_up(self) -> None:
        if self._expires <= self._next_ping:
            self._close(Closed(4403, "Token expired"))
        else:
            self._beat()

    def _beat(self) -> None:
        now = self._loop.time()
        if self._unanswered_since is not None and now - self._unanswered_since >= self._settings.pong_timeout:
            self._log("info", "a client answers no pings and was cut off")
            self._leave()
            self._outlet.abort()  # a close frame could not reach it
            self._outlet.close(1011, "No answer to pings")  # where the server can't cut it off
            return
        if self._outlet.flowing:
            self._unanswered_since = self._unanswered_since or now
            self._outlet.post(b'{"type":"ping"}')
            metrics.messages_sent.labels("ping").inc()
        self._next_ping = now + self._settings.heartbeat
        self._watch()

    def _subscribe(self, message: dict[str, Any]) -> None:
        if not self._acknowledged:
            raise Closed(4401, "Unauthorized")
        operation = operation_id(message)
        if operation in self._running:
            raise Closed(4409, f"Subscriber for {operation} already exists")
        if len(self._running) >= self._settings.max_operations:
            self._reply(one_too_many(operation, self._settings.max_operations), kind="error")
            return
        request = request_of(message, connection=self._name, address=self._address)
        self._running[operation] = self._loop.create_task(self._run(operation, request))

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
            await self._fanout.openings.wait()
            opened = await self._operations.open(request, viewer=self._viewer)
            if isinstance(opened, Followed):
                member = await self._fanout.join(opened, OperationSink(self._outlet, operation, whose=self._told))
                self._running[operation] = member
                return
            await self._send(head + tail_of(opened), kind="next")
            end, kind = head + b',"type":"complete"}', "complete"
        except OperationRefused as error:
            end, kind = error_of(operation, error.errors), "error"
        except Gone:
            return
        except Exception as error:
            self._log("exception", "an operation failed", operation=operation)
            end, kind = error_of(operation, AWAY if is_unreachable(error) else FAULT), "error"
        if self._running.get(operation) is asyncio.current_task():
            del self._running[operation]  # first, so that the id is free when the client hears of the end
        with suppress(Gone):
            await self._send(end, kind=kind)

    async def _send(self, message: bytes, *, kind: str) -> None:
        await self._drained()
        self._outlet.post(message)
        metrics.messages_sent.labels(kind).inc()

    async def _drained(self) -> None:
        try:
            await self._outlet.drained()
        except ConnectionError as error:
            raise Gone from error

    def _refuse_silence(self) -> None:
        if not self._acknowledged:
            metrics.auth_failures.inc()
            self._close(Closed(4408, "Connection initialisation timeout"))

    @property
    def _name(self) -> str:
        """What the log calls the connection."""
        return f"{id(self):x}"

    def _told(self) -> dict[str, Any]:
        """Tell for the log who is connected."""
        user = self._viewer.user_id if self._viewer else None
        return {"connection": self._name, "instance": self._settings.instance, "user": user}

    def _log(self, level: str, event: str, **more: Any) -> None:
        getattr(log, level)(event, **self._told(), **more)
