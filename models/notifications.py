"""What people are told in the application: one row for each person and fact."""

from datetime import datetime
from typing import Any

from sqlalchemy import Enum as SqlEnum
from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned


class NotificationKind(DescribedEnum):
    """What somebody is told of."""

    BOOKING_MOVED = "BOOKING_MOVED", "A booking of theirs has another start now."
    BOOKING_UPDATED = "BOOKING_UPDATED", "Somebody else changed a booking of theirs."
    BOOKING_CANCELLED = "BOOKING_CANCELLED", "Somebody else cancelled a booking of theirs."
    BOOKING_RESTORED = "BOOKING_RESTORED", "A cancelled booking of theirs holds again."
    BOOKED_FOR_YOU = "BOOKED_FOR_YOU", "Somebody else put them on a booking."
    BUDDY_ASKED = "BUDDY_ASKED", "Another player asks to be their buddy."
    BUDDY_AGREED = "BUDDY_AGREED", "Another player has agreed to be their buddy."
    WAITLIST_OFFER = "WAITLIST_OFFER", "Places that they wait for are held for them, to be accepted in time."
    WAITLIST_OFFER_WITHDRAWN = "WAITLIST_OFFER_WITHDRAWN", "Places that were offered to them were taken out of sale."
    PACE_CRITICAL = "PACE_CRITICAL", "A group on the course is critically behind its pace."
    TEE_TIMES_DELAYED = "TEE_TIMES_DELAYED", "The start of a booking of theirs was delayed, as by frost."
    TEE_TIMES_ADVANCED = (
        "TEE_TIMES_ADVANCED",
        "The start of a booking of theirs is earlier than was said when it was delayed.",
    )
    BLOCKED = "BLOCKED", "The start of a booking of theirs was blocked, and the booking was kept."
    COURSE_CLOSED = "COURSE_CLOSED", "The course closed, and the start of a booking of theirs lies within the closure."
    COURSE_STATUS_CHANGED = "COURSE_STATUS_CHANGED", "A course that they look after has changed its status by itself."
    WEATHER_STALE = "WEATHER_STALE", "There is no usable weather for a course that they look after."


class Notification(TenantOwned):
    """Something that one user was told. Its text is made from its kind and its data when it is read."""

    __tablename__ = "notifications"

    user_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[NotificationKind] = mapped_column(
        SqlEnum(NotificationKind, native_enum=False, create_constraint=False, length=64)  # domains add kinds of theirs
    )
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Find a user's notifications, newest first, the unread ones, and those that are old."""
        unread = text("read_at IS NULL")
        return (
            Index("ix_notifications_user", "tenant_id", "user_id", "id"),
            Index("ix_notifications_unread", "tenant_id", "user_id", postgresql_where=unread),
            Index(None, "created_at"),
        )
