"""The scheduled look at the weather: what it moves, what it keeps, and whom it tells how often."""

from asyncio import gather
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import text

from domain.journeys.course_status import courses_to_check
from kit.ids import new_id
from models.course.tables import CourseConditions
from models.course.values import StatusCause
from models.notifications import Notification, NotificationKind
from tests.course.turf import (
    CLOSED,
    CONDITIONAL,
    HOUR,
    OPEN,
    evaluate,
    facts,
    history,
    look,
    override,
    rows,
    shown,
    weather,
)
from tests.harness import found_world
from tests.tee_sheet.desk import done, send_off, unchanged

BREEZE, STORM = {"wind_kmh": 45.0, "gust_kmh": 50.0}, {"wind_kmh": 70.0}


async def told(world, kind=NotificationKind.COURSE_STATUS_CHANGED):
    return [(row.user_id, row.data["course"]) for row in await rows(world, Notification, kind=kind)]


async def test_calm_weather_is_shown_and_changes_nothing(world, clock):
    read = weather(clock())
    decision = await evaluate(world, read)
    fact = await shown(world)
    assert (fact.status, fact.score, fact.weather, fact.causes) == (OPEN, 100, read, (StatusCause.CLEAR,))
    assert decision.status is OPEN
    assert await history(world) == []
    [told_fact] = await facts(world, "course.conditions.changed", "course.status.changed")
    assert told_fact["weather"]["wind_kmh"] == asdict(read)["wind_kmh"]


async def test_the_weather_moves_a_course_down_and_up_and_each_step_is_logged_with_its_weather(world, clock):
    await look(world, **BREEZE)
    clock.advance(minutes=15)
    await look(world, **STORM)
    for _ in range(2):
        clock.advance(minutes=15)
        await look(world)
    entries = list(reversed(await history(world)))
    assert [entry.new_status for entry in entries] == [CONDITIONAL, CLOSED, OPEN]
    assert [entry.weather["wind_kmh"] for entry in entries] == [45, 70, 10]
    assert entries[1].score == 70
    assert {entry.changed_by_label for entry in entries} == {"Weather"}
    changes = await facts(world, "course.status.changed")
    assert [(one["previous_status"], one["new_status"]) for one in changes] == [
        ("OPEN", "CONDITIONAL"),
        ("CONDITIONAL", "CLOSED"),
        ("CLOSED", "OPEN"),
    ]
    assert changes[1]["causes"] == ["WIND_SEVERE"]
    assert changes[1]["closed_until"] is not None
    assert changes[2]["playability_score"] == 100


async def test_the_same_weather_read_again_is_not_told_again(world, clock):
    read = weather(clock())
    await evaluate(world, read)
    before = await facts(world)
    clock.advance(minutes=1)
    await evaluate(world, read)
    assert await facts(world) == before


async def test_without_usable_weather_nothing_moves_and_staff_are_told_once_an_outage(world, clock):
    await send_off(world)
    await look(world, **BREEZE)
    for read in (None, weather(clock()), weather(clock(), wind_kmh=1687.0), None):
        clock.advance(minutes=31)
        await evaluate(world, read)
        fact = await shown(world)
        assert (fact.stale, fact.status, fact.score) == (True, CONDITIONAL, None)
        assert fact.weather.wind_kmh == BREEZE["wind_kmh"]
    assert await told(world, NotificationKind.WEATHER_STALE) == [("staff", "Old")]
    await look(world)
    assert (await shown(world)).stale is False
    clock.advance(minutes=15)
    await evaluate(world, None)
    assert len(await told(world, NotificationKind.WEATHER_STALE)) == 2


async def test_an_older_observation_than_the_last_is_no_outage(world, clock):
    await look(world)
    clock.advance(minutes=10)
    decision = await evaluate(world, weather(clock() - timedelta(minutes=25), **STORM))
    assert (decision.stale, decision.status) == (False, OPEN)
    assert (await shown(world)).weather.observed_at == clock() - timedelta(minutes=10)


async def test_the_cooldown_limits_what_staff_are_told_and_never_a_transition(world, clock):
    await send_off(world)
    for more in (BREEZE, STORM, {}, {}):
        clock.advance(minutes=15)
        await look(world, **more)
    assert len(await history(world)) == 3
    assert await told(world) == [("staff", "Old")]
    clock.advance(minutes=15)
    await look(world, **STORM)
    assert len(await told(world)) == 2
    [said] = [row.data for row in await rows(world, Notification)][1:]
    assert (said["previous_status"], said["status"], said["reason"]) == ("open", "closed", "a storm")


async def test_who_set_a_status_by_hand_looks_after_the_course_and_is_told_of_what_changes_by_itself(world, clock):
    await override(world, until=clock() + HOUR)
    clock.advance(hours=2)
    await look(world)
    assert await told(world) == [("staff", "Old")]
    clock.advance(days=9)
    await look(world, **STORM)
    assert len(await told(world)) == 1  # it was too long ago


async def test_only_courses_that_say_where_they_lie_are_checked(server):
    tenant_id = new_id()
    world = await found_world(server, tenant_id=tenant_id)
    given = {"courseId": world.course, "latitude": 40.4, "longitude": -3.7}

    async def listed():
        async with server.runtime.database.across_tenants() as session:
            return [one for one in await courses_to_check(session) if one.tenant_id == tenant_id]

    assert await listed() == []
    await done(server, "updateCourse", "course { id }", who=world.admin, **given)
    assert await listed() == [(tenant_id, world.course_id, 40.4, -3.7)]


async def test_evaluations_of_one_course_at_once_follow_one_after_the_other(world, clock):
    await gather(*(look(world, **more) for more in (STORM, {}, STORM, BREEZE, STORM)))
    entries = list(reversed(await history(world)))
    assert [entry.previous_status for entry in entries[1:]] == [entry.new_status for entry in entries[:-1]]
    assert len(await rows(world, CourseConditions)) == 1


async def test_what_one_tenants_weather_does_is_no_other_tenants(server):
    mine, other = await found_world(server), await found_world(server)
    async with unchanged(other):
        await look(mine, **STORM)
    async with server.runtime.database.tenant(other.tenant_id) as session:
        assert await session.scalar(text("SELECT count(*) FROM course_status_changes")) == 0
