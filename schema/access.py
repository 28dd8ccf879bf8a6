"""Who may come in no more: what is asked, and what is answered."""

from datetime import datetime
from uuid import UUID

from auth.revocation import TokenOwner
from events.access import TokensRevoked
from kit.ids import public_id
from schema.describe import enum, input_type, output
from schema.inputs import Input
from schema.payloads import Payload

enum(TokenOwner)


@input_type
class RevokeTokensInput(Input):
    """Whose tokens are to count no more."""

    owner: TokenOwner
    """What they are."""
    subject: str
    """The `sub` of a user or a device, or a household's id."""


@output
class Revocation:
    """Tokens that count no more. Whether there are any is not known here: an identity provider issues them."""

    owner: TokenOwner
    """Whose they are."""
    subject: str
    """The `sub` of a user or a device, or a household's id."""
    revoked_before: datetime
    """Those that were issued before this moment, or do not say when, are refused."""

    @classmethod
    def of(cls, fact: TokensRevoked) -> "Revocation":
        """Show what was revoked."""
        is_household = fact.owner is TokenOwner.HOUSEHOLD
        subject = public_id("household", UUID(fact.subject)) if is_household else fact.subject
        return cls(owner=fact.owner, subject=subject, revoked_before=fact.revoked_before)


@output
class RevokeTokensPayload(Payload):
    """The answer to `revokeTokens`."""

    revocation: Revocation | None = None
    """What was revoked."""
