"""A subscription as an HTTP response that goes on: what event streams and multipart responses have in common.

The response ends when the client goes, when its token expires, and when the server stops; the client then comes back
with the cursor of the last answer that it has, so whatever was still waiting for it is not lost.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from random import random
from typing import Any, ClassVar

import orjson
import structlog
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from auth.viewer import Viewer
from kit.clock import Clock
from kit.errors import FairwayError, TokenExpired, TokenRevoked, Unavailable
from realtime import metrics
from realtime.batch import Member
from realtime.fanout import Fanout
from realtime.feed import Answer, Followed
from realtime.operations import Authenticates
from realtime.presence import Census, TooManyConnections, Transport
from realtime.transports.queue_sink import QueueSink
from realtime.transports.uvicorn_http import EXTENSION, StreamHttp

END_SECONDS = 1.0
"""Seconds that a client may take to take the end of its stream."""
RETRY_SECONDS = 5
"""Seconds after which one who was refused may try again: other processes' counts are heard of within that time."""
HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
"""Proxies are to keep nothing back."""

log = structlog.get_logger(__name__)


class ServerStopping(Unavailable):
    """The server stops; subscribe again, after your last cursor."""


class Framing:
    """How a protocol writes what it sends."""

    name: ClassVar[Transport]
    media_type: ClassVar[str]
    opening: ClassVar[bytes]
    """Sent once the room is followed: from then on nothing is missed."""
    heartbeat: ClassVar[bytes]
    max_silence: ClassVar[float]
    """Seconds between two signs of life at the most."""

    def next(self, answer: Answer) -> bytes:
        """Write an answer."""
        raise NotImplementedError

    def end(self, reason: FairwayError) -> bytes:
        """Write the end of a stream that its client is to take up again."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class StreamSettings:
    """What holds for every stream; times in seconds."""

    heartbeat: float
    stall_timeout: float
    """How long a client may take nothing of what it is sent."""
    stop_spread: float
    """The time over which streams are ended when the server stops, lest all clients come back in the same instant."""


class SubscriptionResponse(StreamingResponse):
    """The answers of a subscription, until one of the two ends it."""

    def __init__(
        self,
        feed: Followed,
        *,
        framing: Framing,
        fanout: Fanout,
        census: Census,
        settings: StreamSettings,
        viewer: Viewer | None,
        authenticator: Authenticates,
        clock: Clock,
    ) -> None:
        """Take a subscription, and by whose token it was opened, if any."""
        super().__init__((), headers=HEADERS, media_type=framing.media_type)
        self._feed = feed
        self._framing = framing
        self._fanout = fanout
        self._census = census
        self._settings = settings
        self._viewer = viewer
        self._authenticator = authenticator
        self._clock = clock
        user = viewer.user_id if viewer else None
        self._sink = QueueSink(framing.next, protocol=framing.name, user=user)
        self._connection: StreamHttp | None = None
        self._ending: FairwayError | None = None
        self._limit: asyncio.Timeout | None = None
        self._timers: list[asyncio.TimerHandle] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse one stream too many. When the client goes, the base class cancels `stream_response`."""
        self._connection = scope.get("extensions", {}).get(EXTENSION)
        address, _ = scope.get("client") or ("", 0)
        user = (self._viewer.tenant_id, self._viewer.user_id) if self._viewer else None
        try:
            with self._census.counting(address, user, by=self._framing.name):
                await super().__call__(scope, receive, send)
        except TooManyConnections as error:
            metrics.refused_sockets.labels(error.limit).inc()
            await one_too_many(error)(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        """Send what comes, and leave everything at the end, however that comes about."""
        open_streams = metrics.http_streams.labels(self._framing.name)
        open_streams.inc()
        self._watch()
        member: Member | None = None
        try:
            await self._start(send)
            member = await self._within(None, self._fanout.join(self._feed, self._sink))
            await self._talk(send)
        except TimeoutError:
            self._give_up()
        except ConnectionAbortedError:
            self._abort()
        except OSError:
            self._log("info", "a client has gone")  # so other servers say it; uvicorn has the stream cancelled
        except Exception:
            self._log("exception", "a stream failed")
            self._abort()
        finally:
            if self._viewer:
                self._authenticator.unwatch(self)
            for timer in self._timers:
                timer.cancel()
            if self._connection:
                self._connection.on_stop = None
            self._sink.close()
            if member:
                self._fanout.leave(member)
            open_streams.dec()

    def _watch(self) -> None:
        """See to it that the stream ends with the server and with its token."""
        if self._connection:
            self._connection.on_stop = self._say_goodbye
            if self._connection.stopping:
                self._end(ServerStopping())
        if self._viewer:
            left = (self._viewer.expires_at - self._clock()).total_seconds()
            self._after(left, TokenExpired())
            self._authenticator.watch(self)

    @property
    def viewer(self) -> Viewer | None:
        """By whose token the stream was opened."""
        return self._viewer

    def revoked(self) -> None:
        """End, since the token was revoked."""
        self._end(TokenRevoked())

    def _say_goodbye(self) -> None:
        self._after(random() * self._settings.stop_spread, ServerStopping())  # noqa: S311 - spread out, not secret

    def _after(self, seconds: float, reason: FairwayError) -> None:
        loop = asyncio.get_running_loop()
        self._timers.append(loop.call_later(max(seconds, 0), self._end, reason))

    def _end(self, reason: FairwayError) -> None:
        if self._ending is None:
            self._ending = reason
            self._sink.close()
            if self._limit and not self._limit.expired():
                self._limit.reschedule(asyncio.get_running_loop().time() + END_SECONDS)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await self._give(send, b"")

    async def _talk(self, send: Send) -> None:
        await self._give(send, self._framing.opening)
        pause = min(self._settings.heartbeat, self._framing.max_silence)
        while self._ending is None:
            chunk = await self._sink.take(within=pause)
            if self._ending is None:
                await self._give(send, chunk or self._framing.heartbeat)
        await self._give(send, self._framing.end(self._ending), more=False)

    async def _give(self, send: Send, body: bytes, *, more: bool = True) -> None:
        message: dict[str, Any] = {"type": "http.response.body", "body": body, "more_body": more}
        await self._within(self._settings.stall_timeout, send(message))

    async def _within(self, seconds: float | None, step: Awaitable[Any]) -> Any:
        """Await something that a client may hold up. Raises TimeoutError when it takes too long."""
        try:
            async with asyncio.timeout(END_SECONDS if self._ending else seconds) as self._limit:
                return await step
        finally:
            self._limit = None

    def _give_up(self) -> None:
        """Cut a connection whose client takes nothing."""
        if self._ending is None:
            metrics.stalled_sockets.inc()
            self._log("warning", "a client took nothing for long and was cut off", seconds=self._settings.stall_timeout)
        self._abort()

    def _abort(self) -> None:
        """Cut the connection, where the server lets us; others close it when they miss the end of the response."""
        if self._connection:
            self._connection.abort()

    def _log(self, level: str, event: str, **more: Any) -> None:
        user = self._viewer.user_id if self._viewer else None
        getattr(log, level)(event, protocol=self._framing.name, room=self._feed.room, user=user, **more)


def one_too_many(error: TooManyConnections) -> Response:
    """Refuse a stream, of which nothing was sent yet, or whatever else comes on one connection too many."""
    told = {"message": str(error), "extensions": {"code": "TOO_MANY_CONNECTIONS"}}
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return Response(orjson.dumps({"errors": [told]}), 429, headers, "application/json")
