"""One change: one transaction, one commit, then the news of it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from events.cursor import Cursor
from events.log import Logged, write_log
from kit.database import Database, is_conflict
from kit.jobs import write_jobs

Publish = Callable[[Sequence[Logged]], Awaitable[None]]
BeforeCommit = Callable[[Sequence[Logged]], None]

TRIES = 4
"""How often a change is tried that PostgreSQL gives up for another's sake: a deadlock, or rows that both have read."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Change:
    """A transaction under way: its session, and what it has logged once that is written."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.logged: tuple[Logged, ...] = ()

    async def write(self) -> Cursor | None:
        """Log what was recorded. Gives the cursor of the change in the stream of its first event, if it has any."""
        first = next((event for event, _ in self.session.info.get("recorded", [])), None)
        await write_jobs(self.session)
        self.logged += await write_log(self.session)
        if first is None:
            return None
        return next(item.cursor for item in reversed(self.logged) if item.stream == first.stream)


class UnitOfWork:
    """The one way to change a tenant's rows: commits once, and tells the news only after that."""

    def __init__(
        self, database: Database, publish: Publish, before_commit: BeforeCommit = lambda _logged: None
    ) -> None:
        self._database = database
        self._publish = publish
        self._before_commit = before_commit
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self, tenant_id: UUID, decide: Callable[[Change], Awaitable[T]]) -> T:
        """Decide in a transaction and commit it; again from the beginning where it was given up for another's sake.

        Gives what `decide` gives, which may be called several times and must leave nothing behind outside its change.
        """
        for tries_left in reversed(range(TRIES)):
            try:
                async with self.change(tenant_id) as change:
                    return await decide(change)
            except DBAPIError as error:
                if not is_conflict(error) or not tries_left:
                    raise
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def change(self, tenant_id: UUID) -> AsyncIterator[Change]:
        """Open a transaction, once; commit when the block ends well, roll everything back when it raises.

        `publish` must not raise and must not wait for the outside world: a change that is committed is done.
        `before_commit` hears of what is about to be committed, while the database writes it to its disk; it may still
        be rolled back.
        """
        with self._counted():
            async with self._database.tenant(tenant_id) as session:
                change = Change(session)
                yield change
                await change.write()
                if change.logged:
                    asyncio.get_running_loop().call_soon(self._get_ready, change.logged)
                await session.commit()
                if change.logged:
                    await self._publish(change.logged)

    def _get_ready(self, logged: Sequence[Logged]) -> None:
        try:
            self._before_commit(logged)
        except Exception:
            log.exception("what is about to be committed could not be prepared for")

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()

    async def settle(self, *, within: float) -> None:
        """Wait until no change is under way, but no longer than so many seconds: before the database is closed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._idle.wait()
