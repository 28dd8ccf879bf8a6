"""The playability score: 100 less what wind, rain, temperature and lightning take off, at least 0.

What a factor takes off is linear between the points below, and flat outside of them. The sum is taken exactly (to a
millionth, since floats can't hold every decimal) and rounded to a whole number once, at the end, halves upwards: 65.5
is 66. Everything is compared with the rounded score.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import floor

from models.course.values import PlayabilityLevel, Thresholds, Weather

Points = Sequence[tuple[float, float]]
"""Measured values, ascending, and what each of them takes off the score."""

TEMPERATURE: Points = ((-5, 20), (2, 12), (10, 0), (30, 0), (35, 10), (40, 20))
"""Temperature in °C."""
STRIKE = 50
"""What a strike within 16 km in the last 30 minutes takes off."""
THUNDERSTORM = 25
"""What a thunderstorm in the weather takes off where no strike is known."""
THUNDERSTORM_CODES = frozenset({95, 96, 99})
"""The WMO codes of present weather that tell of a thunderstorm."""
LEVELS = (
    (80, PlayabilityLevel.EXCELLENT),
    (60, PlayabilityLevel.GOOD),
    (40, PlayabilityLevel.FAIR),
    (20, PlayabilityLevel.POOR),
)
"""From which score on a level holds."""


def wind_points(thresholds: Thresholds) -> Points:
    """Give the points of wind in km/h, sustained or in gusts."""
    return (20, 0), (thresholds.wind_warning_kmh, 15), (thresholds.wind_severe_kmh, 30)


def rain_points(thresholds: Thresholds) -> Points:
    """Give the points of rain in mm per hour."""
    return (0, 0), (thresholds.precipitation_warning_mm, 20), (2 * thresholds.precipitation_warning_mm, 40)


def penalty(value: float | None, points: Points) -> float:
    """Give what a measured value takes off: nothing where it was not measured."""
    if value is None:
        return 0
    if value <= points[0][0]:
        return points[0][1]
    for (start, least), (end, most) in pairwise(points):
        if value <= end:
            return least + (value - start) * (most - least) / (end - start)
    return points[-1][1]


def wind_of(weather: Weather) -> float | None:
    """Give the wind that the score counts, in km/h: sustained or in gusts, whichever is more."""
    return max((wind for wind in (weather.wind_kmh, weather.gust_kmh) if wind is not None), default=None)


def has_thunderstorm(weather: Weather) -> bool:
    """Tell whether a thunderstorm was observed."""
    return weather.weather_code in THUNDERSTORM_CODES


def score_of(weather: Weather, *, strike: bool, thresholds: Thresholds) -> int:
    """Give the playability score, 0 to 100, of usable weather.

    `strike` tells whether lightning struck within 16 km in the last 30 minutes.
    """
    lightning = STRIKE if strike else THUNDERSTORM if has_thunderstorm(weather) else 0
    off = (
        penalty(wind_of(weather), wind_points(thresholds))
        + penalty(weather.rain_mm_per_hour, rain_points(thresholds))
        + penalty(weather.temperature_c, TEMPERATURE)
        + lightning
    )
    return max(0, floor(round(100 - off, 6) + 0.5))


def level_of(score: int) -> PlayabilityLevel:
    """Give the level that a score stands for. Lower bounds are inclusive."""
    return next((level for least, level in LEVELS if score >= least), PlayabilityLevel.UNPLAYABLE)
