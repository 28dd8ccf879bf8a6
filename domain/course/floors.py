"""Floors: single dangers below which no score lifts a course, since a sum of penalties would hide them.

A floor of wind, rain or frost holds from the evaluation that reaches its bound (severe rain: the second one running)
until two evaluations running are clear of it: below 90 % of the bound, or above 1 °C. Lightning is not among them: it
has a clock instead of a bound, and lies on top of everything (`rules.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.course.values import CourseStatus, StatusCause, Thresholds, Weather

RELEASE = 0.9
"""Below which share of its bound an evaluation is clear of a floor."""
FREEZING_C = 0
THAWED_C = 1
CLEAR_RUNS = 2
"""How many evaluations running have to be clear until a floor is released."""
SEVERE_RAIN_RUNS = 2
"""How many evaluations running rain has to be severe until it closes the course."""

Test = Callable[[Weather, Thresholds], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A danger that alone makes a course at least conditional, or closes it."""

    cause: StatusCause
    least: CourseStatus
    """The best status that it allows."""
    reached: Test
    cleared: Test


def _floor(
    cause: StatusCause,
    least: CourseStatus,
    reading: Callable[[Weather], float | None],
    bound: Callable[[Thresholds], float],
) -> Floor:
    """Make a floor that is reached from a bound on. What was not measured is 0: only gusts may be missing."""
    return Floor(
        cause=cause,
        least=least,
        reached=lambda weather, thresholds: (reading(weather) or 0) >= bound(thresholds),
        cleared=lambda weather, thresholds: (reading(weather) or 0) < RELEASE * bound(thresholds),
    )


FLOORS = (
    _floor(StatusCause.WIND_WARNING, CourseStatus.CONDITIONAL, lambda w: w.wind_kmh, lambda t: t.wind_warning_kmh),
    _floor(StatusCause.WIND_SEVERE, CourseStatus.CLOSED, lambda w: w.wind_kmh, lambda t: t.wind_severe_kmh),
    _floor(StatusCause.GUST_SEVERE, CourseStatus.CONDITIONAL, lambda w: w.gust_kmh, lambda t: t.wind_severe_kmh),
    _floor(
        StatusCause.RAIN_WARNING,
        CourseStatus.CONDITIONAL,
        lambda w: w.rain_mm_per_hour,
        lambda t: t.precipitation_warning_mm,
    ),
    _floor(
        StatusCause.RAIN_SEVERE,
        CourseStatus.CLOSED,
        lambda w: w.rain_mm_per_hour,
        lambda t: 2 * t.precipitation_warning_mm,
    ),
    Floor(
        cause=StatusCause.FROST,
        least=CourseStatus.CONDITIONAL,
        reached=lambda weather, _: weather.temperature_c is not None and weather.temperature_c <= FREEZING_C,
        cleared=lambda weather, _: weather.temperature_c is not None and weather.temperature_c > THAWED_C,
    ),
)
"""All floors, in the order of their causes."""
SEVERE_RAIN = next(floor for floor in FLOORS if floor.cause is StatusCause.RAIN_SEVERE)


def count_rain(runs: int, weather: Weather, thresholds: Thresholds) -> int:
    """Count a new observation: how many running have had severe rain, up to as many as matter."""
    return min(runs + 1, SEVERE_RAIN_RUNS) if SEVERE_RAIN.reached(weather, thresholds) else 0


def held_floors(
    held: Mapping[StatusCause, int], weather: Weather, thresholds: Thresholds, *, rain_runs: int, is_new: bool
) -> dict[StatusCause, int]:
    """Give the floors that hold now, each with how many evaluations running have been clear of it.

    `held` are those of the evaluation before. An observation that is not new reaches bounds, which may have changed,
    but does not count as a further clear one.
    """
    now_held = {}
    for floor in FLOORS:
        if floor.reached(weather, thresholds) and (floor is not SEVERE_RAIN or rain_runs >= SEVERE_RAIN_RUNS):
            now_held[floor.cause] = 0
        elif floor.cause in held:
            clear = held[floor.cause]
            if is_new:
                clear = clear + 1 if floor.cleared(weather, thresholds) else 0
            if clear < CLEAR_RUNS:
                now_held[floor.cause] = clear
    return now_held


def causes_for(status: CourseStatus, held: Mapping[StatusCause, int]) -> list[StatusCause]:
    """Give the floors held that ask for exactly this status."""
    return [floor.cause for floor in FLOORS if floor.cause in held and floor.least is status]
