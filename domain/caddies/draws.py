"""The weekly draw: in which order the days of a week begin."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies.access import may_see_list
from domain.caddies.problems import WeekAlreadyDrawn
from domain.caddies.queues import lock_queue, order_anew
from domain.caddies.rules import draw_order, monday_of
from domain.clubs.access import find_club, refuse_unless_staff
from events.caddies import CaddieWeekDrawn, DrawnCaddie
from events.log import record
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from models.caddies.tables import Caddie, CaddieDraw, CaddieQueue, CaddieTurn
from models.caddies.values import TurnStatus

WEEKS_AHEAD = 4
WEEK = timedelta(days=7)
BEGUN = (TurnStatus.IN_FIELD, TurnStatus.ENDED, TurnStatus.SKIPPED)
"""What a list's day has begun with; an assignment that came to nothing is none of these."""


async def draw_week(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    list_number: int,
    week: date | None = None,
    seed: str | None = None,
    now: datetime,
) -> CaddieDraw:
    """Draw the order of a list for the week that a day lies in: the present one, or one of the next four.

    Who is skipped after a draw for the next week comes first in it all the same. The seed is a random one of 128 bits
    unless given. A draw for the present week holds at once if nobody has had a turn today, and from tomorrow on
    otherwise. Raises NotFound, NotAllowed, InvalidInput, WeekAlreadyDrawn.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    queue = await lock_queue(session, club, list_number, now=now)
    if queue is None:
        raise InvalidInput(message="Nobody is on this list yet; add caddies first.", path=("input", "listNumber"))
    monday = monday_of(week or queue.day)
    _check_week(monday, queue.day)
    await _refuse_second(session, queue, monday)
    drawn = await _draw(session, queue, monday, seed=seed or token_hex(16), viewer=viewer, now=now)
    if monday == monday_of(queue.day) and not await _has_begun(session, queue):
        await session.flush()
        await order_anew(session, queue, now=now)
    return drawn


def _check_week(monday: date, today: date) -> None:
    first = monday_of(today)
    if not first <= monday <= first + WEEKS_AHEAD * WEEK:
        raise InvalidInput(message="Choose this week, or one of the next four.", path=("input", "week"))


async def _refuse_second(session: AsyncSession, queue: CaddieQueue, monday: date) -> None:
    same = {"club_id": queue.club_id, "list_number": queue.list_number, "week": monday}
    if draw_id := await session.scalar(select(CaddieDraw.id).filter_by(**same)):
        raise WeekAlreadyDrawn(draw_id=public_id("caddie_draw", draw_id), path=("input", "week"))


async def _draw(
    session: AsyncSession, queue: CaddieQueue, monday: date, *, seed: str, viewer: Viewer, now: datetime
) -> CaddieDraw:
    of_list = {"club_id": queue.club_id, "list_number": queue.list_number}
    ids = await session.scalars(select(Caddie.id).filter_by(**of_list, is_active=True))
    draw = CaddieDraw(
        id=new_id(),
        tenant_id=queue.tenant_id,
        **of_list,
        week=monday,
        seed=seed,
        drawn=await _order(session, queue, monday, seed=seed, ids=_public(ids)),
        drawn_by=viewer.user_id,
        created_at=now,
    )
    session.add(draw)
    record(session, _fact(draw), now=now)
    return draw


async def heed_skip(session: AsyncSession, queue: CaddieQueue, caddie: Caddie, *, now: datetime) -> None:
    """Put a caddie who was skipped first in the draw of the week after, where that was made ahead, by its own seed."""
    monday = monday_of(queue.day) + WEEK
    same = {"club_id": queue.club_id, "list_number": queue.list_number, "week": monday}
    draw = await session.scalar(select(CaddieDraw).filter_by(**same))
    if draw is None:
        return
    ids = {str(entry["caddie_id"]) for entry in draw.drawn} | _public([caddie.id])
    drawn = await _order(session, queue, monday, seed=draw.seed, ids=ids)
    if drawn != draw.drawn:
        draw.drawn = drawn
        record(session, _fact(draw), now=now)


async def _order(
    session: AsyncSession, queue: CaddieQueue, monday: date, *, seed: str, ids: set[str]
) -> list[dict[str, Any]]:
    """Give the order of a week, each caddie with whether they were skipped on this list in the week before."""
    mine = {"club_id": queue.club_id, "list_number": queue.list_number, "status": TurnStatus.SKIPPED}
    week_before = CaddieTurn.day.between(monday - WEEK, monday - timedelta(days=1))
    skipped = _public(await session.scalars(select(CaddieTurn.caddie_id).filter_by(**mine).where(week_before)))
    order = draw_order(ids, skipped=skipped, seed=seed)
    return [{"caddie_id": caddie_id, "was_skipped": caddie_id in skipped} for caddie_id in order]


def _fact(draw: CaddieDraw) -> CaddieWeekDrawn:
    return CaddieWeekDrawn(
        club_id=public_id("club", draw.club_id),
        list_number=draw.list_number,
        week=draw.week,
        seed=draw.seed,
        drawn=tuple(DrawnCaddie(**entry) for entry in draw.drawn),
    )


def _public(ids: Iterable[UUID]) -> set[str]:
    return {public_id("caddie", caddie_id) for caddie_id in ids}


async def _has_begun(session: AsyncSession, queue: CaddieQueue) -> bool:
    """Tell whether somebody of the list has gone out or was skipped today."""
    today = (CaddieTurn.list_number == queue.list_number, CaddieTurn.day == queue.day)
    gone = exists().where(CaddieTurn.club_id == queue.club_id, *today, CaddieTurn.status.in_(BEGUN))
    return bool(await session.scalar(select(gone)))


async def find_draw(session: AsyncSession, *, viewer: Viewer, draw_id: UUID) -> CaddieDraw:
    """Find a draw, for staff and for the caddies of its list. Raises NotFound."""
    draw = await session.get(CaddieDraw, draw_id)
    if draw is None or not may_see_list(viewer, draw.club_id, draw.list_number):
        raise NotFound(message="There is no such draw, or you may not know of it.")
    return draw
