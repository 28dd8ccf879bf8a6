"""A hub whose log is a plain list, and clients who read when they like: for the fan-out."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Iterable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import orjson
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from events.cursor import Cursor
from events.log import Logged
from realtime.batch import Member
from realtime.fanout import Fanout
from realtime.feed import CUT, Classes, Feed, Item
from realtime.follower import Follower
from realtime.frames import prefix_of
from realtime.subscription import Reset, Subscription
from tests.realtime.list_log import STREAM, ListLog, message, messages
from tests.realtime.support import until


def read_frames(written: bytes) -> list[bytes]:
    """Read text frames as the websockets library does; nothing may be left over."""
    reader = StreamReader()
    found: list[Frame] = []
    reader.feed_data(written)
    reader.feed_eof()
    while reader.buffer:
        try:
            next(Frame.parse(reader.read_exact, mask=False))
        except StopIteration as done:
            found.append(done.value)
    assert all(frame.fin and frame.opcode is Opcode.TEXT for frame in found)
    return [bytes(frame.data) for frame in found]


class ListHub:
    """Follows one stream, whose log is a list."""

    def __init__(self) -> None:
        self.log = ListLog(messages([1]))
        self.follower = self.log.follower()

    @property
    def position(self) -> int:
        return self.follower.position

    def happen(self, *rooms: str, events: int = 1, told: bool = True) -> None:
        """Let events happen; this process may not have been told of them."""
        new = [message(len(self.log.committed) + 1 + n, *rooms) for n in range(events)]
        self.log.committed += new
        if told:
            self.follower.take(new)

    def prerender(self, news: Logged) -> None:
        """Say what is about to be committed."""
        for subscriber in self.follower.subscribers_to(news):
            subscriber.prerender(news)

    def cursor(self, position: int, *, epoch: str = "e") -> Cursor:
        return Cursor(STREAM, epoch, position)

    async def follow(self, stream: str) -> Follower:
        await asyncio.sleep(0)
        return self.follower

    def unfollow(self, stream: str, subscriber: object) -> None:
        self.follower.remove(subscriber, at=0.0)  # type: ignore[arg-type]  # a group is a subscriber

    @asynccontextmanager
    async def subscribe(self, stream: str, *, room: str, after: Cursor | None) -> AsyncIterator[Subscription]:
        follower = self.follower
        subscription = Subscription(
            room,
            position=after.position if after else follower.position,
            live=after is None,
            page=follower.page,
            head=lambda: Cursor(stream, follower.epoch, follower.position),
        )
        follower.add(subscription)
        try:
            if after and after.epoch != follower.epoch:
                subscription.reset("EPOCH_CHANGED")
            yield subscription
        finally:
            subscription.close()
            follower.remove(subscription, at=0.0)


class Client:
    """A subscriber. It takes what it is given while `open`; what it heard are positions, and reasons of resets."""

    ids = count(1)

    def __init__(self) -> None:
        self.operation = "x" * (next(self.ids) % 7 + 1)
        self.prefix: bytes | None = prefix_of(self.operation)
        self.exit: Any = self  # which has a `write` while it takes something
        self.heard: list[int | str] = []
        self.writes = 0
        self.largest = 0
        self.open = asyncio.Event()
        self.open.set()
        self.gone = self.broken = self.was_cut = False
        self.member: Member | None = None

    @property
    def ready(self) -> bool:
        return self.open.is_set()

    @property
    def write(self) -> Callable[[bytes], int] | None:
        return self.take if self.ready else None

    def take(self, frames: bytes) -> int:
        if self.broken:
            raise ValueError("a fault")
        self.writes += 1
        self.largest = max(self.largest, len(frames))
        for frame in read_frames(frames):
            said = orjson.loads(frame)
            assert (said["id"], said["type"]) == (self.operation, "next")
            self.heard.append(said["payload"].get("data") or said["payload"]["errors"][0]["extensions"]["code"])
        return len(frames)

    def send(self, answers: object) -> None:
        raise AssertionError("frames were asked for")

    def whose(self) -> dict[str, Any]:
        return {"user": "ana"}

    async def drained(self) -> None:
        while not self.ready:
            await self.open.wait()
        if self.gone:
            raise ConnectionError

    def cut(self, why: str = CUT) -> None:
        self.was_cut, self.cut_for = True, why


def show(item: Item) -> bytes:
    """Render an event as its position, and a reset as its reason."""
    return orjson.dumps({"data": item.reason if isinstance(item, Reset) else item.position})


async def join(
    fanout: Fanout,
    *,
    key: Hashable = "all",
    room: str = STREAM,
    after: Cursor | None = None,
    wanted: Callable[[Logged], bool] | None = None,
    render: Callable[[Item], object] = show,
    classes: Classes | None = None,
    member: Hashable = None,
) -> Client:
    """Let a new client follow a room."""
    client = Client()
    feed = Feed(
        stream=STREAM,
        room=room,
        after=after,
        key=key,
        wanted=wanted,
        render=render,  # type: ignore[arg-type]
        classes=classes,
        member=member,
    )
    client.member = await fanout.join(feed, client)  # type: ignore[arg-type] # it may have no `write`, as a socket
    return client


async def quiet(fanout: Fanout) -> None:
    """Wait until every group has handed out what it has, and nobody catches up."""
    groups: Any = fanout._groups.values()
    await until(lambda: all(g._worker is None and not g._pending and not g.lagging for g in groups))


def leave(fanout: Fanout, clients: Iterable[Client]) -> None:
    for client in clients:
        assert client.member
        fanout.leave(client.member)
