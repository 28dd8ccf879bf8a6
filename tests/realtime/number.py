"""A conflated room whose state is a plain number."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson

from events.cursor import Cursor
from realtime.fanout import Fanout
from realtime.feed import Summary, SummaryFeed
from tests.realtime.list_hub import Client, ListHub
from tests.realtime.list_log import STREAM
from tests.realtime.support import until

PAUSE = 0.05


class State:
    """What a room shows: how much of its stream has happened. It can be read while it is `open`."""

    def __init__(self, hub: ListHub) -> None:
        self.hub = hub
        self.reads: list[float] = []
        self.open = asyncio.Event()
        self.open.set()
        self.away = ""
        self.more = 0
        self.holds: list[float] = []
        self.before_it_is_seen: Callable[[], object] = lambda: None

    async def read(self) -> Summary:
        self.reads.append(asyncio.get_running_loop().time())
        self.before_it_is_seen()
        seen = self.hub.log.committed[-1]
        await self.open.wait()
        if self.away == "raises":
            raise OSError("the database is away")
        if self.away:
            body = orjson.dumps({"errors": [{"extensions": {"code": "INTERNAL", "reference": len(self.reads)}}]})
            return Summary(Cursor(STREAM, "none", 0), body, lost=True)
        body = orjson.dumps({"data": seen.position + self.more})
        return Summary(seen.cursor, body, holds=self.holds.pop() if self.holds else None)


async def join(
    fanout: Fanout,
    state: State,
    *,
    after: Cursor | None = None,
    client: Client | None = None,
    types: frozenset[str] | None = None,
    pause: float = PAUSE,
) -> Client:
    """Have a client follow the room: one of its own unless it is given."""
    client = client or Client()
    feed = SummaryFeed(stream=STREAM, room=STREAM, after=after, key="all", types=types, pause=pause, read=state.read)
    sink: Any = client  # what it can write to changes while it is open or not
    client.member = await fanout.join(feed, sink)
    return client


async def settled(fanout: Fanout) -> None:
    """Wait until every group has told what it knows, to all who take it."""

    def is_settled(group: Any) -> bool:
        return group._worker is None and not (group._due and group.members) and not group.lagging

    await until(lambda: all(map(is_settled, fanout._groups.values())))
