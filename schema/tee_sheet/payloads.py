"""Payloads of the tee sheet."""

from uuid import UUID

from kit.ids import parse_id
from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.types.bookings import Booking, Hold
from schema.tee_sheet.types.sheets import SheetTemplate, TeeSheet
from schema.tee_sheet.warnings import BookedPayload, WarnedPayload


@output
class SetSheetTemplatePayload(Payload):
    """The answer to `setSheetTemplate`."""

    template: SheetTemplate | None = None
    """The template that holds from now on."""


@output
class GenerateTeeSheetPayload(Payload):
    """The answer to `generateTeeSheet`."""

    results = ("tee_sheets",)
    tee_sheets: list[TeeSheet] | None = None
    """The tee sheets of the days, those that were there before included."""


@output
class HoldSlotsPayload(WarnedPayload):
    """The answer to `holdSlots`."""

    results = ("hold",)
    hold: Hold | None = None
    """The hold."""

    def start(self) -> UUID | None:
        """Give the tee time that the hold is on."""
        return parse_id("tee_time", self.hold.tee_time_id) if self.hold else None


@output
class ReleaseHoldPayload(Payload):
    """The answer to `releaseHold`."""

    hold: Hold | None = None
    """The hold, released."""


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
