"""The feed: a golfer's tee times, the best match first. One statement scores all that are open.

It counts as `score.py` does, and a test compares the two. A distance is a squared chord, behind `OFFSET 0`:
PostgreSQL would compute it once for each bound otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.matching.access import WITH_CONNECTION, KnownGolfer, asked_by, find_me, known_golfer
from domain.matching.facts import INDUSTRIES, mask_of
from domain.matching.places import Point, chord2_of_km, place_of
from domain.matching.relations import read_relations
from domain.matching.score import (
    ANY_SKILL,
    BY_OPEN_PLACES,
    CONNECTED,
    ENOUGH_RATINGS,
    FAR,
    FEW_ROUNDS,
    HIGH,
    LEVELS,
    LOW,
    MEDIUM,
    NEAR,
    NEW_HOST,
    OPEN_TO_ALL,
    SAME_CITY,
    SAME_CITY_WITHIN,
    SAME_INDUSTRY,
    SOON,
    WELL_RATED,
    WELL_RATED_FROM,
    Match,
    Relations,
    skill_points,
)
from domain.rows import rows_by_id
from events.cursor import Cursor
from events.figures import matching
from events.log import read_cursor
from events.matching.golfers import network_room
from kit.errors import InvalidInput
from kit.ids import public_id
from kit.text import check_range
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime
from models.matching.values import Industry, SkillLevel

FURTHEST_KM = 20_100
"""Half way round the earth, and a little more."""
RELATED = (SAME_INDUSTRY, HIGH, MEDIUM, LOW)


def _bit(industry: Industry) -> int:
    return 0 if industry is Industry.OTHER else 1 << INDUSTRIES.index(industry)


BIT_OF_HOST = "CASE h.industry " + " ".join(f"WHEN '{one.value}' THEN {_bit(one)}" for one in INDUSTRIES) + " END"
INDUSTRY = " ".join(f"WHEN mask & :m{points} <> 0 THEN {points}" for points in RELATED)
PROXIMITY = " ".join(f"WHEN c2 <= {within!r} THEN {points}" for within, points in NEAR)
SKILL = " ".join(f"WHEN '{level.value}' THEN :s{number}" for number, level in enumerate(LEVELS))
TIME = " ".join(f"WHEN starts_at <= :now + interval '{hours} hours' THEN {points}" for hours, points in SOON)
AVAILABILITY = " ".join(f"WHEN {places} THEN {points}" for places, points in enumerate(BY_OPEN_PLACES[:3]))

FEED = text(f"""
WITH mine AS MATERIALIZED (
    SELECT other_id AS id FROM golfer_connections WHERE golfer_id = :me AND made_at IS NOT NULL
), acquainted AS MATERIALIZED (
    SELECT id FROM mine UNION ALL
    SELECT c.other_id FROM mine JOIN golfer_connections c ON c.golfer_id = mine.id AND c.made_at IS NOT NULL
), away AS MATERIALIZED (
    SELECT other_id AS id FROM golfer_blocks WHERE golfer_id = :me UNION ALL
    SELECT golfer_id FROM golfer_blocks WHERE other_id = :me
), near AS (
    SELECT t.id, t.host_id, t.starts_at, t.skill_level, t.open_places, t.industry_mask = 0 AS is_open_to_all,
        CASE WHEN t.industry_mask <> 0 THEN t.industry_mask ELSE {BIT_OF_HOST} END AS mask,
        t.city_key = :city_key AS is_same_city, h.ratings, h.stars, h.hosted_rounds,
        (t.x - :x) * (t.x - :x) + (t.y - :y) * (t.y - :y) + (t.z - :z) * (t.z - :z) AS c2
    FROM hosted_tee_times t JOIN golfers h ON h.id = t.host_id
    WHERE t.status = 'OPEN' AND t.starts_at > :now AND t.open_places > 0 AND t.host_id <> :me
        AND h.suspended_at IS NULL AND t.host_id NOT IN (SELECT id FROM away)
        AND t.id NOT IN (
            SELECT tee_time_id FROM participations WHERE golfer_id = :me AND status IN ('JOINED', 'REQUESTED')
        )
        AND (CAST(:first AS timestamptz) IS NULL OR t.starts_at >= :first)
        AND (CAST(:last AS timestamptz) IS NULL OR t.starts_at <= :last)
        AND (CAST(:level AS text) IS NULL OR t.skill_level IS NULL OR t.skill_level = :level)
        AND (CAST(:within AS float8) IS NULL OR
            (t.x - :nx) * (t.x - :nx) + (t.y - :ny) * (t.y - :ny) + (t.z - :nz) * (t.z - :nz) <= :within)
    OFFSET 0
), rated AS (
    SELECT id, starts_at, c2, mask,
        CASE {INDUSTRY} WHEN is_open_to_all THEN {OPEN_TO_ALL} ELSE 0 END AS industry,
        CASE WHEN is_same_city AND coalesce(c2, 0) <= {SAME_CITY_WITHIN!r} THEN {SAME_CITY}
            {PROXIMITY} ELSE {FAR} END AS proximity,
        CASE skill_level {SKILL} ELSE {ANY_SKILL} END AS skill,
        CASE {TIME} ELSE 0 END AS time,
        CASE open_places {AVAILABILITY} ELSE {BY_OPEN_PLACES[3]} END AS availability,
        CASE WHEN host_id IN (SELECT id FROM acquainted) THEN {CONNECTED}
            WHEN ratings >= {ENOUGH_RATINGS} AND stars >= {WELL_RATED_FROM} * ratings THEN {WELL_RATED}
            WHEN hosted_rounds < {FEW_ROUNDS} THEN {NEW_HOST} ELSE 0 END AS social
    FROM near OFFSET 0
), scored AS (
    SELECT *, industry + proximity + skill + time + availability + social AS score,
        bool_or(proximity > {FAR}) OVER () AS is_any_near
    FROM rated WHERE CASE WHEN :wanted = 0 THEN industry > 0 ELSE mask & :wanted <> 0 END
)
SELECT id, industry, proximity, skill, time, availability, social, is_any_near FROM scored
WHERE CAST(:after_score AS int) IS NULL OR (-score, starts_at, id) > (-:after_score, :after_start, :after_id)
ORDER BY CASE WHEN NOT is_any_near THEN c2 END, score DESC, starts_at, id LIMIT :limit
""").bindparams(bindparam("me", type_=Uuid), bindparam("after_id", type_=Uuid))
HOSTS = WITH_CONNECTION.where(Golfer.id == any_(bindparam("hosts", type_=ARRAY(Uuid))))


@dataclass(frozen=True, kw_only=True)
class FeedFilter:
    """Which tee times are wanted; what is None, or empty, leaves all."""

    industries: frozenset[Industry] = frozenset()
    """None of them: all that give the golfer points."""
    near: Point | None = None
    within: float | None = None
    """A squared chord."""
    first: datetime | None = None
    last: datetime | None = None
    skill_level: SkillLevel | None = None


@dataclass(frozen=True)
class FeedPlace:
    """Where a page of a feed begins: behind a match, as of the moment of the first page."""

    now: datetime
    score: int
    starts_at: datetime
    tee_time_id: UUID


@dataclass(frozen=True)
class Found:
    """A tee time of the feed, with its host, and how well it suits the golfer."""

    tee_time: HostedTeeTime
    host: KnownGolfer
    match: Match


@dataclass(frozen=True)
class Feed:
    """A page of the feed."""

    found: Sequence[Found]
    is_far: bool
    """Nothing is within 250 km: these are the nearest."""


def near_of(latitude: float, longitude: float, radius_km: float) -> tuple[Point | None, float]:
    """Read a circle on the map. Raises InvalidInput."""
    check_range(radius_km, 0, FURTHEST_KM, path=("near", "radiusKm"))
    return place_of(latitude, longitude, path=("near",)), min(4.0, chord2_of_km(radius_km))


def check_span(wanted: FeedFilter) -> None:
    """Accept a span of starts that does not end before it begins. Raises InvalidInput."""
    if wanted.first and wanted.last and wanted.last < wanted.first:
        raise InvalidInput(message="Choose a last moment that is not before the first.", path=("lastStart",))


async def feed_cursor(session: AsyncSession, *, viewer: Viewer) -> Cursor:
    """Give the place in the stream of the feed up to which the session's snapshot shows everything."""
    return await read_cursor(session, network_room(public_id("tenant", viewer.tenant_id)))


