"""The figures about courses, as /metrics tells them."""

from dataclasses import replace
from datetime import timedelta
from math import isnan

import httpx
from prometheus_client.parser import text_string_to_metric_families

from events.course import CourseConditionsChanged, CourseStatusChanged
from events.log import record
from kit.ids import new_id, public_id
from models.course.values import CartPolicy, CourseStatus, PlayabilityLevel, StatusCause, StatusSource
from tests.harness import MORNING

TENANT_ID = new_id()
CLUB, COURSE = public_id("club", new_id()), public_id("course", new_id())
CLOSED = CourseStatusChanged(
    club_id=CLUB,
    course_id=COURSE,
    date=MORNING.date(),
    previous_status=CourseStatus.OPEN,
    new_status=CourseStatus.CLOSED,
    source=StatusSource.AUTO_WEATHER,
    causes=(StatusCause.WIND_SEVERE,),
    playability_score=70,
    reason="",
    carts_suspended=0,
    closed_until=MORNING + timedelta(hours=17),
    dates=(MORNING.date(),),
    previous_since=MORNING - timedelta(minutes=20),
)
CONDITIONS = CourseConditionsChanged(
    club_id=CLUB,
    course_id=COURSE,
    date=MORNING.date(),
    status=CourseStatus.CLOSED,
    since=MORNING,
    source=StatusSource.AUTO_WEATHER,
    causes=(StatusCause.WIND_SEVERE,),
    reason="",
    closed_until=CLOSED.closed_until,
    override_until=None,
    score=70,
    level=PlayabilityLevel.GOOD,
    weather=None,
    stale=False,
    lightning_until=None,
    cart_policy=CartPolicy.NORMAL,
    holes_open=tuple(range(1, 19)),
    temporary_greens=(),
    note="",
)


async def told(server):
    """Give the figures that a scrape has, by name and labels in the order of their names."""
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"{server.url}/metrics")).text
    families = text_string_to_metric_families(text)
    return {
        (s.name, *(value for _, value in sorted(s.labels.items()))): s.value
        for family in families
        for s in family.samples
    }


async def commit(server, *facts, fail=False):
    async with server.runtime.work.change(TENANT_ID) as change:
        record(change.session, *facts, now=MORNING)
        if fail:
            raise ZeroDivisionError


async def test_what_is_committed_about_courses_is_counted(server):
    before = await told(server)
    changes = ("course_status_transitions_total", "OPEN", "AUTO_WEATHER", "CLOSED")
    durations = [(f"course_status_duration_seconds_{part}", COURSE, "OPEN") for part in ("count", "sum")]
    score = ("course_playability_score", COURSE)

    await commit(server, CLOSED, CONDITIONS)
    now = await told(server)
    assert now[changes] - before.get(changes, 0) == 1
    assert [now[name] for name in durations] == [1, 1200]
    assert now[score] == 70

    await commit(server, replace(CLOSED, previous_status=CourseStatus.CLOSED, source=StatusSource.MANUAL))
    await commit(server, replace(CLOSED, previous_since=None))  # as the log has it from before it was told
    await commit(server, replace(CONDITIONS, score=None, level=None, stale=True))
    now = await told(server)
    assert now[changes] - before.get(changes, 0) == 2
    assert ("course_status_transitions_total", "CLOSED", "MANUAL", "CLOSED") not in now
    assert [now[name] for name in durations] == [1, 1200]
    assert isnan(now[score])


async def test_what_is_rolled_back_is_not_counted(server):
    before = await told(server)
    try:
        await commit(server, CLOSED, fail=True)
    except ZeroDivisionError:
        after = await told(server)
    counted = {name: value for name, value in after.items() if name[0].startswith("course_status")}
    assert counted == {name: value for name, value in before.items() if name[0].startswith("course_status")}
