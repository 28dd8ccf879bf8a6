"""Turns: one way into the field, and one way back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.access import may_see_list
from domain.caddies.facts import answered, of_turn, queue_changed, status_changed
from domain.caddies.problems import CaddieNotQueued, QueueEmpty, ReasonRequired, TurnNotInField
from domain.caddies.queues import LockedCaddie, Waiting, find_caddie, lock_caddie, lock_queue, next_up, waiting_in
from domain.caddies.rules import check_transition, noted, put_at_tail, where_left
from domain.caddies.settings import settings_of
from domain.clubs.access import find_club, refuse_unless_staff
from events.caddies import TurnEnded, TurnStarted
from events.log import record
from kit.errors import NotFound
from kit.ids import new_id, public_id
from kit.text import check_range, clean_name
from models.caddies.tables import Caddie, CaddieQueue, CaddieTurn
from models.caddies.values import AssignmentAnswer, CaddieStatus, FeeTier, TurnStatus
from models.clubs.tables import Club

HIGHEST_TIP_CENTS = 10_000_000
LONGEST_REASON = 200
UNDER_WAY = select(CaddieTurn).where(
    CaddieTurn.caddie_id == bindparam("caddie_id"), CaddieTurn.status == TurnStatus.IN_FIELD
)


async def start_turn(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    list_number: int,
    caddie_id: UUID | None = None,
    reason: str | None = None,
    now: datetime,
) -> CaddieTurn:
    """Send the head of a list's queue out, or a named caddie for a reason; who was assigned to a booking needs none.

    Raises NotFound, NotAllowed, InvalidInput, QueueEmpty, CaddieNotQueued, CaddieStatusRefused, ReasonRequired.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    reason = clean_reason(reason)
    queue = await lock_queue(session, club, list_number, now=now)
    waiting = await waiting_in(session, queue) if queue else {}
    caddie = await chosen(session, waiting, viewer=viewer, club=club, list_number=list_number, caddie_id=caddie_id)
    if queue is None:
        raise QueueEmpty
    check_transition(caddie.status, CaddieStatus.IN_FIELD)
    check_order(waiting, caddie, reason)
    return go_out(session, LockedCaddie(caddie, queue, club), waiting, viewer=viewer, reason=reason, now=now)


async def chosen(
    session: AsyncSession, waiting: Waiting, *, viewer: Viewer, club: Club, list_number: int, caddie_id: UUID | None
) -> Caddie:
    """Choose from a queue whom an id names, or else whose turn it is. Raises NotFound, CaddieNotQueued, QueueEmpty."""
    if caddie_id is None:
        head = next_up(waiting)
        if head is None:
            raise QueueEmpty(path=("input", "listNumber"))
        return head
    named = next((caddie for caddie in waiting if caddie.id == caddie_id), None)
    if named is not None:
        return named
    caddie = await find_caddie(session, viewer=viewer, caddie_id=caddie_id)
    if not caddie.is_active or (caddie.club_id, caddie.list_number) != (club.id, list_number):
        raise NotFound(message="There is no such caddie, or you may not know of them.")
    raise CaddieNotQueued(status=caddie.status, path=("input", "caddieId"))


def clean_reason(reason: str | None) -> str | None:
    """Read a reason; none for an empty one. Raises InvalidInput for one that cannot be kept."""
    return clean_name(reason or "", path=("input", "reason"), longest=LONGEST_REASON, empty=True) or None


def check_order(waiting: Waiting, caddie: Caddie, reason: str | None) -> None:
    """Hold staff to the queue's order. Raises ReasonRequired for somebody out of turn."""
    head = next_up(waiting)
    if caddie is head or waiting.get(caddie) is not None or reason:
        return
    raise ReasonRequired(next_caddie_id=public_id("caddie", head.id) if head else None, path=("input", "reason"))


def go_out(
    session: AsyncSession, locked: LockedCaddie, waiting: Waiting, *, viewer: Viewer, reason: str | None, now: datetime
) -> CaddieTurn:
    """Send a caddie who waits into the field, on the turn that is assigned to a booking if there is one."""
    caddie, queue = locked.caddie, locked.queue
    before = noted(caddie, queue, waiting.get(caddie))
    turn = waiting.get(caddie) or new_turn(caddie, queue, TurnStatus.IN_FIELD, viewer=viewer, reason=reason, now=now)
    session.add(turn)
    turn.status, turn.started_at, turn.day, turn.before = TurnStatus.IN_FIELD, now, queue.day, before
    caddie.status, caddie.queue_place = CaddieStatus.IN_FIELD, None
    record(session, status_changed(caddie, locked.club.language), now=now)
    record(session, of_turn(TurnStarted, turn, caddie, started_at=now), now=now)
    if turn.answer is AssignmentAnswer.PENDING:  # who goes out with the booking has accepted it
        turn.answer = AssignmentAnswer.ACCEPTED
        record(session, answered(turn, caddie), now=now)
    record(session, queue_changed(queue, waiting), now=now)
    return turn


