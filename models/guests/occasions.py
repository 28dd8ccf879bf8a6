"""Occasions, their parts, who plans them, and what was done to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from models.base import TenantOwned, belongs_to, enum_column
from models.clubs.values import Language
from models.guests.values import ActivityKind, OccasionKind, OccasionStatus


class Occasion(TenantOwned):
    """A gathering at a club: a wedding, a tournament dinner. Its row counts its guests and tables, and bounds them."""

    __tablename__ = "occasions"

    club_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OccasionKind] = mapped_column(enum_column(OccasionKind))
    language: Mapped[Language] = mapped_column(enum_column(Language))
    status: Mapped[OccasionStatus] = mapped_column(enum_column(OccasionStatus), default=OccasionStatus.DRAFT)
    rsvp_deadline: Mapped[datetime]
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reveal_seating_at: Mapped[datetime | None]
    seating_revealed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    check_in_key: Mapped[str] = mapped_column(String(64))
    guest_count: Mapped[int] = mapped_column(default=0)
    table_count: Mapped[int] = mapped_column(default=0)
    next_check_in_number: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """An occasion has at most 2,000 guests and 200 tables."""
        return (
            belongs_to("clubs", "club_id"),
            CheckConstraint("guest_count BETWEEN 0 AND 2000", name="guests"),
            CheckConstraint("table_count BETWEEN 0 AND 200", name="tables"),
            Index(None, "club_id", "id"),
        )


class OccasionPlanner(TenantOwned):
    """A user who plans an occasion."""

    __tablename__ = "occasion_planners"

    occasion_id: Mapped[UUID]
    user_id: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A user plans an occasion once, and finds theirs by an index."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            Index("uq_occasion_planners_occasion_id_user_id", "occasion_id", "user_id", unique=True),
            Index(None, "tenant_id", "user_id"),
        )


class Part(TenantOwned):
    """A part of an occasion: a ceremony, a dinner. Its row lock orders who gets its places."""

    __tablename__ = "occasion_parts"

    occasion_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    is_seated: Mapped[bool]
    meals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    meals_until: Mapped[datetime | None]
    next_in_queue: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """No more places are taken than there are, and the main part, the first, is one."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            CheckConstraint("taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name="taken"),
            CheckConstraint("capacity >= 0", name="capacity"),
            CheckConstraint("ends_at > starts_at", name="span"),
            Index("uq_occasion_parts_occasion_id_position", "occasion_id", "position", unique=True),
        )


class Activity(TenantOwned):
    """What somebody did: one entry an operation. It names guests by their ids, so that an erased one is named no more.

    `actor` is the `sub` of a user; where a household acted by its own token there is none, and the household is named.
    """

    __tablename__ = "occasion_activities"

    occasion_id: Mapped[UUID]
    kind: Mapped[ActivityKind] = mapped_column(
        SqlEnum(ActivityKind, native_enum=False, create_constraint=False, length=64)  # rooms add kinds of theirs
    )
    actor: Mapped[str | None] = mapped_column(String(200))
    household_id: Mapped[UUID | None]
    guest_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    count: Mapped[int]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """They are read newest first."""
        return (belongs_to("occasions", "occasion_id", cascade=True), Index(None, "occasion_id", "id"))


class GuestImport(TenantOwned):
    """A file of guests that was taken in."""

    __tablename__ = "guest_imports"

    occasion_id: Mapped[UUID]
    added: Mapped[int]
    updated: Mapped[int]
    skipped: Mapped[int]
    households_added: Mapped[int]
    imported_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """They are gone with their occasion."""
        return (belongs_to("occasions", "occasion_id", cascade=True), Index(None, "occasion_id"))
