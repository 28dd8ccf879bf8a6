"""One client's view of one room: a bounded queue, and the log behind it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from events.cursor import Cursor
from events.log import Logged
from realtime import metrics

QUEUE = 100
"""Events that wait for a client at the most. One that has more to come goes on from the log."""

ResetReason = Literal["TOO_OLD", "EPOCH_CHANGED", "AHEAD_OF_LOG", "UNREADABLE"]
Page = Callable[..., Awaitable[tuple[list[Logged], int]]]


@dataclass(frozen=True, slots=True)
class Reset:
    """What the client knows can't be brought up to date by events: it has to read the state anew."""

    reason: ResetReason
    cursor: Cursor


class Subscription:
    """The events of one room from a position on, in order, each once. Iterate over it; close it when done.

    It is either live, fed by `offer`, or catching up from the log. Resuming and being too slow are the same thing: a
    position that lies behind. So memory is bounded, and nothing is lost.
    """

    def __init__(self, room: str, *, position: int, live: bool, page: Page, head: Callable[[], Cursor]) -> None:
        self.room = room
        self.position = position
        self._live = live
        self._page = page
        self._head = head
        self._queue: deque[Logged] = deque()
        self._reset: Reset | None = None
        self._closed = False
        self._wake = asyncio.Event()

    def prerender(self, message: Logged) -> None:
        """Do nothing: an event is handed over as it is."""

    def offer(self, message: Logged) -> None:
        """Hand over a live event. Never waits: an overflow is forgotten here and read from the log later."""
        if not self._live or message.position <= self.position:
            return
        if len(self._queue) >= QUEUE:
            self._queue.clear()
            self._live = False
            metrics.slow_clients.inc()
        else:
            self._queue.append(message)
        self._wake.set()

    def reset(self, reason: ResetReason) -> None:
        """Tell the client that it has to read the state anew, then go on from the head of the stream."""
        self._queue.clear()
        self._reset, self._live = Reset(reason, self._head()), True
        self.position = self._reset.cursor.position
        metrics.resets.labels(reason).inc()
        self._wake.set()

    def close(self) -> None:
        """End the iteration."""
        self._closed = True
        self._wake.set()

    async def __aiter__(self) -> AsyncIterator[Logged | Reset]:
        while not self._closed:
            async for item in self.behind():
                yield item
            if not self._closed:  # nothing was awaited since it was live, so nothing was missed
                self._wake.clear()
                await self._wake.wait()

    async def behind(self) -> AsyncIterator[Logged | Reset]:
        """Give what there is, until the subscription is live and has nothing more at hand."""
        while not self._closed:
            if self._reset:
                reset, self._reset = self._reset, None
                yield reset
            elif self._queue:
                message = self._queue.popleft()
                if message.position > self.position:
                    self.position = message.position
                    yield message
            elif not self._live:
                for message in await self._next_page():
                    yield message
                    if self._interrupted():
                        break
            else:
                return

    def _interrupted(self) -> bool:
        return self._closed or self._reset is not None

    async def _next_page(self) -> list[Logged]:
        messages, upto = await self._page(room=self.room, after=self.position)
        if self._interrupted():
            return []
        self.position = max(upto, self.position)
        if self.position >= self._head().position:  # no await since the page was read, so nothing lies between
            self._live = True
        return messages
