"""The tee times that suit each of many golfers best, of all that are open: in arrays, as the live feed is scored.

It finds what the feed's statement finds for each golfer, and a test compares the two. Statement by statement, the
digest of two hundred golfers takes as long as the statement two hundred times.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, DateTime, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.crowd import Crowd, Numbers, Scored
from domain.matching.facts import industries_of
from domain.matching.places import Point
from domain.matching.reading import Followed, Reading, read_followed
from domain.matching.rooms import PRESENT, WITH_HOST_KNOWS
from domain.matching.score import FAR, social_points
from events.figures import matching
from kit.ids import parse_id, public_id
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus

AT_ONCE = 50
"""Tee times that are scored before others get their turn."""
NOT_FOR_THEM = -1
UNTIL = bindparam("until", type_=DateTime(timezone=True))
NOW = bindparam("now", type_=DateTime(timezone=True))
OPEN = (
    WITH_HOST_KNOWS.add_columns(Golfer)
    .join(Golfer, Golfer.id == HostedTeeTime.host_id)
    .where(
        HostedTeeTime.status == HostedStatus.OPEN,
        HostedTeeTime.starts_at > NOW,
        HostedTeeTime.starts_at <= UNTIL,
        Golfer.suspended_at.is_(None),
    )
    .order_by(HostedTeeTime.starts_at, HostedTeeTime.id)
)
PARTS = select(Participation.golfer_id, Participation.tee_time_id).where(
    Participation.golfer_id == any_(bindparam("ids", type_=ARRAY(Uuid))), Participation.status.in_(PRESENT)
)


@dataclass
class _Circle:
    """Golfers as rows of arrays, and by others those who have to do with them."""

    golfers: Sequence[Followed]
    crowd: Crowd = field(default_factory=Crowd)
    row_of: dict[str, int] = field(default_factory=dict)
    knowing: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    away: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """Note all of them."""
        for row, one in enumerate(self.golfers):
            self.crowd.put(row, one.seeker)
            self.row_of[one.golfer_id] = row
            for others, lists in ((one.connected, self.knowing), (one.away, self.away)):
                for other in others:
                    lists[other].add(row)

    def marked(self, rows: Iterable[int]) -> Numbers:
        """Mark some of them."""
        found = np.zeros(len(self.golfers), np.bool_)
        found[list(rows)] = True
        return found


async def best_for_each(
    session: AsyncSession, ids: Sequence[UUID], *, until: datetime, most: int, now: datetime
) -> Mapping[UUID, list[HostedTeeTime]]:
    """Find the tee times up to a moment that suit each of some golfers best, the best first; of equals, the first.

    As in the feed, who knows where they are is given none where all are far.
    """
    if not ids:
        return {}
    with matching.labels("digest").time():
        reading = await read_followed(session, [public_id("golfer", one) for one in ids])
        offered = (await session.execute(OPEN, {"now": now, "until": until})).all()
        taken: defaultdict[UUID, set[UUID]] = defaultdict(set)
        for golfer_id, tee_time_id in await session.execute(PARTS, {"ids": list(ids)}):
            taken[tee_time_id].add(golfer_id)
        return await _choose(reading, offered, taken, most=most, now=now)


async def _choose(
    reading: Reading, offered: Sequence[Any], taken: Mapping[UUID, set[UUID]], *, most: int, now: datetime
) -> Mapping[UUID, list[HostedTeeTime]]:
    circle = _Circle(reading.followed)
    scores = np.full((len(offered), len(circle.golfers)), NOT_FOR_THEM, np.int16)
    is_near = np.zeros(len(circle.golfers), np.bool_)
    for number, row in enumerate(offered):
        present = taken.get(row.HostedTeeTime.id, ())
        is_near |= _score(circle, row, present, scores[number], reading, now=now)
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    found = {}
    for column, one in enumerate(circle.golfers):
        order = np.argsort(-scores[:, column], kind="stable")[:most]
        mine = [offered[at].HostedTeeTime for at in order if scores[at, column] != NOT_FOR_THEM]
        is_far = one.seeker.place is not None and not is_near[column]
        found[parse_id("golfer", one.golfer_id)] = [] if is_far else mine
    return found


def _score(
    circle: _Circle, row: Any, present: Iterable[UUID], scores: Numbers, reading: Reading, *, now: datetime
) -> Numbers:
    """Write the scores of a tee time for all golfers whom it is for; tell who of them is near."""
    tee_time, host = row.HostedTeeTime, row.Golfer
    host_id = public_id("golfer", host.id)
    circles = (public_id("golfer", one) for one in (host.id, *row.host_knows))
    knows = {one for golfer in circles for one in circle.knowing.get(golfer, ())}
    everybody = np.arange(len(circle.golfers))
    match = circle.crowd.match(
        everybody, _scored(tee_time, host), circle.marked(knows), now=now, relations=reading.relations
    )
    in_it = (host_id, *(public_id("golfer", one) for one in present))
    not_for = {circle.row_of[one] for one in in_it if one in circle.row_of}
    is_for = (match.industry > 0) & ~circle.marked(not_for | circle.away.get(host_id, set()))
    total = match.industry + match.proximity + match.skill + match.social + match.time + match.availability
    scores[is_for] = total[is_for]
    near: Numbers = is_for & (match.proximity > FAR)
    return near


def _scored(row: HostedTeeTime, host: Golfer) -> Scored:
    known = row.x is not None and row.y is not None and row.z is not None
    return Scored(
        named=frozenset(industries_of(row.industry_mask)),
        host_industry=host.industry,
        city_key=row.city_key,
        place=Point(row.x, row.y, row.z) if known else None,  # type: ignore[arg-type]  # or it is not known
        skill_level=row.skill_level,
        starts_at=row.starts_at,
        open_places=row.open_places,
        host_points=social_points(connected=False, ratings=host.ratings, stars=host.stars, rounds=host.hosted_rounds),
    )
