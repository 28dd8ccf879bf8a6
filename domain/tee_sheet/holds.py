"""Holding places for a short time while somebody books."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of, price_class_of, refuse_unless_player, share_course
from domain.tee_sheet.booking_rules import check_group_size, check_not_past, check_places, check_window
from domain.tee_sheet.problems import (
    HoldAlreadyActive,
    HoldEnded,
    HoldExpired,
    SheetOffline,
    SlotsUnavailable,
    TooManyHolds,
)
from domain.tee_sheet.slots import LockedTeeTime, find_tee_time, lock_tee_time, release_places
from events.log import record
from events.tee_sheet import SlotHeld, SlotReleased
from kit.errors import NotFound
from kit.ids import new_id, public_id
from kit.jobs import defer
from models.clubs.tables import Club, Player
from models.tee_sheet.tables import Hold, Slot, TeeSheet, TeeTime
from models.tee_sheet.values import HoldStatus, SlotStatus

MOST_HOLDS = 3
"""Live holds that one user may have."""
EXPIRE_HOLD = "expire_hold"


async def hold_slots(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, places: int, now: datetime) -> Hold:
    """Reserve places for the viewer until the club's hold time has passed.

    Raises NotFound, NotAllowed, InvalidInput, GroupSizeNotAllowed, StartInThePast, BookingWindowClosed, SheetOffline,
    HoldAlreadyActive, TooManyHolds, SlotsUnavailable.
    """
    check_places(places, path=("input", "places"))
    tee_time, sheet = await find_open_tee_time(session, viewer=viewer, tee_time_id=tee_time_id)
    club = await session.get_one(Club, sheet.club_id)
    player = await player_of(session, viewer=viewer, club_id=club.id)
    check_start(viewer, tee_time, sheet, club=club, player=player, now=now)
    check_group_size(places, allowed=sheet.group_sizes, path=("input", "places"))
    await share_course(session, course_id=sheet.course_id)
    await _refuse_too_many(session, viewer=viewer, tee_time_id=tee_time_id, now=now)
    locked = await lock_tee_time(session, tee_time_id)
    await end_due_holds(session, locked, now=now)
    return await _hold(session, locked, viewer=viewer, club=club, places=places, now=now)


async def find_open_tee_time(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID) -> tuple[TeeTime, TeeSheet]:
    """Find a tee time of a sheet that is online. Raises NotFound, NotAllowed, SheetOffline."""
    tee_time, sheet = await find_tee_time(session, tee_time_id)
    if not viewer.may_see_club(sheet.club_id):
        raise NotFound(message="There is no such tee time, or you may not know of it.")
    refuse_unless_player(viewer, sheet.club_id)
    if not sheet.is_online:
        raise SheetOffline
    return tee_time, sheet


def check_start(
    viewer: Viewer, tee_time: TeeTime, sheet: TeeSheet, *, club: Club, player: Player | None, now: datetime
) -> None:
    """Refuse a start that has passed or, to anybody but staff, one that is not open to them yet."""
    check_not_past(tee_time.starts_at, now=now)
    if not viewer.is_staff_of(club.id):
        days = club.window_days(price_class_of(player))
        check_window(sheet.date, days_ahead=days, zone=ZoneInfo(sheet.time_zone), now=now)


async def _refuse_too_many(session: AsyncSession, *, viewer: Viewer, tee_time_id: UUID, now: datetime) -> None:
    """Count the viewer's live holds, one request of a user at a time: two at once must not both be the third."""
    key = f"hold:{viewer.tenant_id}:{viewer.user_id}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    live = await session.execute(
        select(Hold.id, Hold.tee_time_id).where(
            Hold.holder_id == viewer.user_id, Hold.status == HoldStatus.ACTIVE, Hold.expires_at > now
        )
    )
    holds = {row.tee_time_id: row.id for row in live}
    if tee_time_id in holds:
        raise HoldAlreadyActive(hold_id=public_id("hold", holds[tee_time_id]))
    if len(holds) >= MOST_HOLDS:
        raise TooManyHolds(limit=MOST_HOLDS)


async def _hold(
    session: AsyncSession, locked: LockedTeeTime, *, viewer: Viewer, club: Club, places: int, now: datetime
) -> Hold:
    slots = locked.free[:places]
    if len(slots) < places:
        raise SlotsUnavailable(places_left=len(slots))
    hold = Hold(
        id=new_id(),
        tenant_id=viewer.tenant_id,
        club_id=club.id,
        tee_time_id=locked.tee_time.id,
        holder_id=viewer.user_id,
        places=places,
        status=HoldStatus.ACTIVE,
        created_at=now,
        expires_at=now + timedelta(minutes=club.hold_minutes),
    )
    session.add(hold)
    await session.flush()
    for slot in slots:
        slot.status, slot.hold_id = SlotStatus.HELD, hold.id
    record(session, *(locked.fact(SlotHeld, slot, held_until=hold.expires_at) for slot in slots), now=now)
    await defer(session, EXPIRE_HOLD, at=hold.expires_at, now=now, hold_id=str(hold.id))
    return hold


