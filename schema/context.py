"""What an operation knows: who asks, what time it is, and the ways to the database and the news."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from events.work import UnitOfWork
from kit.database import Database
from kit.errors import Unauthenticated
from kit.settings import Settings
from realtime.hub import Hub

if TYPE_CHECKING:
    from schema.loaders import Loaders
    from schema.whereabouts import Whereabouts


class Context:
    """The context of one operation. Its reads share one snapshot, and take turns on it."""

    def __init__(
        self,
        *,
        whereabouts: "Whereabouts",
        viewer: Viewer | None,
        now: datetime,
        database: Database,
        work: UnitOfWork,
        hub: Hub,
        settings: Settings,
    ) -> None:
        self.maybe_viewer = viewer
        self.whereabouts = whereabouts
        self.now = now
        self.database = database
        self.work = work
        self.hub = hub
        self.settings = settings
        self.session: AsyncSession | None = None
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._snapshot: AsyncSession | None = None

    @property
    def viewer(self) -> Viewer:
        """Who asks. Raises Unauthenticated when nobody is signed in."""
        if self.maybe_viewer is None:
            raise Unauthenticated
        return self.maybe_viewer

    @cached_property
    def loaders(self) -> "Loaders":
        """The data loaders of this operation."""
        from schema.loaders import Loaders  # noqa: PLC0415 - loaders make types, and types know their context

        return Loaders(self)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Read from the operation's snapshot, when it is this field's turn; inside a mutation, from its transaction."""
        async with self._turn:
            if self.session is not None:
                yield self.session
                return
            if self._snapshot is None:
                self._snapshot = await self._stack.enter_async_context(self.database.snapshot(self.viewer.tenant_id))
            yield self._snapshot

    async def forget(self) -> None:
        """Let the snapshot go, with what was loaded from it: the operation ends, or something was changed."""
        self._snapshot = None
        self.__dict__.pop("loaders", None)
        await self._stack.aclose()


Info: TypeAlias = strawberry.Info[Context, None]
