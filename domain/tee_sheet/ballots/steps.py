"""What a ballot does by itself at its instants: it opens, closes, is drawn, and releases what is left."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.ballots.ballots import plan_next
from domain.tee_sheet.ballots.drawing import draw
from domain.tee_sheet.ballots.facts import fact
from domain.tee_sheet.ballots.reading import lock_ballot, places_of
from domain.tee_sheet.desk.blocks import lift_block
from events.log import record
from events.tee_sheet.ballots import BallotClosed, BallotOpened, BallotReleased
from models.tee_sheet.ballots import Ballot, BallotPlayer, BallotStatus
from models.tee_sheet.desk import Block
from models.tee_sheet.tables import TeeSheet

DUE = text("SELECT tenant_id, id FROM ballots WHERE next_at <= :now ORDER BY next_at")
KEPT = timedelta(days=400)
"""How long it is kept who was in an entry, from the day of its ballot on: longer than any span that a draw looks at."""
WITH_OLD = text("SELECT DISTINCT tenant_id FROM ballot_players WHERE date < :before")
REMOVE_OLD = BallotPlayer.__table__.delete()  # type: ignore[attr-defined]


async def due_ballots(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the ballots of all tenants that have a step to take, as tenant and ballot."""
    return [(row.tenant_id, row.id) for row in await session.execute(DUE, {"now": now})]


async def tend_ballot(session: AsyncSession, *, ballot_id: UUID, now: datetime) -> BallotStatus | None:
    """Let a ballot take the step that is due; gives how far it is then, or None where none is.

    Whoever comes second finds the step taken. A sheet that is offline is waited for: its ballot is not drawn.
    """
    ballot = await lock_ballot(session, ballot_id)
    if ballot is None or ballot.next_at is None or ballot.next_at > now:
        return None
    if ballot.status is BallotStatus.CLOSED:
        if not (await session.get_one(TeeSheet, ballot.sheet_id, populate_existing=True)).is_online:
            return None
        await draw(session, ballot, now=now)
    elif ballot.status is BallotStatus.DRAWN:
        await _release(session, ballot, now=now)
    elif ballot.status is BallotStatus.ANNOUNCED:
        ballot.status = BallotStatus.OPEN
        record(session, fact(BallotOpened, ballot), now=now)
        await plan_next(session, ballot, now=now)
    else:
        ballot.status = BallotStatus.CLOSED
        record(session, fact(BallotClosed, ballot), now=now)
        await plan_next(session, ballot, now=now)
    return ballot.status


async def _release(session: AsyncSession, ballot: Ballot, *, now: datetime) -> None:
    """Put what is left on open sale; who waits for it has the first turn, and each class books it by its window."""
    ballot.status, ballot.next_at = BallotStatus.RELEASED, None
    block = await session.get_one(Block, ballot.block_id, populate_existing=True)
    if block.removed_at is None:
        await lift_block(session, block, by=ballot.announced_by, now=now)
    await session.flush()
    left = (await places_of(session, [ballot.id]))[ballot.id].left
    record(session, fact(BallotReleased, ballot, places_released=left), now=now)


async def tenants_with_old(session: AsyncSession, *, now: datetime) -> list[tuple[UUID]]:
    """List the tenants that hold who was in entries of long ago."""
    return [(row.tenant_id,) for row in await session.execute(WITH_OLD, {"before": (now - KEPT).date()})]


async def forget_entrants(session: AsyncSession, *, tenant_id: UUID, now: datetime) -> None:
    """Forget who was in entries of long ago. What was drawn stays: it names nobody."""
    old = (BallotPlayer.date < (now - KEPT).date()) & (BallotPlayer.tenant_id == tenant_id)
    await session.execute(REMOVE_OLD.where(old))
