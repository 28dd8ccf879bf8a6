"""Blocks."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.tee_sheet import blocks
from kit.ids import public_id
from models.tee_sheet import tables
from models.tee_sheet.desk_values import BlockKind
from schema.context import Info
from schema.describe import enum, field, output
from schema.nodes import Node, finds

enum(BlockKind)


@output
class Block(Node):
    """Places of a tee sheet that are out of sale."""

    row: strawberry.Private[tables.Block]
    kind: BlockKind
    """Why, in a word."""
    reason: str
    """Why, in the words of the club."""
    course_id: strawberry.ID
    """The course."""
    created_at: datetime
    """When it was added, in UTC."""
    removed_at: datetime | None
    """When it was removed, in UTC; none as long as it holds."""

    @classmethod
    def of(cls, row: tables.Block) -> Self:
        """Show a block."""
        return cls(
            id=strawberry.ID(public_id("block", row.id)),
            row=row,
            kind=row.kind,
            reason=row.reason,
            course_id=strawberry.ID(public_id("course", row.course_id)),
            created_at=row.created_at,
            removed_at=row.removed_at,
        )

    @field
    async def slot_ids(self, info: Info) -> list[strawberry.ID]:
        """The places that it covers, booked ones included."""
        covered = await info.context.loaders.block_slots.load(self.row.id)
        return [strawberry.ID(public_id("slot", slot_id)) for slot_id in covered]


@finds("block")
async def find_block_node(session: AsyncSession, viewer: Viewer, value: UUID) -> Block:
    """Find a block."""
    return Block.of(await blocks.find_block(session, viewer=viewer, block_id=value))
