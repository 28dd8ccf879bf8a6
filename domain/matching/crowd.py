"""Many golfers scored at once, as arrays: as `score.py` counts, and a test compares the two, and both with PostgreSQL.

What all golfers have in common for a tee time, how soon it is and how many places are open, is no array.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.matching.facts import INDUSTRIES
from domain.matching.places import Point
from domain.matching.score import (
    ANY_SKILL,
    BY_OPEN_PLACES,
    CONNECTED,
    FAR,
    LEVELS,
    NEAR,
    RELATIONS,
    SAME_CITY,
    SAME_CITY_WITHIN,
    Match,
    Relations,
    Seeker,
    industry_points,
    skill_points,
    time_points,
)
from models.matching.values import Industry, SkillLevel

Numbers = NDArray[Any]
UNKNOWN = len(LEVELS)
"""The number of a level that nobody knows."""
NO_CITY = -1
BOUNDS = np.array([within for within, _ in NEAR])
BY_BOUND = np.array([*(points for _, points in NEAR), FAR])
COLUMNS: Mapping[str, tuple[type, Any]] = {
    "industry": (np.int8, 0),
    "level": (np.int8, UNKNOWN),
    "city": (np.int64, NO_CITY),
    **dict.fromkeys("xyz", (np.float64, np.nan)),
}
FIRST_ROOM = 64


@dataclass(frozen=True, kw_only=True)
class Scored:
    """What a tee time's score depends on, and is not the golfers'."""

    named: frozenset[Industry]
    host_industry: Industry
    city_key: str | None
    place: Point | None
    skill_level: SkillLevel | None
    starts_at: datetime
    open_places: int
    host_points: int


@dataclass(frozen=True)
class Matches:
    """The scores of many golfers: four factors as arrays, two that are the same for all."""

    industry: Numbers
    proximity: Numbers
    skill: Numbers
    social: Numbers
    time: int
    availability: int

    def code(self) -> Numbers:
        """Give one number for each, equal where all factors are."""
        return ((self.industry * 32 + self.proximity) * 16 + self.skill) * 8 + self.social

    def of(self, row: int) -> Match:
        """Give one of them."""
        industry, proximity, skill, social = (
            int(column[row]) for column in (self.industry, self.proximity, self.skill, self.social)
        )
        return Match(industry, proximity, skill, self.time, self.availability, social)


@dataclass
class Crowd:
    """Golfers, a row each."""

    columns: dict[str, Numbers] = field(default_factory=dict)
    cities: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make room for the first ones."""
        self.columns = {name: np.full(FIRST_ROOM, fill, kind) for name, (kind, fill) in self.kinds().items()}

    def kinds(self) -> Mapping[str, tuple[type, Any]]:
        """Say what is kept of each golfer: the array's type, and what stands where nothing is known."""
        return COLUMNS

    def make_room(self, row: int) -> None:
        """Have room for a row."""
        while row >= len(self.columns["industry"]):
            for name, (kind, fill) in self.kinds().items():
                old = self.columns[name]
                self.columns[name] = np.concatenate([old, np.full(len(old), fill, kind)])

    def put(self, row: int, seeker: Seeker) -> None:
        """Note what a golfer's score depends on."""
        self.make_room(row)
        place = seeker.place or (np.nan, np.nan, np.nan)
        level = UNKNOWN if seeker.skill_level is None else LEVELS.index(seeker.skill_level)
        city = NO_CITY if seeker.city_key is None else self.cities.setdefault(seeker.city_key, len(self.cities))
        values = (INDUSTRIES.index(seeker.industry), level, city, *place)
        for name, value in zip(COLUMNS, values, strict=True):
            self.columns[name][row] = value

    def match(
        self,
        rows: Numbers,
        offered: Scored,
        connected: Numbers,
        *,
        now: datetime,
        relations: Relations = RELATIONS,
    ) -> Matches:
        """Score golfers for a tee time. `connected` says of each whether they and the host are acquainted."""
        own = {name: column[rows] for name, column in self.columns.items() if name in COLUMNS}
        return Matches(
            industry=industries(offered.named, offered.host_industry, relations)[own["industry"]],
            proximity=self._proximity(own, offered),
            skill=np.array([*(skill_points(one, offered.skill_level) for one in LEVELS), ANY_SKILL])[own["level"]],
            social=np.where(connected, CONNECTED, offered.host_points),
            time=time_points(offered.starts_at - now),
            availability=BY_OPEN_PLACES[min(offered.open_places, 3)],
        )

    def _proximity(self, own: Mapping[str, Numbers], offered: Scored) -> Numbers:
        place = offered.place or (np.nan, np.nan, np.nan)
        apart = chords(own, place)
        points = BY_BOUND[np.searchsorted(BOUNDS, apart)]  # what is unknown comes last, as what is far
        city = self.cities.get(offered.city_key) if offered.city_key is not None else None
        if city is None:
            return points
        is_same = (own["city"] == city) & (np.isnan(apart) | (apart <= SAME_CITY_WITHIN))
        return np.where(is_same, SAME_CITY, points)


def industries(named: frozenset[Industry], host: Industry, relations: Relations = RELATIONS) -> Numbers:
    """Give the points of each line of work with a tee time, in their order."""
    return np.array([industry_points(own, named, host, relations) for own in INDUSTRIES])


def chords(own: Mapping[str, Numbers], place: tuple[float, float, float]) -> Numbers:
    """Give the squared chords from many points to one; NaN where either is unknown."""
    x, y, z = place
    apart: Numbers = (own["x"] - x) ** 2 + (own["y"] - y) ** 2 + (own["z"] - z) ** 2
    return apart
