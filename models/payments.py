"""Deposits: what is to be paid for a booking beforehand, by a payment provider, and what became of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned, belongs_to, enum_column


class DepositStatus(DescribedEnum):
    """How far a deposit has come."""

    REQUESTED = "REQUESTED", "It is asked for; the page on which it is paid is being made."
    PENDING = "PENDING", "It can be paid on its page, until a moment."
    AUTHORISED = "AUTHORISED", "The payer has agreed, and the money is reserved; it is about to be taken."
    PAID = "PAID", "The money was taken, and counts as paid for the booking."
    FORFEITED = "FORFEITED", "The booking was cancelled too late: the money is kept as a fee."
    REFUNDED = "REFUNDED", "All that was taken is given back."
    RELEASING = "RELEASING", "Nothing is to be taken any more; the provider is being told."
    RELEASED = "RELEASED", "Nothing was taken, and nothing will be."


class DepositEnd(DescribedEnum):
    """Why nothing of a deposit is to be taken any more."""

    UNPAID = "UNPAID", "It was not paid in time: the booking is cancelled with it."
    CANCELLED = "CANCELLED", "The booking was cancelled."
    WAIVED = "WAIVED", "The club's staff waived it."
    CHANGED = "CHANGED", "The booking changed, and another sum is asked for."


class RefundStatus(DescribedEnum):
    """How far a refund of a deposit has come."""

    REQUESTED = "REQUESTED", "The provider is being asked to give it back."
    DONE = "DONE", "The provider has taken the order, and gives it back."
    FAILED = "FAILED", "The provider refused it for good: it counts as paid again, and is to be given back by hand."


OPEN = text("due_at IS NOT NULL")


class Deposit(TenantOwned):
    """One deposit of one booking. `due_at` says when the provider is to be asked next, if it is."""

    __tablename__ = "deposits"

    club_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    status: Mapped[DepositStatus] = mapped_column(enum_column(DepositStatus))
    ends_as: Mapped[DepositEnd | None] = mapped_column(enum_column(DepositEnd))
    amount_cents: Mapped[int]
    paid_cents: Mapped[int] = mapped_column(default=0)
    refunded_cents: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3))
    minutes_to_pay: Mapped[int]
    pay_by: Mapped[datetime | None]
    is_forfeit: Mapped[bool] = mapped_column(default=False)
    """Whether its booking was cancelled so late that what is taken is kept."""
    provider: Mapped[str] = mapped_column(String(20), default="")
    account: Mapped[str] = mapped_column(String(100), default="")
    page_id: Mapped[str | None] = mapped_column(String(255))
    page_url: Mapped[str] = mapped_column(Text, default="")
    payment_id: Mapped[str | None] = mapped_column(String(255))
    round: Mapped[int] = mapped_column(default=1)
    """Counts the orders that the provider is given anew: part of the key by which it knows a repeated one."""
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(200), default="")
    due_at: Mapped[datetime | None]
    asked_by: Mapped[str] = mapped_column(String(200), default="")
    waived_by: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Nothing is given back that was not taken, and nothing taken beyond what was asked."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("bookings", "booking_id"),
            CheckConstraint("amount_cents > 0", name="amount_cents"),
            CheckConstraint("refunded_cents BETWEEN 0 AND paid_cents AND paid_cents <= amount_cents", name="sums"),
            CheckConstraint("status NOT IN ('RELEASING', 'RELEASED') OR ends_as IS NOT NULL", name="ends_as"),
            Index(None, "booking_id"),
            Index("ix_deposits_payment", "payment_id", postgresql_where=text("payment_id IS NOT NULL")),
            Index("ix_deposits_due", "due_at", postgresql_where=OPEN),
        )


class DepositRefund(TenantOwned):
    """An order to give back a part of a deposit, or all of it."""

    __tablename__ = "deposit_refunds"

    deposit_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    status: Mapped[RefundStatus] = mapped_column(enum_column(RefundStatus))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(500), default="")
    refund_id: Mapped[str | None] = mapped_column(String(255))
    round: Mapped[int] = mapped_column(default=1)
    tries: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(200), default="")
    due_at: Mapped[datetime | None]
    asked_by: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Those of a deposit are found by an index, and those that are due."""
        return (
            belongs_to("deposits", "deposit_id"),
            belongs_to("bookings", "booking_id"),
            CheckConstraint("amount_cents > 0", name="amount_cents"),
            Index(None, "deposit_id"),
            Index("ix_deposit_refunds_failed", "deposit_id", postgresql_where=text("status = 'FAILED'")),
            Index("ix_deposit_refunds_due", "due_at", postgresql_where=OPEN),
        )


class PaymentEvent(TenantOwned):
    """That a provider has told of something: an event that comes again is known by its id."""

    __tablename__ = "payment_events"

    provider: Mapped[str] = mapped_column(String(20))
    event_id: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(100))
    deposit_id: Mapped[UUID]
    received_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """An event is taken once."""
        return (
            belongs_to("deposits", "deposit_id"),
            UniqueConstraint("tenant_id", "provider", "event_id"),
            Index(None, "received_at"),
        )