def new_turn(
    caddie: Caddie, queue: CaddieQueue, status: TurnStatus, *, viewer: Viewer, reason: str | None, now: datetime
) -> CaddieTurn:
    """Make a turn of a caddie on the queue's day, with a clean reason."""
    return CaddieTurn(
        id=new_id(),
        tenant_id=caddie.tenant_id,
        club_id=caddie.club_id,
        caddie_id=caddie.id,
        caddie_name=caddie.name,
        list_number=caddie.list_number,
        day=queue.day,
        status=status,
        reason=reason,
        recorded_by=viewer.user_id,
        created_at=now,
    )


async def find_turn(session: AsyncSession, *, viewer: Viewer, turn_id: UUID) -> CaddieTurn:
    """Find a turn, for staff and for the caddies of its list. Raises NotFound."""
    turn = await session.get(CaddieTurn, turn_id)
    if turn is None or not may_see_list(viewer, turn.club_id, turn.list_number):
        raise NotFound(message="There is no such turn, or you may not know of it.")
    return turn


async def lock_turn(
    session: AsyncSession, *, viewer: Viewer, turn_id: UUID, now: datetime
) -> tuple[CaddieTurn, LockedCaddie]:
    """Find a turn, and lock its caddie with the list's queue. Raises NotFound."""
    turn = await find_turn(session, viewer=viewer, turn_id=turn_id)
    locked = await lock_caddie(session, viewer=viewer, caddie_id=turn.caddie_id, now=now)
    await session.refresh(turn)
    return turn, locked


async def end_turn(
    session: AsyncSession,
    *,
    viewer: Viewer,
    turn_id: UUID,
    fee_tier: FeeTier = FeeTier.SINGLE,
    tip_cents: int = 0,
    now: datetime,
) -> CaddieTurn:
    """End a turn: it becomes a loop at the club's present fee, and the caddie goes to the tail of the queue.

    Raises NotFound, NotAllowed, InvalidInput, TurnNotInField.
    """
    found = await find_turn(session, viewer=viewer, turn_id=turn_id)
    refuse_unless_staff(viewer, found.club_id)
    turn, locked = await lock_turn(session, viewer=viewer, turn_id=turn_id, now=now)
    if turn.status is not TurnStatus.IN_FIELD:
        raise TurnNotInField(status=turn.status)
    await come_back(session, locked, turn, fee_tier=fee_tier, tip_cents=tip_cents, now=now)
    return turn


async def turn_under_way(session: AsyncSession, caddie: Caddie) -> CaddieTurn:
    """Read the turn that a caddie in the field is out on."""
    return (await session.scalars(UNDER_WAY, {"caddie_id": caddie.id})).one()


async def rename_open_turn(session: AsyncSession, caddie: Caddie) -> None:
    """Let the turn that a caddie waits for or is out on follow their name; what is over keeps the name of its time."""
    is_open = (CaddieTurn.caddie_id == caddie.id, CaddieTurn.status.in_([TurnStatus.ASSIGNED, TurnStatus.IN_FIELD]))
    await session.execute(update(CaddieTurn).where(*is_open).values(caddie_name=caddie.name))


async def come_back(
    session: AsyncSession, locked: LockedCaddie, turn: CaddieTurn, *, fee_tier: FeeTier, tip_cents: int, now: datetime
) -> None:
    """End a turn that is under way: a loop is made of it, and the caddie goes to the tail. Raises InvalidInput."""
    check_range(tip_cents, 0, HIGHEST_TIP_CENTS, path=("input", "tipCents"))
    caddie, club = locked.caddie, locked.club
    fees = (await settings_of(session, club.id)).fees
    waiting = await waiting_in(session, locked.queue)
    before = noted(caddie, locked.queue, turn)
    turn.status, turn.ended_at = TurnStatus.ENDED, now
    turn.fee_tier, turn.fee_cents, turn.tip_cents, turn.currency = fee_tier, fees[fee_tier], tip_cents, club.currency
    caddie.status = CaddieStatus.AVAILABLE
    put_at_tail(caddie, waiting, after_a_turn=True)
    turn.before = before | where_left(caddie)
    ended = of_turn(
        TurnEnded,
        turn,
        caddie,
        started_at=turn.started_at,
        ended_at=now,
        fee_tier=fee_tier,
        fee_cents=turn.fee_cents,
        tip_cents=tip_cents,
        currency=club.currency,
    )
    record(session, status_changed(caddie, club.language), ended, now=now)
    record(session, queue_changed(locked.queue, {**waiting, caddie: None}), now=now)
