"""Changes under way: a club that is renamed so many times a second, however long an answer takes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import httpx

from tests.faults.followers import PATIENCE, Follower
from tests.harness import World
from tests.realtime.support import until


@dataclass(frozen=True)
class Change:
    """A change that was acknowledged; times by the monotonic clock."""

    name: str
    began: float
    answered: float


class Load:
    """Renames a club through one world after the other, which are the same club by one server each."""

    def __init__(self, worlds: Callable[[], Sequence[World]], *, name: str = "Club") -> None:
        self.done: list[Change] = []
        self.failures: list[str] = []
        self._worlds = worlds
        self._name = name
        self._stopping = False

    @asynccontextmanager
    async def running(self, *, per_second: float | None = 20.0) -> AsyncIterator[None]:
        """Go on until the block ends, and then until everything is answered.

        Without a rate, each change waits for the answer to the one before.
        """
        running = asyncio.create_task(self._at_a_rate(1 / per_second) if per_second else self._one_by_one())
        try:
            yield
        finally:
            self._stopping = True
            await running

    async def reaches(self, changes: int) -> None:
        """Wait until so many changes were acknowledged."""
        await until(lambda: len(self.done) >= changes, within=PATIENCE)

    def slowest(self, *, since: float = 0.0, until: float = float("inf")) -> float:
        """Give the seconds that the slowest change took of those that began between two times."""
        return max((c.answered - c.began for c in self.done if since <= c.began < until), default=0.0)

    async def _at_a_rate(self, pause: float) -> None:
        async with asyncio.TaskGroup() as changes:
            due = time.monotonic()
            for number in count(1):
                changes.create_task(self._change(number))
                due += pause
                await asyncio.sleep(max(due - time.monotonic(), 0))
                if self._stopping:
                    break

    async def _one_by_one(self) -> None:
        for number in count(1):
            await self._change(number)
            if self._stopping:
                break

    async def _change(self, number: int) -> None:
        worlds, name, began = self._worlds(), f"{self._name} {number}", time.monotonic()
        world = worlds[number % len(worlds)]
        try:
            payload = await world.server.mutate(
                "updateClub", "club { id }", who=world.admin, clubId=world.club, name=name
            )
            assert payload["problems"] == [], payload["problems"]
        except (httpx.HTTPError, AssertionError, ValueError) as error:  # a refusal, a fault, no answer, no JSON
            self.failures.append(f"{name}: {error!r}")
        else:
            self.done.append(Change(name, began, time.monotonic()))


def longest_way(changes: Sequence[Change], followers: Sequence[Follower]) -> float:
    """Give the seconds from an answer until the last follower had heard of its change, for the slowest change."""
    last: dict[str, float] = {}
    for follower in followers:
        for name, at in zip(follower.names, follower.times, strict=True):
            last[name] = max(last.get(name, 0.0), at)
    return max((last[c.name] - c.answered for c in changes if c.name in last), default=0.0)
