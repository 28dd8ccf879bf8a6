"""A hub for Fairway's engine without PostgreSQL: the log is a list in memory, and every event travels through Redis."""

from asyncio import Task, create_task
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

from broadcaster import Event

from events.cursor import Cursor
from events.log import Head, Logged
from kit.clock import utc_now
from kit.ids import new_id
from realtime.broadcaster import make_broadcast
from realtime.follower import Follower, Subscriber
from realtime.subscription import Subscription
from realtime.wire import channel_of, decode, encode

STREAM, EPOCH, NOBODY = "caddies:1", "bench", UUID(int=0)


class BoardHub:
    """Follows one stream through Redis; what has happened is a list."""

    def __init__(self, redis_url: str) -> None:
        self._broadcast, _ = make_broadcast(redis_url)
        self._told: list[Logged] = []
        self._follower = Follower(STREAM, self._read)
        self._listening: Task[None] | None = None

    async def start(self) -> None:
        """Connect, and begin to listen."""
        await self._broadcast.connect()
        self._follower.start_at(Head(EPOCH, 0))
        self._listening = create_task(self._listen())

    async def tell(self, fact: dict[str, Any]) -> None:
        """Let something happen, and tell it by Redis alone, as the peers do."""
        position, now = len(self._told) + 1, utc_now()
        news = Logged(STREAM, EPOCH, position, new_id(), NOBODY, "caddie:status_changed", (STREAM,), fact, now)
        self._told.append(news)
        await self._broadcast.publish(channel_of(STREAM), encode("bench", STREAM, [news]))

    async def follow(self, _stream: str) -> Follower:
        """Give the one follower."""
        return self._follower

    def unfollow(self, _stream: str, subscriber: Subscriber) -> None:
        """Let a subscriber go."""
        self._follower.remove(subscriber, at=0.0)

    @asynccontextmanager
    async def subscribe(self, _stream: str, *, room: str, after: Cursor) -> AsyncIterator[Subscription]:
        """Hear the room from a cursor on, as those do who did not keep up."""
        follower = self._follower
        subscription = Subscription(
            room,
            position=after.position,
            live=False,
            page=follower.page,
            head=lambda: Cursor(STREAM, follower.epoch, follower.position),
        )
        follower.add(subscription)
        try:
            yield subscription
        finally:
            subscription.close()
            follower.remove(subscription, at=0.0)

    async def _read(self, _stream: str, *, after: int, upto: int, limit: int, **_more: Any) -> list[Logged]:
        return self._told[after:upto][:limit]

    async def _listen(self) -> None:
        async with self._broadcast.subscribe(channel_of(STREAM)) as subscriber:
            async for message in cast("AsyncIterator[Event]", subscriber):
                self._follower.take(decode(message.message))
