"""The tables that guests sit at, and the rules by which they are seated."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.guests.values import SeatingRuleKind, TableShape


class DiningTable(TenantOwned):
    """A table of a seated part. Its row counts who sits there."""

    __tablename__ = "dining_tables"

    occasion_id: Mapped[UUID]
    part_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(100))
    capacity: Mapped[int] = mapped_column(default=8)
    seated: Mapped[int] = mapped_column(default=0)
    shape: Mapped[TableShape] = mapped_column(enum_column(TableShape), default=TableShape.ROUND)
    x: Mapped[float] = mapped_column(Float, default=0.0)
    y: Mapped[float] = mapped_column(Float, default=0.0)
    is_accessible: Mapped[bool] = mapped_column(default=True)
    is_vip: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Nobody sits where there is no chair, and a name is one table's."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            belongs_to("occasion_parts", "part_id", cascade=True),
            CheckConstraint("capacity BETWEEN 1 AND 30", name="capacity"),
            CheckConstraint("seated BETWEEN 0 AND capacity", name="seated"),
            Index("uq_dining_tables_part_id_name", "part_id", "name", unique=True),
        )


class AppliedPlan(TenantOwned):
    """What the last plan that was saved for a part has changed, so that it can be taken back."""

    __tablename__ = "applied_plans"

    occasion_id: Mapped[UUID]
    part_id: Mapped[UUID]
    moves: Mapped[dict[str, Any]]
    """By each guest whom it moved: the table that it gave, the table before, and the seat there (`PlannedMove`)."""
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A part has one at the most, which goes with the part."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            belongs_to("occasion_parts", "part_id", cascade=True),
            Index("uq_applied_plans_part_id", "part_id", unique=True),
        )


class SeatingRule(TenantOwned):
    """Two guests, or two households, that are to sit together, or apart: each side is one or the other."""

    __tablename__ = "seating_rules"

    occasion_id: Mapped[UUID]
    kind: Mapped[SeatingRuleKind] = mapped_column(enum_column(SeatingRuleKind))
    first_guest_id: Mapped[UUID | None]
    first_household_id: Mapped[UUID | None]
    second_guest_id: Mapped[UUID | None]
    second_household_id: Mapped[UUID | None]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Each side is a guest or a household; a rule goes with whom it is about."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            *(
                belongs_to(f"{what}s", f"{side}_{what}_id", cascade=True)
                for side in ("first", "second")
                for what in ("guest", "household")
            ),
            CheckConstraint("num_nulls(first_guest_id, first_household_id) = 1", name="first"),
            CheckConstraint("num_nulls(second_guest_id, second_household_id) = 1", name="second"),
            Index(None, "occasion_id"),
        )
