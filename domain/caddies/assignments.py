"""A caddie for a booking: assigning a turn, and the caddie's answer. Whether the booking is open is asked before."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.facts import answered, of_turn
from domain.caddies.problems import (
    AssignmentAnswered,
    CaddieAssigned,
    CaddieNotQueued,
    QueueEmpty,
    ReasonRequired,
    TurnNotAssignable,
)
from domain.caddies.queues import lock_anybody, lock_caddie, lock_queue, next_up, waiting_in
from domain.caddies.rules import QUEUED
from domain.caddies.turns import clean_reason, find_turn, lock_turn, new_turn
from domain.caddies.withdrawals import withdraw
from domain.clubs.access import refuse_unless_staff
from events.caddies import TurnAssigned
from events.log import record
from kit.errors import InvalidInput, NotAllowed, NotFound
from kit.ids import public_id
from models.caddies.tables import Caddie, CaddieQueue, CaddieTurn
from models.caddies.values import AssignmentAnswer, AssignmentKind, TurnStatus
from models.clubs.tables import Club

ASSIGNED = (
    select(CaddieTurn)
    .where(CaddieTurn.booking_id == bindparam("booking_id"), CaddieTurn.status == TurnStatus.ASSIGNED)
    .order_by(CaddieTurn.list_number, CaddieTurn.id)
)
GONE = (
    select(CaddieTurn)
    .where(CaddieTurn.booking_id == bindparam("booking_id"), CaddieTurn.status == TurnStatus.WITHDRAWN)
    .where(CaddieTurn.went_with_booking)
    .order_by(CaddieTurn.list_number, CaddieTurn.id)
)
OPEN = frozenset({TurnStatus.ASSIGNED, TurnStatus.IN_FIELD})


async def assign_turn(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club: Club,
    booking_id: UUID,
    day: date,
    assigned_as: AssignmentKind,
    turn_id: UUID | None = None,
    caddie_id: UUID | None = None,
    list_number: int | None = None,
    reason: str | None = None,
    now: datetime,
) -> CaddieTurn:
    """Assign a turn to a booking of the club on a day: one under way, a caddie's next one, or that of a list's head.

    A caddie who is not the next one is given for a member's request, or for a reason.
    Raises NotFound, NotAllowed, InvalidInput, CaddieNotQueued, CaddieAssigned, QueueEmpty, ReasonRequired,
    TurnNotAssignable.
    """
    refuse_unless_staff(viewer, club.id)
    reason = clean_reason(reason)
    if sum(given is not None for given in (turn_id, caddie_id, list_number)) != 1:
        raise InvalidInput(message="Give one of turnId, caddieId and listNumber.", path=("input",))
    if turn_id is not None:
        turn, caddie = await _under_way(session, viewer=viewer, club=club, turn_id=turn_id, now=now)
    else:
        if caddie_id is not None:
            asked = assigned_as is AssignmentKind.MEMBER_REQUEST or bool(reason)
            caddie, queue = await _named(
                session, viewer=viewer, club=club, caddie_id=caddie_id, is_asked_for=asked, now=now
            )
        else:
            caddie, queue = await _head(session, club, list_number or 0, now=now)
        turn = new_turn(caddie, queue, TurnStatus.ASSIGNED, viewer=viewer, reason=reason, now=now)
        turn.day = day
        session.add(turn)
    turn.booking_id, turn.assigned_as, turn.answer = booking_id, assigned_as, AssignmentAnswer.PENDING
    fact = of_turn(TurnAssigned, turn, caddie, assigned_as=assigned_as, answer=turn.answer)
    record(session, fact, now=now)
    return turn


async def _under_way(
    session: AsyncSession, *, viewer: Viewer, club: Club, turn_id: UUID, now: datetime
) -> tuple[CaddieTurn, Caddie]:
    turn, locked = await lock_turn(session, viewer=viewer, turn_id=turn_id, now=now)
    if turn.club_id != club.id:
        raise NotFound(message="There is no such turn, or you may not know of it.")
    if turn.status is not TurnStatus.IN_FIELD or turn.answer not in {None, AssignmentAnswer.DECLINED}:
        raise TurnNotAssignable(status=turn.status, path=("input", "turnId"))
    return turn, locked.caddie


async def _named(
    session: AsyncSession, *, viewer: Viewer, club: Club, caddie_id: UUID, is_asked_for: bool, now: datetime
) -> tuple[Caddie, CaddieQueue]:
    locked = await lock_caddie(session, viewer=viewer, caddie_id=caddie_id, now=now)
    if locked.club.id != club.id:
        raise NotFound(message="There is no such caddie, or you may not know of them.")
    waiting = await waiting_in(session, locked.queue)
    if locked.caddie.status not in QUEUED:
        raise CaddieNotQueued(status=locked.caddie.status, path=("input", "caddieId"))
    refuse_assigned(waiting.get(locked.caddie))
    head = next_up(waiting)
    if locked.caddie is not head and not is_asked_for:
        raise ReasonRequired(next_caddie_id=public_id("caddie", head.id) if head else None, path=("input", "reason"))
    return locked.caddie, locked.queue


async def _head(session: AsyncSession, club: Club, list_number: int, *, now: datetime) -> tuple[Caddie, CaddieQueue]:
    queue = await lock_queue(session, club, list_number, now=now)
    head = next_up(await waiting_in(session, queue)) if queue else None
    if queue is None or head is None:
        raise QueueEmpty(path=("input", "listNumber"))
    return head, queue


def refuse_assigned(turn: CaddieTurn | None) -> None:
    """Let those pass who are not assigned to a booking. Raises CaddieAssigned."""
    if turn is not None and turn.booking_id is not None:
        raise CaddieAssigned(turn_id=public_id("turn", turn.id), booking_id=public_id("booking", turn.booking_id))


async def assigned_turn_of(session: AsyncSession, caddie: Caddie) -> CaddieTurn | None:
    """Read the turn of a caddie that is assigned to a booking and not started."""
    assigned = (CaddieTurn.caddie_id == caddie.id, CaddieTurn.status == TurnStatus.ASSIGNED)
    return await session.scalar(select(CaddieTurn).where(*assigned))


async def answer_assignment(
    session: AsyncSession, *, viewer: Viewer, turn_id: UUID, is_accepted: bool, now: datetime
) -> CaddieTurn:
    """Accept a booking or decline it: by the caddie, or by staff for them. What was accepted can be declined later.

    Raises NotFound, NotAllowed, AssignmentAnswered.
    """
    await find_turn(session, viewer=viewer, turn_id=turn_id)
    turn, locked = await lock_turn(session, viewer=viewer, turn_id=turn_id, now=now)
    if not viewer.is_staff_of(turn.club_id) and locked.caddie.user_id != viewer.user_id:
        raise NotAllowed(message="Only the caddie whose turn it is, or the club's staff, may answer.")
    answer = AssignmentAnswer.ACCEPTED if is_accepted else AssignmentAnswer.DECLINED
    if turn.booking_id is None or turn.status not in OPEN or turn.answer is answer:
        raise AssignmentAnswered(answer=turn.answer)
    turn.answer = answer
    if turn.status is TurnStatus.ASSIGNED and not is_accepted:
        turn.status = TurnStatus.DECLINED
    record(session, answered(turn, locked.caddie), now=now)
    return turn


async def withdraw_assignments(
    session: AsyncSession, *, booking_id: UUID, kept_on: date | None = None, now: datetime
) -> None:
    """Release the caddies who wait for a booking, but for those who were assigned for a day on which it still is.

    Who is out with it already comes back as usual.
    """
    for turn in (await session.scalars(ASSIGNED, {"booking_id": booking_id})).all():
        locked = await lock_anybody(session, turn.caddie_id, now=now)
        await session.refresh(turn)
        if locked is not None and turn.status is TurnStatus.ASSIGNED and turn.day != kept_on:
            withdraw(session, turn, locked.caddie, with_booking=kept_on is None, now=now)


async def restore_assignments(session: AsyncSession, *, booking_id: UUID, day: date, now: datetime) -> None:
    """Assign those caddies anew who were released when their booking was over, since it is not: they answer again.

    Who has another booking by now, is out, or away, is left out, and so is a day that is over.
    """
    for turn in (await session.scalars(GONE, {"booking_id": booking_id})).all():
        locked = await lock_anybody(session, turn.caddie_id, now=now)
        await session.refresh(turn)
        if locked is None or locked.caddie.status not in QUEUED or turn.day != day or day < locked.queue.day:
            continue
        if turn.status is TurnStatus.WITHDRAWN and await assigned_turn_of(session, locked.caddie) is None:
            turn.status, turn.answer, turn.went_with_booking = TurnStatus.ASSIGNED, AssignmentAnswer.PENDING, False
            fact = of_turn(TurnAssigned, turn, locked.caddie, assigned_as=turn.assigned_as, answer=turn.answer)
            record(session, fact, now=now)
