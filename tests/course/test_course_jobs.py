"""The worker ends overrides and gives all-clears by the jobs that were put down with them."""

from asyncio import sleep, timeout
from datetime import UTC, datetime, timedelta

import pytest

from api.app import create_app
from models.course.values import StatusSource
from tests.course.turf import OPEN, history, look, override, shown, strike
from tests.harness import HeldClock, found_world, serving
from tests.patience import PATIENCE
from tests.tee_sheet.desk import hold
from tests.tee_sheet.test_hold_expiry import make_due, settings_with_a_queue_of_its_own, until_done

__all__ = ["settings_with_a_queue_of_its_own"]
DAYS = [
    ("America/New_York", datetime(2026, 3, 8, 6, 30, tzinfo=UTC), timedelta(hours=21, minutes=30)),
    ("America/New_York", datetime(2026, 11, 1, 4, 30, tzinfo=UTC), timedelta(hours=24, minutes=30)),
]
"""A zone, a moment there, and how far away the next midnight is: days of 23 and of 25 hours."""


async def until_open(world):
    """Wait until the course is open."""
    async with timeout(PATIENCE):
        while True:
            if (await shown(world)).status is OPEN:
                return
            await sleep(0.01)


@pytest.mark.parametrize(("zone", "now", "left"), DAYS)
async def test_the_worker_ends_an_override_at_the_courses_midnight(settings_with_a_queue_of_its_own, zone, now, left):
    clock = HeldClock(now)
    app = create_app(settings_with_a_queue_of_its_own, with_jobs=True, clock=clock)
    async with serving(app, clock) as server:
        world = await found_world(server, zone=zone)
        await override(world)
        clock.now = now + left
        assert await make_due(server) == [("expire_override", left)]
        await override_elsewhere(server)
        await until_open(world)
        await until_done(server, "expire_override")  # by the job, not by the sweep that comes with each minute
        [newest, _] = await history(world)
        assert (newest.source, newest.changed_at) == (StatusSource.SCHEDULED, now + left)


async def override_elsewhere(server):
    """Put down another job, which makes the queue look again at what is due."""
    await override(await found_world(server))


async def test_the_worker_gives_the_all_clear_by_the_job_that_the_strike_put_down(settings_with_a_queue_of_its_own):
    clock = HeldClock()
    app = create_app(settings_with_a_queue_of_its_own, with_jobs=True, clock=clock)
    async with serving(app, clock) as server:
        world = await found_world(server)
        await strike(world)
        clock.advance(minutes=20)
        await look(world)
        clock.advance(minutes=10)
        assert await make_due(server) == [("all_clear", timedelta(minutes=30))]
        await override_elsewhere(server)
        await until_open(world)
        await until_done(server, "all_clear")
        await hold(world, world.player("ana"), 20)


async def test_a_worker_that_starts_catches_up_with_what_fell_due_while_nobody_worked(settings_with_a_queue_of_its_own):
    clock = HeldClock()
    app = create_app(settings_with_a_queue_of_its_own, with_jobs=False, clock=clock)
    async with serving(app, clock) as server:
        night, storm = await found_world(server), await found_world(server)
        await override(night)
        await strike(storm)
    clock.advance(days=2)
    app = create_app(settings_with_a_queue_of_its_own, with_jobs=True, clock=clock)
    async with serving(app, clock) as server:
        for world in (night, storm):
            world.server = server
            await until_open(world)
