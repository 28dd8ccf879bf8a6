"""The weekly draw: in which order the days of a week begin."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from secrets import token_hex
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

    The seed is a random one of 128 bits unless given. A draw for the present week holds at once if nobody has had a
    turn today, and from tomorrow on otherwise. Raises NotFound, NotAllowed, InvalidInput, WeekAlreadyDrawn.
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
    week_before = CaddieTurn.day.between(monday - WEEK, monday - timedelta(days=1))
    passed = select(CaddieTurn.caddie_id).filter_by(**of_list, status=TurnStatus.SKIPPED).where(week_before)
    skipped = _public(await session.scalars(passed))
    order = draw_order(_public(ids), skipped=skipped, seed=seed)
    draw = CaddieDraw(
        id=new_id(),
        tenant_id=queue.tenant_id,
        **of_list,
        week=monday,
        seed=seed,
        drawn=[{"caddie_id": caddie_id, "was_skipped": caddie_id in skipped} for caddie_id in order],
        drawn_by=viewer.user_id,
        created_at=now,
    )
    session.add(draw)
    fact = CaddieWeekDrawn(
        club_id=public_id("club", queue.club_id),
        list_number=queue.list_number,
        week=monday,
        seed=seed,
        drawn=tuple(DrawnCaddie(**entry) for entry in draw.drawn),
    )
    record(session, fact, now=now)
    return draw


def _public(ids: Iterable[UUID]) -> set[str]:
    return {public_id("caddie", caddie_id) for caddie_id in ids}


async def _has_begun(session: AsyncSession, queue: CaddieQueue) -> bool:
    """Tell whether somebody of the list has gone out or was skipped today."""
    today = (CaddieTurn.list_number == queue.list_number, CaddieTurn.day == queue.day)
    gone = exists().where(CaddieTurn.club_id == queue.club_id, *today, CaddieTurn.status != TurnStatus.DECLINED)
    return bool(await session.scalar(select(gone)))


async def find_draw(session: AsyncSession, *, viewer: Viewer, draw_id: UUID) -> CaddieDraw:
    """Find a draw, for staff and for the caddies of its list. Raises NotFound."""
    draw = await session.get(CaddieDraw, draw_id)
    if draw is None or not may_see_list(viewer, draw.club_id, draw.list_number):
        raise NotFound(message="There is no such draw, or you may not know of it.")
    return draw
