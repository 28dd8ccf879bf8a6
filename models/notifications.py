"""What people are told: one row for each person and fact, whether the application shows it or it is sent alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Enum as SqlEnum
from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned


class NotificationKind(DescribedEnum):
    """What somebody is told of."""

    BOOKING_MOVED = "BOOKING_MOVED", "A booking of theirs has another start now."
    BOOKING_UPDATED = "BOOKING_UPDATED", "Somebody else changed a booking of theirs."
    BOOKING_CANCELLED = "BOOKING_CANCELLED", "Somebody else cancelled a booking of theirs."
    BOOKING_UNPAID = "BOOKING_UNPAID", "A booking of theirs was cancelled, since its deposit was not paid in time."
    DEPOSIT_ASKED = "DEPOSIT_ASKED", "A booking of theirs holds once its deposit is paid."
    DEPOSIT_REFUNDED = "DEPOSIT_REFUNDED", "A deposit of theirs is being given back."
    DEPOSIT_REFUND_FAILED = "DEPOSIT_REFUND_FAILED", "A deposit could not be given back, as they had asked."
    BOOKING_RESTORED = "BOOKING_RESTORED", "A cancelled booking of theirs holds again."
    BOOKED_FOR_YOU = "BOOKED_FOR_YOU", "Somebody else put them on a booking."
    BUDDY_ASKED = "BUDDY_ASKED", "Another player asks to be their buddy."
    BUDDY_AGREED = "BUDDY_AGREED", "Another player has agreed to be their buddy."
    WAITLIST_OFFER = "WAITLIST_OFFER", "Places that they wait for are held for them, to be accepted in time."
    WAITLIST_OFFER_WITHDRAWN = (
        "WAITLIST_OFFER_WITHDRAWN",
        "Places that were offered to them were taken out of sale, or their start was shifted too far.",
    )
    WAITLIST_OFFER_MOVED = "WAITLIST_OFFER_MOVED", "A start that was offered to them was shifted, and still fits."
    STANDING_BOOKING_SKIPPED = (
        "STANDING_BOOKING_SKIPPED",
        "A standing booking of theirs, or that they have set, could not be made for a date.",
    )
    BALLOT_ENTERED = "BALLOT_ENTERED", "Somebody else put them into an entry of a ballot."
    BALLOT_WITHDRAWN = "BALLOT_WITHDRAWN", "Somebody else withdrew an entry of a ballot that they were in."
    BALLOT_DRAWN = "BALLOT_DRAWN", "An entry of theirs got a start in the draw of a ballot."
    BALLOT_NOT_DRAWN = "BALLOT_NOT_DRAWN", "An entry of theirs got none in the draw of a ballot."
    BALLOT_CANCELLED = "BALLOT_CANCELLED", "A ballot that they had entered was cancelled."
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
    REMINDER_24H = "REMINDER_24H", "They play within a day."
    REMINDER_2H = "REMINDER_2H", "They play within two hours."
    NEW_TEE_TIMES = "NEW_TEE_TIMES", "Tee times that suit them are hosted near by."
    SLOT_JOINED = "SLOT_JOINED", "Somebody has joined a hosted tee time of theirs."
    SLOT_LEFT = "SLOT_LEFT", "Somebody has left a hosted tee time of theirs."
    SLOT_OPEN = "SLOT_OPEN", "A place has come free at a hosted tee time that suits them."
    JOIN_REQUESTED = "JOIN_REQUESTED", "Somebody would like to join a tee time that they host."
    JOIN_ANSWERED = "JOIN_ANSWERED", "The host has answered whether they may join."
    TEE_TIME_CANCELLED = "TEE_TIME_CANCELLED", "A hosted tee time of theirs was cancelled."
    WEEKLY_DIGEST = "WEEKLY_DIGEST", "The tee times of the week that suit them best."
    WELCOME = "WELCOME", "They are new among the golfers."
    EMAIL_CONFIRMATION = (
        "EMAIL_CONFIRMATION",
        "They gave an e-mail address, which is not proven yet.",
    )


class Notification(TenantOwned):
    """Something that one user was told. Its text is made from its kind and its data when it is read."""

    __tablename__ = "notifications"

    user_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[NotificationKind] = mapped_column(
        SqlEnum(NotificationKind, native_enum=False, create_constraint=False, length=64)  # domains add kinds of theirs
    )
    subject: Mapped[str] = mapped_column(String(200))
    data: Mapped[dict[str, Any]]
    is_shown: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    routed_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A user is told of a subject once; find theirs, newest first, the unread ones, and those that are old."""
        unread = text("read_at IS NULL AND is_shown")
        return (
            UniqueConstraint("tenant_id", "user_id", "kind", "subject"),
            Index("ix_notifications_user", "tenant_id", "user_id", "id"),
            Index("ix_notifications_unread", "tenant_id", "user_id", postgresql_where=unread),
            Index(None, "created_at"),
            Index("ix_notifications_read", "read_at", postgresql_where=text("read_at IS NOT NULL")),
            Index("ix_notifications_unshown", "created_at", postgresql_where=text("NOT is_shown")),
        )
