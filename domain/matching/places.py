"""Places as points of the unit sphere, and distances as squared chords: no trigonometry where many are compared."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from kit.errors import InvalidInput
from kit.text import check_range

EARTH_KM = 6_371.0088
"""The mean radius of the earth (IUGG)."""
HALF_A_METRE_KM = 0.0005
"""Distances are rounded to the metre, so a bound holds half a metre beyond itself."""


class Point(NamedTuple):
    """A point of the unit sphere."""

    x: float
    y: float
    z: float


def point_of(latitude: float, longitude: float) -> Point:
    """Give the point at a latitude and a longitude, in degrees."""
    up, round_ = radians(latitude), radians(longitude)
    return Point(cos(up) * cos(round_), cos(up) * sin(round_), sin(up))


def chord2(one: Point, other: Point) -> float:
    """Give the square of the straight distance between two points, in radii."""
    return (one.x - other.x) ** 2 + (one.y - other.y) ** 2 + (one.z - other.z) ** 2


def chord2_of_km(km: float) -> float:
    """Give the squared chord of a great circle's arc of so many kilometres, rounded up by half a metre."""
    return float((2 * sin((km + HALF_A_METRE_KM) / EARTH_KM / 2)) ** 2)


def km_between(one: Point, other: Point) -> float:
    """Give the great circle's distance of two points, in kilometres, rounded to the metre."""
    return round(2 * EARTH_KM * asin(min(1.0, sqrt(chord2(one, other)) / 2)), 3)


def place_of(latitude: float | None, longitude: float | None, *, path: tuple[str, ...] = ("input",)) -> Point | None:
    """Read a place in degrees; none where neither is given. Raises InvalidInput."""
    if latitude is None or longitude is None:
        if latitude is not longitude:
            missing = "latitude" if latitude is None else "longitude"
            raise InvalidInput(message="Give latitude and longitude, or neither.", path=(*path, missing))
        return None
    check_range(latitude, -90, 90, path=(*path, "latitude"))
    check_range(longitude, -180, 180, path=(*path, "longitude"))
    return point_of(latitude, longitude)


def city_key(city: str, country: str) -> str | None:
    """Give that by which two cities are the same: name and country, however they are written; none without both."""
    return f"{country}:{city.casefold()}" if city and country else None
