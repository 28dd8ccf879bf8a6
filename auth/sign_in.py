"""The door: who is let in by a token, and who has tried too often."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from auth.limits import Rate, RateLimits
from auth.revocation import Revocations, Watcher
from auth.tokens import Authenticator
from auth.viewer import Viewer
from kit.errors import TokenExpired, TokenRefused


async def _know_already(_tenant_id: UUID) -> None:
    """Meet a tenant of which all is known."""


class Door:
    """Checks tokens, counts those that are refused, and knows which were revoked."""

    def __init__(
        self,
        authenticator: Authenticator,
        limits: RateLimits,
        revocations: Revocations,
        meet: Callable[[UUID], Awaitable[None]] = _know_already,
    ) -> None:
        """Take what tokens are checked with; `meet` is told of each tenant whose first token comes, and waited for."""
        self._authenticator = authenticator
        self._limits = limits
        self._revocations = revocations
        self._meet = meet
        self._met: set[UUID] = set()

    async def authenticate(self, token: str, *, now: datetime, address: str) -> Viewer:
        """Tell who a token stands for.

        A token that is right is always let in, whatever was tried from the same address: many share one. Raises
        TokenExpired, which counts for nothing since every token does, TokenRefused, KeysUnavailable, TooManyTries.
        """
        try:
            return await self._recognise(token, now)
        except TokenExpired:
            raise
        except TokenRefused:
            self._limits.take(Rate.SIGN_IN_FAILURES, viewer=None, address=address, now=now)
            raise

    async def _recognise(self, token: str, now: datetime) -> Viewer:
        viewer = await self._authenticator.authenticate(token, now=now)
        if viewer.tenant_id not in self._met:
            await self._meet(viewer.tenant_id)
            self._met.add(viewer.tenant_id)
        self._revocations.check(viewer)  # last of all: nothing is waited for between this and watching what it opens
        return viewer

    def watch(self, watcher: Watcher) -> None:
        """Tell what a token has opened when the token is revoked; at once if it is already."""
        self._revocations.watch(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """Forget what has ended."""
        self._revocations.unwatch(watcher)
