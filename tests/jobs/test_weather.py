"""The weather over all courses: asked for once, decided about course by course."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
import pytest_asyncio
from sqlalchemy import select, text
from structlog.testing import capture_logs

from demo.clubs import EIGHTEEN_ID, SECOND_COURSE_ID
from events import figures
from jobs.weather import WeatherWatch, check_weather, watch_weather, weather_provider
from kit.ids import new_id
from models.clubs.tables import Course
from models.course.tables import CourseConditions
from models.course.values import CourseStatus, Weather
from providers.weather.fixed import FixedWeather, NoWeather
from providers.weather.open_meteo import OpenMeteo
from providers.weather.provider import Place
from tests.api.test_course_figures import told
from tests.harness import MORNING, found_world, settings_for
from tests.patience import PATIENCE
from tests.providers.forecast_server import forecast_server

FINE = Weather(
    observed_at=MORNING, wind_kmh=10.0, gust_kmh=15.0, rain_mm_per_hour=0.0, temperature_c=20.0, weather_code=0
)
STORM = replace(FINE, wind_kmh=75.0, gust_kmh=90.0)
FOREVER_AGO = text("UPDATE last_runs SET began_at = '2000-01-01+00'")


class Counted(FixedWeather):
    """Weather that knows for whom it was asked."""

    asked: list[list[Place]]

    async def current(self, places):
        self.asked.append(list(places))
        return await super().current(places)


@pytest_asyncio.fixture
async def two(server):
    """Two clubs of two tenants, each with a course somewhere, of which no worker has looked at the weather."""
    worlds = [await found_world(server), await found_world(server)]
    for north, world in enumerate(worlds, 40):
        given = {"courseId": world.course, "latitude": north, "longitude": -3.5}
        payload = await server.mutate("updateCourse", "course { id }", who=world.admin, **given)
        assert payload["problems"] == []
    async with server.runtime.database.across_tenants() as session:
        await session.execute(FOREVER_AGO)
        await session.commit()
    return worlds


@pytest.fixture
def provider(two, clock):
    fine, stormy = two
    counted = Counted({fine.course_id: FINE, stormy.course_id: STORM}, clock=clock)
    counted.asked = []
    return counted


async def seen(world):
    """Give a course's status, its score, and whether it is shown to be without weather."""
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        status = await session.scalar(select(Course.status).where(Course.id == world.course_id))
        wanted = select(CourseConditions).where(CourseConditions.course_id == world.course_id)
        conditions = await session.scalar(wanted)
    return (status, conditions.score, conditions.is_stale) if conditions else (status, None, None)


async def test_all_courses_of_all_tenants_are_asked_for_at_once_and_each_is_decided_about(server, two, provider):
    before, (fine, stormy) = await told(server), two
    assert await check_weather(server.runtime, provider) == ""
    [asked] = provider.asked
    assert {Place(fine.course_id, 40.0, -3.5), Place(stormy.course_id, 41.0, -3.5)} <= set(asked)
    assert await seen(fine) == (CourseStatus.OPEN, 100, False)
    assert await seen(stormy) == (CourseStatus.CLOSED, 70, False)

    after = await told(server)
    changes = ("course_status_transitions_total", "OPEN", "AUTO_WEATHER", "CLOSED")
    assert after[changes] - before.get(changes, 0) == 1
    assert after["course_playability_score", fine.course] == 100
    assert after["course_playability_score", stormy.course] == 70
    assert after["course_status_duration_seconds_count", stormy.course, "OPEN"] == 1
    assert after["weather_evaluation_latency_count",] - before["weather_evaluation_latency_count",] == 1


async def test_without_weather_every_course_keeps_its_status_and_is_shown_to_be_without(server, two, provider, clock):
    await check_weather(server.runtime, provider)
    clock.advance(minutes=31)
    provider.failing = "It can't be reached."
    assert await check_weather(server.runtime, provider) == "It can't be reached."
    assert [(await seen(world))[::2] for world in two] == [(CourseStatus.OPEN, True), (CourseStatus.CLOSED, True)]
    clock.advance(minutes=15)
    provider.failing = ""
    assert await check_weather(server.runtime, provider) == ""
    assert [(await seen(world))[2] for world in two] == [False, False]


