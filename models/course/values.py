"""Values of course status that tables, facts, rules, providers and the schema share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from kit.enums import DescribedEnum


class CourseStatus(DescribedEnum):
    """Whether a course can be played."""

    OPEN = "OPEN", "Bookings are taken, and carts drive as usual."
    CONDITIONAL = "CONDITIONAL", "Bookings are taken with a warning; carts may be restricted."
    CLOSED = "CLOSED", "No start that the closure covers can be held or booked, and carts are suspended."


class StatusSource(DescribedEnum):
    """What a change of a course's status comes from."""

    AUTO_WEATHER = "AUTO_WEATHER", "The weather, by the course's thresholds."
    MANUAL = "MANUAL", "Somebody of the staff."
    SCHEDULED = "SCHEDULED", "The end of an override whose time had come."


class StatusCause(DescribedEnum):
    """What a decision about a course's status rests on."""

    SCORE_SEVERE = "SCORE_SEVERE", "The playability score lies below the severe threshold."
    SCORE_WARNING = "SCORE_WARNING", "The playability score lies below the warning threshold."
    SCORE_RECOVERING = "SCORE_RECOVERING", "The score has not yet risen above its threshold by the margin."
    WIND_WARNING = "WIND_WARNING", "The sustained wind has reached the warning threshold."
    WIND_SEVERE = "WIND_SEVERE", "The sustained wind has reached the severe threshold."
    GUST_SEVERE = "GUST_SEVERE", "Gusts have reached the severe threshold."
    RAIN_WARNING = "RAIN_WARNING", "Rain has reached the warning threshold."
    RAIN_SEVERE = "RAIN_SEVERE", "Rain has reached twice the warning threshold in two evaluations running."
    FROST = "FROST", "The temperature is at freezing point or below."
    LIGHTNING = "LIGHTNING", "Lightning struck within 16 km less than 30 minutes ago."
    THUNDERSTORM = "THUNDERSTORM", "A thunderstorm was observed less than 30 minutes ago."
    CLEAR = "CLEAR", "Nothing stands against play."
    OVERRIDE = "OVERRIDE", "The staff have said so."
    OVERRIDE_CLEARED = "OVERRIDE_CLEARED", "The staff have cleared their override."
    OVERRIDE_EXPIRED = "OVERRIDE_EXPIRED", "The staff's override has come to its end."
    NO_WEATHER = "NO_WEATHER", "There is no usable weather, and nothing stays closed because nobody knows."


class PlayabilityLevel(DescribedEnum):
    """How well a course can be played, by its score."""

    EXCELLENT = "EXCELLENT", "A score of 80 or more."
    GOOD = "GOOD", "A score from 60 to 79."
    FAIR = "FAIR", "A score from 40 to 59."
    POOR = "POOR", "A score from 20 to 39."
    UNPLAYABLE = "UNPLAYABLE", "A score below 20."


class CartPolicy(DescribedEnum):
    """Where carts may drive, as the staff have set it."""

    NORMAL = "NORMAL", "As the course's rules say on any day."
    NINETY_DEGREE = "NINETY_DEGREE", "Along the path, and at a right angle to the ball and back."
    PATH_ONLY = "PATH_ONLY", "On the paths only."
    WALKING_ONLY = "WALKING_ONLY", "No carts today: players walk."
    NONE = "NONE", "The course has no carts to give out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """The weather over a course at a moment, in metric units. What was not measured is None."""

    observed_at: datetime
    """When it was so, in UTC."""
    wind_kmh: float | None
    """Sustained wind in km/h."""
    gust_kmh: float | None
    """Gusts in km/h."""
    rain_mm_per_hour: float | None
    """Precipitation in mm per hour."""
    temperature_c: float | None
    """Air temperature in °C."""
    weather_code: int | None = None
    """WMO code of the present weather (table 4677): 95, 96 and 99 are thunderstorms."""
    attribution: str = ""
    """Whom to name where the weather is shown, as its licence asks; empty where nobody has to be."""

    def as_json(self) -> dict[str, Any]:
        """Give what a JSON column keeps."""
        names = ("wind_kmh", "gust_kmh", "rain_mm_per_hour", "temperature_c", "weather_code")
        source = {"attribution": self.attribution} if self.attribution else {}
        return {"observed_at": self.observed_at.isoformat(), **{name: getattr(self, name) for name in names}, **source}

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Self:
        """Read what a JSON column keeps."""
        return cls(**{**kept, "observed_at": datetime.fromisoformat(kept["observed_at"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which weather on a course is warned of, or closed."""

    wind_warning_kmh: float = 40.0
    """Sustained wind in km/h from which on play is conditional."""
    wind_severe_kmh: float = 60.0
    """Sustained wind in km/h from which on the course is closed; gusts as strong make play conditional."""
    precipitation_warning_mm: float = 5.0
    """Rain in mm per hour from which on play is conditional; twice as much, two evaluations running, closes."""
    playability_warning_threshold: int = 50
    """The score below which play is conditional."""
    playability_severe_threshold: int = 20
    """The score below which the course is closed."""
    auto_block_on_severe: bool = False
    """Whether an automatic closing also blocks the free places of the rest of the day."""
