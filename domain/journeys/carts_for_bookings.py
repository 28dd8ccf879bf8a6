"""Carts for bookings: what joins the tee sheet and the carts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.carts import reservations
from domain.carts.problems import BookingNeedsNoCart
from domain.carts.reservations import Ride, find_reservation, refuse_walking
from domain.carts.returns import give_back_for_booking
from domain.clubs.access import refuse_unless_staff, share_course
from domain.clubs.closures import local_date
from domain.journeys.caddies_for_bookings import OVER
from domain.tee_sheet.booking.access import find_booking, lock_row
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_time
from domain.tee_sheet.offers.restrictions import refuse_riding
from domain.tee_sheet.play.groups import check_day_has_come
from kit.errors import InvalidInput
from models.carts.tables import CartReservation
from models.tee_sheet.tables import Booking

BOOKING = ("input", "bookingId")


async def reserve_cart(
    session: AsyncSession,
    *,
    viewer: Viewer,
    booking_id: UUID,
    cart_id: UUID | None = None,
    even_if_walking_only: bool = False,
    now: datetime,
) -> CartReservation:
    """Reserve a cart for a booking, a named one or any that is free. The policy of a day holds for that day's bookings.

    Raises what `reservations.reserve_cart` does, and BookingNeedsNoCart, CartsNotAllowed, and StartRestricted for a
    start whose players walk, unless staff insist.
    """
    ride, start = await _lock_ride(session, viewer=viewer, booking_id=booking_id)
    sheet = start.sheet
    if not even_if_walking_only:
        refuse_riding(start)
    today = local_date(ride.course, now)
    if sheet.date < today:
        raise BookingNeedsNoCart(status=ride.booking.status, path=BOOKING)
    if sheet.date == today:
        await refuse_walking(session, ride.course)
    return await reservations.reserve_cart(session, viewer=viewer, ride=ride, cart_id=cart_id, now=now)


async def check_out_cart(
    session: AsyncSession,
    *,
    viewer: Viewer,
    reservation_id: UUID | None = None,
    booking_id: UUID | None = None,
    cart_id: UUID | None = None,
    even_if_walking_only: bool = False,
    now: datetime,
) -> CartReservation:
    """Hand a cart to a booking's players on the day of play: by its reservation, or any cart by booking and cart.

    Raises what `reservations.check_out_cart` does, and BookingNeedsNoCart, TooEarly, and StartRestricted where
    players walk for whom no cart was reserved, unless staff insist.
    """
    if reservation_id is not None and booking_id is None and cart_id is None:
        reservation = await find_reservation(session, viewer=viewer, reservation_id=reservation_id)
        booking_id, cart_id = reservation.booking_id, reservation.cart_id
    elif reservation_id is not None or booking_id is None or cart_id is None:
        message = "Give either the id of a reservation, or the ids of a booking and of a cart."
        raise InvalidInput(message=message, path=("input",))
    ride, start = await _lock_ride(session, viewer=viewer, booking_id=booking_id)
    check_day_has_come(start.sheet, now=now)
    if reservation_id is None and not even_if_walking_only:
        refuse_riding(start)
    return await reservations.check_out_cart(
        session, viewer=viewer, ride=ride, cart_id=cart_id, reservation_id=reservation_id, now=now
    )


async def _lock_ride(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> tuple[Ride, LockedTeeTime]:
    """Lock a booking that is still to be played or under way, with a share of its course; for the club's staff."""
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    await lock_row(session, booking)
    course = await share_course(session, course_id=booking.course_id)
    locked = await lock_tee_time(session, booking.tee_time_id)
    if booking.status in OVER:
        raise BookingNeedsNoCart(status=booking.status, path=BOOKING)
    return Ride(booking=booking, course=course, starts_at=locked.tee_time.starts_at), locked


async def give_back_carts(session: AsyncSession, *, booking: Booking, now: datetime) -> None:
    """Give back the carts that wait for a locked booking: at another start, they may be another's."""
    await give_back_for_booking(session, booking_id=booking.id, now=now)
