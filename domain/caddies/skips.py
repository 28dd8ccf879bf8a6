"""Skips: whose turn it is goes out later, and comes first in the next week's draw."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.assignments import refuse_assigned
from domain.caddies.draws import heed_skip
from domain.caddies.facts import queue_changed
from domain.caddies.problems import CaddieNotQueued
from domain.caddies.queues import lock_queue, ready_in, waiting_in
from domain.caddies.rules import READY, noted, pass_over, where_left
from domain.caddies.turns import chosen, clean_reason, new_turn
from domain.clubs.access import find_club, refuse_unless_staff
from events.log import record
from models.caddies.tables import CaddieTurn
from models.caddies.values import TurnStatus


async def skip_turn(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    list_number: int,
    caddie_id: UUID | None = None,
    reason: str | None = None,
    now: datetime,
) -> CaddieTurn:
    """Pass over whose turn it is, or a named caddie: all who can go out go before them, and the draw knows of it.

    Raises NotFound, NotAllowed, InvalidInput, QueueEmpty, CaddieNotQueued, CaddieAssigned.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    reason = clean_reason(reason)
    queue = await lock_queue(session, club, list_number, now=now)
    waiting = await waiting_in(session, queue) if queue else {}
    caddie = await chosen(session, waiting, viewer=viewer, club=club, list_number=list_number, caddie_id=caddie_id)
    if queue is None or caddie.status not in READY:
        raise CaddieNotQueued(status=caddie.status, path=("input", "caddieId"))
    refuse_assigned(waiting[caddie])
    turn = new_turn(caddie, queue, TurnStatus.SKIPPED, viewer=viewer, reason=reason, now=now)
    session.add(turn)
    before = noted(caddie, queue)
    pass_over(caddie, ready_in(waiting))
    turn.before = before | where_left(caddie)
    record(session, queue_changed(queue, waiting), now=now)
    await heed_skip(session, queue, caddie, now=now)
    return turn
