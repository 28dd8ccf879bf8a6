"""Finding the parts of an occasion, and locking them: a part's row lock orders who gets its places."""

from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.guests.access import no_such
from models.guests.occasions import Part

PARTS = select(Part).where(Part.occasion_id == bindparam("occasion_id", type_=Uuid)).order_by(Part.position)
LOCKED = (
    select(Part)
    .where(
        Part.occasion_id == bindparam("occasion_id", type_=Uuid),
        Part.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
    )
    .order_by(Part.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
ALL_LOCKED = (
    select(Part)
    .where(Part.occasion_id == bindparam("occasion_id", type_=Uuid))
    .order_by(Part.id)
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)
OF_MANY = select(Part).where(Part.occasion_id == any_(bindparam("ids", type_=ARRAY(Uuid)))).order_by(Part.position)
MAIN = 1
"""The position of the part that is meant where none is named."""


async def parts_of(session: AsyncSession, occasion_ids: Iterable[UUID]) -> dict[UUID, list[Part]]:
    """Read the parts of occasions, in their order."""
    found: dict[UUID, list[Part]] = {occasion_id: [] for occasion_id in occasion_ids}
    for part in await session.scalars(OF_MANY, {"ids": list(found)}):
        found[part.occasion_id].append(part)
    return found


async def read_parts(session: AsyncSession, occasion_id: UUID) -> list[Part]:
    """Read the parts of an occasion, in their order."""
    return list(await session.scalars(PARTS, {"occasion_id": occasion_id}))


async def lock_parts(
    session: AsyncSession, *, occasion_id: UUID, part_ids: Collection[UUID] | None = None
) -> dict[UUID, Part]:
    """Lock parts of an occasion in the order of their ids, all of them unless some are named; gives them in theirs.

    Raises NotFound.
    """
    if part_ids is None:
        found = list(await session.scalars(ALL_LOCKED, {"occasion_id": occasion_id}))
    else:
        found = list(await session.scalars(LOCKED, {"occasion_id": occasion_id, "ids": sorted(set(part_ids))}))
        if len(found) != len(set(part_ids)):
            raise no_such("part")
    return {part.id: part for part in sorted(found, key=lambda part: part.position)}


def main_of(parts: Collection[Part]) -> Part:
    """Give the part that is meant where none is named: the first."""
    return min(parts, key=lambda part: part.position)


def chosen(parts: Collection[Part], part_id: UUID | None) -> Part:
    """Give the part that is named, or the main one. Raises NotFound."""
    found = main_of(parts) if part_id is None else next((part for part in parts if part.id == part_id), None)
    if found is None:
        raise no_such("part")
    return found
