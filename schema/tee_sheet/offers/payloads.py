"""Payloads of holds."""

from uuid import UUID

from kit.ids import parse_id
from schema.describe import output
from schema.payloads import Payload
from schema.tee_sheet.offers.types import Hold
from schema.tee_sheet.warnings import WarnedPayload


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
