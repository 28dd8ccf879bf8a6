"""What golfers write to each other in the room of a hosted tee time."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.matching.values import MessageStatus


class Message(TenantOwned):
    """A message. It is numbered from 1 on in its room, without gaps, under the lock of the tee time."""

    __tablename__ = "messages"

    tee_time_id: Mapped[UUID]
    golfer_id: Mapped[UUID]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(2_000))
    status: Mapped[MessageStatus] = mapped_column(enum_column(MessageStatus))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A number is one message's; of what is deleted nothing is kept; how many one writes in a minute is counted."""
        return (
            belongs_to("hosted_tee_times", "tee_time_id"),
            belongs_to("golfers", "golfer_id"),
            UniqueConstraint("tee_time_id", "number"),
            CheckConstraint("(status = 'DELETED') = (text = '')", name="deleted"),
            Index(None, "golfer_id", "created_at"),
        )
