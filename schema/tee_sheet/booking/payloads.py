"""Payloads of bookings."""

from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.warnings import BookedPayload


@output
class BookSlotsPayload(BookedPayload):
    """The answer to `bookSlots`."""

    results = ("booking",)
    booking: Booking | None = None
    """The booking."""


@output
class CancelBookingPayload(Payload):
    """The answer to `cancelBooking`."""

    booking: Booking | None = None
    """The booking, cancelled."""


@output
class RestoreBookingPayload(BookedPayload):
    """The answer to `restoreBooking`."""

    booking: Booking | None = None
    """The booking, confirmed again."""


@output
class UpdateBookingPayload(BookedPayload):
    """The answer to `updateBooking`."""

    results = ("booking",)
    booking: Booking | None = None
    """The booking, changed."""


@output
class MoveBookingPayload(BookedPayload):
    """The answer to `moveBooking`."""

    booking: Booking | None = None
    """The booking on its new tee time."""


@output
class LeaveBookingPayload(Payload):
    """The answer to `leaveBooking`."""

    booking: Booking | None = None
    """The booking without the viewer: cancelled, where nobody else was on it."""
