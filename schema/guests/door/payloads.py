"""Payloads of the door."""

from schema.describe import listed, output
from schema.guests.households.types import Guest
from schema.payloads import Payload


@output
class CheckInGuestPayload(Payload):
    """The answer to `checkInGuest`."""

    results = ("guests",)
    guests: list[Guest] | None = listed(entries=4, default=None)
    """Those who arrived by it: the guest, and those who came along."""


@output
class UndoGuestCheckInPayload(Payload):
    """The answer to `undoGuestCheckIn`."""

    guest: Guest | None = None
    """The guest, who has not arrived."""


@output
class RotateCheckInCodePayload(Payload):
    """The answer to `rotateCheckInCode`."""

    guest: Guest | None = None
    """The guest, with the new code."""
