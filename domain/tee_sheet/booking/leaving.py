"""Leaving a booking that one plays in, whoever made it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.booking.access import find_booking_and_club, lock_row, own_place
from domain.tee_sheet.booking.bookings import cancel
from domain.tee_sheet.booking.changes import ChangeWish, change
from domain.tee_sheet.booking.reading import players_of
from kit.errors import NotAllowed
from models.tee_sheet.tables import Booking


async def leave_booking(session: AsyncSession, *, viewer: Viewer, booking_id: UUID, now: datetime) -> Booking:
    """Take oneself off a booking and free the place, until the club's notice period; others play on.

    A booking that nobody else is on is cancelled by that. Raises NotFound, NotAllowed, BookingNotChangeable,
    ChangeTooLate, PlayerCheckedIn, GroupSizeNotAllowed, StartRestricted, BookingAlreadyCancelled, TransitionRefused,
    CancellationTooLate.
    """
    booking, club = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
    await lock_row(session, booking)
    place = await own_place(session, viewer=viewer, booking=booking)  # behind the lock: players change under it alone
    if place is None:
        raise NotAllowed(message="Only who plays in a booking can leave it.")
    if len((await players_of(session, [booking.id]))[booking.id]) > 1:
        return await change(session, booking, club, viewer=viewer, wish=ChangeWish(remove=(place.position,)), now=now)
    await cancel(session, booking, club, viewer=viewer, now=now)
    return booking
