"""Which weather a decision may rest on."""

from datetime import datetime, timedelta
from math import isfinite

from models.course.values import Weather

HOLDS_FOR = timedelta(minutes=30)
"""How long an observation can be used."""
CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""How far in the future an observation or a strike may lie: the clocks of others are not ours."""

NEEDED = ("wind_kmh", "rain_mm_per_hour", "temperature_c")
"""What must be measured. A missing gust is no gust."""
PLAUSIBLE = {
    "wind_kmh": ("wind", "km/h", 0, 250),
    "gust_kmh": ("gusts", "km/h", 0, 250),
    "rain_mm_per_hour": ("rain", "mm/h", 0, 300),
    "temperature_c": ("temperature", "°C", -60, 60),
}
"""What is measured by each field of Weather, its unit, and the least and the most that is believed."""


def is_usable(weather: Weather | None, *, now: datetime) -> bool:
    """Tell whether a decision may rest on the weather: it is there, whole, plausible, and of the last 30 minutes."""
    return fault_of(weather, now=now) is None


def fault_of(weather: Weather | None, *, now: datetime) -> str | None:
    """Say why no decision may rest on the weather, in a few words; None if one may."""
    if weather is None:
        return "no weather"
    if weather.observed_at < now - HOLDS_FOR:
        return "older than 30 minutes"
    if weather.observed_at > now + CLOCKS_DIFFER_BY:
        return "from the future"
    return next((fault for name in PLAUSIBLE if (fault := _fault_of_value(weather, name))), None)


def _fault_of_value(weather: Weather, name: str) -> str | None:
    value: float | None = getattr(weather, name)
    what, unit, least, most = PLAUSIBLE[name]
    if value is None:
        return f"{what} not measured" if name in NEEDED else None
    if isfinite(value) and least <= value <= most:
        return None
    return f"{what} of {value:.0f} {unit} is not plausible"
