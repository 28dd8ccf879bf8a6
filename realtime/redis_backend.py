"""The broadcaster's way through Redis: supervised, restored after every loss, and never in anybody's way.

A session is two connections, one that listens and one that publishes. When anything is wrong with either, both are
thrown away and a supervisor opens new ones, forever. While a session lasts, its listening connection works in rounds:
the subscriptions that have changed, then a PING. Redis answers in order, so that its PONG acknowledges them all, and a
PONG that does not come within a second is a Redis that is away, however it may have died.

Redis is a hint. What is lost on the way is found in the log by the sweep, so that here nothing is worth waiting for.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from broadcaster import BroadcastBackend, Event
from redis.asyncio.connection import AbstractConnection

from realtime.redis_link import Command, opened, read, read_url, reason_of, write

PING_INTERVAL = 0.5
REPLY_TIMEOUT = 1.0
"""Seconds that Redis may take to answer; with PING_INTERVAL, a frozen Redis is noticed after 1.5 s at most."""
CONNECT_WAIT = 1.0
SUBSCRIBE_WAIT = 2.0
FLUSH_WAIT = 0.5
CLOSE_WAIT = 0.1
CLOSE_TRIES = 4
FIRST_RETRY = 0.05
LONGEST_RETRY = 1.0
STEADY_AFTER = 2.0
"""Seconds that a session must last before a next loss counts as the first."""
BATCH = 256

log = structlog.get_logger(__name__)


class RedisBackend(BroadcastBackend):
    """Carries messages between processes by Redis pub/sub (6.2 or later).

    `published` counts the messages that Redis took, `dropped` those that were thrown away because Redis was away or too
    slow, `reconnects` the returns of a Redis that was lost. `on_health_change` is called in the event loop with the new
    value of `healthy`, each time that it changes, but not by `disconnect`. At True, messages may have been lost before:
    then the log should be looked at.
    """

    def __init__(
        self,
        url: str,
        *,
        on_health_change: Callable[[bool], None] | None = None,
        queue_limit: int = 10_000,
    ) -> None:
        """Prepare for a `redis://`, `rediss://` or `unix://` URL. Raises SetupError when it is not usable."""
        self.on_health_change = on_health_change
        self.published = 0
        self.dropped = 0
        self.reconnects = 0
        self._pool, self._server, self._secret = read_url(url)
        self._outbox: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(queue_limit)
        self._unsent: list[tuple[str, bytes]] = []
        self._inbox: asyncio.Queue[Event] = asyncio.Queue(queue_limit)
        self._wanted: set[str] = set()
        self._changes: set[str] = set()
        self._has_changes = asyncio.Event()
        self._applied = asyncio.Event()
        self._pong = asyncio.Event()
        self._up = asyncio.Event()
        self._lost = False
        self._failures = 0
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def healthy(self) -> bool:
        """Whether Redis answers and has acknowledged the subscriptions.

        A Redis that dies turns this False at once, one that freezes within 1.5 s. It stays True for the moment that a
        further subscription takes on a connection that is well.
        """
        return self._up.is_set()

    async def connect(self) -> None:
        """Begin to supervise, and give Redis a second to be there. Without it, the program starts all the same."""
        if self._supervisor is None:
            self._supervisor = asyncio.create_task(self._supervise(), name="redis supervisor")
        with suppress(TimeoutError):
            async with asyncio.timeout(CONNECT_WAIT):
                await self._up.wait()

    async def disconnect(self) -> None:
        """Send what is queued if Redis takes it within half a second, then end all; with a dead Redis, at once."""
        if self._supervisor is None:
            return
        if self.healthy:
            with suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_WAIT):
                    await self._outbox.join()
        for _ in range(CLOSE_TRIES):  # a task group that fails at the same moment swallows a cancellation
            self._supervisor.cancel()
            await asyncio.wait({self._supervisor}, timeout=CLOSE_WAIT)
            if self._supervisor.done():
                break
        self._supervisor = None
        self._up.clear()

    async def subscribe(self, channel: str) -> None:
        """Hear a channel; returns when Redis has acknowledged that.

        With Redis away this returns at once, or as soon as its loss is noticed (two seconds at the very most), and
        never fails: the supervisor subscribes when Redis is back, and reports health only then. The sweep of the log
        delivers meanwhile.
        """
        self._wanted.add(channel)
        self._change(channel)
        if self.healthy:
            with suppress(TimeoutError):
                async with asyncio.timeout(SUBSCRIBE_WAIT):
                    await self._applied.wait()

    async def unsubscribe(self, channel: str) -> None:
        """Stop hearing a channel. Of calls for the same channel, the last one counts."""
        self._wanted.discard(channel)
        self._change(channel)

    async def publish(self, channel: str, message: bytes | str) -> None:
        """Queue a message for all who hear the channel. Never waits, and never fails for a Redis that is away."""
        data = message if isinstance(message, bytes) else message.encode()
        self.dropped += _put_dropping_oldest(self._outbox, (channel, data))

    async def next_published(self) -> Event:
        """Give the next message that was heard, as bytes. Never raises, since the broadcaster would go deaf by it."""
        return await self._inbox.get()

    async def _supervise(self) -> None:
        """Keep a session open, forever. What is queued outlives a first failure, since one connection may be well."""
        while True:
            # A task of its own: one whose group has failed may stay marked as cancelled, which upsets later time-outs.
            session = asyncio.create_task(self._session(), name="redis session")
            try:
                await session
            except Exception as error:
                self._fall(error)
            if self._failures:
                self._drop_queued()
            await asyncio.sleep(_pause_before_retry(self._failures))
            self._failures += 1

    async def _session(self) -> None:
        """Open both connections and work until one of them fails."""
        try:
            async with opened(self._pool) as listening, opened(self._pool) as publishing, asyncio.TaskGroup() as tasks:
                self._changes = set(self._wanted)
                tasks.create_task(self._listen(listening), name="redis listener")
                tasks.create_task(self._keep_subscribed(listening), name="redis subscriptions")
                tasks.create_task(self._send(publishing), name="redis publisher")
        finally:
            self._applied.set()

    async def _listen(self, connection: AbstractConnection) -> None:
        while True:
            match await read(connection):
                case [b"message", bytes(channel), data] if (name := channel.decode()) in self._wanted:
                    # The package says `str` and only passes it on; bytes go straight into the JSON parser.
                    self.dropped += _put_dropping_oldest(self._inbox, Event(name, data))
                case [b"pong", _] | b"PONG":
                    self._pong.set()

    async def _keep_subscribed(self, connection: AbstractConnection) -> None:
        steady_at = asyncio.get_running_loop().time() + STEADY_AFTER
        while True:
            await self._apply_changes(connection)
            if not self._changes:
                self._rise()
            if asyncio.get_running_loop().time() > steady_at:
                self._failures = 0
            with suppress(TimeoutError):
                async with asyncio.timeout(PING_INTERVAL):
                    await self._has_changes.wait()

    async def _apply_changes(self, connection: AbstractConnection) -> None:
        """Tell Redis what is wanted now of the channels that changed, and wait for its answer."""
        applied, self._applied = self._applied, asyncio.Event()
        changes, self._changes = self._changes, set()
        self._has_changes.clear()
        self._pong.clear()
        try:
            async with asyncio.timeout(REPLY_TIMEOUT):
                await write(connection, [*self._commands(changes), ("PING",)])
                await self._pong.wait()
        finally:
            applied.set()

    def _commands(self, changes: set[str]) -> list[Command]:
        commands = [("SUBSCRIBE", *changes & self._wanted), ("UNSUBSCRIBE", *changes - self._wanted)]
        return [command for command in commands if len(command) > 1]

    async def _send(self, connection: AbstractConnection) -> None:
        while True:
            await self._send_batch(connection)
            with suppress(TimeoutError):
                async with asyncio.timeout(PING_INTERVAL):
                    self._unsent.append(await self._outbox.get())
            while len(self._unsent) < BATCH and not self._outbox.empty():
                self._unsent.append(self._outbox.get_nowait())

    async def _send_batch(self, connection: AbstractConnection) -> None:
        """Publish the batch in one go. An empty one is a PING: servers and proxies close what is idle for long."""
        commands: list[Command] = [("PUBLISH", *message) for message in self._unsent] or [("PING",)]
        async with asyncio.timeout(REPLY_TIMEOUT):
            await write(connection, commands)
            for _ in commands:
                await read(connection)
        self.published += len(self._unsent)
        self._settle_batch()

    def _settle_batch(self) -> None:
        for _ in self._unsent:
            self._outbox.task_done()
        self._unsent = []

    def _drop_queued(self) -> None:
        while not self._outbox.empty():
            self._unsent.append(self._outbox.get_nowait())
        self.dropped += len(self._unsent)
        self._settle_batch()

    def _change(self, channel: str) -> None:
        self._changes.add(channel)
        self._has_changes.set()

    def _rise(self) -> None:
        if self.healthy:
            return
        self._up.set()
        if self._lost:
            self._lost = False
            self.reconnects += 1
            log.info("redis_is_back", server=self._server, dropped=self.dropped)
        self._tell()

    def _fall(self, error: Exception) -> None:
        was_healthy = self.healthy
        self._up.clear()
        if not self._lost:
            self._lost = True
            log.warning("redis_lost", server=self._server, reason=reason_of(error, secret=self._secret))
        if was_healthy:
            self._tell()

    def _tell(self) -> None:
        if self.on_health_change:  # by the loop, so that what fails there does not end the supervisor
            asyncio.get_running_loop().call_soon(self.on_health_change, self.healthy)


def _put_dropping_oldest(queue: asyncio.Queue[Any], item: object) -> int:
    """Put an item without waiting, and give how many old ones had to go for it."""
    overflow = queue.full()
    if overflow:
        queue.get_nowait()
        queue.task_done()
    queue.put_nowait(item)
    return int(overflow)


def _pause_before_retry(failures: int) -> float:
    """Give the seconds to wait after so many failures: doubled each time, and jittered, so that processes spread."""
    longest = min(LONGEST_RETRY, FIRST_RETRY * 2.0 ** min(failures, 10))
    return longest * random.uniform(0.6, 1.0)  # noqa: S311 - no secret