async def find_hold(session: AsyncSession, *, viewer: Viewer, hold_id: UUID) -> Hold:
    """Find a hold of the viewer's own, or any hold of the club for its staff. Raises NotFound."""
    hold = await session.get(Hold, hold_id)
    own = hold is not None and hold.holder_id == viewer.user_id
    if hold is None or not viewer.may_see_club(hold.club_id) or not (own or viewer.is_staff_of(hold.club_id)):
        raise NotFound(message="There is no such hold, or you may not know of it.")
    return hold


async def lock_live_hold(session: AsyncSession, hold: Hold, *, now: datetime) -> LockedTeeTime:
    """Lock the tee time of a hold that can still be booked or released. Raises HoldExpired, HoldEnded."""
    locked = await lock_tee_time(session, hold.tee_time_id)
    await session.refresh(hold)
    if hold.status is HoldStatus.EXPIRED or (hold.status is HoldStatus.ACTIVE and hold.expires_at <= now):
        raise HoldExpired
    if hold.status is not HoldStatus.ACTIVE:
        raise HoldEnded(status=hold.status)
    return locked


async def release_hold(session: AsyncSession, *, viewer: Viewer, hold_id: UUID, now: datetime) -> Hold:
    """Give held places back. Raises NotFound, HoldExpired, HoldEnded."""
    hold = await find_hold(session, viewer=viewer, hold_id=hold_id)
    locked = await lock_live_hold(session, hold, now=now)
    end_hold(hold, HoldStatus.RELEASED, now=now)
    await release_places(session, locked, locked.held_by(hold.id), kind=SlotReleased, now=now)
    return hold


def end_hold(hold: Hold, status: HoldStatus, *, now: datetime) -> None:
    """Note what became of a hold."""
    hold.status, hold.ended_at = status, now


async def expire_hold(session: AsyncSession, *, hold_id: UUID, now: datetime) -> Hold | None:
    """Free the places of a hold whose time has passed. Gives None when it ended before, or is not due yet."""
    hold = await session.get(Hold, hold_id)
    if hold is None:
        return None
    locked = await lock_tee_time(session, hold.tee_time_id)
    await session.refresh(hold)
    if hold.status is not HoldStatus.ACTIVE or hold.expires_at > now:
        return None
    await _expire(session, hold, locked, now=now)
    return hold


async def end_due_holds(session: AsyncSession, locked: LockedTeeTime, *, now: datetime) -> None:
    """Free what overdue holds keep on a locked tee time: nobody has to wait for the worker to do it."""
    if not any(slot.hold_id for slot in locked.slots):
        return
    due = select(Hold).where(
        Hold.tee_time_id == locked.tee_time.id, Hold.status == HoldStatus.ACTIVE, Hold.expires_at <= now
    )
    for hold in await session.scalars(due.execution_options(populate_existing=True)):
        await _expire(session, hold, locked, now=now)
    await session.flush()


async def _expire(session: AsyncSession, hold: Hold, locked: LockedTeeTime, *, now: datetime) -> None:
    end_hold(hold, HoldStatus.EXPIRED, now=now)
    await release_places(session, locked, locked.held_by(hold.id), now=now)


async def holds_with(session: AsyncSession, slots: Iterable[Slot]) -> list[Hold]:
    """Find the holds that have any of these places of locked tee times, in the order of their ids."""
    wanted = {slot.hold_id for slot in slots if slot.hold_id}
    if not wanted:
        return []
    rows = select(Hold).where(Hold.id.in_(wanted)).order_by(Hold.id)
    return list(await session.scalars(rows.execution_options(populate_existing=True)))


async def withdraw_holds(
    session: AsyncSession, holds: Iterable[Hold], locked: Mapping[UUID, LockedTeeTime], *, now: datetime
) -> None:
    """End holds whose places the club needs for something else; the places that they still have come free."""
    for hold in holds:
        end_hold(hold, HoldStatus.RELEASED, now=now)
        tee_time = locked[hold.tee_time_id]
        await release_places(session, tee_time, tee_time.held_by(hold.id), now=now)


async def due_holds(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the overdue holds of all tenants, as tenant and hold, oldest first: what a dead worker has left."""
    due = text(
        "SELECT tenant_id, id FROM holds WHERE status = 'ACTIVE' AND expires_at <= :now ORDER BY expires_at LIMIT 1000"
    )
    return [(row.tenant_id, row.id) for row in await session.execute(due, {"now": now})]
