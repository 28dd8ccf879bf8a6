"""The code of a household's invitation is withdrawn, and what it has opened ends."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.access.revoking import revoke_household
from models.guests.households import Household

AHEAD = timedelta(seconds=2)
"""How far the clocks of processes may be apart: so much later than now must a token have been issued to count on.

Those for a new code count as issued then at the earliest (`auth/guests.py`).
"""
APART = timedelta(milliseconds=1)


def good_from(household: Household, *, now: datetime) -> datetime:
    """Give the moment as of which a locked household's tokens are good, if all are ended now."""
    return max(now + AHEAD, household.code_issued_at + APART)


async def end_tokens(
    session: AsyncSession, household: Household, *, viewer: Viewer, before: datetime, now: datetime
) -> None:
    """End the tokens that a household came by before a moment, with all that they opened.

    To be said behind what is told of the occasion: the answer's cursor is that of the first fact.
    """
    with session.no_autoflush:  # nothing that is pending changes whose tokens these are
        await revoke_household(session, household.id, viewer=viewer, before=before, now=now)
