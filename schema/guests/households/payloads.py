"""Payloads of households and guests."""

import strawberry

from schema.describe import listed, output
from schema.guests.households.types import Guest, Household
from schema.payloads import Payload


@output
class AddHouseholdPayload(Payload):
    """The answer to `addHousehold`."""

    results = ("household",)
    household: Household | None = None
    """The household."""


@output
class UpdateHouseholdPayload(Payload):
    """The answer to `updateHousehold`."""

    household: Household | None = None
    """The household."""


@output
class DeleteHouseholdPayload(Payload):
    """The answer to `deleteHousehold`."""

    household_id: strawberry.ID | None = None
    """The household that was taken off the list."""


@output
class AddGuestsPayload(Payload):
    """The answer to `addGuests`."""

    results = ("guests",)
    guests: list[Guest] | None = listed(entries=20, default=None)
    """The guests, in the order in which they were given."""


@output
class UpdateGuestsPayload(Payload):
    """The answer to `updateGuests`."""

    guests: list[Guest] | None = listed(entries=20, default=None)
    """The guests, in the order in which they were given."""


@output
class DeleteGuestsPayload(Payload):
    """The answer to `deleteGuests`."""

    guest_ids: list[strawberry.ID] | None = None
    """The guests who were taken off the list, in the order in which they were given."""


@output
class MergeHouseholdsPayload(Payload):
    """The answer to `mergeHouseholds`."""

    household: Household | None = None
    """The household that stays."""


@output
class CopyGuestsPayload(Payload):
    """The answer to `copyGuests`."""

    results = ("households",)
    households: list[Household] | None = listed(entries=20, default=None)
    """The households that were invited."""
