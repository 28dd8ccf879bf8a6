"""What tests of the log and of the engine share: a database, numbered facts, hubs, and waiting for a condition."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest_asyncio
from broadcaster import Broadcast

from events.clubs import ClubUpdated
from events.log import Logged, record
from events.work import UnitOfWork
from kit.database import Database
from kit.ids import new_id, public_id
from kit.settings import Settings
from realtime.hub import Hub
from realtime.subscription import Reset, Subscription
from tests.harness import MORNING
from tests.patience import PATIENCE


@pytest_asyncio.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The tests' database, by the program's two roles."""
    opened = Database(settings.app_url, settings.system_url, pool_size=15, within=30)
    yield opened
    await opened.close()


class Numbered:
    """A stream of its own, with facts that are numbered by their names."""

    def __init__(self, database: Database, publish: Callable[[Sequence[Logged]], Any]) -> None:
        self.tenant_id: UUID = new_id()
        self.club_id = public_id("club", new_id())
        self.stream = f"club:{self.club_id}"
        self._work = UnitOfWork(database, publish)

    def told_by(self, database: Database, publish: Callable[[Sequence[Logged]], Any]) -> "Numbered":
        """The same stream, changed by another process."""
        other = Numbered(database, publish)
        other.tenant_id, other.club_id, other.stream = self.tenant_id, self.club_id, self.stream
        return other

    def fact(self, number: int) -> ClubUpdated:
        return ClubUpdated(club_id=self.club_id, name=str(number), changes=())

    async def happen(self, *numbers: int) -> tuple[Logged, ...]:
        """Let numbered facts happen, in one transaction."""
        async with self._work.change(self.tenant_id) as change:
            record(change.session, *map(self.fact, numbers), now=MORNING)
        return change.logged


async def silence(_news: Sequence[Logged]) -> None:
    """Tell nobody, as a process that dies between commit and publish."""


@asynccontextmanager
async def running_hub(database: Database, broadcast: Broadcast | None = None, **options: Any) -> AsyncIterator[Hub]:
    """A hub; without a broadcaster of its own, it hears of others by its sweep alone."""
    given: dict[str, Any] = {
        "instance": "test",
        "healthy": lambda: False,
        "sweep_seconds": 60,
        "degraded_sweep_seconds": 0.05,
    }
    hub = Hub(database, broadcast or Broadcast("memory://"), **{**given, **options})
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


async def take(subscription: Subscription, count: int) -> list[Any]:
    """Take so many items: numbers for facts, and resets as they are."""
    taken: list[Any] = []
    async with asyncio.timeout(PATIENCE):
        async for item in subscription:
            taken.append(item if isinstance(item, Reset) else int(item.data["name"]))
            if len(taken) == count:
                break
    return taken


async def until(condition: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Wait for what raises no event of its own."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - counters, lists and other processes raise no event
            await asyncio.sleep(0.002)


def task_names() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}