async def read_feed(
    session: AsyncSession, *, viewer: Viewer, wanted: FeedFilter, after: FeedPlace | None, limit: int, now: datetime
) -> Feed:
    """Read a page of the tee times that a golfer may join, the best match first; of equals, the one that starts first.

    Left out are those that are past, full or cancelled, one's own, those that one has joined or asked to join, and
    those of hosts with whom one has nothing to do. Where nothing is within 250 km, the nearest come first, on one page.
    Raises NotAllowed, ProfileMissing, GolferSuspended, InvalidInput.
    """
    check_span(wanted)
    me = await find_me(session, viewer=viewer)
    with matching.labels("feed").time():
        relations = await read_relations(session)
        given = _given(me, wanted, after, relations, limit=limit, now=now)
        rows = (await session.execute(FEED, given)).all()
    is_far = bool(rows) and me.x is not None and not rows[0].is_any_near
    return Feed(await show_matches(session, me, [(row.id, _match(row)) for row in rows]), is_far)


async def best_matches(
    session: AsyncSession, me: Golfer, *, wanted: FeedFilter, relations: Relations, limit: int, now: datetime
) -> list[tuple[UUID, Match]]:
    """Find the tee times that suit a golfer best, the best match first."""
    rows = await session.execute(FEED, _given(me, wanted, None, relations, limit=limit, now=now))
    return [(row.id, _match(row)) for row in rows]


