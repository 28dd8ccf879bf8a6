"""Blocks, rain checks, and the values of what the desk does."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned, belongs_to, enum_column


class BookingChange(DescribedEnum):
    """What of a booking changed."""

    PLAYERS = "PLAYERS", "Who plays, or by which class a player pays."
    PAYER = "PAYER", "Who pays."
    PAID = "PAID", "What has been paid."
    TEE_TIME = "TEE_TIME", "The tee time: the booking went to another one."
    STARTS_AT = "STARTS_AT", "The moment of the start: the tee time itself was shifted, or the booking went to another."
    RAIN_CHECK = "RAIN_CHECK", "A rain check was issued for it."
    NOTE = "NOTE", "What is noted on it."


class BlockKind(DescribedEnum):
    """Why places are taken out of sale."""

    MAINTENANCE = "MAINTENANCE", "Work on the course."
    TOURNAMENT = "TOURNAMENT", "A tournament or a group outing."
    WEATHER = "WEATHER", "Weather, as when a closed course blocks the rest of its day."
    LEAGUE = "LEAGUE", "A league's standing times."
    BALLOT = "BALLOT", "Starts that are sold by draw; the block is the ballot's, and goes with it."
    OTHER = "OTHER", "Anything else; the reason says what."


class SheetChange(DescribedEnum):
    """What happened to the tee times of a sheet."""

    GENERATED = "GENERATED", "The sheet was made, with all its tee times."
    SQUEEZED = "SQUEEZED", "A tee time was added between two others."
    DELAYED = "DELAYED", "Tee times were shifted to later starts."
    ADVANCED = "ADVANCED", "Tee times that had been delayed were shifted back to earlier starts."
    UPDATED = "UPDATED", "The staff changed its prices, its group sizes or its tee times."
    REGENERATED = "REGENERATED", "It was made anew from its template, but for what was left as it was."


class StartKept(DescribedEnum):
    """Why a start was left as it was."""

    BOOKED = "BOOKED", "It carries a booking."
    HELD = "HELD", "Somebody holds places on it, or was offered them."
    BLOCKED = "BLOCKED", "A block covers some of its places."
    BY_HAND = "BY_HAND", "It was squeezed in, added or delayed by hand, or has a note."
    SOLD_BEFORE = "SOLD_BEFORE", "It carried a booking that was cancelled, or was offered to the waitlist."


class Block(TenantOwned):
    """Places of one tee sheet taken out of sale, with a reason, until the block is removed."""

    __tablename__ = "blocks"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    sheet_id: Mapped[UUID]
    kind: Mapped[BlockKind] = mapped_column(enum_column(BlockKind))
    reason: Mapped[str] = mapped_column(String(500))
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    removed_by: Mapped[str | None] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A block that was removed says by whom; those of a sheet are found by an index."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            belongs_to("tee_sheets", "sheet_id"),
            CheckConstraint("(removed_at IS NULL) = (removed_by IS NULL)", name="removed"),
            Index("ix_blocks_live", "sheet_id", postgresql_where=text("removed_at IS NULL")),
        )


class BlockSlot(TenantOwned):
    """A place that a block covers. How many live blocks cover a place is counted in the place itself."""

    __tablename__ = "block_slots"

    block_id: Mapped[UUID]
    slot_id: Mapped[UUID]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A block covers a place once."""
        return (
            belongs_to("blocks", "block_id"),
            belongs_to("slots", "slot_id"),
            UniqueConstraint("block_id", "slot_id"),
        )


class RainCheck(TenantOwned):
    """What weather took from a paid round, with a code; redeemed against a later booking, once."""

    __tablename__ = "rain_checks"

    club_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(String(20))
    value_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    holes_played: Mapped[int]
    issued_by: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    redeemed_booking_id: Mapped[UUID | None]
    redeemed_cents: Mapped[int | None]
    redeemed_by: Mapped[str | None] = mapped_column(String(200))
    redeemed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(200))

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A booking has one good rain check, a code is one rain check's, and none pays more than it is worth."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("bookings", "booking_id"),
            belongs_to("bookings", "redeemed_booking_id"),
            Index("uq_rain_checks_live", "booking_id", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
            CheckConstraint(
                "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) AND num_nonnulls(withdrawn_at, redeemed_at) < 2",
                name="withdrawn",
            ),
            UniqueConstraint("tenant_id", "code"),
            CheckConstraint("value_cents > 0 AND holes_played >= 0", name="value"),
            CheckConstraint("redeemed_cents BETWEEN 1 AND value_cents", name="redeemed_cents"),
            CheckConstraint(
                "num_nonnulls(redeemed_booking_id, redeemed_cents, redeemed_by, redeemed_at) IN (0, 4)", name="redeemed"
            ),
        )
