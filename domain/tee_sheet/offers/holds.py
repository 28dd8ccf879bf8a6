"""Holding places for a short time while somebody books."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, bindparam, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import TURN, price_class_of
from domain.clubs.limits import limits_of
from domain.tee_sheet.inventory.sale import check_force, check_on_sale
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_on_sale, lock_tee_time
from domain.tee_sheet.offers.held_back import check_free
from domain.tee_sheet.offers.places import free_quietly, release_places
from domain.tee_sheet.offers.problems import HoldAlreadyActive, HoldEnded, HoldExpired, TooManyHolds
from domain.tee_sheet.offers.reservations import EXPIRE_HOLD, end_hold, reserve, tell_held
from domain.tee_sheet.offers.restrictions import Wanted, check_restrictions
from domain.tee_sheet.offers.rules import LAST_CALL, check_group_size, check_holds, check_places, check_to_come
from domain.tee_sheet.offers.starts import OpenStart, check_start, find_open_start
from domain.tee_sheet.offers.waitlist_offers import expire_offer, offer_places
from events.tee_sheet.inventory import SlotReleased
from kit.errors import NotFound
from kit.ids import public_id
from kit.jobs import defer
from models.clubs.tables import Club
from models.tee_sheet.tables import Hold
from models.tee_sheet.values import HoldStatus

COUNTED = frozenset({HoldStatus.ACTIVE, HoldStatus.RELEASED, HoldStatus.EXPIRED})
"""Holds that count by the hour: those that became bookings do not, nor those that the club ended."""
MOST_HOLDS = 3
"""Live holds that one user may have."""
TAKE_TURN = select(func.pg_advisory_xact_lock(TURN))
LONGEST_HOLD = timedelta(minutes=120)
"""No club holds places for longer: live holds are among those that were made within this time."""
RECENT_HOLDS = (
    select(Hold.id, Hold.tee_time_id, Hold.club_id, Hold.status, Hold.created_at, Hold.expires_at)
    .where(
        Hold.holder_id == bindparam("holder_id"),
        Hold.offer_id.is_(None),
        ~Hold.is_held_back,
        Hold.created_at > bindparam("since", type_=DateTime(timezone=True)),
    )
    .order_by(Hold.created_at)
)


async def hold_slots(
    session: AsyncSession,
    *,
    viewer: Viewer,
    tee_time_id: UUID,
    places: int,
    even_if_closed: bool = False,
    now: datetime,
) -> Hold:
    """Reserve places for the viewer until the club's hold time has passed, and never beyond the start; by staff also on
    a closed course.

    Raises NotFound, NotAllowed, InvalidInput, GroupSizeNotAllowed, StartInThePast, BookingWindowClosed, SheetOffline,
    CourseClosed, StartRestricted, HoldAlreadyActive, TooManyHolds, SlotsUnavailable, BookingLimitReached.
    """
    check_places(places, path=("input", "places"))
    start = await find_open_start(session, viewer=viewer, tee_time_id=tee_time_id)
    sheet, club = start.sheet, start.club
    check_force(viewer, club.id, even_if_closed=even_if_closed)
    check_start(viewer, start, now=now)
    if not viewer.is_staff_of(club.id):
        check_group_size(places, allowed=sheet.group_sizes, path=("input", "places"))
    await _refuse_too_many(session, viewer=viewer, start=start, now=now)
    course, locked = await lock_on_sale(session, course_id=sheet.course_id, tee_time_id=tee_time_id)
    check_on_sale(locked, course, even_if_closed=even_if_closed, now=now)
    wanted = Wanted(classes=(club.goes_by(price_class_of(start.own)),), players=places)
    check_restrictions(viewer, locked, wanted, now=now, path=("input", "teeTimeId"))
    check_to_come(locked.tee_time.starts_at, now=now)
    await end_due_holds(session, locked, for_staff=places if viewer.is_staff_of(club.id) else 0, now=now)
    return await _hold(session, locked, viewer=viewer, club=club, places=places, now=now)


async def _refuse_too_many(session: AsyncSession, *, viewer: Viewer, start: OpenStart, now: datetime) -> None:
    """Count the viewer's holds, one request of a user at a time: two at once must not both be the third."""
    await session.execute(TAKE_TURN, {"turn": f"hold:{viewer.tenant_id}:{viewer.user_id}"})
    found = await session.execute(RECENT_HOLDS, {"holder_id": viewer.user_id, "since": now - LONGEST_HOLD})
    recent = found.all()
    live = {row[1]: row[0] for row in recent if row[3] is HoldStatus.ACTIVE and row[5] > now}
    if start.tee_time.id in live:
        raise HoldAlreadyActive(hold_id=public_id("hold", live[start.tee_time.id]))
    if len(live) >= MOST_HOLDS:
        raise TooManyHolds(limit=MOST_HOLDS)
    club = start.club
    if not viewer.is_staff_of(club.id):
        held = [row[4] for row in recent if row[2] == club.id and row[3] in COUNTED]
        check_holds(limits_of(club, price_class_of(start.own)).holds_an_hour, held, now=now)


async def _hold(
    session: AsyncSession, locked: LockedTeeTime, *, viewer: Viewer, club: Club, places: int, now: datetime
) -> Hold:
    slots = await check_free(session, locked, places)
    until = min(now + timedelta(minutes=club.hold_minutes), locked.tee_time.starts_at)
    return await reserve(session, locked, slots, holder_id=viewer.user_id, until=until, now=now)


