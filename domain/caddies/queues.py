"""The queue of a list, under its lock. Whatever happens to a list's caddies takes this lock first.

A queue that changes on a later day than its own begins that day first; a job does so for the lists where nothing
happens. Two lists are locked in the order of their numbers.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.access import may_see_list
from domain.caddies.facts import queue_changed
from domain.caddies.rules import READY, day_at, end_of_day, monday_of, new_day_order
from domain.caddies.withdrawals import withdraw
from events.log import record
from kit.errors import NotFound
from kit.ids import new_id, public_id
from models.caddies.tables import Caddie, CaddieDraw, CaddieQueue, CaddieTurn
from models.caddies.values import TurnStatus
from models.clubs.tables import Club

FRESH = {"populate_existing": True}
TRIES = 3
LOCK = (
    select(Caddie, CaddieQueue, Club)
    .join(CaddieQueue, and_(CaddieQueue.club_id == Caddie.club_id, CaddieQueue.list_number == Caddie.list_number))
    .join(Club, Club.id == Caddie.club_id)
    .where(Caddie.id == bindparam("caddie_id"))
    .with_for_update(of=[CaddieQueue, Caddie])
    .execution_options(**FRESH)
)
WAITING = (
    select(Caddie, CaddieTurn)
    .outerjoin(CaddieTurn, and_(CaddieTurn.caddie_id == Caddie.id, CaddieTurn.status == TurnStatus.ASSIGNED))
    .where(Caddie.club_id == bindparam("club_id"), Caddie.list_number == bindparam("list_number"))
    .where(Caddie.queue_place.is_not(None))
    .order_by(Caddie.queue_round, Caddie.queue_place)
    .execution_options(**FRESH)
)
DUE = text("SELECT tenant_id, club_id, list_number FROM caddie_queues WHERE ends_at <= :now ORDER BY id")


@dataclass
class LockedCaddie:
    """A caddie whose list and row this transaction holds."""

    caddie: Caddie
    queue: CaddieQueue
    club: Club


async def find_caddie(session: AsyncSession, *, viewer: Viewer, caddie_id: UUID) -> Caddie:
    """Find a caddie, for staff and for the caddies of the same list. Raises NotFound."""
    caddie = await session.get(Caddie, caddie_id)
    if caddie is None or not may_see_list(viewer, caddie.club_id, caddie.list_number):
        raise NotFound(message="There is no such caddie, or you may not know of them.")
    return caddie


async def lock_caddie(session: AsyncSession, *, viewer: Viewer, caddie_id: UUID, now: datetime) -> LockedCaddie:
    """Lock an active caddie of whom the viewer may know. Raises NotFound."""
    locked = await lock_anybody(session, caddie_id, now=now)
    if locked is None or not may_see_list(viewer, locked.club.id, locked.caddie.list_number):
        raise NotFound(message="There is no such caddie, or you may not know of them.")
    return locked


async def lock_anybody(session: AsyncSession, caddie_id: UUID, *, now: datetime) -> LockedCaddie | None:
    """Lock an active caddie, if there is one, with the list's queue, and bring the queue to its day.

    A caddie who is moved to another list at this moment is found there by the next try.
    """
    for _ in range(TRIES):
        row = (await session.execute(LOCK, {"caddie_id": caddie_id})).one_or_none()
        if row is not None:
            break
    if row is None or not row[0].is_active:
        return None
    locked = LockedCaddie(*row)
    await begin_day(session, locked.queue, locked.club, now=now)
    return locked


async def lock_queue(session: AsyncSession, club: Club, list_number: int, *, now: datetime) -> CaddieQueue | None:
    """Lock the queue of a list and bring it to its day; none where the list has never had a caddie."""
    mine = select(CaddieQueue).filter_by(club_id=club.id, list_number=list_number)
    queue = await session.scalar(mine.with_for_update().execution_options(**FRESH))
    if queue is not None:
        await begin_day(session, queue, club, now=now)
    return queue


async def lock_or_make_queue(session: AsyncSession, club: Club, list_number: int, *, now: datetime) -> CaddieQueue:
    """Lock the queue of a list that the club has, and make it for the list's first caddie."""
    day = day_at(now, club.time_zone)
    values = {"id": new_id(), "tenant_id": club.tenant_id, "club_id": club.id, "list_number": list_number}
    values |= {"day": day, "ends_at": end_of_day(day, club.time_zone)}
    await session.execute(insert(CaddieQueue).values(values).on_conflict_do_nothing())
    queue = await lock_queue(session, club, list_number, now=now)
    if queue is None:
        raise RuntimeError("a queue that was made must be there")
    return queue


