"""The tables of the demo's wedding: thirteen of eight, two pairs of households that keep apart, and a chart."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.guests.seating.automatic import auto_seat
from domain.guests.seating.rules import set_seating_rule
from domain.guests.seating.tables import add_table
from models.guests.households import Household
from models.guests.values import SeatingRuleKind

TABLES = 13
CHAIRS = 8
A_ROW = 5
"""Tables that stand beside each other on the chart."""
APART = ((2, 6), (11, 15))
"""Households that keep apart, by their numbers."""


async def set_tables(
    session: AsyncSession, occasion_id: UUID, households: Sequence[Household], *, planner: Viewer, now: datetime
) -> None:
    """Set the tables, keep two pairs apart, and seat everybody who comes or has not answered."""
    for number in range(TABLES):
        await add_table(
            session,
            viewer=planner,
            occasion_id=occasion_id,
            name=f"Table {number + 1}",
            capacity=CHAIRS,
            x=float(number % A_ROW),
            y=float(number // A_ROW),
            is_vip=number == 0,
            now=now,
        )
    for first, second in APART:
        await set_seating_rule(
            session,
            viewer=planner,
            occasion_id=occasion_id,
            kind=SeatingRuleKind.APART,
            first_household_id=households[first].id,
            second_household_id=households[second].id,
            now=now,
        )
    await session.flush()
    await auto_seat(session, viewer=planner, occasion_id=occasion_id, apply=True, now=now)
