"""Reading what a golfer's score depends on, of many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.places import Point
from domain.matching.relations import read_relations
from domain.matching.score import Relations, Seeker
from kit.ids import parse_id, public_id
from models.matching.golfers import Golfer, GolferBlock, GolferConnection


def _array(ids: Any) -> Any:
    return func.array(ids.scalar_subquery(), type_=ARRAY(Uuid))


CONNECTED = select(GolferConnection.other_id).where(
    GolferConnection.golfer_id == Golfer.id, GolferConnection.made_at.is_not(None)
)
AWAY = union_all(
    select(GolferBlock.other_id).where(GolferBlock.golfer_id == Golfer.id).correlate(Golfer),
    select(GolferBlock.golfer_id).where(GolferBlock.other_id == Golfer.id).correlate(Golfer),
)
FOLLOWED = select(
    Golfer.id,
    Golfer.industry,
    Golfer.city_key,
    Golfer.x,
    Golfer.y,
    Golfer.z,
    Golfer.skill_level,
    Golfer.suspended_at.is_not(None).label("is_suspended"),
    _array(CONNECTED).label("connected"),
    _array(AWAY).label("away"),
).where(Golfer.id == any_(bindparam("ids", type_=ARRAY(Uuid))))


@dataclass(frozen=True, kw_only=True)
class Followed:
    """A golfer, by all that decides what they hear of the feed."""

    golfer_id: str
    """Its public id, as those below."""
    seeker: Seeker
    is_suspended: bool
    connected: frozenset[str]
    """With whom the golfer is connected."""
    away: frozenset[str]
    """With whom the golfer has nothing to do, whoever of them wants it so."""


@dataclass(frozen=True)
class Reading:
    """What was read: golfers, and which lines of work are related."""

    followed: Sequence[Followed]
    relations: Relations


def _public(ids: Sequence[UUID]) -> frozenset[str]:
    return frozenset(public_id("golfer", one) for one in ids)


async def read_followed(session: AsyncSession, ids: Sequence[str]) -> Reading:
    """Read golfers by their ids; those that are gone are left out."""
    followed = [
        Followed(
            golfer_id=public_id("golfer", row.id),
            seeker=Seeker(
                industry=row.industry,
                city_key=row.city_key,
                place=None if row.x is None else Point(row.x, row.y, row.z),
                skill_level=row.skill_level,
            ),
            is_suspended=row.is_suspended,
            connected=_public(row.connected),
            away=_public(row.away),
        )
        for row in await session.execute(FOLLOWED, {"ids": [parse_id("golfer", one) for one in ids]})
    ]
    return Reading(followed, await read_relations(session))
