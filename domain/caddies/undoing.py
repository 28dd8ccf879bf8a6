"""The way back from a turn that was started, ended or skipped by mistake.

Each of these acts notes at its turn how things were before it, and where it left the caddie. Who stands elsewhere by
now, or on a later day, has gone on: then there is no way back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.assignments import refuse_assigned
from domain.caddies.draws import heed_skip
from domain.caddies.facts import of_turn, queue_changed, status_changed
from domain.caddies.problems import TurnMovedOn
from domain.caddies.queues import LockedCaddie, Waiting, waiting_in
from domain.caddies.rules import READY, put_back
from domain.caddies.turns import lock_turn
from domain.caddies.withdrawals import withdraw
from events.caddies import TurnAssigned, TurnUndone
from events.log import record
from models.caddies.tables import CaddieTurn
from models.caddies.values import AssignmentAnswer, CaddieStatus, TurnAct, TurnStatus

LEAVES = {TurnAct.START: TurnStatus.IN_FIELD, TurnAct.END: TurnStatus.ENDED, TurnAct.SKIP: TurnStatus.SKIPPED}
"""What a turn is after each act."""


@dataclass(frozen=True)
class Undoing:
    """A turn that is taken back, under the locks of its caddie and queue."""

    session: AsyncSession
    turn: CaddieTurn
    locked: LockedCaddie
    waiting: Waiting
    before: Mapping[str, Any]
    open_on: date | None
    """The day of the turn's booking, if that is still to be played."""
    now: datetime


async def undo_turn(
    session: AsyncSession,
    *,
    viewer: Viewer,
    turn_id: UUID,
    act: TurnAct,
    booking_id: UUID | None,
    open_on: date | None,
    now: datetime,
) -> CaddieTurn:
    """Take back the last act of a turn, for staff. Its booking, if it has one, is locked and looked at before.

    Raises NotFound, TurnMovedOn, CaddieAssigned.
    """
    turn, locked = await lock_turn(session, viewer=viewer, turn_id=turn_id, now=now)
    before = turn.before
    if turn.status is not LEAVES[act] or before is None or before["day"] != locked.queue.day.isoformat():
        raise TurnMovedOn(status=turn.status)
    if turn.booking_id != booking_id or turn.list_number != locked.caddie.list_number:
        raise TurnMovedOn(status=turn.status)
    waiting = await waiting_in(session, locked.queue)
    await UNDO[act](Undoing(session, turn, locked, waiting, before, open_on, now))
    return turn


async def _undo_start(it: Undoing) -> None:
    """Let a caddie wait again where they did, with the booking that they have, or have got since."""
    turn, caddie = it.turn, it.locked.caddie
    turn.started_at, turn.before = None, None
    turn.status = _before_the_start(turn)
    caddie.status = CaddieStatus(it.before["status"])
    put_back(caddie, it.waiting, queue_round=it.before["round"], place=it.before["place"])
    record(it.session, status_changed(caddie, it.locked.club.language), now=it.now)
    record(it.session, of_turn(TurnUndone, turn, caddie, act=TurnAct.START, turn_status=turn.status), now=it.now)
    if turn.status is TurnStatus.ASSIGNED:
        _assign_again(it)
    has_booking = turn.status is TurnStatus.ASSIGNED
    queue = {**it.waiting, caddie: turn if has_booking else None}
    record(it.session, queue_changed(it.locked.queue, queue), now=it.now)


def _before_the_start(turn: CaddieTurn) -> TurnStatus:
    if turn.booking_id is None:
        return TurnStatus.UNDONE
    return TurnStatus.DECLINED if turn.answer is AssignmentAnswer.DECLINED else TurnStatus.ASSIGNED


def _assign_again(it: Undoing) -> None:
    """Let a caddie wait for a booking as before the start; not for one that is over meanwhile."""
    turn, caddie = it.turn, it.locked.caddie
    if it.open_on is None or it.open_on < it.locked.queue.day:
        withdraw(it.session, turn, caddie, with_booking=True, now=it.now)
        return
    turn.day = it.open_on
    if it.before["answer"] is not None and turn.answer is not AssignmentAnswer(it.before["answer"]):
        turn.answer = AssignmentAnswer(it.before["answer"])
        fact = of_turn(TurnAssigned, turn, caddie, assigned_as=turn.assigned_as, answer=turn.answer)
        record(it.session, fact, now=it.now)


async def _undo_end(it: Undoing) -> None:
    """Send a caddie out again on the turn that they were on: it is no loop."""
    turn, caddie = it.turn, it.locked.caddie
    _refuse_moved(it)
    refuse_assigned(it.waiting[caddie])
    turn.status, turn.ended_at, turn.before = TurnStatus.IN_FIELD, None, it.before["earlier"]
    turn.fee_tier = turn.fee_cents = turn.tip_cents = turn.currency = None
    caddie.status, caddie.queue_round, caddie.queue_place = CaddieStatus.IN_FIELD, it.before["round"], None
    fact = of_turn(TurnUndone, turn, caddie, act=TurnAct.END, turn_status=turn.status, out_since=turn.started_at)
    record(it.session, status_changed(caddie, it.locked.club.language), fact, now=it.now)
    record(it.session, queue_changed(it.locked.queue, it.waiting), now=it.now)


async def _undo_skip(it: Undoing) -> None:
    """Give a caddie the place back; a draw that was made ahead knows of no skip any more."""
    turn, caddie = it.turn, it.locked.caddie
    _refuse_moved(it)
    turn.status, turn.before = TurnStatus.UNDONE, None
    put_back(caddie, it.waiting, queue_round=it.before["round"], place=it.before["place"])
    record(it.session, of_turn(TurnUndone, turn, caddie, act=TurnAct.SKIP, turn_status=turn.status), now=it.now)
    record(it.session, queue_changed(it.locked.queue, it.waiting), now=it.now)
    await heed_skip(it.session, it.locked.queue, caddie, now=it.now)


def _refuse_moved(it: Undoing) -> None:
    """Hold to the caddie's standing where the act left them. Raises TurnMovedOn."""
    caddie = it.locked.caddie
    if caddie.status not in READY or [caddie.queue_round, caddie.queue_place] != it.before["left"]:
        raise TurnMovedOn(status=it.turn.status)


UNDO: dict[TurnAct, Callable[[Undoing], Any]] = {
    TurnAct.START: _undo_start,
    TurnAct.END: _undo_end,
    TurnAct.SKIP: _undo_skip,
}
