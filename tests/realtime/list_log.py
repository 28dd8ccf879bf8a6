"""A log that is a plain list, and subscribers that remember what they heard: for the follower and its subscriptions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import ClassVar
from uuid import UUID

import pytest_asyncio

from events.cursor import Cursor
from events.log import Head, Logged
from realtime.follower import Follower
from realtime.subscription import Reset, Subscription
from tests.harness import MORNING
from tests.realtime.support import until

STREAM = "club:1"
NOBODY = UUID(int=0)


def message(position: int, *rooms: str, epoch: str = "e") -> Logged:
    return Logged(STREAM, epoch, position, UUID(int=position), NOBODY, "club.updated", rooms or (STREAM,), {}, MORNING)


def messages(positions: Iterable[int], *, epoch: str = "e") -> list[Logged]:
    return [message(position, epoch=epoch) for position in positions]


class ListLog:
    """What is committed. `reads` tells the spans that were asked for, `to_fail` how many of the next reads do; while
    `open` is not set, readers wait."""

    def __init__(self, committed: Iterable[Logged] = ()) -> None:
        self.committed = list(committed)
        self.reads: list[tuple[int, int]] = []
        self.to_fail = 0
        self.open = asyncio.Event()
        self.open.set()

    @property
    def head(self) -> Head:
        last = self.committed[-1]
        return Head(last.epoch, last.position)

    async def read(
        self, stream: str, *, epoch: str, after: int, upto: int, room: str | None, limit: int
    ) -> list[Logged]:
        self.reads.append((after, upto))
        await asyncio.sleep(0)
        if self.to_fail:
            self.to_fail -= 1
            raise OSError("the log can't be read")
        found = [m for m in self.committed if after < m.position <= upto and (room is None or room in m.rooms)]
        await self.open.wait()
        return found[:limit]

    def follower(self, *, at: int | None = None) -> Follower:
        """A follower that stands where the log does, or at an earlier position."""
        follower = Follower(STREAM, self.read)
        if self.committed:
            follower.start_at(self.head if at is None else Head(self.head.epoch, at))
        else:
            follower.start_at(Head("", 0))
        return follower


class Subscriber:
    """Somebody who hears a room: positions as they come, and the reasons of resets."""

    everyone: ClassVar[list["Subscriber"]] = []

    def __init__(self, follower: Follower, *, room: str = STREAM, after: int | None = None) -> None:
        self.heard: list[int | str] = []
        self.cursors: list[Cursor] = []
        self.pause: Callable[[], object] = lambda: None
        self.follower = follower
        self.subscription = Subscription(
            room,
            position=follower.position if after is None else after,
            live=after is None,
            page=follower.page,
            head=lambda: Cursor(STREAM, follower.epoch, follower.position),
        )
        follower.add(self.subscription)
        self.free = asyncio.Event()
        self.free.set()
        self._task = asyncio.create_task(self._listen())
        self.everyone.append(self)

    async def _listen(self) -> None:
        async for item in self.subscription:
            self.heard.append(item.reason if isinstance(item, Reset) else item.position)
            self.cursors.append(item.cursor)
            await self.free.wait()
            for _ in range(int(self.pause() or 0)):  # type: ignore[call-overload]
                await asyncio.sleep(0)

    async def hears(self, *expected: int | str) -> None:
        """Wait until exactly this was heard, and nothing more comes."""
        await until(lambda: len(self.heard) >= len(expected))
        for _ in range(5):
            await asyncio.sleep(0)
        assert self.heard == list(expected)

    async def leave(self) -> None:
        self.subscription.close()
        self.follower.remove(self.subscription, at=0.0)
        self.free.set()
        await self._task


@pytest_asyncio.fixture(autouse=True)
async def _all_leave() -> AsyncIterator[None]:
    """Leave no subscriber behind."""
    yield
    while Subscriber.everyone:
        subscriber = Subscriber.everyone.pop()
        await subscriber.leave()
        await subscriber.follower.stop()