Waiting = dict[Caddie, CaddieTurn | None]
"""Who waits in a queue, the head first, each with the turn that is assigned to a booking, if one is."""


async def waiting_in(session: AsyncSession, queue: CaddieQueue) -> Waiting:
    """Read who waits in a locked queue."""
    found = await session.execute(WAITING, {"club_id": queue.club_id, "list_number": queue.list_number})
    return {row[0]: row[1] for row in found}


def ready_in(waiting: Waiting) -> list[Caddie]:
    """Give those who can go out, and are not assigned to a booking, the head first."""
    return [caddie for caddie, turn in waiting.items() if caddie.status in READY and turn is None]


def next_up(waiting: Waiting) -> Caddie | None:
    """Give whose turn it is."""
    return next(iter(ready_in(waiting)), None)


async def begin_day(session: AsyncSession, queue: CaddieQueue, club: Club, *, now: datetime) -> bool:
    """Begin a new day, unless the queue's day is not over: in the drawn order, or as the day before ended.

    Assignments to bookings of the days before end.
    """
    if now < queue.ends_at:
        return False
    queue.day = day_at(now, club.time_zone)
    queue.ends_at = end_of_day(queue.day, club.time_zone)
    for turn, caddie in await _assigned_before(session, queue):
        withdraw(session, turn, caddie, now=now)
    await order_anew(session, queue, now=now)
    return True


async def _assigned_before(session: AsyncSession, queue: CaddieQueue) -> list[tuple[CaddieTurn, Caddie]]:
    of_list = (CaddieTurn.club_id == queue.club_id, CaddieTurn.list_number == queue.list_number)
    rows = await session.execute(
        select(CaddieTurn, Caddie)
        .join(Caddie, CaddieTurn.caddie_id == Caddie.id)
        .where(*of_list, CaddieTurn.status == TurnStatus.ASSIGNED, CaddieTurn.day < queue.day)
        .order_by(CaddieTurn.id)
    )
    return [(row[0], row[1]) for row in rows]


async def order_anew(session: AsyncSession, queue: CaddieQueue, *, now: datetime) -> None:
    """Put a queue into the order in which its day begins; all are in their first round then."""
    drawn = await session.scalar(
        select(CaddieDraw.drawn).filter_by(
            club_id=queue.club_id, list_number=queue.list_number, week=monday_of(queue.day)
        )
    )
    waiting = await waiting_in(session, queue)
    ids = {caddie: public_id("caddie", caddie.id) for caddie in waiting}
    order = [entry["caddie_id"] for entry in drawn or ()]
    await session.execute(
        update(Caddie)
        .where(Caddie.club_id == queue.club_id, Caddie.list_number == queue.list_number, Caddie.queue_round != 1)
        .values(queue_round=1)
    )
    for place, caddie in enumerate(new_day_order(list(waiting), order, ids), 1):
        caddie.queue_round, caddie.queue_place = 1, place
    record(session, queue_changed(queue, waiting), now=now)


async def due_queues(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID, int]]:
    """List the queues, of all tenants, whose day is over: tenant, club and list of each."""
    return [(row.tenant_id, row.club_id, row.list_number) for row in await session.execute(DUE, {"now": now})]


async def begin_due_day(session: AsyncSession, *, club_id: UUID, list_number: int, now: datetime) -> None:
    """Begin the day of a list, if nothing else has begun it."""
    club = await session.get_one(Club, club_id)
    await lock_queue(session, club, list_number, now=now)
