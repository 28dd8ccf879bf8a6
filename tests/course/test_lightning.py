"""Lightning closes a course at once, and gives it back 30 minutes after the last strike; staff may say otherwise."""

from asyncio import gather
from datetime import datetime, timedelta

import pytest

from domain.course.problems import StrikeTooFar
from domain.course.thresholds import set_thresholds
from jobs import tasks
from kit.errors import InvalidInput
from models.course.tables import CourseConditions
from models.course.values import StatusCause, StatusSource
from tests.course.turf import (
    CLOSED,
    MARGIN,
    OPEN,
    by,
    clear,
    device,
    facts,
    history,
    look,
    override,
    rows,
    shown,
    strike,
)
from tests.harness import found_world
from tests.tee_sheet.desk import hold, unchanged
from tests.tee_sheet.waiting import statuses


async def give_all_clear(world):
    """Have the job run that a strike put down."""
    await tasks.all_clear(world.server.runtime, tenant_id=world.tenant_id, course_id=str(world.course_id))


async def test_a_strike_closes_in_its_own_transaction_and_thirty_minutes_later_all_is_clear(world, clock):
    await look(world)
    await hold(world, world.player("ana"), 3)
    clock.advance(minutes=5)
    await strike(world, distance_km=7.5)
    fact = await shown(world)
    until = clock() + timedelta(minutes=30)
    assert (fact.status, fact.source, fact.lightning_until) == (CLOSED, StatusSource.AUTO_WEATHER, until)
    assert StatusCause.LIGHTNING in fact.causes
    assert set(await statuses(world, 3)) == {"AVAILABLE"}
    [entry] = await history(world)
    assert (entry.changed_by_id, entry.changed_by_label) == ("detector", "detector")
    assert entry.weather["wind_kmh"] == 10
    clock.advance(minutes=15)
    await look(world)
    clock.advance(minutes=14, seconds=59)
    async with unchanged(world):
        await give_all_clear(world)
    clock.advance(seconds=1)
    await gather(*(give_all_clear(world) for _ in range(4)))
    async with unchanged(world):
        await give_all_clear(world)
    fact = await shown(world)
    assert (fact.status, fact.lightning_until, fact.causes) == (OPEN, None, (StatusCause.CLEAR,))
    assert [entry.changed_by_label for entry in await history(world)] == ["Weather", "detector"]


async def test_each_strike_resets_the_clock_and_an_earlier_one_that_is_reported_late_does_not(world, clock):
    await strike(world, who=world.staff)
    clock.advance(minutes=20)
    await strike(world)
    until = clock() + timedelta(minutes=30)
    await strike(world, at=clock() - timedelta(minutes=10))
    assert (await shown(world)).lightning_until == until
    clock.advance(minutes=10)
    async with unchanged(world):
        await give_all_clear(world)  # the first strike's, which came too early
        await tasks.sweep_courses(world.server.runtime)
    clock.advance(minutes=20)
    await tasks.sweep_courses(world.server.runtime)
    assert (await shown(world)).status is OPEN
    assert len(await history(world)) == 2


async def test_a_thunderstorm_in_the_weather_counts_like_lightning_and_has_its_all_clear_too(world, clock):
    await look(world, weather_code=95)
    fact = await shown(world)
    assert (fact.status, fact.lightning_until) == (CLOSED, clock() + timedelta(minutes=30))
    assert StatusCause.THUNDERSTORM in fact.causes
    clock.advance(minutes=15)
    await look(world)
    clock.advance(minutes=15)
    await give_all_clear(world)
    assert (await shown(world)).status is OPEN


async def test_without_weather_lightning_still_ends(world, clock):
    await strike(world)
    clock.advance(minutes=30)
    await give_all_clear(world)
    fact = await shown(world)
    assert (fact.status, fact.stale, fact.causes) == (OPEN, True, (StatusCause.NO_WEATHER,))


async def test_a_manual_open_wins_but_the_alert_stays_to_be_seen(world, clock):
    await strike(world)
    await override(world, OPEN, reason="It was a firework")
    fact = await shown(world)
    assert (fact.status, fact.lightning_until) == (OPEN, clock() + timedelta(minutes=30))
    clock.advance(minutes=10)
    await strike(world)
    fact = await shown(world)
    assert (fact.status, fact.lightning_until) == (OPEN, clock() + timedelta(minutes=30))
    clock.advance(minutes=30)
    await give_all_clear(world)
    fact = await shown(world)
    assert (fact.status, fact.lightning_until, fact.reason) == (OPEN, None, "It was a firework")
    assert len(await history(world)) == 2


async def test_an_override_that_is_cleared_during_lightning_leaves_the_course_closed_until_the_all_clear(world, clock):
    await override(world, OPEN)
    await strike(world)
    await clear(world)
    assert (await shown(world)).status is CLOSED
    clock.advance(minutes=30)
    await give_all_clear(world)
    assert (await shown(world)).status is OPEN


async def test_a_strike_that_is_too_far_away_is_recorded_nowhere(standing):
    async with unchanged(standing):
        with pytest.raises(StrikeTooFar) as caught:
            await strike(standing, distance_km=16.1)
    assert (caught.value.limit_km, caught.value.path) == (16, ("input", "distanceKm"))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"distance_km": -1.0}, "distanceKm"),
        ({"distance_km": float("nan")}, "distanceKm"),
        ({"distance_km": float("inf")}, "distanceKm"),
        ({"minutes": -30}, "at"),
        ({"minutes": 6}, "at"),
        ({"at": datetime(2026, 5, 4, 5)}, "at"),  # noqa: DTZ001  # without its offset, which is the point
    ],
)
async def test_what_cannot_be_a_strike_is_refused(standing, clock, given, field):
    if "minutes" in given:
        given = {"at": clock() + timedelta(minutes=given["minutes"])}
    async with unchanged(standing):
        with pytest.raises(InvalidInput) as caught:
            await strike(standing, **given)
    assert caught.value.path == ("input", field)


async def test_a_detectors_clock_may_be_a_little_ahead(world, clock):
    await strike(world, at=clock() + timedelta(minutes=4), distance_km=16.0)
    assert (await shown(world)).lightning_until == clock() + timedelta(minutes=30)


async def test_a_hundred_strikes_at_once_close_a_course_once(world, clock):
    moments = [clock() - timedelta(seconds=n) for n in range(100)]
    await gather(*(strike(world, at=at) for at in moments))
    assert len(await facts(world, "course.status.changed")) == 1
    [row] = await rows(world, CourseConditions)
    assert row.last_strike_at == max(moments)


async def test_lightning_blocks_the_rest_of_the_day_where_the_course_says_so_until_the_all_clear(world, clock):
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    await strike(world)
    assert set(await statuses(world, 20)) == {"BLOCKED"}
    clock.advance(minutes=30)
    await give_all_clear(world)
    assert set(await statuses(world, 20)) == {"AVAILABLE"}


async def test_a_sweep_gives_the_all_clear_to_each_tenant_alone(server, clock):
    mine, other = await found_world(server), await found_world(server)
    await strike(mine)
    clock.advance(minutes=10)
    await strike(other, who=device(other))
    clock.advance(minutes=20)
    async with unchanged(other):
        await tasks.sweep_courses(server.runtime)
    assert ((await shown(mine)).status, (await shown(other)).status) == (OPEN, CLOSED)
