"""How well a golfer and a hosted tee time go together: 0 to 100, the sum of six factors. Nothing here asks anybody."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from domain.matching.places import Point, chord2, chord2_of_km
from models.matching.values import Industry, SkillLevel

SAME_INDUSTRY = 30
HIGH, MEDIUM, LOW = 25, 20, 15
OPEN_TO_ALL = 10
SAME_CITY = 25
NEAR = tuple((chord2_of_km(km), points) for km, points in ((25, 20), (50, 15), (100, 10), (250, 5)))
"""Up to which squared chord a distance has how many points."""
FAR = 2
SAME_CITY_WITHIN = chord2_of_km(100)
"""Two cities of one name that are further apart are two."""
SKILL_BY_DISTANCE = (15, 10, 3)
ANY_SKILL = 12
SOON = ((48, 15), (7 * 24, 12), (14 * 24, 8), (30 * 24, 4))
"""Up to how many hours ahead a start has how many points."""
BY_OPEN_PLACES = (0, 4, 7, 10)
CONNECTED, WELL_RATED, NEW_HOST = 5, 3, 2
ENOUGH_RATINGS = 3
WELL_RATED_FROM = 4.5
FEW_ROUNDS = 3
LEVELS = tuple(SkillLevel)

Relations = Mapping[frozenset[Industry], int]
"""Points of two lines of work that are related."""

RELATIONS: Relations = MappingProxyType(
    {
        frozenset({Industry.FINANCE, Industry.PRIVATE_CAPITAL}): HIGH,
        frozenset({Industry.FINANCE, Industry.CONSULTING}): MEDIUM,
        frozenset({Industry.TECH, Industry.CONSULTING}): MEDIUM,
        frozenset({Industry.PRIVATE_CAPITAL, Industry.REAL_ESTATE}): MEDIUM,
        frozenset({Industry.LEGAL, Industry.FINANCE}): MEDIUM,
        frozenset({Industry.LEGAL, Industry.REAL_ESTATE}): MEDIUM,
        frozenset({Industry.HEALTHCARE, Industry.EDUCATION}): LOW,
        frozenset({Industry.MEDIA_ENTERTAINMENT, Industry.TECH}): LOW,
    }
)
"""Which lines of work are related, unless somebody says otherwise."""


@dataclass(frozen=True, kw_only=True)
class Seeker:
    """What a golfer's score depends on."""

    industry: Industry
    city_key: str | None
    place: Point | None
    skill_level: SkillLevel | None


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What a hosted tee time's score depends on."""

    industries: frozenset[Industry]
    """None of them: it is open to all."""
    host_industry: Industry
    city_key: str | None
    place: Point | None
    skill_level: SkillLevel | None
    """None: any."""
    starts_at: datetime
    open_places: int
    host_ratings: int
    host_stars: int
    host_rounds: int


@dataclass(frozen=True)
class Match:
    """A score, factor by factor."""

    industry: int
    proximity: int
    skill: int
    time: int
    availability: int
    social: int

    @property
    def score(self) -> int:
        """The sum."""
        return sum(astuple(self))


def match_of(
    seeker: Seeker, offered: Offered, *, connected: bool, now: datetime, relations: Relations = RELATIONS
) -> Match:
    """Score a golfer and a tee time. `connected`: the host and the golfer, directly or by one whom both know."""
    return Match(
        industry=industry_points(seeker.industry, offered.industries, offered.host_industry, relations),
        proximity=proximity_points(
            seeker.place, offered.place, same_city=seeker.city_key is not None and seeker.city_key == offered.city_key
        ),
        skill=skill_points(seeker.skill_level, offered.skill_level),
        time=time_points(offered.starts_at - now),
        availability=BY_OPEN_PLACES[min(offered.open_places, 3)],
        social=social_points(
            connected=connected, ratings=offered.host_ratings, stars=offered.host_stars, rounds=offered.host_rounds
        ),
    )


def industry_points(own: Industry, named: frozenset[Industry], host: Industry, relations: Relations = RELATIONS) -> int:
    """Give the best of what the tee time names, or of the host's where it is open to all.

    OTHER is the same as OTHER only where the tee time names it: a host of no named line of work has none in common.
    """
    best = max((_points_of(own, one, relations) for one in wanted_of(named, host)), default=0)
    return best or (0 if named else OPEN_TO_ALL)


def wanted_of(named: frozenset[Industry], host: Industry) -> frozenset[Industry]:
    """Give the lines of work that a tee time has something in common with: those it names, or its host's."""
    return named or frozenset({host}) - {Industry.OTHER}


def _points_of(own: Industry, other: Industry, relations: Relations) -> int:
    return SAME_INDUSTRY if own is other else relations.get(frozenset({own, other}), 0)


def proximity_points(one: Point | None, other: Point | None, *, same_city: bool) -> int:
    """Give the points of a distance; two places of which one is unknown are far, unless the city is the same."""
    apart = chord2(one, other) if one and other else None
    if same_city and (apart is None or apart <= SAME_CITY_WITHIN):
        return SAME_CITY
    return FAR if apart is None else next((points for within, points in NEAR if apart <= within), FAR)


def skill_points(own: SkillLevel | None, wanted: SkillLevel | None) -> int:
    """Give the points of two levels; where either is open, most of them."""
    if own is None or wanted is None:
        return ANY_SKILL
    return SKILL_BY_DISTANCE[abs(LEVELS.index(own) - LEVELS.index(wanted))]


def time_points(ahead: timedelta) -> int:
    """Give the points of a start that is so far ahead."""
    return next((points for hours, points in SOON if ahead <= timedelta(hours=hours)), 0)


def social_points(*, connected: bool, ratings: int, stars: int, rounds: int) -> int:
    """Give the highest of what speaks for the host."""
    if connected:
        return CONNECTED
    if ratings >= ENOUGH_RATINGS and stars >= WELL_RATED_FROM * ratings:
        return WELL_RATED
    return NEW_HOST if rounds < FEW_ROUNDS else 0
