"""What a caddie is doing. Going into the field and coming back are turns, whichever way they are asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.facts import queue_changed, status_changed
from domain.caddies.queues import LockedCaddie, lock_caddie, waiting_in
from domain.caddies.rules import QUEUED, check_transition, put_at_tail
from domain.caddies.turns import check_order, clean_reason, come_back, go_out, turn_under_way
from domain.caddies.withdrawals import withdraw
from domain.clubs.access import refuse_unless_staff
from events.log import record
from models.caddies.tables import Caddie
from models.caddies.values import CaddieStatus, FeeTier


async def set_status(
    session: AsyncSession,
    *,
    viewer: Viewer,
    caddie_id: UUID,
    status: CaddieStatus,
    reason: str | None = None,
    fee_tier: FeeTier = FeeTier.SINGLE,
    tip_cents: int = 0,
    now: datetime,
) -> Caddie:
    """Say what a caddie is doing. IN_FIELD starts a turn, AVAILABLE ends the one under way: both as by name.

    The reason is for a turn that is started out of turn, tier and tip are for one that is ended.
    Raises NotFound, NotAllowed, InvalidInput, CaddieStatusRefused, ReasonRequired.
    """
    locked = await lock_caddie(session, viewer=viewer, caddie_id=caddie_id, now=now)
    refuse_unless_staff(viewer, locked.club.id)
    before, reason = locked.caddie.status, clean_reason(reason)
    check_transition(before, status)
    if status is CaddieStatus.IN_FIELD:
        waiting = await waiting_in(session, locked.queue)
        check_order(waiting, locked.caddie, reason)
        go_out(session, locked, waiting, viewer=viewer, reason=reason, now=now)
    elif before is CaddieStatus.IN_FIELD:
        turn = await turn_under_way(session, locked.caddie)
        await come_back(session, locked, turn, fee_tier=fee_tier, tip_cents=tip_cents, now=now)
    else:
        await _change(session, locked, status, now=now)
    return locked.caddie


async def _change(session: AsyncSession, locked: LockedCaddie, status: CaddieStatus, *, now: datetime) -> None:
    """Set a status that starts and ends no turn: who is late goes to the tail, who is away leaves queue and booking."""
    caddie, before = locked.caddie, locked.caddie.status
    moves = status is CaddieStatus.LATE or (before in QUEUED) != (status in QUEUED)
    waiting = await waiting_in(session, locked.queue) if moves else {}
    caddie.status = status
    record(session, status_changed(caddie, locked.club.language), now=now)
    if not moves:
        return
    turn = waiting.get(caddie)
    if status in QUEUED:
        put_at_tail(caddie, waiting)
    else:
        caddie.queue_place = None
        if turn is not None:
            withdraw(session, turn, caddie, now=now)
    record(session, queue_changed(locked.queue, {**waiting, caddie: turn}), now=now)
