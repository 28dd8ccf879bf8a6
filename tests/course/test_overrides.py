"""The staff's overrides: who may, until when they hold, what ends them, and what is decided then."""

from asyncio import gather
from datetime import UTC, datetime, timedelta

import pytest

from domain.clubs.closures import end_of_day
from domain.course.problems import NoOverride, OverrideEndRefused
from domain.journeys.course_status import clear_override, report_lightning, set_status
from jobs import tasks
from kit.errors import InvalidInput, NotAllowed, NotFound
from models.clubs.tables import Course
from models.course.tables import CourseConditions
from models.course.values import StatusCause, StatusSource
from tests.course.turf import (
    CLOSED,
    CONDITIONAL,
    HOUR,
    MARGIN,
    OPEN,
    by,
    clear,
    evaluate,
    facts,
    history,
    look,
    override,
    rows,
    shown,
    strike,
)
from tests.harness import found_world
from tests.tee_sheet.desk import ask, hold, unchanged

STORM = {"wind_kmh": 70.0}


async def expire(world):
    """Have the job run that the override put down, as often as it likes."""
    await tasks.expire_override(world.server.runtime, tenant_id=world.tenant_id, course_id=str(world.course_id))


async def test_an_override_wins_over_the_weather_which_is_kept_and_shown(world, clock):
    await override(world, OPEN, reason="Only a breeze")
    decision = await look(world, **STORM)
    assert decision.status is CLOSED
    fact = await shown(world)
    assert (fact.status, fact.source, fact.causes) == (OPEN, StatusSource.MANUAL, (StatusCause.OVERRIDE,))
    assert (fact.reason, fact.score, fact.weather.wind_kmh) == ("Only a breeze", decision.score, 70)
    assert len(await history(world)) == 1
    [row] = await rows(world, CourseConditions)
    assert (row.override_by, row.override_status, row.override_until) == ("staff", OPEN, fact.override_until)


async def test_clearing_decides_afresh_by_the_weather_that_was_read_last(world, clock):
    await override(world, OPEN)
    await look(world, **STORM)
    clock.advance(minutes=10)
    await clear(world, reason="It was more than a breeze")
    fact = await shown(world)
    causes = (StatusCause.WIND_SEVERE, StatusCause.OVERRIDE_CLEARED)
    assert (fact.status, fact.source, fact.causes, fact.reason) == (CLOSED, StatusSource.MANUAL, causes, "")
    assert (fact.override_until, fact.stale) == (None, False)
    newest = (await history(world))[0]
    assert (newest.reason, newest.changed_by_id) == ("It was more than a breeze", "staff")
    assert (newest.previous_status, newest.new_status) == (OPEN, CLOSED)
    with pytest.raises(NoOverride):
        await clear(world)


async def test_without_usable_weather_nothing_stays_closed_because_nobody_knows(world, clock):
    await look(world, **STORM)
    await override(world)
    clock.advance(minutes=31)
    await clear(world)
    fact = await shown(world)
    causes = (StatusCause.NO_WEATHER, StatusCause.OVERRIDE_CLEARED)
    assert (fact.status, fact.stale, fact.score, fact.causes) == (OPEN, True, None, causes)
    assert [entry.weather is None for entry in await history(world)] == [True, False, False]


async def test_at_its_end_an_override_is_decided_afresh_without_hysteresis_by_the_schedule(world, clock):
    await override(world, until=clock() + 2 * HOUR)
    clock.advance(hours=1, minutes=50)
    await look(world, wind_kmh=37.0, temperature_c=5.0)  # too little to close or to warn, though not yet to recover
    async with unchanged(world):
        await expire(world)  # too early: a clock may go wrong
    clock.advance(minutes=10)
    await gather(*(expire(world) for _ in range(4)))
    async with unchanged(world):
        await expire(world)
    fact = await shown(world)
    assert (fact.status, fact.source) == (OPEN, StatusSource.SCHEDULED)
    assert fact.causes == (StatusCause.CLEAR, StatusCause.OVERRIDE_EXPIRED)
    entries = await history(world)
    assert [(entry.source.value, entry.changed_by_label) for entry in entries] == [
        ("SCHEDULED", "Schedule"),
        ("MANUAL", "staff"),
    ]
    assert entries[0].changed_by_id is None


async def test_the_job_of_an_override_that_was_replaced_or_cleared_does_nothing(world, clock):
    await override(world, until=clock() + HOUR)
    await override(world, CONDITIONAL, until=clock() + 5 * HOUR)
    clock.advance(hours=1)
    async with unchanged(world):
        await expire(world)
        await tasks.sweep_courses(world.server.runtime)
    await clear(world)
    clock.advance(hours=4)
    async with unchanged(world):
        await expire(world)
        await tasks.sweep_courses(world.server.runtime)


async def test_what_nobody_ended_in_time_closes_no_start_and_the_next_sweep_catches_up(server, clock):
    """A night without a worker: the closure was to end at midnight."""
    world = await found_world(server, days=(0, 1))
    await override(world)
    world.day += timedelta(days=1)
    await world.read()
    clock.advance(days=1)
    await hold(world, world.player("ana"), 3)
    assert (await shown(world)).status is CLOSED
    await tasks.sweep_courses(server.runtime)
    assert (await shown(world)).status is OPEN
    async with unchanged(world):
        await tasks.sweep_courses(server.runtime)


@pytest.mark.parametrize("passer_by", ["evaluation", "lightning", "clearing"])
async def test_whoever_comes_first_ends_an_override_that_is_past_its_end(world, clock, passer_by):
    await override(world, until=clock() + HOUR)
    clock.advance(hours=2)
    if passer_by == "evaluation":
        await look(world)
    elif passer_by == "lightning":
        await strike(world)
    else:
        await clear(world)
    newest, _ = await history(world)
    assert newest.source is (StatusSource.MANUAL if passer_by == "clearing" else StatusSource.SCHEDULED)
    assert newest.new_status is (CLOSED if passer_by == "lightning" else OPEN)
    [row] = await rows(world, CourseConditions)
    assert row.override_status is None


