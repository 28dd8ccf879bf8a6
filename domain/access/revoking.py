"""Revoking tokens: whoever has one that was issued until now has to sign in anew."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from auth.claims import MAX_USER_ID_LENGTH
from auth.revocation import TokenOwner
from auth.viewer import Viewer
from events.access import TokensRevoked
from events.log import record
from kit.errors import InvalidInput, NotAllowed
from kit.ids import parse_id, public_id
from models.revocations import Revocation

WHO = ("input", "subject")


async def revoke_tokens(
    session: AsyncSession, *, viewer: Viewer, owner: TokenOwner, subject: str, now: datetime
) -> TokensRevoked:
    """Revoke all tokens of a user, a household or a device that were issued before now.

    For admins of the tenant, and for everybody as the user that they are. Whether there is such an owner is neither
    known nor told: tokens are issued elsewhere. Done again, it reaches what was issued meanwhile. Raises NotAllowed,
    InvalidInput.
    """
    is_oneself = owner is TokenOwner.USER and subject == viewer.user_id
    if not (viewer.is_tenant_admin or is_oneself):
        raise NotAllowed(message="Only admins of the whole tenant may revoke the tokens of others.")
    return await _revoke(session, viewer, owner, _checked(owner, subject), before=now, now=now)


async def revoke_household(
    session: AsyncSession, household_id: UUID, *, viewer: Viewer, before: datetime, now: datetime
) -> None:
    """Revoke the tokens of a household that were issued before a moment, for who may withdraw its invitation."""
    await _revoke(session, viewer, TokenOwner.HOUSEHOLD, str(household_id), before=before, now=now)


async def _revoke(
    session: AsyncSession, viewer: Viewer, owner: TokenOwner, subject: str, *, before: datetime, now: datetime
) -> TokensRevoked:
    whose = {"tenant_id": viewer.tenant_id, "owner": owner, "subject": subject}
    added = insert(Revocation).values(**whose, revoked_before=before, revoked_by=viewer.user_id)
    newest = func.greatest(Revocation.revoked_before, added.excluded.revoked_before)
    changed = {"revoked_before": newest, "revoked_by": added.excluded.revoked_by}
    stored = added.on_conflict_do_update(index_elements=[*whose], set_=changed).returning(Revocation)
    row = (await session.scalars(stored)).one()
    fact = TokensRevoked(
        tenant_id=public_id("tenant", row.tenant_id),
        owner=row.owner,
        subject=row.subject,
        revoked_before=row.revoked_before,
    )
    record(session, fact, now=now)
    return fact


def _checked(owner: TokenOwner, subject: str) -> str:
    if owner is TokenOwner.HOUSEHOLD:
        return str(parse_id("household", subject, path=WHO))
    if not (0 < len(subject) <= MAX_USER_ID_LENGTH and subject.isprintable()):
        raise InvalidInput(message=f"Give a `sub` of 1 to {MAX_USER_ID_LENGTH} printable characters.", path=WHO)
    return subject


async def find_revocations(session: AsyncSession, *, tenant_id: UUID | None = None) -> Sequence[Revocation]:
    """List what is revoked in a tenant, or in all tenants that the session sees."""
    rows = select(Revocation)
    return (await session.scalars(rows.filter_by(tenant_id=tenant_id) if tenant_id else rows)).all()
