"""Ending what golfers hear of tee times that they may not know of any more: by blocks, suspensions and erasure."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Uuid, any_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.facts import named
from events.log import record
from events.matching.hosted import JoinWithdrawn, TeeTimeHidden
from kit.ids import public_id
from kit.jobs import gather
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, PartStatus

HIDE_ALL = "hide_tee_times_from_golfer"
"""Finding the tee times that somebody may follow and may not know of any more, as a job of `id`."""
HIDE = "hide_some_tee_times_from_golfer"
"""Hiding some of them, as a job of `ids`."""
LIVE = HostedTeeTime.status.in_((HostedStatus.OPEN, HostedStatus.FULL))
GOLFER = bindparam("golfer_id", type_=Uuid)
HOSTED = select(HostedTeeTime.id).where(HostedTeeTime.host_id == GOLFER, LIVE)
TAKES_PART = (
    select(HostedTeeTime.id)
    .join(Participation, Participation.tee_time_id == HostedTeeTime.id)
    .where(
        Participation.golfer_id == GOLFER,
        Participation.status == PartStatus.JOINED,
        HostedTeeTime.archived_at.is_(None),
    )
)
"""The tee times in whose rooms a golfer still hears what others write."""
OPEN_TO_ALL = select(HostedTeeTime.id).where(LIVE).order_by(HostedTeeTime.id)
STILL_OPEN = OPEN_TO_ALL.where(HostedTeeTime.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
HOST_ID = bindparam("host_id", type_=Uuid)
WITHDRAW = (
    update(Participation)
    .where(
        Participation.golfer_id == bindparam("asking", type_=Uuid),
        Participation.status == PartStatus.REQUESTED,
        Participation.tee_time_id.in_(
            select(HostedTeeTime.id).where(or_(HOST_ID.is_(None), HostedTeeTime.host_id == HOST_ID))
        ),
    )
    .values(status=PartStatus.WITHDRAWN, updated_at=bindparam("now", type_=DateTime(timezone=True)))
    .returning(Participation.tee_time_id)
    .execution_options(synchronize_session=False)
)


async def hide_from_each_other(session: AsyncSession, one: Golfer, other: Golfer, *, now: datetime) -> None:
    """Let neither of two golfers hear of tee times that the other hosts, where they take no part."""
    for host, golfer in ((one, other), (other, one)):
        await _withdraw(session, golfer, host, now=now)
        await _hide_hosted(session, host, public_id("golfer", golfer.id), now=now)


async def end_all_rooms(session: AsyncSession, golfer: Golfer, *, now: datetime) -> None:
    """Let a golfer who is none any more hear of no tee time, and nobody of theirs who takes no part.

    Those that the golfer may only look at are ended behind the change, 200 at a time: there may be thousands.
    """
    await _hide_hosted(session, golfer, None, now=now)
    await _withdraw(session, golfer, None, now=now)
    for tee_time in await session.scalars(TAKES_PART, {"golfer_id": golfer.id}):
        known = {"tee_time_id": public_id("hosted_tee_time", tee_time), "golfer_id": public_id("golfer", golfer.id)}
        record(session, TeeTimeHidden(**known, takes_part=True), now=now)
    gather(session, HIDE_ALL, [str(golfer.id)], each=True)


async def hide_all(session: AsyncSession, *, golfer_id: UUID) -> None:
    """Have all tee times hidden from a golfer that are open to all, unless they are let back in meanwhile."""
    if await _is_out(session, golfer_id):
        ids = [str(one) for one in await session.scalars(OPEN_TO_ALL)]
        gather(session, HIDE, ids, golfer_id=str(golfer_id))


async def hide_some(session: AsyncSession, *, tee_time_ids: Collection[UUID], golfer_id: UUID, now: datetime) -> None:
    """Hide some tee times from a golfer, unless they are let back in meanwhile. Done twice, it is heard once."""
    if await _is_out(session, golfer_id):
        for tee_time in await session.scalars(STILL_OPEN, {"ids": list(tee_time_ids)}):
            _tell_hidden(session, tee_time, public_id("golfer", golfer_id), now=now)


async def _is_out(session: AsyncSession, golfer_id: UUID) -> bool:
    golfer = await session.get(Golfer, golfer_id)
    return golfer is not None and golfer.suspended_at is not None


async def _hide_hosted(session: AsyncSession, host: Golfer, golfer_id: str | None, *, now: datetime) -> None:
    """Let those who follow tee times of a host, and take no part, or one of them, hear no more of these."""
    for tee_time in await session.scalars(HOSTED, {"golfer_id": host.id}):
        _tell_hidden(session, tee_time, golfer_id, now=now)


def _tell_hidden(session: AsyncSession, tee_time: UUID, golfer_id: str | None, *, now: datetime) -> None:
    told = TeeTimeHidden(tee_time_id=public_id("hosted_tee_time", tee_time), golfer_id=golfer_id)
    record(session, told, now=now)


async def _withdraw(session: AsyncSession, golfer: Golfer, host: Golfer | None, *, now: datetime) -> None:
    """Take back what a golfer has asked of a host, or of all: who waits for an answer is in no tee time yet."""
    given = {"asking": golfer.id, "host_id": host.id if host else None, "now": now}
    for tee_time in (await session.scalars(WITHDRAW, given)).all():
        told = JoinWithdrawn(tee_time_id=public_id("hosted_tee_time", tee_time), **named(golfer))
        record(session, told, now=now)
