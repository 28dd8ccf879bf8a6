"""What golfers who have played together think of each other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to


class GolferRating(TenantOwned):
    """Stars that one golfer gave to another after a round. They are shown, and count, when the other has given some,
    too, or at last at a moment that is set.
    """

    __tablename__ = "golfer_ratings"

    tee_time_id: Mapped[UUID]
    golfer_id: Mapped[UUID]
    rated_by: Mapped[UUID]
    stars: Mapped[int] = mapped_column()
    created_at: Mapped[datetime]
    show_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """One rates another once a round; an index finds those that are still to be shown."""
        return (
            belongs_to("hosted_tee_times", "tee_time_id"),
            belongs_to("golfers", "golfer_id"),
            belongs_to("golfers", "rated_by"),
            CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
            CheckConstraint("golfer_id <> rated_by", name="others"),
            UniqueConstraint("tee_time_id", "golfer_id", "rated_by"),
            Index("ix_golfer_ratings_due", "show_at", postgresql_where=text("shown_at IS NULL")),
        )
