"""What others see of a golfer, and telling them that it is something else now.

Rooms are told with the change. Those who know a golfer, as many as these may be, are told behind it, 200 at a time.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.matching.access import ME, WITH_CONNECTION, status_of
from domain.matching.facts import named
from domain.matching.score import ENOUGH_RATINGS
from events.log import record
from events.matching.golfers import GolferFact, GolfersDisconnected, GolferUpdated
from events.matching.hosted import TeeTimeGolferUpdated
from events.notifications import stream_id_of
from kit.ids import public_id
from kit.jobs import gather
from models.matching.golfers import Golfer, GolferBlock, GolferConnection
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import ConnectionStatus, PartStatus

TELL_KNOWN = "tell_those_who_know_golfer"
"""Finding those whom a golfer is shown to, as a job of `id`."""
TELL_SOME = "tell_some_who_know_golfer"
"""Telling some of them how the golfer is now, as a job of `ids`."""
SEEN = (
    *("name", "picture_id", "headline", "employer", "hides_employer", "industry", "city", "country"),
    *("handicap_index", "skill_level"),
)
GOLFER = bindparam("golfer_id", type_=Uuid)
ROOMS = (
    select(
        Participation.tee_time_id,
        func.bool_and(Participation.status == PartStatus.REQUESTED).label("only_asks"),
        func.bool_or(Participation.status == PartStatus.JOINED).label("takes_part"),
    )
    .join(HostedTeeTime, HostedTeeTime.id == Participation.tee_time_id)
    .where(
        Participation.golfer_id == GOLFER,
        Participation.status.not_in((PartStatus.DECLINED, PartStatus.WITHDRAWN)),
        HostedTeeTime.archived_at.is_(None),
    )
    .group_by(Participation.tee_time_id)
    .order_by(Participation.tee_time_id)
)
"""Where others see a golfer: as one who takes part, asks to, or has left and is named by what they wrote."""
KNOWING = union(
    select(GolferConnection.golfer_id).where(GolferConnection.other_id == GOLFER),
    select(GolferConnection.other_id).where(GolferConnection.golfer_id == GOLFER),
    select(GolferBlock.golfer_id).where(GolferBlock.other_id == GOLFER),
)
"""Those who have a golfer in one of their lists."""
_block = aliased(GolferBlock)
SOME = (
    WITH_CONNECTION.add_columns(
        select(_block.id).where(_block.golfer_id == Golfer.id, _block.other_id == ME).exists().label("blocks")
    )
    .where(Golfer.id == any_(bindparam("ids", type_=ARRAY(Uuid))), Golfer.suspended_at.is_(None))
    .order_by(Golfer.id)
)


def rating_of(golfer: Golfer) -> float | None:
    """Give the mean of a golfer's stars, to a tenth; none with fewer than three of them."""
    return round(golfer.stars / golfer.ratings, 1) if golfer.ratings >= ENOUGH_RATINGS else None


def seen_of(golfer: Golfer) -> tuple[object, ...]:
    """Give what others see of a golfer."""
    return (*(getattr(golfer, name) for name in SEEN), rating_of(golfer))


async def tell_seen(session: AsyncSession, golfer: Golfer, *, now: datetime) -> None:
    """Tell those who see a golfer, in rooms that are not cleared yet or in lists of theirs, that they see another."""
    for row in (await session.execute(ROOMS, {"golfer_id": golfer.id})).all():
        told = TeeTimeGolferUpdated(
            tee_time_id=public_id("hosted_tee_time", row.tee_time_id),
            **named(golfer),
            only_asks=row.only_asks,
            takes_part=row.takes_part,
        )
        record(session, told, now=now)
    tell_known(session, golfer)


def tell_known(session: AsyncSession, golfer: Golfer) -> None:
    """Have those told who have a golfer in a list of theirs, where they see another now, or nobody any more."""
    gather(session, TELL_KNOWN, [str(golfer.id)], each=True)


async def find_knowing(session: AsyncSession, *, golfer_id: UUID) -> None:
    """Find those who have a golfer in a list of theirs, and have them told."""
    ids = [str(one) for one in await session.scalars(KNOWING, {"golfer_id": golfer_id})]
    gather(session, TELL_SOME, sorted(ids), golfer_id=str(golfer_id))


async def tell_some(session: AsyncSession, *, ids: Collection[UUID], golfer_id: UUID, now: datetime) -> None:
    """Tell some how a golfer is now, whom none changes meanwhile. Done twice, it is heard twice, and says the same.

    Who is suspended is in no list but those of who has blocked them, until they are reinstated.
    """
    golfer = await session.get(Golfer, golfer_id, with_for_update={"read": True}, populate_existing=True)
    if golfer is None or golfer.erased_at is not None:  # which those are told who know the golfer
        return
    for row in (await session.execute(SOME, {"me": golfer.id, "ids": list(ids)})).all():
        status = status_of(asked=row.asking, asking=row.asked)
        if golfer.suspended_at is not None and status is not ConnectionStatus.NONE:
            tell(session, GolfersDisconnected, row.Golfer, golfer, ConnectionStatus.NONE, now=now)
        elif row.blocks or status is not ConnectionStatus.NONE:
            tell(session, GolferUpdated, row.Golfer, golfer, status, now=now)


def tell(
    session: AsyncSession, kind: type[GolferFact], to: Golfer, about: Golfer, status: ConnectionStatus, *, now: datetime
) -> None:
    """Tell one golfer how they stand to another."""
    fact = kind(user_id=stream_id_of(to.tenant_id, to.user_id), connection=status, **named(about))
    record(session, fact, now=now)
