"""Payloads of invitations and their codes."""

import datetime as dt

import strawberry

from schema.describe import output
from schema.guests.households.types import Household
from schema.payloads import Payload


@output
class RedeemInvitationPayload(Payload):
    """The answer to `redeemInvitation`."""

    token: str | None = None
    """The token: send it as `Authorization: Bearer …`, and in `connection_init`."""
    expires_at: dt.datetime | None = None
    """When it ends, in UTC; the code gives another one."""
    household_id: strawberry.ID | None = None
    """The household."""
    occasion_id: strawberry.ID | None = None
    """The occasion."""


@output
class ReissueInvitationPayload(Payload):
    """The answer to `reissueInvitation`."""

    household: Household | None = None
    """The household, with its new code."""
