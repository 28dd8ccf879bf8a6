"""A household that wants no more e-mails says so by a link in one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.facts import household_state
from domain.guests.places.parts import read_parts
from domain.guests.records import note_activity
from events.guests.households import HouseholdUpdated
from events.log import record
from kit.errors import NotFound
from models.guests.households import Household
from models.guests.occasions import Occasion
from models.guests.values import ActivityKind


async def unsubscribe_household(session: AsyncSession, *, household_id: UUID, now: datetime) -> None:
    """Write to a household no more, until planners give it another address. Raises NotFound where it is gone."""
    household = await session.scalar(
        select(Household).where(Household.id == household_id).with_for_update(key_share=True)
    )
    if household is None:
        raise NotFound(message="The invitation that this link belongs to is gone.")
    if household.unsubscribed_at is not None:
        return
    occasion = await session.get_one(Occasion, household.occasion_id)
    parts = await read_parts(session, occasion.id)
    household.unsubscribed_at = household.updated_at = now
    record(session, household_state(HouseholdUpdated, occasion, household, parts), now=now)
    kind = ActivityKind.UNSUBSCRIBED
    note_activity(session, occasion, kind, viewer=None, household_id=household.id, count=1, now=now)
