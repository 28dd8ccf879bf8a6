"""Queues, and the draws that they begin with."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.caddies import draws, reading
from kit.ids import public_id
from models.caddies import tables
from schema.caddies.types.people import Caddie
from schema.caddies.types.turns import Turn
from schema.describe import listed, output
from schema.nodes import Node, finds


@output
class DrawnPlace:
    """A caddie's place in a draw."""

    caddie_id: strawberry.ID
    """The caddie."""
    was_skipped: bool
    """Whether the caddie was skipped in the week before, and therefore goes before those who were not."""


@output
class CaddieDraw(Node):
    """The order of a list for a week.

    It can be worked out again: sort the caddies by whether they were skipped, those first, then by the SHA-256 of
    `seed:caddieId` in hexadecimal.
    """

    list_number: int
    """The list."""
    week: date
    """The Monday on which the week begins."""
    seed: str
    """What the order follows from."""
    drawn: list[DrawnPlace] = listed(entries=100)
    """The order."""
    created_at: datetime
    """When it was drawn, in UTC."""

    @classmethod
    def of(cls, row: tables.CaddieDraw) -> Self:
        """Show a draw."""
        return cls(
            id=strawberry.ID(public_id("caddie_draw", row.id)),
            list_number=row.list_number,
            week=row.week,
            seed=row.seed,
            drawn=[DrawnPlace(**entry) for entry in row.drawn],
            created_at=row.created_at,
        )


@output
class QueuePlace:
    """A place in a queue."""

    place: int
    """1 for the head."""
    caddie: Caddie
    """Who has it."""
    turn: Turn | None
    """The caddie's next turn, if it is assigned to a booking: somebody else goes out before."""

    @classmethod
    def of(cls, place: int, caddie: tables.Caddie, turn: tables.CaddieTurn | None) -> Self:
        """Show a place."""
        return cls(place=place, caddie=Caddie.of(caddie), turn=Turn.of(turn) if turn else None)


@output
class CaddieQueue:
    """The queue of a list."""

    cursor: str
    """The place in the club's stream up to which this answer shows everything: subscribe `after` it."""
    list_number: int
    """The list."""
    day: date | None
    """The day on the club's calendar that the queue is of; none before the list's first day."""
    queue: list[QueuePlace] = listed(entries=100)
    """Who waits, the head first."""
    in_field: list[Turn] = listed(entries=50)
    """Who is out, the longest first."""
    draw: CaddieDraw | None
    """How the order of the week was drawn, if it was."""

    @classmethod
    def of(cls, view: reading.QueueView) -> Self:
        """Show a queue."""
        return cls(
            cursor=str(view.cursor),
            list_number=view.list_number,
            day=view.queue.day if view.queue else None,
            queue=[QueuePlace.of(place, *waits) for place, waits in enumerate(view.waiting.items(), 1)],
            in_field=[Turn.of(row) for row in view.in_field],
            draw=CaddieDraw.of(view.draw) if view.draw else None,
        )


@finds("caddie_draw")
async def find_draw(session: AsyncSession, viewer: Viewer, value: UUID) -> CaddieDraw:
    """Find a draw."""
    return CaddieDraw.of(await draws.find_draw(session, viewer=viewer, draw_id=value))
