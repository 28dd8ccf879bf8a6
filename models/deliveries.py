"""How what people are told reaches them: their addresses and devices, and one row for each way that it is sent."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned, belongs_to, enum_column
from models.clubs.values import Language


class DeliveryChannel(DescribedEnum):
    """How something is sent, beside being shown in the application."""

    EMAIL = "EMAIL", "By e-mail, to the one address of a user or a household."
    PUSH = "PUSH", "By Web Push, to each device of a user."


class DeliveryStatus(DescribedEnum):
    """What has become of something that is sent."""

    QUEUED = "QUEUED", "Waits to be sent, for the first time or again."
    SENDING = "SENDING", "Is being sent."
    SENT = "SENT", "Was taken by the server that brings it."
    FAILED = "FAILED", "Was refused for good, or for so long that it was given up."
    GONE = "GONE", "The device is not there any more."
    SKIPPED = "SKIPPED", "Has lost its sense before it was sent, or there is no address that may be written to."
    UNKNOWN = "UNKNOWN", "The connection broke before it was clear whether it was taken. It is not sent again."


class Delivery(TenantOwned):
    """One way by which one notification, or one letter to a household, is sent."""

    __tablename__ = "deliveries"

    notification_id: Mapped[UUID | None]
    letter_id: Mapped[UUID | None]
    channel: Mapped[DeliveryChannel] = mapped_column(enum_column(DeliveryChannel))
    device_id: Mapped[UUID | None]
    status: Mapped[DeliveryStatus] = mapped_column(enum_column(DeliveryStatus), default=DeliveryStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """It is of a notification or of a letter; a push goes to a device; and each way is taken once."""
        return (
            belongs_to("notifications", "notification_id", cascade=True),
            belongs_to("letters", "letter_id", cascade=True),
            CheckConstraint("num_nonnulls(notification_id, letter_id) = 1", name="told"),
            CheckConstraint("(channel = 'PUSH') = (device_id IS NOT NULL)", name="device"),
            CheckConstraint("letter_id IS NULL OR channel = 'EMAIL'", name="letter"),
            Index(
                "uq_deliveries_notification_id",
                "notification_id",
                "channel",
                "device_id",
                unique=True,
                postgresql_nulls_not_distinct=True,
                postgresql_where=text("notification_id IS NOT NULL"),
            ),
            Index("ix_deliveries_waiting", "updated_at", postgresql_where=text("status IN ('QUEUED', 'SENDING')")),
            Index(
                "uq_deliveries_letter_id",
                "letter_id",
                unique=True,
                postgresql_where=text("letter_id IS NOT NULL"),
            ),
        )


class Contact(TenantOwned):
    """How one user wants to be told things: address, language, hours of quiet, and what is not to be sent."""

    __tablename__ = "contacts"

    user_id: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    pending_email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Language] = mapped_column(enum_column(Language), default=Language.EN)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    muted: Mapped[list[str]] = mapped_column(ARRAY(String(64)))
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A user has one row; quiet has a beginning and an end, which differ, or neither."""
        return (
            UniqueConstraint("tenant_id", "user_id"),
            CheckConstraint("num_nonnulls(quiet_from, quiet_until) IN (0, 2)", name="quiet"),
            CheckConstraint("quiet_from <> quiet_until", name="quiet_hours"),
        )


class PushDevice(TenantOwned):
    """A browser or an app of a user's that takes pushes: its address at a push service, and the keys to write to it."""

    __tablename__ = "push_devices"

    user_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    endpoint: Mapped[str] = mapped_column(String(1000))
    p256dh: Mapped[str] = mapped_column(String(90))
    auth: Mapped[str] = mapped_column(String(30))
    server_key: Mapped[str] = mapped_column(String(90))
    failures: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    pushed_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """An address is one user's: whoever signs in there next takes it over."""
        return (
            UniqueConstraint("tenant_id", "endpoint"),
            Index("ix_push_devices_user", "tenant_id", "user_id", "id"),
        )


class SuppressedAddress(TenantOwned):
    """An e-mail address whose server has refused it for good: a tenant does not write to it any more."""

    __tablename__ = "suppressed_addresses"

    address: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """An address is there once, in small letters."""
        return (
            UniqueConstraint("tenant_id", "address"),
            CheckConstraint("address = lower(address)", name="small"),
        )
