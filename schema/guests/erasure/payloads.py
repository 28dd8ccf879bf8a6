"""Payloads of export and erasure."""

import strawberry

from schema.describe import output
from schema.payloads import Payload


@output
class ExportGuestPayload(Payload):
    """The answer to `exportGuest`."""

    export: str | None = None
    """All that is held of the guest, as JSON; for a household, without what is the planners' alone."""


@output
class EraseGuestPayload(Payload):
    """The answer to `eraseGuest`."""

    guest_id: strawberry.ID | None = None
    """The guest of whom nothing is held any more."""
