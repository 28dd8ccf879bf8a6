"""The hub: what this process follows, who listens, and how news comes in and goes out.

PostgreSQL is the truth and the broadcaster a hint: a message that is lost is found by the sweep, which compares
positions with the log every few seconds while Redis is well, and twice a second while it is not.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import groupby
from secrets import token_hex
from time import perf_counter
from typing import Any, TypeVar

import structlog
from broadcaster import Broadcast
from sqlalchemy.ext.asyncio import AsyncSession

from events.cursor import Cursor
from events.log import Head, Logged, oldest_position, read_heads, read_log
from kit.database import Database
from realtime import metrics
from realtime.channels import Channels
from realtime.follower import Follower, Subscriber
from realtime.subscription import ResetReason, Subscription
from realtime.sweep import Sweep
from realtime.wire import channel_of, decode, encode, origin_prefix, stream_of

LINGER = 60.0
"""Seconds that a stream is followed after its last subscriber has gone, so that those who come back find its tail."""
POLLED = 180.0
"""Seconds that a stream is followed after somebody has asked where it stands: longer than between two polls."""
RETRY = 0.5

PRERENDER_SECONDS = 0.002
"""Time that is spent on answers before their events are committed: about as long as a disk takes for that anyway."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Hub:
    """Follows streams for the subscriptions of one process."""

    def __init__(
        self,
        database: Database,
        broadcast: Broadcast,
        *,
        instance: str,
        healthy: Callable[[], bool],
        sweep_seconds: float,
        degraded_sweep_seconds: float,
        linger_seconds: float = LINGER,
    ) -> None:
        self._database = database
        self._broadcast = broadcast
        self._origin = f"{instance}/{token_hex(6)}"  # two processes may have been given the same name
        self._own = origin_prefix(self._origin)
        self._healthy = healthy
        self._sweep_seconds = (degraded_sweep_seconds, sweep_seconds)
        self._linger_seconds = linger_seconds
        self.on_forgotten: Callable[[str], None] = lambda _stream: None
        """Is told of a stream that is followed no more, or whose log says less than before: of what is kept of it by
        others, nobody here would know when it has to go."""
        self._followers: dict[str, Follower] = {}
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._channels = Channels(broadcast, self._hear)
        self._sweep = Sweep(database, self._followers)
        self._look_now = asyncio.Event()
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect to the broadcaster and begin to sweep."""
        await self._broadcast.connect()
        self._sweeper = asyncio.create_task(self._keep_sweeping(), name="hub sweep")

    async def stop(self) -> None:
        """End all that was started."""
        tasks = [t for t in (self._sweeper, *self._opening.values()) if t]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._channels.stop()
        await asyncio.gather(*(follower.stop() for follower in self._followers.values()))
        await self._broadcast.disconnect()

    @property
    def healthy(self) -> bool:
        """Whether news travels by the broadcaster; without it the sweep alone delivers."""
        return self._healthy()

    def sweep_now(self) -> None:
        """Compare with the log at once, as when Redis has come back and messages were lost meanwhile."""
        self._look_now.set()

    def prerender(self, messages: Sequence[Logged]) -> None:
        """Have answers ready for what is about to be committed. Nobody is told of it: it may still be rolled back."""
        followed = [(self._followers[m.stream], m) for m in messages if m.stream in self._followers]
        until = perf_counter() + PRERENDER_SECONDS
        for subscriber, message in (
            (subscriber, m) for follower, m in followed for subscriber in follower.subscribers_to(m)
        ):
            if perf_counter() > until:
                return
            subscriber.prerender(message)

    async def publish(self, messages: Sequence[Logged]) -> None:
        """Tell what is committed: to this process first, then to the others. Never fails, never waits for Redis."""
        for stream, group in groupby(messages, key=lambda m: m.stream):
            news = list(group)
            metrics.events_published.inc(len(news))
            if follower := self._followers.get(stream):
                follower.take(news)
            try:
                await self._broadcast.publish(channel_of(stream), encode(self._origin, stream, news))
            except Exception:
                log.exception("news could not be handed to the broadcaster; the sweep will deliver it", stream=stream)

    @asynccontextmanager
    async def subscribe(self, stream: str, *, room: str, after: Cursor | None) -> AsyncIterator[Subscription]:
        """Hear a room of a stream: from now on, or without a gap from the cursor `after` on.

        A cursor that can't be continued gives a Reset first, then live events: never silence.
        """
        follower = await self.follow(stream)
        subscription = Subscription(
            room,
            position=after.position if after else follower.position,
            live=after is None,
            page=follower.page,
            head=lambda: Cursor(stream, follower.epoch, follower.position),
        )
        follower.add(subscription)
        try:
            if after and (reason := await self._why_not(follower, after)):
                subscription.reset(reason)
            yield subscription
        finally:
            subscription.close()
            follower.remove(subscription, at=asyncio.get_running_loop().time())

    async def _why_not(self, follower: Follower, after: Cursor) -> ResetReason | None:
        """Tell why a stream can't be continued from a cursor, if it can't."""
        metrics.replays.inc()
        if (after.epoch, after.position) == ("", 0):
            after = Cursor(after.stream, follower.epoch, 0)
        if after.epoch != follower.epoch or after.position > follower.position:
            head = (await self._heads([after.stream])).get(after.stream, Head("", 0))
            if after.epoch != head.epoch:
                return "EPOCH_CHANGED"
            if after.position > head.position:
                return "AHEAD_OF_LOG"
            follower.look(head)  # the cursor is right: it is this process that has not heard yet
            return None
        if after.position < follower.position and not follower.remembers(after.position):
            await follower.recall(after.position)
        if after.position < follower.position and not follower.remembers(after.position):
            oldest = await self._patiently(lambda session: oldest_position(session, after.stream))
            return "TOO_OLD" if oldest is None or oldest > after.position + 1 else None
        return None

    def head(self, stream: str) -> Head | None:
        """Tell where a stream stands as far as this process has heard, without waiting.

        None while it is not followed, or more is known to have happened than was heard. Asking makes it be followed.
        """
        self._begin(stream)
        follower = self._followers.get(stream)
        head = follower.head if follower else None
        if follower and head:
            follower.kept_until = asyncio.get_running_loop().time() + POLLED
        return head

    def between(self, stream: str, earlier: Head, later: Head) -> list[Logged] | None:
        """Give all events after one place of a stream up to another, without waiting; None where some are not known."""
        follower = self._followers.get(stream)
        return follower.between(earlier, later) if follower else None

    def _begin(self, stream: str) -> asyncio.Task[None] | None:
        """See to it that a stream is followed; gives what has to be waited for until it is, if anything."""
        if stream not in self._opening and stream not in self._followers:
            self._opening[stream] = asyncio.create_task(self._open(stream), name=f"follow {stream}")
        return self._opening.get(stream)

    async def follow(self, stream: str) -> Follower:
        """Give the follower of a stream, ready to be listened to. However many ask at once, it is opened once."""
        while True:
            if opening := self._begin(stream):
                await asyncio.shield(opening)
            if follower := self._followers.get(stream):  # or it was let go again meanwhile
                return follower

    def unfollow(self, stream: str, subscriber: Subscriber) -> None:
        """Let a subscriber of a stream go."""
        if follower := self._followers.get(stream):
            follower.remove(subscriber, at=asyncio.get_running_loop().time())

    async def _open(self, stream: str) -> None:
        follower = self._followers[stream] = Follower(stream, self._read, on_rewritten=self._forgotten)
        try:
            await self._channels.open(stream)
            follower.start_at((await self._heads([stream])).get(stream, Head("", 0)))
        except BaseException:
            await self._drop(stream)
            raise
        finally:
            del self._opening[stream]
        follower.touch(at=asyncio.get_running_loop().time())  # who asked for it may have gone meanwhile

    def _forgotten(self, stream: str) -> None:
        self.on_forgotten(stream)

    def _hear(self, message: bytes | str) -> None:
        """Take a message of the broadcaster. This process is told again of what it told itself: that is skipped."""
        raw = message if isinstance(message, bytes) else message.encode()
        if raw.startswith(self._own):
            return
        try:
            follower = self._followers.get(stream_of(raw))
            news = decode(raw) if follower else []
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("a message on our channels is not ours")
            return
        if follower:
            follower.take(news)

    async def _drop(self, stream: str) -> None:
        self._channels.close(stream)
        if follower := self._followers.pop(stream, None):
            self.on_forgotten(stream)
            await follower.stop()

    async def _keep_sweeping(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._sweep_seconds[self._healthy()]):
                    await self._look_now.wait()
            self._look_now.clear()
            metrics.broadcaster_healthy.set(self._healthy())
            try:
                await self._drop_idle()
                if self._followers:
                    await self._sweep.look()
            except Exception as error:  # the next round tries again: the sweep is what everything else relies on
                log.warning("the sweep could not read the log", error=error)

    async def _drop_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        for stream, follower in list(self._followers.items()):
            idle = follower.idle_since is not None and now - follower.idle_since > self._linger_seconds
            if idle and now > follower.kept_until:
                await self._drop(stream)

    async def _heads(self, streams: list[str]) -> dict[str, Head]:
        return await self._patiently(lambda session: read_heads(session, streams))

    async def _read(self, stream: str, **span: Any) -> list[Logged]:
        return await self._patiently(lambda session: read_log(session, stream, **span))

    async def _patiently(self, read: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Read from the log, however long the database is away: a subscriber then waits instead of failing."""
        told = False
        while True:
            try:
                async with self._database.across_tenants() as session:
                    return await read(session)
            except Exception as error:
                if not told:
                    log.warning("the log could not be read; trying again", error=error)
                told = True
                await asyncio.sleep(RETRY)
