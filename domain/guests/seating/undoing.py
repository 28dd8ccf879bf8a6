"""Taking back the last plan that was saved for a part: who was moved by it sits again where they sat before."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.places.attendances import Place, places_of_guests
from domain.guests.seating.arranging import CHAIRS, Arranged, move_all
from domain.guests.seating.facts import guest_ids
from domain.guests.seating.floor import COMING, TABLES_LOCKED, lock_floor
from domain.guests.seating.problems import NoPlanSaved, SeatingMoved
from domain.guests.seating.seats import refuse_locked
from kit.ids import new_id
from models.guests.occasions import Part
from models.guests.seating import AppliedPlan, DiningTable

OF_PART = AppliedPlan.part_id == bindparam("part_id", type_=Uuid)
KEPT = select(AppliedPlan).where(OF_PART)
FORGET = delete(AppliedPlan).where(OF_PART)


class PlannedMove(NamedTuple):
    """What a plan has done with a guest, as it is kept: ids are texts."""

    table: str | None
    """The table that it gave."""
    before: str | None
    """The table before."""
    seat: int | None
    """The seat there, where one was chosen."""


def _text(table_id: UUID | None) -> str | None:
    return None if table_id is None else str(table_id)


async def keep_plan(
    session: AsyncSession, part: Part, places: Mapping[UUID, Place], seats: Mapping[UUID, UUID], *, now: datetime
) -> None:
    """Keep what a plan is about to change in a locked part, in place of what was kept of the plan before."""
    moves = {
        str(guest_id): PlannedMove(
            _text(seats.get(guest_id)), _text(place.attendance.table_id), place.attendance.seat
        )._asdict()
        for guest_id, place in places.items()
    }
    await session.execute(FORGET, {"part_id": part.id})
    session.add(
        AppliedPlan(
            id=new_id(),
            tenant_id=part.tenant_id,
            occasion_id=part.occasion_id,
            part_id=part.id,
            moves=moves,
            created_at=now,
        )
    )


async def undo_auto_seat(
    session: AsyncSession, *, viewer: Viewer, occasion_id: UUID, part_id: UUID | None = None, now: datetime
) -> list[DiningTable]:
    """Take back the last plan that was saved for a part, once; gives the tables that changed.

    All whom it moved sit again where they sat before, whatever rules that breaks; who has been taken off the list since
    is passed over. Raises NotFound, NotAllowed, OccasionNotOpen, PartNotSeated, NoPlanSaved, SeatLocked, SeatingMoved.
    """
    occasion, part = await lock_floor(session, viewer=viewer, occasion_id=occasion_id, part_id=part_id)
    kept = await session.scalar(KEPT, {"part_id": part.id})
    if kept is None:
        raise NoPlanSaved
    moves = {UUID(guest): PlannedMove(**move) for guest, move in kept.moves.items()}
    found = await places_of_guests(session, list(moves))
    places = {place.guest.id: place for place in found if place.attendance.part_id == part.id}
    tables = {table.id: table for table in await session.scalars(TABLES_LOCKED, {"part_id": part.id})}
    refuse_locked(guest for guest, place in places.items() if place.attendance.is_locked)
    chairs = {(table, seat): guest for table, seat, guest in await session.execute(CHAIRS, {"part_id": part.id})}
    wishes = {guest: _back(guest, moves[guest]) for guest in places}
    _refuse_moved(moves, places, tables, wishes, chairs)
    done = await move_all(session, occasion, tables, places, wishes, viewer=viewer, now=now)
    await session.execute(FORGET, {"part_id": part.id})
    return done


def _back(guest_id: UUID, move: PlannedMove) -> Arranged:
    return Arranged(guest_id=guest_id, table_id=UUID(move.before) if move.before else None, seat=move.seat)


def _refuse_moved(
    moves: Mapping[UUID, PlannedMove],
    places: Mapping[UUID, Place],
    tables: Mapping[UUID, DiningTable],
    wishes: Mapping[UUID, Arranged],
    chairs: Mapping[tuple[UUID | None, int | None], UUID],
) -> None:
    """Let guests go back of whom nobody sits elsewhere by now, and whose seats are free. Raises SeatingMoved."""
    coming = Counter(one.table_id for one in wishes.values())
    leaving = Counter(place.attendance.table_id for place in places.values())

    def finds_room(one: Arranged) -> bool:
        if one.table_id is None:
            return True
        table = tables.get(one.table_id)
        if table is None or coming[table.id] > table.capacity - table.seated + leaving[table.id]:
            return False
        if one.seat is None:
            return True
        return one.seat <= table.capacity and chairs.get((table.id, one.seat), one.guest_id) in places

    moved = [
        guest
        for guest, place in places.items()
        if (_text(place.attendance.table_id), place.attendance.seat) != (moves[guest].table, None)
        or (wishes[guest].table_id is not None and place.status not in COMING)
        or not finds_room(wishes[guest])
    ]
    if moved:
        raise SeatingMoved(guest_ids=guest_ids(moved))
