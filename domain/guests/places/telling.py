"""Telling that an occasion changed: to guests of the parts that their household is invited to, and of no others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.facts import occasion_state
from events.guests.occasions import Narrowed, OccasionUpdated
from events.log import record
from kit.ids import public_id
from models.guests.households import Household
from models.guests.occasions import Occasion, Part

NARROWED = (
    select(Household.id, Household.part_ids)
    .where(Household.occasion_id == bindparam("occasion_id", type_=Uuid), Household.part_ids.is_not(None))
    .order_by(Household.id)
)


async def tell_updated(
    session: AsyncSession,
    occasion: Occasion,
    parts: Sequence[Part],
    changes: Sequence[str],
    *,
    about: UUID | None = None,
    now: datetime,
    **more: Any,
) -> None:
    """Tell that an occasion changed, or one of its parts alone (`about`), of which guests of others are not told."""
    with session.no_autoflush:  # nothing that is pending changes who is invited to what
        rows = await session.execute(NARROWED, {"occasion_id": occasion.id})
    told = occasion_state(
        OccasionUpdated,
        occasion,
        parts,
        now=now,
        changes=tuple(changes),
        narrowed=_narrowed((household_id, part_ids or ()) for household_id, part_ids in rows),
        about_part=public_id("part", about) if about else None,
        **more,
    )
    record(session, told, now=now)


def _narrowed(rows: Iterable[tuple[UUID, Iterable[UUID]]]) -> tuple[Narrowed, ...]:
    """Put households together that are invited to the same parts."""
    found: defaultdict[tuple[UUID, ...], list[UUID]] = defaultdict(list)
    for household_id, part_ids in rows:
        found[tuple(sorted(part_ids))].append(household_id)
    return tuple(
        Narrowed(
            parts=tuple(public_id("part", one) for one in parts),
            households=tuple(public_id("household", one) for one in households),
        )
        for parts, households in found.items()
    )
