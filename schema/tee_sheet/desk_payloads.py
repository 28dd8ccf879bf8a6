"""Payloads of the desk."""

from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.types.bookings import Booking


@output
class UpdateBookingPayload(Payload):
    """The answer to `updateBooking`."""

    booking: Booking | None = None
    """The booking, changed."""


@output
class MoveBookingPayload(Payload):
    """The answer to `moveBooking`."""

    booking: Booking | None = None
    """The booking on its new tee time."""
