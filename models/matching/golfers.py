"""Golfers, who is connected with whom, who has blocked whom, and what was reported."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, Index, Numeric, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.matching.values import Industry, ReportOutcome, SkillLevel, Visibility

HAS_CITY = text("city_key IS NOT NULL")


class Golfer(TenantOwned):
    """A user who would like to play with others. Two row locks, in the order of ids, order what two do to each other.

    A place is a point of the unit sphere: no distance needs trigonometry, and no date line or pole is special.
    """

    __tablename__ = "golfers"

    user_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    picture_id: Mapped[UUID | None]
    headline: Mapped[str] = mapped_column(String(200), default="")
    employer: Mapped[str] = mapped_column(String(100), default="")
    hides_employer: Mapped[bool] = mapped_column(default=False)
    industry: Mapped[Industry] = mapped_column(enum_column(Industry))
    city: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    city_key: Mapped[str | None] = mapped_column(String(310))
    x: Mapped[float | None] = mapped_column(Double)
    y: Mapped[float | None] = mapped_column(Double)
    z: Mapped[float | None] = mapped_column(Double)
    time_zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(35), default="en")
    handicap_index: Mapped[float | None] = mapped_column(Numeric(3, 1, asdecimal=False))
    skill_level: Mapped[SkillLevel | None] = mapped_column(enum_column(SkillLevel))
    is_skill_set: Mapped[bool] = mapped_column(default=False)
    visibility: Mapped[Visibility] = mapped_column(enum_column(Visibility))
    sort_name: Mapped[str] = mapped_column(String(200, collation="C"))
    search_text: Mapped[str] = mapped_column(Text)
    hosted_rounds: Mapped[int] = mapped_column(default=0)
    ratings: Mapped[int] = mapped_column(default=0)
    stars: Mapped[int] = mapped_column(default=0)
    suspended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """Since when nothing is kept of a golfer but that there was one; nobody finds them, as those who are suspended."""
    is_barred: Mapped[bool] = mapped_column(default=False)
    """Whether who was erased was suspended, and is when they come back."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A user is one golfer, a picture one golfer's; who is near is found by line of work with height or city."""
        return (
            UniqueConstraint("tenant_id", "user_id"),
            belongs_to("pictures", "picture_id"),
            CheckConstraint("num_nulls(x, y, z) IN (0, 3)", name="place"),
            CheckConstraint("handicap_index BETWEEN -10 AND 54", name="handicap"),
            CheckConstraint("stars BETWEEN ratings AND 5 * ratings", name="stars"),
            CheckConstraint("erased_at IS NULL OR suspended_at IS NOT NULL", name="erased"),
            CheckConstraint("erased_at IS NOT NULL OR NOT is_barred", name="barred"),
            Index("ix_golfers_near", "tenant_id", "industry", "z", postgresql_include=["x", "y", "id"]),
            Index("ix_golfers_city", "tenant_id", "industry", "city_key", postgresql_where=HAS_CITY),
            Index("uq_golfers_picture_id", "picture_id", unique=True, postgresql_where=text("picture_id IS NOT NULL")),
            Index(None, "tenant_id", "sort_name", "id"),
        )


class GolferConnection(TenantOwned):
    """A golfer has asked to be connected with another. Once both have, both rows say so."""

    __tablename__ = "golfer_connections"

    golfer_id: Mapped[UUID]
    other_id: Mapped[UUID]
    made_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """One asks another once; who was asked finds it."""
        return (
            belongs_to("golfers", "golfer_id"),
            belongs_to("golfers", "other_id"),
            CheckConstraint("golfer_id <> other_id", name="others"),
            UniqueConstraint("golfer_id", "other_id"),
            Index("ix_golfer_connections_asked", "other_id", "id", postgresql_where=text("made_at IS NULL")),
        )


class GolferBlock(TenantOwned):
    """A golfer wants nothing to do with another: it works both ways, and the other is not told."""

    __tablename__ = "golfer_blocks"

    golfer_id: Mapped[UUID]
    other_id: Mapped[UUID]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """One blocks another once; it is found from both sides."""
        return (
            belongs_to("golfers", "golfer_id"),
            belongs_to("golfers", "other_id"),
            CheckConstraint("golfer_id <> other_id", name="others"),
            UniqueConstraint("golfer_id", "other_id"),
            Index(None, "other_id", "golfer_id"),
        )


class GolferReport(TenantOwned):
    """What a golfer says of another, or of a message, to those who run the clubs, and what became of it.

    A message is quoted: it can be judged when it is deleted meanwhile, or removed because it was old.
    """

    __tablename__ = "golfer_reports"

    golfer_id: Mapped[UUID]
    reported_by: Mapped[UUID]
    reason: Mapped[str] = mapped_column(String(1_000))
    message_id: Mapped[UUID | None]
    quote: Mapped[str] = mapped_column(String(2_000), default="")
    outcome: Mapped[ReportOutcome | None] = mapped_column(enum_column(ReportOutcome))
    answered_by: Mapped[str | None] = mapped_column(String(200))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """It is answered whole or not at all, and read newest first."""
        return (
            belongs_to("golfers", "golfer_id"),
            belongs_to("golfers", "reported_by"),
            CheckConstraint("num_nulls(outcome, answered_by, answered_at) IN (0, 3)", name="answered"),
            CheckConstraint("(message_id IS NULL) = (quote = '')", name="quote"),
            Index("ix_golfer_reports_message", "message_id", postgresql_where=text("message_id IS NOT NULL")),
            Index(None, "tenant_id", "id"),
            Index(None, "golfer_id", "id"),
        )
