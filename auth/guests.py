"""Tokens of guests: what a household's invitation code is exchanged for, written and checked by this program alone.

They have a key of their own, which is found by its `kid` whatever issuer is set, and which opens nothing but the role
GUEST for one household: whoever comes to know it is nobody's member of staff.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import digest
from uuid import UUID

from pydantic import SecretStr

from auth.claims import Claims
from auth.keys import SharedSecret
from auth.viewer import Role
from kit.errors import TokenRefused
from kit.ids import public_id
from kit.settings import Settings

GUEST_KID = "fairway-guest"
"""By this name a token's header asks for the key of guests. An issuer's keys may not have it."""
LIFETIME = timedelta(hours=2)
_CLAIMS = {"sub", "tenantId", "householdId", "roles", "iat", "exp"}
"""What a guest's token says. What it lacks matters as much: one that names a club would open the club's rooms."""
_DERIVED = b"tokens of guests"


@dataclass(frozen=True, kw_only=True)
class GuestToken:
    """A token that a household was given."""

    token: str
    expires_at: datetime


class GuestKey:
    """The key of guests' tokens."""

    def __init__(self, secret: SecretStr | str) -> None:
        """Take the secret. Raises SetupError if it will not do."""
        self.keys = SharedSecret(secret, setting="GUEST_TOKEN_SECRET")

    def __repr__(self) -> str:
        return "<GuestKey>"

    def issue(self, *, tenant_id: UUID, household_id: UUID, not_before: datetime, now: datetime) -> GuestToken:
        """Write a token for a household.

        It counts as issued at `not_before` where that is later than now: from there on the household's tokens are
        good again after all of them were revoked, also those of processes whose clocks go a little ahead.
        """
        expires_at = (now + LIFETIME).replace(microsecond=0)
        household = public_id("household", household_id)
        claims: dict[str, object] = {
            "sub": household,
            "tenantId": public_id("tenant", tenant_id),
            "householdId": household,
            "roles": [Role.GUEST.value],
            "iat": max(now, not_before).timestamp(),
            "exp": int(expires_at.timestamp()),
        }
        return GuestToken(token=self.keys.sign(claims, kid=GUEST_KID), expires_at=expires_at)


def guest_key(settings: Settings) -> GuestKey | None:
    """Make the key of what is set: its own secret, or one that follows from JWT_SECRET; none where neither is known.

    Whoever knows JWT_SECRET can write any token anyway; the other way round, nothing follows.
    """
    if own := settings.guest_token_secret.get_secret_value():
        return GuestKey(own)
    shared = settings.jwt_secret.get_secret_value()
    return GuestKey(digest(shared.encode(), _DERIVED, "sha256").hex()) if shared else None


def check_guest(claims: Claims) -> None:
    """Refuse what a guest's token must not say, though its signature is right. Raises TokenRefused."""
    if not _CLAIMS.issuperset(claims) or claims.get("roles") != [Role.GUEST.value] or not claims.get("householdId"):
        raise TokenRefused(message="The key of this token opens the role GUEST alone, for one household and no club.")
    if claims.get("iat") is None:
        raise TokenRefused(message="The token lacks the claim “iat”.")
