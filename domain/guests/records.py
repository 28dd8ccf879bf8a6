"""The record of an occasion: who did what, one entry an operation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.access import Access
from domain.guests.facts import of_occasion
from events.guests.occasions import ActivityCreated
from events.log import record
from kit.ids import new_id, public_id
from models.guests.occasions import Activity, Occasion
from models.guests.values import ActivityKind

MOST_NAMED = 20
"""Guests that an entry names; of more, it says how many there were."""


def note_activity(
    session: AsyncSession,
    occasion: Occasion,
    kind: ActivityKind,
    *,
    viewer: Viewer | None,
    by: Access | None = None,
    household_id: UUID | None = None,
    guest_ids: Sequence[UUID] = (),
    count: int | None = None,
    now: datetime,
) -> Activity:
    """Note that somebody did something: a user, or a household by its own token. Nobody did what came by itself.

    `count` says how many things it was about; as many as there are guests if left out.
    """
    as_household = by is not None and not by.plans
    row = Activity(
        id=new_id(),
        tenant_id=occasion.tenant_id,
        occasion_id=occasion.id,
        kind=kind,
        actor=None if as_household or viewer is None else viewer.user_id,
        household_id=viewer.household_id if as_household and viewer else household_id,
        guest_ids=list(guest_ids[:MOST_NAMED]),
        count=len(guest_ids) if count is None else count,
        created_at=now,
    )
    session.add(row)
    told = ActivityCreated(
        **of_occasion(occasion),
        activity_id=public_id("activity", row.id),
        kind=kind,
        actor=row.actor,
        household_id=public_id("household", row.household_id) if row.household_id else None,
        guest_ids=tuple(public_id("guest", one) for one in row.guest_ids),
        count=row.count,
    )
    record(session, told, now=now)
    return row
