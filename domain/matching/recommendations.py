"""A golfer's recommendations: the fifty that suit them best, kept for five minutes, and no longer than they are right.

What is kept says where the tenant's stream stood. Before it is shown again, what has happened since is looked at: so
it is dropped for what any process did, and nobody has to be told to drop it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.feed import FeedFilter, Found, best_matches, show_matches
from domain.matching.places import Point
from domain.matching.relations import read_relations
from domain.matching.score import (
    BY_OPEN_PLACES,
    CONNECTED,
    Match,
    Relations,
    industry_points,
    proximity_points,
    skill_points,
    time_points,
)
from events.figures import matching
from events.log import EventUnreadable, Head, Logged, read_heads, read_log
from events.matching.feed import FeedFact
from events.matching.golfers import GolferChanged, network_room
from kit.ids import public_id
from models.matching.golfers import Golfer

MOST = 50
KEPT = timedelta(minutes=5)
LOOKED_AT = 200
"""Events that are looked at since; after more, it is computed anew."""


@dataclass(frozen=True, kw_only=True)
class Recommended:
    """Recommendations, and what is to be kept of them; None, where they were kept already."""

    found: Sequence[Found]
    to_keep: bytes | None


def key_of(me: Golfer) -> str:
    """Name what is kept for a golfer."""
    return f"recommendations:{me.tenant_id}:{me.id}"


async def recommend(session: AsyncSession, *, me: Golfer, kept: bytes | None, now: datetime) -> Recommended:
    """Give a golfer's recommendations: those that were kept, while they are what would be found, or new ones."""
    with matching.labels("recommendations").time():
        stream = network_room(public_id("tenant", me.tenant_id))
        head = (await read_heads(session, [stream])).get(stream, Head("", 0))
        known, relations = _read(kept), await read_relations(session)
        if known is not None and await _still_right(session, me, known, head, relations, now=now):
            return Recommended(found=await show_matches(session, me, _matches(known)), to_keep=None)
        matches = await best_matches(session, me, wanted=FeedFilter(), relations=relations, limit=MOST, now=now)
        found = await show_matches(session, me, matches)
        return Recommended(found=found, to_keep=_written(found, head, now=now))


def _written(found: Sequence[Found], head: Head, *, now: datetime) -> bytes:
    rows = [
        {
            "id": str(one.tee_time.id),
            "host": public_id("golfer", one.tee_time.host_id),
            "starts_at": one.tee_time.starts_at,
            "match": one.match,
        }
        for one in found
    ]
    return orjson.dumps({"at": now, "epoch": head.epoch, "position": head.position, "rows": rows})


def _read(kept: bytes | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    known: dict[str, Any] = orjson.loads(kept)
    return known


def _matches(known: dict[str, Any]) -> list[tuple[UUID, Match]]:
    return [(UUID(row["id"]), Match(**row["match"])) for row in known["rows"]]


async def _still_right(
    session: AsyncSession, me: Golfer, known: dict[str, Any], head: Head, relations: Relations, *, now: datetime
) -> bool:
    rows, at = known["rows"], datetime.fromisoformat(known["at"])
    if not at <= now < at + KEPT or any(datetime.fromisoformat(row["starts_at"]) <= now for row in rows):
        return False
    missed = head.position - known["position"]
    if known["epoch"] != head.epoch or not 0 <= missed <= LOOKED_AT:
        return False
    if not missed:
        return True
    span = {"epoch": head.epoch, "after": known["position"], "upto": head.position}
    stream = network_room(public_id("tenant", me.tenant_id))
    happened = await read_log(session, stream, **span, room=None, limit=LOOKED_AT)
    return len(happened) == missed and not any(_changes(me, rows, one, relations, now=now) for one in happened)


def _changes(
    me: Golfer, rows: Sequence[dict[str, Any]], logged: Logged, relations: Relations, *, now: datetime
) -> bool:
    """Tell whether something that happened may make the list another one."""
    mine = public_id("golfer", me.id)
    if logged.type == GolferChanged.type:
        return logged.data.get("golfer_id") in {mine, *(row["host"] for row in rows)}
    try:
        fact = logged.event
    except EventUnreadable:  # what processes alone are told, as of lines of work, or by a newer release
        return True
    if not isinstance(fact, FeedFact):
        return False
    listed = {public_id("hosted_tee_time", UUID(row["id"])) for row in rows}
    if fact.tee_time_id in listed:
        return True
    worst = Match(**rows[-1]["match"]).score if len(rows) == MOST else 0
    return (
        fact.listing is not None
        and mine not in fact.listing.taken_by
        and _at_best(me, fact, relations, now=now) >= worst
    )


def _at_best(me: Golfer, fact: FeedFact, relations: Relations, *, now: datetime) -> int:
    """Give the score that a tee time has for a golfer, were they and the host acquainted."""
    mine = None if me.x is None or me.y is None or me.z is None else Point(me.x, me.y, me.z)
    place = None if fact.x is None or fact.y is None or fact.z is None else Point(fact.x, fact.y, fact.z)
    is_same = me.city_key is not None and me.city_key == fact.city_key
    return (
        industry_points(me.industry, frozenset(fact.industries), fact.host_industry, relations)
        + proximity_points(mine, place, same_city=is_same)
        + skill_points(me.skill_level, fact.skill_level)
        + time_points(fact.starts_at - now)
        + BY_OPEN_PLACES[min(fact.open_places, 3)]
        + CONNECTED
    )
