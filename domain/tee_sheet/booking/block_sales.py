"""Selling places that a block covers, without lifting it: as when a league's players fill the league's starts."""

from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet.inventory.slots import LockedTeeTime
from kit.errors import InvalidInput, NotAllowed, NotFound
from models.tee_sheet.desk import Block, BlockSlot
from models.tee_sheet.tables import Slot
from models.tee_sheet.values import SlotStatus

BLOCK = ("input", "blockId")
COVERED = (
    select(Block, BlockSlot.slot_id)
    .outerjoin(BlockSlot, BlockSlot.block_id == Block.id)
    .where(Block.id == bindparam("block_id"))
    .execution_options(populate_existing=True)
)


async def places_for_sale(
    session: AsyncSession, locked: LockedTeeTime, *, viewer: Viewer, block_id: UUID | None
) -> list[Slot]:
    """Give the places of a locked tee time that can be sold: those that are free, or those that a block covers alone.

    A block changes under the locks of its tee times. Raises NotFound, NotAllowed, InvalidInput.
    """
    if block_id is None:
        return locked.free
    if not viewer.is_staff_of(locked.sheet.club_id):
        raise NotAllowed(message="Only the club's staff may book places of a block.")
    rows = (await session.execute(COVERED, {"block_id": block_id})).all()
    if not rows or rows[0][0].club_id != locked.sheet.club_id:
        raise NotFound(message="There is no such block, or you may not know of it.")
    if rows[0][0].removed_at is not None:
        raise InvalidInput(message="The block was lifted; leave it out, and book what is free.", path=BLOCK)
    covered = {row[1] for row in rows}
    places = [slot for slot in locked.slots if slot.id in covered]
    if not places:
        raise InvalidInput(message="The block covers no place of this tee time; choose one that it does.", path=BLOCK)
    return [slot for slot in places if slot.status is SlotStatus.BLOCKED and slot.blocks == 1]
