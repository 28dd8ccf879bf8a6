"""Hosted tee times whose time has passed: they were played, and later their rooms are cleared."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.matching.chat import without_words
from domain.matching.facts import hosted_id, state_fact
from domain.matching.feed_facts import lock_listed, tell_listed
from domain.matching.golfers import tell_changed
from events.log import record
from events.matching.hosted import HostedTeeTimeUpdated
from events.matching.messages import RoomArchived
from events.rewriting import rewrite_log
from models.matching.golfers import Golfer
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.messages import Message
from models.matching.values import HostedStatus, PartStatus

PLAYED_AFTER = timedelta(hours=6)
"""How long after its start a round was played."""
ARCHIVED_AFTER = timedelta(days=90)
"""How long after its start a room is cleared."""
PLAYED = text("""
    SELECT tenant_id, id FROM hosted_tee_times
    WHERE status IN ('OPEN', 'FULL') AND starts_at <= :before ORDER BY starts_at
""")
OLD = text("""
    SELECT tenant_id, id FROM hosted_tee_times
    WHERE archived_at IS NULL AND starts_at <= :before ORDER BY starts_at
""")
TEE_TIME_ID = bindparam("tee_time_id", type_=Uuid)
LOCK = (
    select(HostedTeeTime)
    .where(HostedTeeTime.id == TEE_TIME_ID)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
PARTS = (
    select(Participation)
    .where(
        Participation.tee_time_id == TEE_TIME_ID,
        Participation.status.in_((PartStatus.JOINED, PartStatus.REQUESTED)),
    )
    .order_by(Participation.id)
    .execution_options(populate_existing=True)
)
HOST = (
    select(Golfer)
    .where(Golfer.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
CLEAR = delete(Message).where(Message.tee_time_id == TEE_TIME_ID).execution_options(synchronize_session=False)


async def played_tee_times(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find the tee times that were played, of all tenants, as tenant and tee time: the oldest first."""
    return await _due(session, PLAYED, now - PLAYED_AFTER)


async def old_tee_times(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Find the tee times whose rooms are to be cleared, of all tenants: the oldest first."""
    return await _due(session, OLD, now - ARCHIVED_AFTER)


async def _due(session: AsyncSession, statement: Any, before: datetime) -> list[tuple[UUID, UUID]]:
    rows = await session.execute(statement, {"before": before})
    return [(row.tenant_id, row.id) for row in rows]


async def complete(session: AsyncSession, *, tee_time_id: UUID, now: datetime) -> None:
    """Note that a tee time was played, if it was; done twice, or by several, it is done once.

    A host with whom somebody played has hosted a round more. Who still waits for an answer gets none.
    """
    row = await session.scalar(LOCK, {"tee_time_id": tee_time_id})
    is_live = row is not None and row.status in {HostedStatus.OPEN, HostedStatus.FULL}
    if row is None or not is_live or row.starts_at > now - PLAYED_AFTER:
        return  # somebody else was at it, or it has moved
    parts: Sequence[Participation] = (await session.scalars(PARTS, {"tee_time_id": row.id})).all()
    row.status, row.updated_at = HostedStatus.COMPLETED, now
    for part in parts:
        if part.status is PartStatus.REQUESTED:
            part.status, part.updated_at = PartStatus.DECLINED, now
    record(session, state_fact(HostedTeeTimeUpdated, row, changes=("status",)), now=now)
    if any(part.slot_number for part in parts):
        listed = await lock_listed(session, [row.host_id], now=now)
        host = (await session.scalars(HOST, {"ids": [row.host_id]})).one()
        host.hosted_rounds += 1
        tell_changed(session, host, now=now)
        tell_listed(session, listed, now=now)


async def archive(session: AsyncSession, *, tee_time_id: UUID, now: datetime) -> None:
    """Clear the room of a tee time that was long ago: its messages go, for good. Done twice, it is done once."""
    row = await session.scalar(LOCK, {"tee_time_id": tee_time_id})
    if row is None or row.archived_at is not None or row.starts_at > now - ARCHIVED_AFTER:
        return
    row.archived_at = now
    await session.execute(CLEAR, {"tee_time_id": row.id})
    told = RoomArchived(tee_time_id=hosted_id(row))
    await rewrite_log(session, told.stream, ["message_"], without_words)
    record(session, told, now=now)
