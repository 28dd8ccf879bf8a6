"""What an operation knows: who asks, what time it is, and the ways to the database and the news."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import cached_property
from typing import Any, Self, TypeAlias, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession
from strawberry.dataloader import DataLoader

from auth.guests import GuestKey
from auth.limits import Rate, RateLimits
from auth.links import PictureLinks, day_after
from auth.viewer import Viewer
from domain.matching.index import Feeds
from events.log import Head, read_heads
from events.work import UnitOfWork
from kit.database import Database
from kit.errors import TooManyTries, Unauthenticated, Unavailable
from kit.ids import parse_id
from kit.pictures import PictureSize
from kit.settings import Settings
from realtime.instances import Instances
from realtime.kept import Keeper
from schema.parts import KeptParts, Parts
from schema.whereabouts import Whereabouts

V = TypeVar("V")
ReadMany: TypeAlias = Callable[[AsyncSession, Iterable[UUID]], Awaitable[dict[UUID, V]]]
"""A function of the domain that reads many at once, by their keys."""
MAX_STREAMS = 50
"""Streams that one answer may depend on and still be kept ready: this process has to follow each of them."""


class ViewerUnknown(RuntimeError):
    """A field asked for the viewer where an answer is shared: mark it by `viewer_field`, or let it do without."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class Context:
    """The context of one operation, or of one event of a subscription.

    Its reads share one snapshot, and take turns on it.
    """

    def __init__(
        self,
        *,
        whereabouts: Whereabouts,
        viewer: Viewer | None,
        now: datetime,
        database: Database,
        work: UnitOfWork,
        instances: Instances,
        settings: Settings,
        limits: RateLimits | None = None,
        guests: GuestKey | None = None,
        links: PictureLinks | None = None,
        feeds: Feeds | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        self._viewer = viewer
        self._shared = False
        self._tenant_id: UUID | None = None
        self.whereabouts = whereabouts
        self._now = now
        self._asked_the_clock = False
        self._until: datetime | None = None
        self._sources: dict[str, set[str]] = {}
        self._stood: set[tuple[str, Head]] = set()
        self._limits = limits
        self.links = links
        """What signs the addresses of pictures, where a secret for it is set."""
        self._feeds = feeds
        self.keeper = keeper
        """Who keeps for a while what took some work, if anybody does."""
        self._address = ""
        self._counted: dict[tuple[str, ...], list[TooManyTries | None]] = {}
        self._to_repeat: dict[tuple[str, ...], list[TooManyTries | None]] = {}
        self.work = work
        self.instances = instances
        self.guests = guests
        """The key of guests' tokens, where this process has one."""
        self.settings = settings
        """What the operator has set for this process, for the resolvers that need some of it."""
        self._database = database
        self.session: AsyncSession | None = None
        self.parts: KeptParts | None = None
        """The parts of an earlier answer, where what is made is an answer to the same."""
        self._heads: dict[str, Head] = {}
        self._snapshot: AsyncSession | None = None
        self._loaders: dict[ReadMany[Any], DataLoader[UUID, Any]] = {}

    def share(self, tenant_id: UUID | None) -> Self:
        """Make this the context of an answer for many: nothing can learn who asks; the tenant's rows may be read."""
        self._viewer, self._shared, self._tenant_id = None, True, tenant_id
        return self

    @property
    def maybe_viewer(self) -> Viewer | None:
        """Who asks, if anybody is signed in. Raises ViewerUnknown where an answer is shared."""
        if self._shared:
            raise ViewerUnknown
        return self._viewer

    @property
    def viewer(self) -> Viewer:
        """Who asks. Raises Unauthenticated when nobody is signed in, ViewerUnknown where an answer is shared."""
        viewer = self.maybe_viewer
        if viewer is None:
            raise Unauthenticated
        return viewer

    def begin(self, address: str) -> None:
        """Begin an operation that comes from an address. Raises TooManyTries for one too many without a token."""
        self._address = address
        if self.maybe_viewer is None:
            self.count(Rate.ANONYMOUS_READS)

    def count(self, rate: Rate) -> None:
        """Count what the operation does. Raises TooManyTries when it is one too many, and then does not count it."""
        if limits := self._limits:
            viewer, address = self.maybe_viewer, self._address
            self._count_once((rate,), lambda: limits.take(rate, viewer=viewer, address=address, now=self._now))

    def count_about(self, rate: Rate, what: str, subject: str, *, by_many: bool = False) -> None:
        """Count what the operation does by what it is about, whoever does it. Raises TooManyTries."""
        if limits := self._limits:
            key = (rate, what, subject)
            self._count_once(key, lambda: limits.take_about(rate, what, subject, now=self._now, by_many=by_many))

    def give_back(self, rate: Rate) -> None:
        """Count one less, of those where only what fails counts."""
        if limits := self._limits:
            viewer, address = self.maybe_viewer, self._address
            self._count_once((rate, "given back"), lambda: limits.give_back(rate, viewer=viewer, address=address))

    def run_again(self) -> None:
        """Begin to run the same operation once more: what was counted is not counted again, and refused as it was."""
        self._to_repeat = {key: [*outcomes] for key, outcomes in self._counted.items()}

    def _count_once(self, key: tuple[str, ...], count: Callable[[], None]) -> None:
        """Count something, unless an earlier run of the operation has. Raises what that raised."""
        if self._to_repeat.get(key):
            outcome = self._to_repeat[key].pop(0)
        else:
            outcome = None
            try:
                count()
            except TooManyTries as refusal:
                outcome = refusal
            self._counted.setdefault(key, []).append(outcome)
        if outcome:
            raise outcome

    @property
    def tenant_id(self) -> UUID:
        """Whose rows are read."""
        return self._tenant_id or self.viewer.tenant_id

    @property
    def now(self) -> datetime:
        """When the operation began. An answer that depends on it is not kept for those who ask again."""
        self._asked_the_clock = True
        return self._now

    @property
    def moment(self) -> datetime:
        """The same as `now`, for those who say by `holds_until` for how long what they make of it holds."""
        return self._now

    @property
    def until(self) -> datetime | None:
        """The moment from which on the answer may be another one though no stream has moved; none if there is none."""
        return self._until

    def need_links(self) -> PictureLinks:
        """Give what signs the addresses of pictures. Raises Unavailable where no secret for it is set."""
        if self.links is None:
            raise Unavailable(message="No pictures are kept here: the server has no secret to sign their addresses.")
        return self.links

    @property
    def feeds(self) -> Feeds:
        """Who follows the feeds of golfers here. Raises Unavailable where this process keeps no account of it."""
        if self._feeds is None:
            raise Unavailable(message="No feeds are followed here.")
        return self._feeds

    def picture_url(self, picture_id: UUID, size: PictureSize) -> str:
        """Give the address of a picture, which is another one tomorrow. Raises Unavailable where there is none."""
        self.holds_until(day_after(self.moment))
        return self.need_links().to_show(picture_id, size, now=self.moment)

    def told_picture_url(self, picture: str | None, size: PictureSize) -> str | None:
        """Give the address of a picture that an event tells of by its public id; none where there is none."""
        if picture is None or self.links is None:
            return None
        return self.links.to_show(parse_id("picture", picture), size, now=self.moment)

    def holds_until(self, moment: datetime | None) -> None:
        """Say that something in the answer changes by itself at a moment, if there is one."""
        if moment is not None:
            self._until = min(moment, self._until or moment)

    def depends_on(self, field: str, *streams: str) -> None:
        """Say that a root field, with all beneath it, stays as it is until one of these streams moves."""
        self._sources.setdefault(field, set()).update(streams)

    def depends_too(self, info: strawberry.Info[Any, None], *streams: str) -> None:
        """Say that a field shows what is in further streams, which its root field may not have known of.

        A root field that has not said what it depends on is read anew as ever.
        """
        path = info.path
        while path.prev is not None:
            path = path.prev
        if (known := self._sources.get(str(path.key))) is not None:
            known.update(streams)

    def depends_on_public(self, field: str, stream: str, head: Head) -> None:
        """Say that a root field was read in a public snapshot, where its stream stood so, and stays until it moves."""
        self._sources.setdefault(field, set())
        self._stood.add((stream, head))

    async def heads(self, fields: Iterable[str]) -> dict[str, Head] | None:
        """Tell where the streams stand that root fields depend on, in the snapshot that the fields were read in.

        None when one has not said what it depends on, or the clock was asked: that answer may change at any time.
        """
        streams = set().union(*self._sources.values())
        everything = streams.union(stream for stream, _ in self._stood)
        if self._asked_the_clock or not self._sources.keys() >= set(fields) or not 0 < len(everything) <= MAX_STREAMS:
            return None
        found = self._stood | await self._own_heads(streams)
        return dict(found) if len(found) == len(everything) else None  # else a stream moved between two snapshots

    async def _own_heads(self, streams: set[str]) -> set[tuple[str, Head]]:
        found = await self.heads_of(streams)
        return {(stream, found[stream]) for stream in streams}

    async def heads_of(self, streams: Collection[str]) -> Mapping[str, Head]:
        """Tell where streams stand in the snapshot that is read."""
        if missing := set(streams) - self._heads.keys():
            async with self.read() as session:
                found = await read_heads(session, missing)
            self._heads |= {stream: found.get(stream, Head("", 0)) for stream in missing}
        return self._heads

    def only(self, info: strawberry.Info[Any, None], parts: Parts) -> list[UUID] | None:
        """Tell which elements of a list with parts a field has to read; None for all."""
        return self.parts.only(tuple(map(str, info.path.as_list())), parts) if self.parts else None

    @cached_property
    def _turn(self) -> asyncio.Lock:
        return asyncio.Lock()

    @cached_property
    def _public_turn(self) -> asyncio.Lock:
        return asyncio.Lock()

    @cached_property
    def _stack(self) -> AsyncExitStack:
        return AsyncExitStack()

    async def load(self, read: ReadMany[V], key: UUID) -> V:
        """Read one of many: what fields of this operation ask of the same function is read at once, and once."""
        loader: DataLoader[UUID, V] | None = self._loaders.get(read)
        if loader is None:
            loader = self._loaders[read] = self._loader(read)
        return await loader.load(key)

    def _loader(self, read: ReadMany[V]) -> DataLoader[UUID, V]:
        async def load(keys: list[UUID]) -> list[V]:
            async with self.read() as session:
                found = await read(session, keys)
            return [found[key] for key in keys]

        return DataLoader(load_fn=load)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Read from the operation's snapshot, when it is this field's turn; inside a mutation, from its transaction."""
        async with self._turn:
            if self.session is not None:
                yield self.session
                return
            if self._snapshot is None:
                self._snapshot = await self._stack.enter_async_context(self._database.snapshot(self.tenant_id))
            yield self._snapshot

    @asynccontextmanager
    async def read_public(self, tenant_id: UUID) -> AsyncIterator[AsyncSession]:
        """Read what anybody may know of a tenant, in a snapshot of its own that ends with the block.

        It opens nothing else: whatever asks for the viewer or for `read` is refused as ever. An operation reads one
        such snapshot at a time, of whatever tenants.
        """
        async with self._public_turn, self._database.public_snapshot(tenant_id) as session:
            yield session

    async def forget(self) -> None:
        """Let the snapshot go, with what was loaded from it: the operation ends, or something was changed."""
        self._snapshot = None
        self._heads.clear()
        self._loaders.clear()
        await self._stack.aclose()


Info: TypeAlias = strawberry.Info[Context, None]
