"""Blocks and rain checks."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.history import histories_of
from domain.tee_sheet.desk import blocks, rain_checks
from domain.tee_sheet.desk.blocks import slots_covered
from events.tee_sheet.desk import BlockAdded
from kit.ids import public_id
from models.tee_sheet import desk
from models.tee_sheet.desk import BlockKind
from schema.context import Info
from schema.describe import enum, field, list_field, output
from schema.history import HistoryEntry, shown_history
from schema.money import Money
from schema.nodes import Node, finds
from schema.sight import Sight, audience_of

enum(BlockKind)


@output
class Block(Node):
    """Places of a tee sheet that are out of sale."""

    row: strawberry.Private[desk.Block]
    kind: BlockKind
    """Why, in a word."""
    reason: str
    """Why, in the words of the club: for staff; empty for others."""
    course_id: strawberry.ID
    """The course."""
    created_at: datetime
    """When it was added, in UTC."""
    removed_at: datetime | None
    """When it was removed, in UTC; none as long as it holds."""

    @classmethod
    def of(cls, row: desk.Block, viewer: Viewer) -> Self:
        """Show a block, as it is told of."""
        sight = Sight(audience_of(viewer, row.club_id))
        return cls(
            id=strawberry.ID(public_id("block", row.id)),
            row=row,
            kind=row.kind,
            reason=sight.of(BlockAdded, "reason", row.reason),
            course_id=strawberry.ID(public_id("course", row.course_id)),
            created_at=row.created_at,
            removed_at=row.removed_at,
        )

    @field
    def created_by(self, info: Info) -> str | None:
        """The user who added it, by the `sub` of their token: for staff."""
        return self.row.created_by if info.context.viewer.is_staff_of(self.row.club_id) else None

    @field
    def removed_by(self, info: Info) -> str | None:
        """The user who removed it; none as long as it holds. For staff."""
        return self.row.removed_by if info.context.viewer.is_staff_of(self.row.club_id) else None

    @list_field(entries=2)
    async def history(self, info: Info) -> list[HistoryEntry] | None:
        """What happened to it, in its order, who did it, and what that changed: for staff."""
        if not info.context.viewer.is_staff_of(self.row.club_id):
            return None
        return shown_history(await info.context.load(histories_of, self.row.id))

    @field
    async def slot_ids(self, info: Info) -> list[strawberry.ID]:
        """The places that it covers, booked ones included."""
        covered = await info.context.load(slots_covered, self.row.id)
        return [strawberry.ID(public_id("slot", slot_id)) for slot_id in covered]


@finds("block")
async def find_block_node(session: AsyncSession, viewer: Viewer, value: UUID) -> Block:
    """Find a block."""
    return Block.of(await blocks.find_block(session, viewer=viewer, block_id=value), viewer)


HALF = 5


@output
class RainCheck(Node):
    """What weather took from a paid round: good once, for a later booking of the club."""

    code: str
    """The code that is asked for when it is redeemed, as in ACDEF-34679. How it is typed does not matter."""
    value: Money
    """What it is worth: the share of what was paid that falls on the holes not played, rounded half up."""
    holes_played: int
    """How many holes had been played."""
    issued_at: datetime
    """When it was issued, in UTC."""
    expires_at: datetime
    """Until when it is good, in UTC: one year."""
    redeemed_at: datetime | None
    """When it was redeemed, in UTC."""
    withdrawn_at: datetime | None
    """When it was taken back, in UTC, as what was paid for the booking changed; it is good for nothing since."""
    redeemed: Money | None
    """What it paid when it was redeemed; the rest was forfeited."""
    booking_id: strawberry.ID
    """The booking that weather stopped."""
    redeemed_booking_id: strawberry.ID | None
    """The booking that it paid."""

    @classmethod
    def of(cls, row: desk.RainCheck) -> Self:
        """Show a rain check."""
        redeemed, on = row.redeemed_cents, row.redeemed_booking_id
        return cls(
            id=strawberry.ID(public_id("rain_check", row.id)),
            code=f"{row.code[:HALF]}-{row.code[HALF:]}",
            value=Money(amount_cents=row.value_cents, currency=row.currency),
            holes_played=row.holes_played,
            issued_at=row.issued_at,
            expires_at=row.expires_at,
            redeemed_at=row.redeemed_at,
            withdrawn_at=row.withdrawn_at,
            redeemed=None if redeemed is None else Money(amount_cents=redeemed, currency=row.currency),
            booking_id=strawberry.ID(public_id("booking", row.booking_id)),
            redeemed_booking_id=strawberry.ID(public_id("booking", on)) if on else None,
        )


@finds("rain_check")
async def find_rain_check_node(session: AsyncSession, viewer: Viewer, value: UUID) -> RainCheck:
    """Find a rain check."""
    return RainCheck.of(await rain_checks.find_rain_check(session, viewer=viewer, rain_check_id=value))
