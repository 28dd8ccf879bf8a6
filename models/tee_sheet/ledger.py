"""The ledger: what was paid for a booking, given back, asked beside its price, or let off."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned, belongs_to, enum_column


class LedgerKind(DescribedEnum):
    """What an entry of the ledger is."""

    PAYMENT = "PAYMENT", "Money that was paid."
    REFUND = "REFUND", "Money that was paid, and was given back."
    FEE = "FEE", "What is asked beside the price, as for a late cancellation or a no-show."
    DISCOUNT = "DISCOUNT", "What was let off the price and the fees."
    RAIN_CHECK = "RAIN_CHECK", "What a rain check paid."
    RAIN_CHECK_RETURNED = (
        "RAIN_CHECK_RETURNED",
        "A rain check that had paid is good again, as the booking was cancelled.",
    )


class LedgerEntry(TenantOwned):
    """One entry. Sums are above 0; the kind says which way they go. Entries are added, and never changed or removed."""

    __tablename__ = "ledger_entries"

    club_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    kind: Mapped[LedgerKind] = mapped_column(enum_column(LedgerKind))
    amount_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(500))
    position: Mapped[int | None]
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Those of a booking are found by an index, and those of a club by when they were made."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("bookings", "booking_id"),
            CheckConstraint("amount_cents > 0", name="amount_cents"),
            CheckConstraint("position BETWEEN 1 AND 4", name="position"),
            Index(None, "booking_id"),
            Index(None, "club_id", "created_at"),
        )