def _match(row: Any) -> Match:
    return Match(row.industry, row.proximity, row.skill, row.time, row.availability, row.social)


async def show_matches(session: AsyncSession, me: Golfer, matches: Sequence[tuple[UUID, Match]]) -> list[Found]:
    """Read the tee times that were matched, with their hosts as the golfer knows them."""
    tee_times = await rows_by_id(session, HostedTeeTime, [key for key, _ in matches])
    hosts = {one.golfer.id: one for one in await _hosts(session, me, tee_times.values())}
    return [Found(tee_times[key], hosts[tee_times[key].host_id], match) for key, match in matches]


async def _hosts(session: AsyncSession, me: Golfer, tee_times: Any) -> list[KnownGolfer]:
    given = {**asked_by(me), "hosts": list({row.host_id for row in tee_times})}
    return [known_golfer(me, row) for row in await session.execute(HOSTS, given)]


def _given(
    me: Golfer, wanted: FeedFilter, after: FeedPlace | None, relations: Relations, *, limit: int, now: datetime
) -> dict[str, Any]:
    near = wanted.near or Point(0, 0, 0)
    return {
        "me": me.id,
        "x": me.x,
        "y": me.y,
        "z": me.z,
        "city_key": me.city_key,
        **{f"m{points}": _related(me.industry, points, relations) for points in RELATED},
        **{f"s{number}": skill_points(me.skill_level, level) for number, level in enumerate(LEVELS)},
        "now": after.now if after else now,
        "wanted": mask_of(wanted.industries),
        "first": wanted.first,
        "last": wanted.last,
        "level": wanted.skill_level.value if wanted.skill_level else None,
        "within": wanted.within,
        "nx": near.x,
        "ny": near.y,
        "nz": near.z,
        "after_score": after.score if after else None,
        "after_start": after.starts_at if after else None,
        "after_id": after.tee_time_id if after else None,
        "limit": limit,
    }


def _related(own: Industry, points: int, relations: Relations) -> int:
    """Give the mask of the lines of work that have so many points with one's own."""
    if points == SAME_INDUSTRY:
        return mask_of([own])
    return mask_of(one for one in Industry if relations.get(frozenset({own, one})) == points)