async def test_a_course_that_fails_does_not_keep_the_others(server, two, provider):
    for broken, well in (two, reversed(two)):
        provider.weather = {broken.course_id: replace(FINE, wind_kmh="fast"), well.course_id: FINE}
        with capture_logs() as logs:
            await check_weather(server.runtime, provider)
        assert (await seen(well))[1:] == (100, False)
        assert [line["course_id"] for line in logs if line["log_level"] == "error"] == [str(broken.course_id)]


async def test_a_fault_in_a_provider_is_logged_and_counts_as_no_weather(server, two, provider):
    provider.weather = None
    with capture_logs() as logs:
        assert "TypeError" in await check_weather(server.runtime, provider)
    assert [line["log_level"] for line in logs] == ["error"]
    assert [(await seen(world))[2] for world in two] == [True, True]


async def test_of_many_workers_one_looks_once_an_interval(server, two, provider, clock):
    watches = [WeatherWatch(server.runtime, provider) for _ in range(3)]
    for looks in (1, 2):
        await asyncio.gather(*(watch.look() for watch in watches))
        await asyncio.gather(*(watch.look() for watch in watches))
        assert len(provider.asked) == looks
        clock.advance(minutes=15)
    clock.advance(hours=9)
    await WeatherWatch(server.runtime, provider).look()
    assert len(provider.asked) == 3


async def test_a_worker_tells_the_scores_that_another_came_to_as_well(server, two, provider):
    await WeatherWatch(server.runtime, provider).look()
    wanted = {world.course: points for world, points in zip(two, (100, 70), strict=True)}
    for course in wanted:
        figures.tell_score(course, 1)  # as what this process knew from before
    await WeatherWatch(server.runtime, provider).look()
    assert len(provider.asked) == 1
    now = await told(server)
    assert {course: now["course_playability_score", course] for course in wanted} == wanted


async def test_an_outage_is_told_of_once_and_so_is_its_end(server, two, provider, clock):
    watch = WeatherWatch(server.runtime, provider)
    with capture_logs() as logs:
        for failing in ("", "It rains into the server.", "It still does.", "", ""):
            provider.failing = failing
            await watch.look()
            clock.advance(minutes=15)
    said_so = [(line["log_level"], line.get("reason")) for line in logs]
    assert said_so == [("warning", "It rains into the server."), ("info", None)]


async def test_the_worker_asks_the_service_that_is_set_and_closes_by_what_it_says(server, two):
    async with forecast_server() as service:
        service.current = {"wind_speed_10m": 75, "temperature_2m": 20}
        settings = settings_for(server.runtime.settings, weather_provider="open-meteo", open_meteo_url=service.url)
        working = asyncio.create_task(watch_weather(replace(server.runtime, settings=settings)))
        async with asyncio.timeout(PATIENCE):
            while {(await seen(world))[0] for world in two} != {CourseStatus.CLOSED}:  # noqa: ASYNC110 - rows raise no event
                await asyncio.sleep(0.01)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
    assert len(service.asked) == 1


async def test_the_setting_says_whose_weather_it_is(settings, clock):
    kinds = {"open-meteo": OpenMeteo, "demo": FixedWeather, "none": NoWeather}
    for name, kind in kinds.items():
        provider = weather_provider(settings_for(settings, weather_provider=name), clock)
        assert type(provider) is kind
        await provider.close()


async def test_a_service_that_can_not_be_set_up_leaves_the_worker_its_other_work(settings, clock, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "nonsense://proxy")
    with capture_logs() as logs:
        assert type(weather_provider(settings_for(settings, weather_provider="open-meteo"), clock)) is NoWeather
    assert [line["log_level"] for line in logs] == ["error"]


async def test_the_demos_weather_is_for_its_courses_alone(settings, clock):
    made_up = weather_provider(settings_for(settings, weather_provider="demo"), clock)
    clock.advance(hours=1)
    weather = await made_up.current([Place(one, 0.0, 0.0) for one in (EIGHTEEN_ID, SECOND_COURSE_ID, new_id())])
    assert set(weather) == {EIGHTEEN_ID, SECOND_COURSE_ID}
    assert {one.observed_at for one in weather.values()} == {clock()}