ENDS = [
    ("Europe/Madrid", "2026-05-04T05:00", "2026-05-04T22:00"),
    ("Asia/Tokyo", "2026-05-04T05:00", "2026-05-04T15:00"),
    ("Asia/Tokyo", "2026-05-04T15:00", "2026-05-05T15:00"),  # at midnight itself it is the next one
    ("America/New_York", "2026-03-08T05:30", "2026-03-09T04:00"),  # the clock goes forward: a day of 23 hours
    ("America/New_York", "2026-11-01T04:30", "2026-11-02T05:00"),  # and back: one of 25
    ("Europe/Madrid", "2026-03-28T23:30", "2026-03-29T22:00"),
    ("Europe/Madrid", "2026-10-24T22:30", "2026-10-25T23:00"),
]


@pytest.mark.parametrize(("zone", "now", "end"), ENDS)
async def test_an_override_lasts_until_the_next_midnight_of_the_course(server, clock, zone, now, end):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    clock.now = (moment - timedelta(hours=12)).replace(hour=12)  # where it is the same date as in UTC
    world = await found_world(server, zone=zone)
    clock.now = moment
    await override(world)
    fact, midnight = await shown(world), datetime.fromisoformat(end).replace(tzinfo=UTC)
    assert fact.override_until == fact.closed_until == midnight == end_of_day(zone, now=clock())
    clock.now = midnight - timedelta(seconds=1)
    await tasks.sweep_courses(server.runtime)
    assert (await shown(world)).status is CLOSED
    clock.now = midnight
    await tasks.sweep_courses(server.runtime)
    assert (await shown(world)).status is OPEN


@pytest.mark.parametrize("span", [timedelta(), -HOUR, timedelta(days=400, seconds=1)])
async def test_an_end_in_the_past_or_too_far_away_is_refused(standing, clock, span):
    async with unchanged(standing):
        with pytest.raises(OverrideEndRefused) as caught:
            await override(standing, until=clock() + span)
    assert (caught.value.path, caught.value.earliest) == (("input", "until"), clock())
    assert caught.value.latest == clock() + timedelta(days=400)


@pytest.mark.parametrize(
    ("given", "field"), [({"reason": "  "}, "reason"), ({"reason": "x" * 501}, "reason"), ({"until": 1}, "until")]
)
async def test_an_override_says_why_and_when_or_is_refused(standing, given, field):
    if "until" in given:
        given = {"until": datetime(2026, 5, 4, 18)}  # noqa: DTZ001  # without its offset, which is the point
    async with unchanged(standing):
        with pytest.raises(InvalidInput) as caught:
            await override(standing, **given)
    assert caught.value.path == ("input", field)


async def test_only_the_clubs_staff_may_override(standing, server):
    stranger = await found_world(server)
    given = {"status": CLOSED, "reason": "x"}
    async with unchanged(standing):
        for who in (standing.player("ana"), standing.caddie(1)):
            with pytest.raises(NotAllowed):
                await by(standing, who, set_status, **given)
            with pytest.raises(NotAllowed):
                await by(standing, who, clear_override, margin=MARGIN)
            with pytest.raises(NotAllowed):
                await by(standing, who, report_lightning, margin=MARGIN)
        for function, more in ((set_status, given), (clear_override, {"margin": MARGIN})):
            with pytest.raises(NotFound):
                await by(stranger, stranger.staff, function, **more, course_id=standing.course_id)


async def test_two_of_the_staff_who_set_different_statuses_at_once_both_do_one_after_the_other(world):
    acts = [override(world, status, reason=f"{status} {n}") for n in range(4) for status in (OPEN, CONDITIONAL, CLOSED)]
    await gather(*acts)
    entries = await history(world)
    assert len(entries) == 12
    chain = [entry.previous_status for entry in entries[:-1]]
    assert chain == [entry.new_status for entry in entries[1:]]
    fact = await shown(world)
    assert (fact.status, fact.reason) == (entries[0].new_status, entries[0].reason)
    told = await facts(world, "course.status.changed")
    assert [one["new_status"] for one in told] == [entry.new_status.value for entry in reversed(entries)]


async def test_an_evaluation_never_undoes_an_override_that_comes_at_the_same_moment(world, clock):
    for _ in range(4):
        clock.advance(minutes=15)
        await gather(look(world, **STORM), override(world, OPEN), look(world, **STORM))
        assert (await shown(world)).status is OPEN
        await clear(world)
        assert (await shown(world)).status is CLOSED


async def test_an_override_of_one_tenant_is_swept_for_that_tenant_alone(server, clock):
    mine, other = await found_world(server), await found_world(server)
    await override(mine, until=clock() + HOUR)
    await override(other, until=clock() + 3 * HOUR)
    clock.advance(hours=1)
    async with unchanged(other):
        await tasks.sweep_courses(server.runtime)
    assert ((await shown(mine)).status, (await shown(other)).status) == (OPEN, CLOSED)


async def test_a_conditional_override_warns_until_its_end(world, clock):
    await override(world, CONDITIONAL, until=clock() + 2 * HOUR)
    answer = await ask(world.server, "holdSlots", who=world.player("ana"), teeTimeId=world.tee_time(0), places=1)
    assert answer.data["holdSlots"]["problems"] == []
    assert (await shown(world)).closed_until is None
    assert (await evaluate(world, None)).stale
    [course] = await rows(world, Course)
    assert course.status_until == clock() + 2 * HOUR
