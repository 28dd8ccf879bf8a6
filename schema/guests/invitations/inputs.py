"""Inputs of invitations and their codes."""

import strawberry

from schema.describe import input_type
from schema.inputs import Input


@input_type
class RedeemInvitationInput(Input):
    """A code to be exchanged for a token."""

    code: str
    """The code of the invitation. Small letters, hyphens and spaces do not matter, nor O for 0, nor I or L for 1."""


@input_type
class ReissueInvitationInput(Input):
    """A household that gets another code."""

    household_id: strawberry.ID
    """The household."""
