"""What golfers were told of new tee times, so that nobody is told twice, nor of each one by itself when many come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.matching.values import Industry


class NewsWindow(TenantOwned):
    """Since when a golfer's new tee times are gathered, to be told as one. Its row lock orders who adds and who tells.

    It opens with the tee time that the golfer is told of at once, and ends when those are told that came after it.
    """

    __tablename__ = "news_windows"

    golfer_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    is_open: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A golfer has one."""
        return (belongs_to("golfers", "golfer_id"), UniqueConstraint("golfer_id"))


class TeeTimeNews(TenantOwned):
    """A new tee time that a golfer was told of, or will be when the golfer's window ends."""

    __tablename__ = "tee_time_news"

    golfer_id: Mapped[UUID]
    tee_time_id: Mapped[UUID]
    industry: Mapped[Industry] = mapped_column(enum_column(Industry))
    told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A golfer is told of a tee time once; those that wait are found."""
        return (
            belongs_to("golfers", "golfer_id"),
            belongs_to("hosted_tee_times", "tee_time_id", cascade=True),
            UniqueConstraint("golfer_id", "tee_time_id"),
            Index("ix_tee_time_news_waiting", "golfer_id", postgresql_where=text("told_at IS NULL")),
        )
