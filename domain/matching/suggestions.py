"""Who is near a tee time: the golfers that suit it best, and those who are told of it. Two statements, one band.

The line of work and the height on the sphere find those who may be near, by an index; the chord says who is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Double, Integer, Text, Uuid, bindparam, desc, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import IS_OPEN, WITH_CONNECTION, KnownGolfer, asked_by, known_golfer
from domain.matching.facts import INDUSTRIES, industries_of
from domain.matching.places import chord2_of_km
from domain.matching.relations import read_relations
from domain.matching.rooms import find_room
from domain.matching.score import (
    ANY_SKILL,
    BY_OPEN_PLACES,
    CONNECTED,
    LEVELS,
    NEAR,
    SAME_CITY,
    Match,
    industry_points,
    skill_points,
    social_points,
    time_points,
    wanted_of,
)
from events.figures import matching
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime
from models.matching.values import HostedStatus, Industry

WITHIN_KM = 100
"""How far away from a tee time those are who are suggested, or told of it."""
MOST = 50
"""Golfers who are suggested at the most."""
WITHIN = chord2_of_km(WITHIN_KM)
BAND = sqrt(WITHIN)
NEARBY = f"""
    g.industry = ANY (:industries) AND g.z BETWEEN :z - {BAND!r} AND :z + {BAND!r}
    AND (g.x - :x) * (g.x - :x) + (g.y - :y) * (g.y - :y) + (g.z - :z) * (g.z - :z) <= {WITHIN!r}
    AND g.id <> :host AND g.suspended_at IS NULL"""
BY_NAME = """
    g.industry = ANY (:industries) AND g.city_key = :city_key AND (g.x IS NULL OR :x IS NULL)
    AND g.id <> :host AND g.suspended_at IS NULL"""
"""Of the same city, where either place is unknown: nobody is found both so and by the distance."""
AWAY = """
    SELECT other_id AS id FROM golfer_blocks WHERE golfer_id = :host UNION ALL
    SELECT golfer_id FROM golfer_blocks WHERE other_id = :host"""
INDUSTRY = " ".join(f"WHEN '{one.value}' THEN :i{number}" for number, one in enumerate(INDUSTRIES))
PROXIMITY = " ".join(f"WHEN c2 <= {within!r} THEN {points}" for within, points in NEAR)
SKILL = " ".join(f"WHEN '{level.value}' THEN :s{number}" for number, level in enumerate(LEVELS))
GIVEN = (
    bindparam("host", type_=Uuid),
    bindparam("industries", type_=ARRAY(Text)),
    bindparam("city_key", type_=Text),
    *(bindparam(name, type_=Double) for name in "xyz"),
)
POINTS_GIVEN = (
    *(f"i{number}" for number in range(len(INDUSTRIES))),
    *(f"s{number}" for number in range(len(LEVELS))),
    "social",
)

TO_TELL = text(f"""
WITH away AS MATERIALIZED ({AWAY})
SELECT g.id, g.industry FROM golfers g WHERE {NEARBY} AND g.id NOT IN (SELECT id FROM away) UNION ALL
SELECT g.id, g.industry FROM golfers g WHERE {BY_NAME} AND g.id NOT IN (SELECT id FROM away) ORDER BY id
""").bindparams(*GIVEN)
"""Whom to tell of a tee time."""

SCORED = (
    text(f"""
WITH mine AS MATERIALIZED (
    SELECT other_id AS id FROM golfer_connections WHERE golfer_id = :host AND made_at IS NOT NULL
), acquainted AS MATERIALIZED (
    SELECT id FROM mine UNION ALL
    SELECT c.other_id FROM mine JOIN golfer_connections c ON c.golfer_id = mine.id AND c.made_at IS NOT NULL
), away AS MATERIALIZED ({AWAY} UNION ALL
    SELECT golfer_id FROM participations WHERE tee_time_id = :tee_time AND status <> 'WITHDRAWN'
), near AS (
    SELECT g.id, g.industry, g.skill_level, g.city_key = :city_key AS is_same_city,
        (g.x - :x) * (g.x - :x) + (g.y - :y) * (g.y - :y) + (g.z - :z) * (g.z - :z) AS c2
    FROM golfers g WHERE {NEARBY} AND g.id NOT IN (SELECT id FROM away) UNION ALL
    SELECT g.id, g.industry, g.skill_level, true, NULL
    FROM golfers g WHERE {BY_NAME} AND g.id NOT IN (SELECT id FROM away) OFFSET 0
)
SELECT id,
    CASE industry {INDUSTRY} END AS industry,
    CASE WHEN is_same_city THEN {SAME_CITY} {PROXIMITY} END AS proximity,
    CASE skill_level {SKILL} ELSE {ANY_SKILL} END AS skill,
    CASE WHEN id IN (SELECT id FROM acquainted) THEN {CONNECTED} ELSE :social END AS social
