"""Reading what Open-Meteo answers. Nothing in it is trusted: what is not as agreed counts as not measured."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from models.course.values import Weather

TEMPERATURE, WIND, GUSTS = "temperature_2m", "wind_speed_10m", "wind_gusts_10m"
PRECIPITATION, CODE = "precipitation", "weather_code"
UNITS = {TEMPERATURE: "°C", WIND: "km/h", GUSTS: "km/h", PRECIPITATION: "mm", "interval": "seconds"}
"""The units that were asked for, as the answer names them. The weather code has none."""
SECONDS_AN_HOUR = 3600
ATTRIBUTION = "Weather data by Open-Meteo.com (CC BY 4.0)"
"""What the licence asks to be said where the data are shown."""
REASON_LENGTH = 200
FARTHEST_KM = 60.0
"""How far a place's weather may have been measured from it. An answer names the middle of a cell of its grid, of a
quarter of a degree at the coarsest, and may take a cell beside the place's own, as one on land."""
EARTH_RADIUS_KM = 6371.0

Point = tuple[float, float]
"""Degrees north of the equator, and east of Greenwich."""


class UnusableAnswer(Exception):
    """The answer is not what was asked for."""


def read_answer(body: bytes, *, points: Sequence[Point]) -> list[Weather | None]:
    """Read the weather over these points, in their order; None where nothing is known.

    Whose weather it is, an entry says by its coordinates: its place in the list counts for nothing. Raises
    UnusableAnswer, as for an answer that broke off: the service begins it before it knows how it ends.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise UnusableAnswer("its answer is not JSON") from None
    entries = answer if isinstance(answer, list) else [answer]  # it puts one place alone into no list
    if len(entries) != len(points):
        raise UnusableAnswer(f"it answered for {len(entries)} places, and was asked for {len(points)}")
    placed = [(entry, point) for entry in entries if isinstance(entry, dict) and (point := _point(entry))]
    owners = _match(points, [point for _, point in placed])
    weather: list[Weather | None] = [None] * len(points)
    for (entry, _), owner in zip(placed, owners, strict=True):
        weather[owner] = _weather(entry)
    return weather


def _match(asked: Sequence[Point], said: Sequence[Point]) -> list[int]:
    """Tell for each point that was said which one that was asked for it belongs to: the nearest first, each once."""
    pairs = ((_km(a, s), abs(i - j), i, j) for i, a in enumerate(asked) for j, s in enumerate(said))
    owners: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(pair for pair in pairs if pair[0] <= FARTHEST_KM):
        if i not in taken and j not in owners:
            owners[j] = i
            taken.add(i)
    if len(owners) < len(said):
        raise UnusableAnswer("it answered for a place that it was not asked for")
    return [owners[j] for j in range(len(said))]


def _point(entry: dict[str, Any]) -> Point | None:
    latitude, longitude = _number(entry.get("latitude")), _number(entry.get("longitude"))
    return None if latitude is None or longitude is None else (latitude, longitude)


def _km(one: Point, other: Point) -> float:
    """Measure the way between two points along a great circle, by the haversine formula."""
    north, west, south, east = map(math.radians, (*one, *other))
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin((west - east) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(half, 1.0)))


def reason_of(body: bytes) -> str:
    """Read why a request was refused, for the log; empty where that isn't said."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    reason = answer.get("reason") if isinstance(answer, dict) else None
    return " ".join(reason.split())[:REASON_LENGTH] if isinstance(reason, str) else ""


def _weather(entry: dict[str, Any]) -> Weather | None:
    current, units = entry.get("current"), entry.get("current_units")
    if not isinstance(current, dict) or not isinstance(units, dict):
        return None
    observed_at = _moment(current.get("time"), offset=entry.get("utc_offset_seconds", 0))
    if observed_at is None:
        return None

    def measured(name: str) -> float | None:
        return _number(current.get(name)) if units.get(name) == UNITS[name] else None

    code = _number(current.get(CODE))
    weather = Weather(
        observed_at=observed_at,
        wind_kmh=measured(WIND),
        gust_kmh=measured(GUSTS),
        rain_mm_per_hour=_by_hour(measured(PRECIPITATION), seconds=measured("interval")),
        temperature_c=measured(TEMPERATURE),
        weather_code=int(code) if code is not None and code.is_integer() else None,
    )
    values = weather.as_json()
    del values["observed_at"]
    measures_something = any(value is not None for value in values.values())
    return replace(weather, attribution=ATTRIBUTION) if measures_something else None


def _by_hour(millimetres: float | None, *, seconds: float | None) -> float | None:
    """Turn what fell within an interval into mm per hour."""
    if millimetres is None or seconds is None or seconds <= 0:
        return None
    return millimetres * SECONDS_AN_HOUR / seconds


def _number(value: object) -> float | None:
    """Take a finite number. A number in quotation marks is none, nor is true."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _moment(value: object, *, offset: object) -> datetime | None:
    """Take a moment in UTC, which is what was asked for and goes without saying."""
    if not isinstance(value, str) or offset != 0:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
