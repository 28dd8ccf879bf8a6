"""The indexes of those who follow the feeds here: each hears of golfers that change, as its tenant's stream says."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from domain.matching.index import FeedIndex
from domain.matching.reading import Reading, read_followed
from events.log import Logged
from events.matching.golfers import network_room, servers_room
from kit.database import Database
from kit.ids import public_id
from realtime.hub import Hub
from realtime.subscription import ResetReason

RETRY = 0.5

log = structlog.get_logger(__name__)


class GolferNews:
    """Hears for an index of golfers that change, in the order in which the stream tells of them and of tee times."""

    def __init__(self, stream: str, index: FeedIndex) -> None:
        self.room = servers_room(stream)
        self.index = index

    def prerender(self, message: Logged) -> None:
        """Do nothing: it may not be committed."""

    def offer(self, message: Logged) -> None:
        """Have a golfer read anew; all, where it is no golfer that has changed."""
        try:
            self.index.changed([message.data["golfer_id"]])
        except (KeyError, TypeError):
            self.index.all_changed()

    def reset(self, reason: ResetReason) -> None:  # noqa: ARG002 - whatever it is
        """Have all read anew."""
        self.index.all_changed()


class FeedIndexes:
    """The indexes of a process, by tenant. They are made when the first golfer of a tenant follows its feed."""

    def __init__(self, hub: Hub, database: Database) -> None:
        self._hub, self._database = hub, database
        self._indexes: dict[UUID, asyncio.Task[GolferNews]] = {}

    async def of(self, tenant_id: UUID) -> FeedIndex:
        """Give a tenant's, which hears of what changes."""
        making = self._indexes.get(tenant_id)
        if making is None or (making.done() and (making.cancelled() or making.exception())):
            making = self._indexes[tenant_id] = asyncio.create_task(self._make(tenant_id), name="feed index")
        return (await asyncio.shield(making)).index

    async def _make(self, tenant_id: UUID) -> GolferNews:
        async def read(ids: Sequence[str]) -> Reading:
            return await self._read(tenant_id, ids)

        stream = network_room(public_id("tenant", tenant_id))
        news = GolferNews(stream, FeedIndex(read))
        (await self._hub.follow(stream)).add(news)
        return news

    async def _read(self, tenant_id: UUID, ids: Sequence[str]) -> Reading:
        """Read golfers, however long the database is away: who follows waits until it is known what they may hear."""
        told = False
        while True:
            try:
                async with self._database.snapshot(tenant_id) as session:
                    return await read_followed(session, ids)
            except Exception as error:
                if not told:
                    log.warning("golfers who follow the feed could not be read; trying again", error=error)
                told = True
                await asyncio.sleep(RETRY)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Let the indexes go at the end."""
        try:
            yield
        finally:
            for making in self._indexes.values():
                making.cancel()
                if making.done() and not making.cancelled() and not making.exception():
                    making.result().index.stop()
