"""Payloads of the tee sheet."""

from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.types.bookings import Booking, Hold
from schema.tee_sheet.types.sheets import SheetTemplate, TeeSheet


@output
class SetSheetTemplatePayload(Payload):
    """The answer to `setSheetTemplate`."""

    template: SheetTemplate | None = None
    """The template that holds from now on."""


@output
class GenerateTeeSheetPayload(Payload):
    """The answer to `generateTeeSheet`."""

    tee_sheets: list[TeeSheet] | None = None
    """The tee sheets of the days, those that were there before included."""


@output
class HoldSlotsPayload(Payload):
    """The answer to `holdSlots`."""

    hold: Hold | None = None
    """The hold."""


@output
class ReleaseHoldPayload(Payload):
    """The answer to `releaseHold`."""

    hold: Hold | None = None
    """The hold, released."""


@output
class BookSlotsPayload(Payload):
    """The answer to `bookSlots`."""

    booking: Booking | None = None
    """The booking."""


@output
class CancelBookingPayload(Payload):
    """The answer to `cancelBooking`."""

    booking: Booking | None = None
    """The booking, cancelled."""
