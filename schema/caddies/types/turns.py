"""Turns, and the bookings that they are assigned to."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies import reading, turns
from domain.caddies.access import may_see_list
from domain.caddies.reading import caddies_by_id
from kit.ids import public_id
from models.caddies import tables
from models.caddies.values import AssignmentAnswer, AssignmentKind, FeeTier, TurnAct, TurnStatus
from schema.caddies.types.people import Caddie
from schema.context import Info
from schema.describe import enum, field, output
from schema.money import Money
from schema.nodes import Node, finds

for kind in (TurnStatus, TurnAct, AssignmentKind, AssignmentAnswer):
    enum(kind)


@output
class Turn(Node):
    """A caddie's turn. Each one that ended is a loop."""

    row: strawberry.Private[tables.CaddieTurn]
    caddie_name: str
    """What the caddie was called at the time, whatever list they are on by now."""
    list_number: int
    """The list that the caddie was on."""
    day: date
    """The day on the club's calendar that it counts for."""
    status: TurnStatus
    """How far it has come."""
    started_at: datetime | None
    """When the caddie went out, in UTC."""
    ended_at: datetime | None
    """When the caddie came back, in UTC."""
    fee_tier: FeeTier | None
    """What kind of loop it was, once it has ended."""
    fee: Money | None
    """What the club pays for it, once it has ended."""
    tip: Money | None
    """What the players gave, once it has ended."""
    booking_id: strawberry.ID | None
    """The booking that it is assigned to."""
    assigned_as: AssignmentKind | None
    """Why it was assigned to the booking."""
    answer: AssignmentAnswer | None
    """What the caddie says to the booking."""

    @classmethod
    def of(cls, row: tables.CaddieTurn) -> Self:
        """Show a turn."""
        return cls(
            id=strawberry.ID(public_id("turn", row.id)),
            row=row,
            caddie_name=row.caddie_name,
            list_number=row.list_number,
            day=row.day,
            status=row.status,
            started_at=row.started_at,
            ended_at=row.ended_at,
            fee_tier=row.fee_tier,
            fee=_money(row.fee_cents, row.currency),
            tip=_money(row.tip_cents, row.currency),
            booking_id=strawberry.ID(public_id("booking", row.booking_id)) if row.booking_id else None,
            assigned_as=row.assigned_as,
            answer=row.answer,
        )

    @field
    async def caddie(self, info: Info) -> Caddie | None:
        """Whose turn it is; none when the caddie is on a list by now of which you may not know."""
        row = await info.context.load(caddies_by_id, self.row.caddie_id)
        return Caddie.of(row) if may_see_list(info.context.viewer, row.club_id, row.list_number) else None

    @field
    async def reason(self, info: Info) -> str | None:
        """Why the caddie went out of turn, or was skipped; for staff alone."""
        return self.row.reason if info.context.viewer.is_staff_of(self.row.club_id) else None


def _money(cents: int | None, currency: str | None) -> Money | None:
    return None if cents is None or currency is None else Money(amount_cents=cents, currency=currency)


@output
class BookingCaddie:
    """A caddie who was assigned to a booking."""

    turn_id: strawberry.ID
    """The turn."""
    caddie_id: strawberry.ID
    """The caddie."""
    name: str
    """What the caddie is called."""
    assigned_as: AssignmentKind
    """Why the caddie was assigned."""
    answer: AssignmentAnswer
    """What the caddie says to it."""

    @classmethod
    def of_all(cls, found: Iterable[reading.AssignedCaddie]) -> list[Self]:
        """Show the caddies of a booking."""
        return [
            cls(
                turn_id=strawberry.ID(public_id("turn", one.turn_id)),
                caddie_id=strawberry.ID(public_id("caddie", one.caddie_id)),
                name=one.name,
                assigned_as=one.assigned_as,
                answer=one.answer,
            )
            for one in found
        ]


@finds("turn")
async def find_turn(session: AsyncSession, viewer: Viewer, value: UUID) -> Turn:
    """Find a turn."""
    return Turn.of(await turns.find_turn(session, viewer=viewer, turn_id=value))
