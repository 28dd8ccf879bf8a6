"""Work that is done once in an interval, whoever of many does it."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest

from jobs.intervals import LOOK, SHORTEST, run_when_due

QUARTER = timedelta(minutes=15)


class Chore:
    """Some work, and how often it was done."""

    def __init__(self, server) -> None:
        self.runtime, self.name, self.done = server.runtime, str(uuid4()), 0
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()

    async def work(self) -> None:
        self.begun.set()
        await self.may_end.wait()
        self.done += 1

    async def fail(self) -> None:
        raise ZeroDivisionError

    async def when_due(self, *, interval=QUARTER, run=None) -> float:
        return await run_when_due(self.runtime, name=self.name, interval=interval, run=run or self.work)


@pytest.fixture
def chore(server):
    return Chore(server)


async def test_it_is_done_at_once_and_then_once_an_interval(chore, clock):
    assert (await chore.when_due(), chore.done) == (LOOK, 1)
    clock.advance(minutes=14, seconds=30)
    assert (await chore.when_due(), chore.done) == (30, 1)
    clock.advance(seconds=29.999)
    assert (await chore.when_due(), chore.done) == (SHORTEST, 1)
    clock.advance(seconds=0.001)
    assert (await chore.when_due(), chore.done) == (LOOK, 2)
    clock.advance(hours=9)
    assert (await chore.when_due(), chore.done) == (LOOK, 3)
    assert (await chore.when_due(), chore.done) == (LOOK, 3)


async def test_a_shorter_interval_holds_at_once(chore, clock):
    await chore.when_due(interval=timedelta(hours=6))
    clock.advance(minutes=1)
    await chore.when_due(interval=timedelta(minutes=1))
    assert chore.done == 2


async def test_of_many_workers_one_does_it(chore, clock):
    for times in (1, 2):
        await asyncio.gather(*(chore.when_due() for _ in range(5)))
        assert chore.done == times
        clock.advance(minutes=15)


async def test_what_a_worker_leaves_half_done_another_does(chore):
    chore.may_end.clear()
    first = asyncio.create_task(chore.when_due())
    await chore.begun.wait()
    assert (await chore.when_due(), chore.done) == (LOOK, 0)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    chore.may_end.set()
    await chore.when_due()
    assert chore.done == 1


async def test_what_fails_is_due_at_once(chore):
    with pytest.raises(ZeroDivisionError):
        await chore.when_due(run=chore.fail)
    await chore.when_due()
    assert chore.done == 1


async def test_a_time_that_a_wrong_clock_noted_counts_for_nothing(chore, clock):
    clock.advance(days=1)
    await chore.when_due()
    clock.advance(days=-1)
    assert (await chore.when_due(), chore.done) == (LOOK, 2)
