"""Tokens that were revoked: whose, and up to which moment they were issued."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol
from uuid import UUID

from auth.viewer import Role, Viewer
from kit.enums import DescribedEnum
from kit.errors import TokenRevoked


class TokenOwner(DescribedEnum):
    """Whose tokens are revoked together."""

    USER = "USER", "All tokens of a user, by their `sub`."
    HOUSEHOLD = "HOUSEHOLD", "All tokens that name a household, by its id."
    DEVICE = "DEVICE", "The tokens with the role DEVICE of one `sub`, and no others of it."


Owner = tuple[TokenOwner, str]


class Watcher(Protocol):
    """What a token has opened, and what ends when the token is revoked."""

    @property
    def viewer(self) -> Viewer | None:
        """By whose token it was opened."""
        ...

    def revoked(self) -> None:
        """End soon, since the token was revoked. It may be said more than once."""
        ...


class Revocations:
    """What this process knows of revoked tokens, and what is open by tokens that may be revoked yet."""

    def __init__(self) -> None:
        self._before: dict[UUID, dict[Owner, datetime]] = {}
        self._open: dict[UUID, dict[Watcher, None]] = {}

    def note(self, tenant_id: UUID, owner: Owner, before: datetime) -> None:
        """Know that all tokens of an owner that were issued before a moment are revoked, and end what they opened."""
        of_tenant = self._before.setdefault(tenant_id, {})
        if of_tenant.get(owner, before) > before:
            return
        of_tenant[owner] = before
        for watcher in list(self._open.get(tenant_id, ())):
            self._end_if_revoked(watcher)

    def check(self, viewer: Viewer) -> None:
        """Let a viewer pass whose token was not revoked. Raises TokenRevoked.

        A token that does not say when it was issued counts as an old one.
        """
        of_tenant = self._before.get(viewer.tenant_id)
        for owner in owners_of(viewer) if of_tenant else ():
            before = of_tenant.get(owner) if of_tenant else None
            if before is not None and (viewer.issued_at is None or viewer.issued_at < before):
                raise TokenRevoked

    def watch(self, watcher: Watcher) -> None:
        """Tell a watcher when its token is revoked; at once if it is already."""
        if watcher.viewer is not None:
            self._open.setdefault(watcher.viewer.tenant_id, {})[watcher] = None
            self._end_if_revoked(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """Forget a watcher, which has ended."""
        if watcher.viewer is None:
            return
        tenant_id = watcher.viewer.tenant_id
        of_tenant = self._open.get(tenant_id, {})
        of_tenant.pop(watcher, None)
        if not of_tenant:
            self._open.pop(tenant_id, None)

    def _end_if_revoked(self, watcher: Watcher) -> None:
        try:
            if watcher.viewer is not None:
                self.check(watcher.viewer)
        except TokenRevoked:
            watcher.revoked()


def owners_of(viewer: Viewer) -> Iterator[Owner]:
    """Say as whose a viewer's token may be revoked."""
    yield TokenOwner.USER, viewer.user_id
    if viewer.has(Role.DEVICE):
        yield TokenOwner.DEVICE, viewer.user_id
    if viewer.household_id is not None:
        yield TokenOwner.HOUSEHOLD, str(viewer.household_id)
