"""Weather that nobody measured: for tests, for the demo, and for those who want none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from kit.clock import Clock, utc_now
from models.course.values import Weather
from providers.weather.provider import Place, WeatherUnavailable


class FixedWeather:
    """The weather as it was set for each course, observed at the moment of asking. It calls nobody."""

    def __init__(self, weather: Mapping[UUID, Weather], *, clock: Clock = utc_now) -> None:
        """Take the weather by course. Courses that it does not name have none."""
        self.weather = dict(weather)
        self.failing = ""
        """Why there is no weather at all, while that is so."""
        self._clock = clock

    async def current(self, places: Sequence[Place]) -> Mapping[UUID, Weather]:
        """Give what was set for those courses that it was set for. Raises WeatherUnavailable while it fails."""
        if self.failing:
            raise WeatherUnavailable(message=self.failing)
        now = self._clock()
        known = (place.course_id for place in places if place.course_id in self.weather)
        return {course_id: replace(self.weather[course_id], observed_at=now) for course_id in known}

    async def close(self) -> None:
        """Nothing was opened."""


class NoWeather:
    """No weather service, where none is wanted or none can be had."""

    async def current(self, places: Sequence[Place]) -> Mapping[UUID, Weather]:  # noqa: ARG002 - the interface's
        """Raises WeatherUnavailable."""
        raise WeatherUnavailable(message="There is no weather service; WEATHER_PROVIDER names one.")

    async def close(self) -> None:
        """Nothing was opened."""
