"""Who may know of a booking, and locking one."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from auth.viewer import Viewer
from domain.clubs.access import player_of
from domain.rows import rows_by_id
from domain.tee_sheet.inventory.slots import FRESH, LockedTeeTime, behind_locks
from kit.errors import NotFound
from models.clubs.tables import Club
from models.tee_sheet.tables import Booking, BookingPlayer, TeeTime


class OwnPlace(NamedTuple):
    """The place of somebody on a booking, and the name that they have there."""

    position: int
    first_name: str
    last_name: str


UNKNOWN = "There is no such booking, or you may not know of it."
ONE = Booking.id == bindparam("booking_id")
AT_CLUB = select(Booking, Club).join(Club, Booking.club_id == Club.id).where(ONE)
LOCK = select(Booking).where(ONE).with_for_update(key_share=True).execution_options(**FRESH)
HELD = LOCK.cte("held").prefix_with("MATERIALIZED")
LOCK_WITH_START = (
    select(aliased(Booking, HELD), TeeTime)
    .join_from(HELD, TeeTime, TeeTime.id == HELD.c.tee_time_id)
    .with_for_update(of=TeeTime)
    .execution_options(**FRESH)
)
"""No tee time is locked before the booking is, and says which."""
TRIES = 2
"""A booking may have gone to a start that is younger than the statement, which the next one finds."""


async def find_booking(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> Booking:
    """Find a booking: for staff, for who made it, and for its players. Raises NotFound."""
    booking = await session.get(Booking, booking_id)
    return await _shown(session, viewer, booking)


async def find_bookings(session: AsyncSession, *, viewer: Viewer, booking_ids: Iterable[UUID]) -> list[Booking]:
    """The same of several, in the order in which they are named. Raises NotFound for the first that is not found."""
    ids = list(booking_ids)
    found = await rows_by_id(session, Booking, ids)
    return [await _shown(session, viewer, found.get(booking_id)) for booking_id in ids]


async def find_booking_and_club(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> tuple[Booking, Club]:
    """The same with the club, for those who need both. Raises NotFound."""
    row = (await session.execute(AT_CLUB, {"booking_id": booking_id})).one_or_none()
    if row is None:
        raise NotFound(message=UNKNOWN)
    return await _shown(session, viewer, row[0]), row[1]


async def _shown(session: AsyncSession, viewer: Viewer, booking: Booking | None) -> Booking:
    if booking is None or not await _may_see(session, viewer, booking):
        raise NotFound(message=UNKNOWN)
    return booking


async def own_place(session: AsyncSession, *, viewer: Viewer, booking: Booking) -> OwnPlace | None:
    """Find the viewer among the players of a booking: plain values, since it may be asked before the booking's lock."""
    own = await player_of(session, viewer=viewer, club_id=booking.club_id)
    if own is None:
        return None
    mine = select(BookingPlayer.position, BookingPlayer.first_name, BookingPlayer.last_name)
    mine = mine.where(BookingPlayer.booking_id == booking.id, BookingPlayer.player_id == own.id)
    row = (await session.execute(mine)).one_or_none()
    return None if row is None else OwnPlace(*row)


async def pays_for(session: AsyncSession, *, viewer: Viewer, booking: Booking) -> bool:
    """Tell whether the viewer plays in a booking and pays for it: its payer has their name."""
    place = await own_place(session, viewer=viewer, booking=booking)
    payer = (booking.payer_first_name, booking.payer_last_name)
    return place is not None and (place.first_name, place.last_name) == payer


async def _may_see(session: AsyncSession, viewer: Viewer, booking: Booking) -> bool:
    if not viewer.may_see_sheets(booking.club_id):
        return False
    if viewer.is_staff_of(booking.club_id) or booking.booked_by == viewer.user_id:
        return True
    return await own_place(session, viewer=viewer, booking=booking) is not None


async def lock_booking(session: AsyncSession, booking: Booking) -> LockedTeeTime:
    """Lock a booking, and then the tee time that it is on; both are read anew, and the places behind the locks.

    Whoever changes a booking begins with this: it may go to another tee time while its own is waited for.
    """
    tee_time = await lock_with_start(session, booking)
    return (await behind_locks(session, [tee_time]))[tee_time.id]


async def lock_with_start(session: AsyncSession, booking: Booking) -> TeeTime:
    """Lock a booking and then its tee time, by one statement and in this order, for those who need no places."""
    for _ in range(TRIES):
        if row := (await session.execute(LOCK_WITH_START, {"booking_id": booking.id})).one_or_none():
            return row[1]
    raise RuntimeError("a booking that is locked must be on a tee time")


async def lock_row(session: AsyncSession, booking: Booking) -> None:
    """Lock the row of a booking alone, for those who lock more before its tee time; it is read anew."""
    await session.scalars(LOCK, {"booking_id": booking.id})
