"""Payloads of what guests ask for."""

from schema.describe import output
from schema.guests.requests.types import GuestRequest
from schema.payloads import Payload


@output
class CreateGuestRequestPayload(Payload):
    """The answer to `createGuestRequest`."""

    results = ("guest_request",)
    guest_request: GuestRequest | None = None
    """The request."""


@output
class UpdateGuestRequestPayload(Payload):
    """The answer to `updateGuestRequest`."""

    guest_request: GuestRequest | None = None
    """The request."""
