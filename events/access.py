"""Facts for the processes that serve, which no client is told: who may come in no more."""

from datetime import datetime

from auth.revocation import TokenOwner
from events.base import Event, event


def access_stream(tenant_id: str) -> str:
    """Name the stream, and its one room, of what concerns the tokens of a tenant."""
    return f"access:{tenant_id}"


@event("tokens.revoked", told=False)
class TokensRevoked(Event):
    """All tokens of a user, a household or a device that were issued before a moment count no more."""

    tenant_id: str
    """The tenant."""
    owner: TokenOwner
    """Whose tokens they are."""
    subject: str
    """The `sub` of a user or a device, or a household's id."""
    revoked_before: datetime
    """The moment."""

    @property
    def stream(self) -> str:
        """The stream of the tenant's tokens."""
        return access_stream(self.tenant_id)
