"""Payloads of the desk."""

from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.types.blocks import Block
from schema.tee_sheet.types.bookings import Booking
from schema.tee_sheet.types.rain_checks import RainCheck
from schema.tee_sheet.types.sheets import TeeSheet
from schema.tee_sheet.types.slots import TeeTime
from schema.tee_sheet.warnings import BookedPayload


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
class AddBlockPayload(Payload):
    """The answer to `addBlock`."""

    results = ("block",)
    block: Block | None = None
    """The block."""


@output
class RemoveBlockPayload(Payload):
    """The answer to `removeBlock`."""

    block: Block | None = None
    """The block, removed."""


@output
class SqueezeTeeTimePayload(Payload):
    """The answer to `squeezeTeeTime`."""

    results = ("tee_time",)
    tee_time: TeeTime | None = None
    """The tee time that was added."""


@output
class DelayTeeTimesPayload(Payload):
    """The answer to `delayTeeTimes`."""

    results = ("tee_sheet",)
    tee_sheet: TeeSheet | None = None
    """The tee sheet with its later starts."""


@output
class IssueRainCheckPayload(Payload):
    """The answer to `issueRainCheck`."""

    results = ("rain_check",)
    rain_check: RainCheck | None = None
    """The rain check."""


@output
class RedeemRainCheckPayload(Payload):
    """The answer to `redeemRainCheck`."""

    rain_check: RainCheck | None = None
    """The rain check, redeemed."""
    booking: Booking | None = None
    """The booking that it paid."""