FROM near OFFSET 0
""")
    .bindparams(*GIVEN, bindparam("tee_time", type_=Uuid), *(bindparam(name, type_=Integer) for name in POINTS_GIVEN))
    .columns(id=Uuid, **dict.fromkeys(("industry", "proximity", "skill", "social"), Integer))
    .subquery("scored")
)
POINTS = (SCORED.c.industry, SCORED.c.proximity, SCORED.c.skill, SCORED.c.social)
SUGGESTED = (
    WITH_CONNECTION.add_columns(*(column.label(f"p_{column.name}") for column in POINTS))
    .join(SCORED, SCORED.c.id == Golfer.id)
    .where(IS_OPEN)
    .order_by(desc(POINTS[0] + POINTS[1] + POINTS[2] + POINTS[3]), Golfer.id)
    .limit(bindparam("most", type_=Integer))
)


@dataclass(frozen=True)
class Suggested:
    """A golfer who may like a tee time, and how well it suits them."""

    known: KnownGolfer
    match: Match


class ToTell(NamedTuple):
    """A golfer who is told of a tee time, and the line of work that it has in common with them."""

    golfer_id: UUID
    industry: Industry


async def suggest_golfers(
    session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, now: datetime
) -> list[Suggested]:
    """Find the 50 golfers within 100 km whom a tee time of the viewer's suits best, of those whom the viewer may know.

    Where either place is unknown, they are of its city. Left out is who takes or took part, asks to, or was declined.
    Nobody, where it is full. Raises NotAllowed, ProfileMissing, GolferSuspended, NotFound, TeeTimeOver.
    """
    room = await find_room(session, viewer=viewer, tee_time_id=tee_time_id)
    room.refuse_unless_host()
    room.refuse_over(now)
    return await best_for(session, room.tee_time, room.me, most=MOST, now=now)


async def best_for(
    session: AsyncSession, row: HostedTeeTime, host: Golfer, *, most: int, now: datetime
) -> list[Suggested]:
    """Find the golfers whom a tee time suits best, of those whom its host may know."""
    if row.status is not HostedStatus.OPEN or (row.x is None and row.city_key is None):
        return []
    named, relations = frozenset(industries_of(row.industry_mask)), await read_relations(session)
    by_industry = [industry_points(own, named, host.industry, relations) for own in INDUSTRIES]
    given = {
        **_around(row, (one for one, points in zip(INDUSTRIES, by_industry, strict=True) if points)),
        **asked_by(host),
        **{f"i{number}": points for number, points in enumerate(by_industry)},
        **{f"s{number}": skill_points(level, row.skill_level) for number, level in enumerate(LEVELS)},
        "social": social_points(connected=False, ratings=host.ratings, stars=host.stars, rounds=host.hosted_rounds),
        "tee_time": row.id,
        "most": most,
    }
    time, availability = time_points(row.starts_at - now), BY_OPEN_PLACES[row.open_places]
    with matching.labels("suggestions").time():
        rows = (await session.execute(SUGGESTED, given)).all()
    return [
        Suggested(
            known_golfer(host, one),
            Match(one.p_industry, one.p_proximity, one.p_skill, time, availability, one.p_social),
        )
        for one in rows
    ]


async def whom_to_tell(session: AsyncSession, row: HostedTeeTime, host: Golfer) -> Sequence[ToTell]:
    """Find the golfers of a tee time's line of work within 100 km, or of its city where either place is unknown."""
    industries = wanted_of(frozenset(industries_of(row.industry_mask)), host.industry)
    if not industries or (row.x is None and row.city_key is None):
        return []
    with matching.labels("whom").time():
        rows = (await session.execute(TO_TELL, _around(row, industries))).all()
    return [ToTell(one.id, Industry(one.industry)) for one in rows]


def _around(row: HostedTeeTime, industries: Any) -> dict[str, Any]:
    wanted = [one.value for one in industries]
    where = {name: getattr(row, name) for name in ("city_key", "x", "y", "z")}
    return {"host": row.host_id, "industries": wanted, **where}