async def find_hold(session: AsyncSession, *, viewer: Viewer, hold_id: UUID) -> Hold:
    """Find a hold of the viewer's own, or any hold of the club for its staff. Raises NotFound.

    What keeps the places of an offer from the waitlist is not found: the offer itself is accepted or declined. Nor is
    what holds places back: the staff book them.
    """
    hold = await session.get(Hold, hold_id)
    mine = hold is not None and (hold.holder_id == viewer.user_id or viewer.is_staff_of(hold.club_id))
    if hold is None or not (mine and viewer.may_see_sheets(hold.club_id)) or hold.offer_id or hold.is_held_back:
        raise NotFound(message="There is no such hold, or you may not know of it.")
    return hold


async def refuse_ended(session: AsyncSession, hold: Hold, *, now: datetime) -> None:
    """Read a hold anew, whose tee time is locked, and refuse one that can't be booked or released any more.

    Raises HoldExpired, HoldEnded.
    """
    await session.refresh(hold)
    if hold.status is HoldStatus.EXPIRED or (hold.status is HoldStatus.ACTIVE and hold.expires_at <= now):
        raise HoldExpired
    if hold.status is not HoldStatus.ACTIVE:
        raise HoldEnded(status=hold.status)


async def release_hold(session: AsyncSession, *, viewer: Viewer, hold_id: UUID, now: datetime) -> Hold:
    """Give held places back. Raises NotFound, HoldExpired, HoldEnded."""
    hold = await find_hold(session, viewer=viewer, hold_id=hold_id)
    locked = await lock_tee_time(session, hold.tee_time_id)
    await refuse_ended(session, hold, now=now)
    end_hold(hold, HoldStatus.RELEASED, now=now)
    await release_places(session, locked, locked.held_by(hold.id), fact=SlotReleased, now=now)
    return hold


async def expire_hold(session: AsyncSession, *, hold_id: UUID, now: datetime) -> Hold | None:
    """Free the places of a hold whose time has passed, and end the offer that it was for.

    Gives None when it ended before, or is not due yet.
    """
    hold = await session.get(Hold, hold_id)
    if hold is None:
        return None
    locked = await lock_tee_time(session, hold.tee_time_id)
    await session.refresh(hold)
    if hold.status is not HoldStatus.ACTIVE or hold.expires_at > now:
        return None
    await _expire(session, [hold], locked, now=now)
    return hold


async def follow_starts(session: AsyncSession, locked: Mapping[UUID, LockedTeeTime], *, now: datetime) -> None:
    """Let holds of starts that are earlier by now end with them, and what is held back be released in time to be sold.

    Holds of offers are not touched: their offers follow by themselves.
    """
    live = (Hold.tee_time_id.in_(locked), Hold.status == HoldStatus.ACTIVE, Hold.offer_id.is_(None))
    rows = select(Hold).where(*live).order_by(Hold.id).execution_options(populate_existing=True)
    for hold in list(await session.scalars(rows)):
        start = locked[hold.tee_time_id]
        latest = start.tee_time.starts_at - (LAST_CALL if hold.is_held_back else timedelta())
        if hold.expires_at <= latest:
            continue
        hold.expires_at = max(latest, now)
        tell_held(
            session, start, start.held_by(hold.id), until=hold.expires_at, is_held_back=hold.is_held_back, now=now
        )
        await defer(session, EXPIRE_HOLD, at=hold.expires_at, now=now, hold_id=str(hold.id))
        await session.flush()
        await end_due_holds(session, start, now=now)


async def end_due_holds(session: AsyncSession, locked: LockedTeeTime, *, for_staff: int = 0, now: datetime) -> None:
    """Free what overdue holds keep on a locked tee time: nobody has to wait for the worker to do it.

    What they kept goes to the waitlist first, as it would have by the worker. Staff who want places, `for_staff` of
    them, get what is held back where too few are free.
    """
    if not any(slot.hold_id for slot in locked.slots):
        return
    live = (Hold.tee_time_id == locked.tee_time.id, Hold.status == HoldStatus.ACTIVE)
    wanted = or_(Hold.expires_at <= now, Hold.is_held_back) if for_staff else Hold.expires_at <= now
    rows = select(Hold).where(*live, wanted).order_by(Hold.expires_at, Hold.id)
    found = list(await session.scalars(rows.execution_options(populate_existing=True)))
    await _expire(session, [hold for hold in found if hold.expires_at <= now], locked, now=now)
    for hold in found:
        short = max(0, for_staff - len(locked.free))
        if hold.expires_at > now and short:
            _take(session, hold, locked, short, now=now)
    await session.flush()


def _take(session: AsyncSession, hold: Hold, locked: LockedTeeTime, places: int, *, now: datetime) -> None:
    """Take some of the places that a hold keeps back, or all; it goes on for those that are left."""
    slots = locked.held_by(hold.id)
    if len(slots) > places:
        hold.places = len(slots) - places
    else:
        end_hold(hold, HoldStatus.RELEASED, now=now)
    free_quietly(session, locked, slots[:places], now=now)


async def _expire(session: AsyncSession, holds: Sequence[Hold], locked: LockedTeeTime, *, now: datetime) -> None:
    """Free what all these holds keep, then give the waitlist one turn: together, the places may fit a larger party."""
    unanswered = []
    for hold in holds:
        end_hold(hold, HoldStatus.EXPIRED, now=now)
        unanswered.append(await expire_offer(session, hold, locked, now=now))
        free_quietly(session, locked, locked.held_by(hold.id), now=now)
    if unanswered:
        await offer_places(session, locked, unanswered=min(unanswered), now=now)


async def due_holds(session: AsyncSession, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """List the overdue holds of all tenants, as tenant and hold, oldest first: what a dead worker has left.

    All of them: what fails again and again stays the oldest, and would keep those behind it from their turn.
    """
    due = text("SELECT tenant_id, id FROM holds WHERE status = 'ACTIVE' AND expires_at <= :now ORDER BY expires_at")
    return [(row.tenant_id, row.id) for row in await session.execute(due, {"now": now})]
