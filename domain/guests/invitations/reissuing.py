"""A new code for a household: the old one opens nothing any more, and what it had opened ends."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.codes import new_invitation_code
from auth.viewer import Viewer
from domain.guests.access import find_household, no_such, planned
from domain.guests.facts import household_state
from domain.guests.households.codes import end_tokens, good_from
from domain.guests.places.parts import read_parts
from domain.guests.records import note_activity
from events.guests.households import HouseholdUpdated
from events.log import record
from models.guests.households import Household
from models.guests.values import ActivityKind

LOCKED = (
    select(Household)
    .where(Household.id == bindparam("household_id", type_=Uuid))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


async def reissue_invitation(session: AsyncSession, *, viewer: Viewer, household_id: UUID, now: datetime) -> Household:
    """Give a household another code; the tokens that it has come by end at once, with all that they opened.

    It counts as neither invited nor opened: nobody has the new code yet. That holds of a closed occasion too, since a
    code in wrong hands can be read by. Raises NotFound, NotAllowed.
    """
    access, _ = await find_household(session, viewer=viewer, household_id=household_id)
    occasion = planned(access)
    parts = await read_parts(session, occasion.id)
    household = await session.scalar(LOCKED, {"household_id": household_id})
    if household is None:
        raise no_such("household")
    household.code_issued_at = good_from(household, now=now)
    household.code = new_invitation_code()
    household.invited_at = household.opened_at = None
    household.updated_at = now
    told = household_state(HouseholdUpdated, occasion, household, parts, changes_code=True)
    record(session, told, now=now)
    note_activity(
        session,
        occasion,
        ActivityKind.INVITATION_REISSUED,
        viewer=viewer,
        household_id=household.id,
        count=1,
        now=now,
    )
    await end_tokens(session, household, viewer=viewer, before=household.code_issued_at, now=now)
    return household
