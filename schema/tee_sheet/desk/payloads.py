"""Payloads of the desk."""

from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.booking.ledger import LedgerEntry
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.desk.types import Block, RainCheck
from schema.tee_sheet.inventory.types import TeeTime
from schema.tee_sheet.sheets.types import TeeSheet


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
    """The tee sheet with its new starts."""


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


@output
class AddLedgerEntryPayload(Payload):
    """The answer to `addLedgerEntry`."""

    results = ("ledger_entry",)
    ledger_entry: LedgerEntry | None = None
    """The entry."""


@output
class SetBookingNotePayload(Payload):
    """The answer to `setBookingNote`."""

    booking: Booking | None = None
    """The booking with its notes."""


@output
class SetTeeTimeNotePayload(Payload):
    """The answer to `setTeeTimeNote`."""

    tee_time: TeeTime | None = None
    """The tee time with its notes."""


@output
class SetTeeSheetNotePayload(Payload):
    """The answer to `setTeeSheetNote`."""

    tee_sheet: TeeSheet | None = None
    """The tee sheet with its notes."""
