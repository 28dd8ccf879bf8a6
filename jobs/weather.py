"""The weather over all courses: looked at once in an interval, by one worker of all that share a database."""

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog
from sqlalchemy import text

from demo.weather import DEMO_WEATHER
from domain.journeys.course_status import CourseToCheck, courses_to_check, evaluate
from events import figures
from events.work import Change
from jobs.intervals import run_when_due
from kit.clock import Clock
from kit.database import is_unreachable
from kit.faults import named
from kit.ids import public_id
from kit.settings import Settings
from models.course.values import Weather
from providers.weather.fixed import FixedWeather, NoWeather
from providers.weather.open_meteo import OpenMeteo
from providers.weather.provider import Place, WeatherProvider, WeatherUnavailable
from realtime.runtime import Runtime

CHECK_WEATHER = "check_weather"
RETRY = 5.0
"""Seconds after which it is tried again when the database was away."""
SCORES = text("SELECT course_id, score FROM course_conditions")

log = structlog.get_logger(__name__)


def weather_provider(settings: Settings, clock: Clock) -> WeatherProvider:
    """Make the weather service that the settings name; none where that fails, as by a proxy that makes no sense."""
    match settings.weather_provider:
        case "open-meteo":
            try:
                return OpenMeteo(settings.open_meteo_url, api_key=settings.open_meteo_api_key, clock=clock)
            except Exception:  # the worker has other work to do
                log.exception("Open-Meteo can't be asked; there is no weather until the program is started anew")
                return NoWeather()
        case "demo":
            return FixedWeather(DEMO_WEATHER, clock=clock)
        case "none":
            return NoWeather()


async def watch_weather(runtime: Runtime) -> None:
    """Look at the weather whenever that is due, until cancelled. A database that goes away is waited for."""
    provider = weather_provider(runtime.settings, runtime.clock)
    watch = WeatherWatch(runtime, provider)
    try:
        while True:
            wait = await watch.look()
            await asyncio.sleep(wait)
    finally:
        await provider.close()


class WeatherWatch:
    """One worker's looks at the weather. It logs that there is none when that begins, and not at every look."""

    def __init__(self, runtime: Runtime, provider: WeatherProvider) -> None:
        self._runtime = runtime
        self._provider = provider
        self._failing = False

    async def look(self) -> float:
        """Check the weather if that is due, and tell all scores. Gives the seconds until it is time to look again."""
        interval, wait = self._runtime.settings.weather_check_interval, RETRY
        try:
            wait = await run_when_due(self._runtime, name=CHECK_WEATHER, interval=interval, run=self._check)
            await tell_scores(self._runtime)
        except Exception as error:
            if not is_unreachable(error):
                log.exception("the weather could not be looked after; trying again")
        return wait

    async def _check(self) -> None:
        failure = await check_weather(self._runtime, self._provider)
        if failure and not self._failing:
            log.warning("there is no weather; the courses keep their status until there is", reason=failure)
        elif self._failing and not failure:
            log.info("there is weather again")
        self._failing = bool(failure)


async def check_weather(runtime: Runtime, provider: WeatherProvider) -> str:
    """Ask for the weather over all courses of all tenants, and decide about each in a short transaction of its own.

    Without weather each is decided about too, so that it is shown to be without. Gives the reason why there is none.
    """
    async with runtime.database.across_tenants() as session:
        courses = await courses_to_check(session)
    if not courses:
        return ""
    with figures.latency.time():
        weather, failure = await _ask(provider, courses)
        for course in courses:
            await _decide(runtime, course, weather.get(course.course_id))
    return failure


async def tell_scores(runtime: Runtime) -> None:
    """Tell the scores of all courses, also of those that another process has decided about."""
    async with runtime.database.across_tenants() as session:
        for course_id, points in await session.execute(SCORES):
            figures.tell_score(public_id("course", course_id), points)


async def _ask(provider: WeatherProvider, courses: Sequence[CourseToCheck]) -> tuple[Mapping[UUID, Weather], str]:
    try:
        return await provider.current([Place(c.course_id, c.latitude, c.longitude) for c in courses]), ""
    except WeatherUnavailable as error:
        return {}, error.message
    except Exception as error:  # a fault in a provider must not keep the courses from being shown to be without weather
        log.exception("the weather service's answer could not be read")
        return {}, named(error)


async def _decide(runtime: Runtime, course: CourseToCheck, weather: Weather | None) -> None:
    """Decide about a course. One that fails must not keep the others; a database that is away keeps them all."""

    async def work(change: Change) -> None:
        await evaluate(
            change.session,
            course_id=course.course_id,
            weather=weather,
            margin=runtime.settings.course_status_hysteresis,
            alert_cooldown=runtime.settings.weather_alert_cooldown,
            now=runtime.clock(),
        )

    try:
        await runtime.work.run(course.tenant_id, work)
    except Exception as error:
        if is_unreachable(error):
            raise
        log.exception("the weather on a course could not be decided about", course_id=str(course.course_id))
