"""Opening an invitation by its code. Whoever has the code is the household: nothing else is asked for.

A code that was never given out, one that was withdrawn, and one of an occasion that is not published are found by the
same statement, or not: so they are answered in the same words, and in the same time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from auth.codes import clean_invitation_code
from auth.guests import GuestKey, GuestToken
from domain.guests.facts import household_state, is_invited_to
from domain.guests.places.parts import read_parts
from domain.guests.problems import CodeUnknown
from domain.guests.records import note_activity
from events.guests.households import HouseholdUpdated
from events.log import record
from models.guests.households import Household
from models.guests.occasions import Occasion, Part
from models.guests.values import ActivityKind, OccasionStatus

BY_CODE = Household.code == bindparam("code", type_=Text)
IS_OPEN = Occasion.status != OccasionStatus.DRAFT
HOME = (
    select(Household.tenant_id, Household.occasion_id, Household.id)
    .join(Occasion, Occasion.id == Household.occasion_id)
    .where(BY_CODE, IS_OPEN)
)
INVITED = (
    select(Household, Occasion).join(Occasion, Occasion.id == Household.occasion_id).where(BY_CODE, IS_OPEN)
).execution_options(populate_existing=True)
LOCKED = INVITED.with_for_update(key_share=True, of=Household)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationHome:
    """Where an invitation belongs."""

    tenant_id: UUID
    occasion_id: UUID
    household_id: UUID


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What an invitation says."""

    household: Household
    occasion: Occasion
    parts: Sequence[Part]


@dataclass(frozen=True, kw_only=True)
class Redeemed:
    """What a code was exchanged for."""

    household: Household
    occasion: Occasion
    token: GuestToken


async def home_of_code(connection: AsyncConnection, *, code: str) -> InvitationHome | None:
    """Tell where the invitation with a code belongs, whosever it is. Needs work across tenants."""
    row = (await connection.execute(HOME, {"code": code})).one_or_none()
    return InvitationHome(tenant_id=row[0], occasion_id=row[1], household_id=row[2]) if row else None


async def read_invitation(session: AsyncSession, *, code: str) -> Invitation:
    """Read the invitation that a code opens. Raises CodeUnknown."""
    row = (await session.execute(INVITED, {"code": code})).one_or_none()
    if row is None:
        raise CodeUnknown
    household, occasion = row
    parts = await read_parts(session, occasion.id)
    invited = [part for part in parts if is_invited_to(household, part.id)]
    return Invitation(household=household, occasion=occasion, parts=invited)


async def redeem_invitation(session: AsyncSession, *, code: str, guests: GuestKey, now: datetime) -> Redeemed:
    """Give the household whose code was typed a token, and note that it opened its invitation. Raises CodeUnknown.

    The household is locked: a code that is withdrawn meanwhile gives no token that outlasts it.
    """
    row = (await session.execute(LOCKED, {"code": clean_invitation_code(code)})).one_or_none()
    if row is None:
        raise CodeUnknown
    household, occasion = row
    if household.opened_at is None:
        parts = await read_parts(session, occasion.id)
        household.opened_at = now
        record(session, household_state(HouseholdUpdated, occasion, household, parts), now=now)
        kind = ActivityKind.INVITATION_OPENED
        note_activity(session, occasion, kind, viewer=None, household_id=household.id, count=1, now=now)
    token = guests.issue(
        tenant_id=household.tenant_id, household_id=household.id, not_before=household.code_issued_at, now=now
    )
    return Redeemed(household=household, occasion=occasion, token=token)
