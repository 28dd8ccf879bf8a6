"""The channels by which news of followed streams comes: each is heard by one task, however many streams share it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import cast

import structlog
from broadcaster import Broadcast, Event

from realtime.wire import channel_of

RETRY = 0.5

log = structlog.get_logger(__name__)


class _Channel:
    """A channel that is heard, and for which streams."""

    def __init__(self) -> None:
        self.streams: set[str] = set()
        self.subscribed = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Channels:
    """What one process hears of the broadcaster."""

    def __init__(self, broadcast: Broadcast, hear: Callable[[bytes | str], None]) -> None:
        """Take who is handed each message; it must neither wait nor raise."""
        self._broadcast = broadcast
        self._hear = hear
        self._channels: dict[str, _Channel] = {}

    async def open(self, stream: str) -> None:
        """Hear of a stream; returns once nothing more is missed, or the sweep has to find it."""
        name = channel_of(stream)
        channel = self._channels.get(name)
        if channel is None:
            channel = self._channels[name] = _Channel()
            channel.task = asyncio.create_task(self._listen(name, channel.subscribed), name=f"listen {name}")
        channel.streams.add(stream)
        await channel.subscribed.wait()

    def close(self, stream: str) -> None:
        """Hear of a stream no more, if it was heard of."""
        name = channel_of(stream)
        channel = self._channels.get(name)
        if channel is None:
            return
        channel.streams.discard(stream)
        if channel.task and not channel.streams:
            channel.task.cancel()
            del self._channels[name]

    async def stop(self) -> None:
        """Hear no more."""
        tasks = [channel.task for channel in self._channels.values() if channel.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, name: str, subscribed: asyncio.Event) -> None:
        """Take what the broadcaster brings."""
        while True:
            try:
                async with self._broadcast.subscribe(name) as subscriber:
                    subscribed.set()
                    async for news in cast("AsyncIterator[Event]", subscriber):
                        self._hear(news.message)
            except Exception:
                if (task := asyncio.current_task()) and task.cancelling():  # the library turns that into a KeyError
                    raise asyncio.CancelledError from None
                log.exception("a channel could not be heard; the sweep delivers meanwhile", channel=name)
            subscribed.set()
            await asyncio.sleep(RETRY)
