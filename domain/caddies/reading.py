"""Reading caddies, queues, turns and reports: what screens show, each viewer's own lists alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.access import visible_lists
from domain.caddies.queues import Waiting, waiting_in
from domain.caddies.rules import monday_of
from domain.clubs.access import find_club
from domain.rows import rows_by_id
from events.clubs import club_room
from events.cursor import Cursor
from events.log import read_cursor
from kit.ids import public_id
from models.caddies.tables import Caddie, CaddieDraw, CaddieQueue, CaddieTurn
from models.caddies.values import AssignmentAnswer, AssignmentKind, CaddieStatus, FeeTier, TurnStatus
from models.clubs.tables import Club


@dataclass(frozen=True, kw_only=True)
class CaddieBoard:
    """A club's caddies as far as a viewer may see them, and where the club's stream stood."""

    club: Club
    cursor: Cursor
    caddies: list[Caddie]


@dataclass(frozen=True, kw_only=True)
class QueueView:
    """A list's queue: who waits, who is out, and how its week was drawn. Nothing of it before the list's first day."""

    club: Club
    cursor: Cursor
    list_number: int
    queue: CaddieQueue | None = None
    waiting: Waiting = field(default_factory=dict)
    in_field: list[CaddieTurn] = field(default_factory=list)
    draw: CaddieDraw | None = None


@dataclass(kw_only=True)
class Earnings:
    """What a caddie has earned in a currency: loops by tier, fees in cents by tier, and tips in cents."""

    caddie_id: UUID
    name: str
    currency: str
    loops: dict[FeeTier, int] = field(default_factory=dict)
    fee_cents: dict[FeeTier, int] = field(default_factory=dict)
    tip_cents: int = 0


@dataclass(frozen=True, kw_only=True)
class Report:
    """The earnings of some days, both included, by caddie."""

    club: Club
    first: date
    last: date
    earnings: list[Earnings]


@dataclass(frozen=True, kw_only=True)
class AssignedCaddie:
    """A caddie of a booking."""

    turn_id: UUID
    caddie_id: UUID
    name: str
    assigned_as: AssignmentKind
    answer: AssignmentAnswer


async def read_caddies(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    lists: Collection[int] | None = None,
    status: CaddieStatus | None = None,
) -> CaddieBoard:
    """Read the active caddies of lists, all that the viewer may see unless some are named, by list and name.

    Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    numbers = visible_lists(viewer, club.id, lists)
    found = select(Caddie).where(Caddie.club_id == club.id, Caddie.is_active)
    if numbers is not None:
        found = found.where(Caddie.list_number.in_(numbers))
    if status is not None:
        found = found.where(Caddie.status == status)
    rows = await session.scalars(found.order_by(Caddie.list_number, Caddie.name, Caddie.id))
    return CaddieBoard(club=club, cursor=await _cursor(session, club), caddies=list(rows))


async def _cursor(session: AsyncSession, club: Club) -> Cursor:
    return await read_cursor(session, club_room(public_id("club", club.id)))


async def read_queue(session: AsyncSession, *, viewer: Viewer, club_id: UUID, list_number: int) -> QueueView:
    """Read the queue of a list. Raises NotFound, NotAllowed."""
    club = await find_club(session, viewer=viewer, club_id=club_id)
    visible_lists(viewer, club.id, [list_number])
    mine = {"club_id": club.id, "list_number": list_number}
    queue = await session.scalar(select(CaddieQueue).filter_by(**mine))
    cursor = await _cursor(session, club)
    if queue is None:
        return QueueView(club=club, cursor=cursor, list_number=list_number)
    out = select(CaddieTurn).filter_by(**mine, status=TurnStatus.IN_FIELD)
    return QueueView(
        club=club,
        cursor=cursor,
        list_number=list_number,
        queue=queue,
        waiting=await waiting_in(session, queue),
        in_field=list(await session.scalars(out.order_by(CaddieTurn.started_at, CaddieTurn.id))),
        draw=await session.scalar(select(CaddieDraw).filter_by(**mine, week=monday_of(queue.day))),
    )


async def read_draw(
    session: AsyncSession, *, viewer: Viewer, club_id: UUID, list_number: int, week: date
) -> tuple[Club, CaddieDraw | None]:
    """Read the draw of a list for the week that a day lies in, if it was made. Raises NotFound, NotAllowed."""
    club = await find_club(session, viewer=viewer, club_id=club_id)
    visible_lists(viewer, club.id, [list_number])
    mine = {"club_id": club.id, "list_number": list_number, "week": monday_of(week)}
    return club, await session.scalar(select(CaddieDraw).filter_by(**mine))


async def read_report(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    day: date,
    is_week: bool,
    lists: Collection[int] | None = None,
) -> Report:
    """Add up the loops of a day, or of the week that it lies in from Monday on, by caddie and fee tier.

    A loop counts for the list that the caddie was on, and for the day on which the turn began. Each caddie goes by the
    name of the last of these loops, whatever they are called on another list by now. Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    numbers = visible_lists(viewer, club.id, lists)
    first = monday_of(day) if is_week else day
    last = first + timedelta(days=6) if is_week else day
    earnings: dict[tuple[UUID, str], Earnings] = {}
    for caddie_id, name, currency, tier, loops, fees, tips in await session.execute(_sums(club, numbers, first, last)):
        mine = earnings.setdefault((caddie_id, currency), Earnings(caddie_id=caddie_id, name=name, currency=currency))
        mine.loops[tier], mine.fee_cents[tier] = int(loops), int(fees)
        mine.tip_cents += int(tips)
    return Report(club=club, first=first, last=last, earnings=list(earnings.values()))


def _sums(club: Club, numbers: frozenset[int] | None, first: date, last: date) -> Select[*tuple[Any, ...]]:
    counted = [
        CaddieTurn.club_id == club.id,
        CaddieTurn.status == TurnStatus.ENDED,
        CaddieTurn.day.between(first, last),
    ]
    if numbers is not None:
        counted.append(CaddieTurn.list_number.in_(numbers))
    called = (
        select(CaddieTurn.caddie_id, CaddieTurn.caddie_name)
        .ext(distinct_on(CaddieTurn.caddie_id))
        .where(*counted)
        .order_by(CaddieTurn.caddie_id, CaddieTurn.started_at.desc(), CaddieTurn.id.desc())
        .subquery()
    )
    who = (called.c.caddie_id, called.c.caddie_name)
    what = (CaddieTurn.currency, CaddieTurn.fee_tier)
    return (
        select(*who, *what, func.count(), func.sum(CaddieTurn.fee_cents), func.sum(CaddieTurn.tip_cents))
        .join(called, CaddieTurn.caddie_id == called.c.caddie_id)
        .where(*counted)
        .group_by(*who, *what)
        .order_by(called.c.caddie_name, called.c.caddie_id, *what)
    )


async def assigned_to_booking(session: AsyncSession, booking_id: UUID) -> list[AssignedCaddie]:
    """Read the caddies that were assigned to a booking, with their answers, in the order of the assignments."""
    turns = await session.scalars(select(CaddieTurn).where(CaddieTurn.booking_id == booking_id).order_by(CaddieTurn.id))
    return [
        AssignedCaddie(
            turn_id=turn.id,
            caddie_id=turn.caddie_id,
            name=turn.caddie_name,
            assigned_as=turn.assigned_as,
            answer=turn.answer,
        )
        for turn in turns
        if turn.assigned_as is not None and turn.answer is not None
    ]


async def caddies_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Caddie]:
    """Read caddies by their ids."""
    return await rows_by_id(session, Caddie, ids)
