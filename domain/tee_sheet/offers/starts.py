"""A start as whoever wants places on it finds it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import IS_OWN, own_by, price_class_of, refuse_unless_player
from domain.tee_sheet.inventory.sale import refuse_offline
from domain.tee_sheet.inventory.slots import UNKNOWN
from domain.tee_sheet.offers.rules import check_day_not_over, check_not_past, check_open
from kit.errors import NotFound
from models.clubs.tables import Club, Player
from models.tee_sheet.tables import TeeSheet, TeeTime


@dataclass(frozen=True, slots=True)
class OpenStart:
    """A tee time of a sheet that is online, with all that is asked of who wants places. Nothing of it is locked yet."""

    tee_time: TeeTime
    sheet: TeeSheet
    club: Club
    own: Player | None
    """The player that the viewer is at the club."""


def _start(is_own: ColumnElement[bool]) -> Select[TeeTime, TeeSheet, Club, Player]:
    return (
        select(TeeTime, TeeSheet, Club, Player)
        .join(TeeSheet, TeeTime.sheet_id == TeeSheet.id)
        .join(Club, TeeSheet.club_id == Club.id)
        .outerjoin(Player, and_(Player.club_id == Club.id, is_own))
        .where(TeeTime.id == bindparam("tee_time_id"))
    )


STARTS = {way: _start(is_own) for way, is_own in IS_OWN.items()}


async def find_open_start(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID) -> OpenStart:
    """Find a start with its club and the viewer's own player. Raises NotFound, NotAllowed, SheetOffline."""
    way, own = own_by(viewer)
    row = (await session.execute(STARTS[way], {"tee_time_id": tee_time_id, "own": own})).one_or_none()
    if row is None or not viewer.may_see_sheets(row[2].id):
        raise NotFound(message=UNKNOWN)
    start = OpenStart(*row)
    refuse_unless_player(viewer, start.club.id)
    refuse_offline(start.sheet)
    return start


def check_start(viewer: Viewer, start: OpenStart, *, now: datetime) -> None:
    """Refuse a start that has passed, or is not open to the viewer yet; to staff, one whose day is over."""
    starts_at = start.tee_time.starts_at
    if viewer.is_staff_of(start.club.id):
        zone = ZoneInfo(start.sheet.time_zone)
        check_day_not_over(starts_at, day=start.sheet.date, zone=zone, now=now)
        return
    check_not_past(starts_at, now=now)
    check_open(price_class_of(start.own), sheet=start.sheet, club=start.club, now=now)
