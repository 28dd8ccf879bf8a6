"""What a weather service is to Fairway: whoever knows the weather now over places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol
from uuid import UUID

from kit.errors import FairwayError
from models.course.values import Weather


class WeatherUnavailable(FairwayError):
    """The weather service gives no weather at the moment."""

    code: ClassVar[str] = "WEATHER_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Place:
    """A course and where it lies."""

    course_id: UUID
    latitude: float
    """Degrees north of the equator; south of it they are negative."""
    longitude: float
    """Degrees east of Greenwich; west of it they are negative."""


class WeatherProvider(Protocol):
    """Knows the weather. What it gives is what was told: whether that is plausible is for others to judge."""

    async def current(self, places: Sequence[Place]) -> Mapping[UUID, Weather]:
        """Give the weather now by course. A place without an answer is missing.

        Raises WeatherUnavailable, with a sentence for the log, when there is no answer for any of them.
        """

    async def close(self) -> None:
        """Let connections go. It is not asked again."""
