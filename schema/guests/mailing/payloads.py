"""Payloads of letters to households."""

from schema.describe import listed, output
from schema.guests.households.types import Household
from schema.payloads import Payload


@output
class SendInvitationsPayload(Payload):
    """The answer to `sendInvitations`."""

    results = ("households", "unreachable")
    households: list[Household] | None = listed(entries=50, default=None)
    """The households that are written to."""
    unreachable: list[Household] | None = listed(entries=20, default=None)
    """The households that have no e-mail address."""
