"""Payloads of answers to invitations."""

from schema.describe import output
from schema.guests.households.types import Guest, Household
from schema.payloads import Payload


@output
class SubmitRsvpPayload(Payload):
    """The answer to `submitRsvp`."""

    results = ("household",)
    household: Household | None = None
    """The household, with what came of it for each guest."""


@output
class SetRsvpOnBehalfPayload(Payload):
    """The answer to `setRsvpOnBehalf`."""

    household: Household | None = None
    """The household, with what came of it for each guest."""


@output
class SetGuestListingPayload(Payload):
    """The answer to `setGuestListing`."""

    guest: Guest | None = None
    """The guest."""
