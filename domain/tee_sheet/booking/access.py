"""Who may know of a booking, and locking one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import player_of
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_time
from kit.errors import NotFound
from models.tee_sheet.tables import Booking, BookingPlayer


async def find_booking(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> Booking:
    """Find a booking: for staff, for who made it, and for its players. Raises NotFound."""
    booking = await session.get(Booking, booking_id)
    if booking is None or not await _may_see(session, viewer, booking):
        raise NotFound(message="There is no such booking, or you may not know of it.")
    return booking


async def _may_see(session: AsyncSession, viewer: Viewer, booking: Booking) -> bool:
    if not viewer.may_see_sheets(booking.club_id):
        return False
    if viewer.is_staff_of(booking.club_id) or booking.booked_by == viewer.user_id:
        return True
    own = await player_of(session, viewer=viewer, club_id=booking.club_id)
    mine = select(BookingPlayer.id).where(
        BookingPlayer.booking_id == booking.id, BookingPlayer.player_id == (own and own.id)
    )
    return own is not None and await session.scalar(mine) is not None


async def lock_booking(session: AsyncSession, booking: Booking) -> LockedTeeTime:
    """Lock a booking, and then the tee time that it is on; both are read anew.

    Whoever changes a booking begins with this: it may go to another tee time while its own is waited for.
    """
    await lock_row(session, booking)
    return await lock_tee_time(session, booking.tee_time_id)


async def lock_row(session: AsyncSession, booking: Booking) -> None:
    """Lock the row of a booking alone, for those who lock more before its tee time; it is read anew."""
    row = select(Booking).where(Booking.id == booking.id).with_for_update(key_share=True)
    await session.scalars(row.execution_options(populate_existing=True))
