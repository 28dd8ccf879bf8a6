"""Payloads of bookings."""

from schema.describe import listed, output
from schema.payloads import Payload
from schema.tee_sheet.booking.groups import BookingGroup
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


@output
class SplitBookingPayload(Payload):
    """The answer to `splitBooking`."""

    booking: Booking | None = None
    """The booking, without them."""
    new_booking: Booking | None = None
    """The booking that they have now."""


@output
class MovePlayersPayload(Payload):
    """The answer to `movePlayers`."""

    booking: Booking | None = None
    """The booking that they have left."""
    other_booking: Booking | None = None
    """The booking that they are on now."""


@output
class SwapBookingsPayload(Payload):
    """The answer to `swapBookings`."""

    booking: Booking | None = None
    """The one, on its new start."""
    other_booking: Booking | None = None
    """The other, on its new start."""


@output
class MergeBookingsPayload(Payload):
    """The answer to `mergeBookings`."""

    booking: Booking | None = None
    """The booking that all of them are on now."""


@output
class BookGroupPayload(Payload):
    """The answer to `bookGroup`."""

    results = ("booking_group",)
    booking_group: BookingGroup | None = None
    """The group, with its bookings."""


@output
class UpdateBookingGroupPayload(Payload):
    """The answer to `updateBookingGroup`."""

    results = ("booking_group",)
    booking_group: BookingGroup | None = None
    """The group, changed."""


@output
class CancelBookingGroupPayload(Payload):
    """The answer to `cancelBookingGroup`."""

    bookings: list[Booking] | None = listed(entries=20, default=None)
    """The bookings that were cancelled."""
