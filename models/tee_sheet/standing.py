"""Standing bookings."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned, belongs_to, enum_column
from models.tee_sheet.values import PriceClass


class StandingEnd(DescribedEnum):
    """Why nothing more is booked by a standing booking."""

    BY_STAFF = "BY_STAFF", "The staff ended it."
    PLAYER_DEACTIVATED = "PLAYER_DEACTIVATED", "The player whose it is may not be booked any more."


class StandingBooking(TenantOwned):
    """The same start every week, booked for a party from a first to a last date, both included.

    Weekdays are those of ISO 8601: 1 is Monday. The price class is the one whose window is waited for. `next_at` is
    when the booking for the `next_date` is looked after; there is none once all are made, or it was ended. It is the
    club's, whoever has set it, and goes by the first of its players whom the club knows: its owner.
    """

    __tablename__ = "standing_bookings"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    weekday: Mapped[int]
    local_time: Mapped[time]
    places: Mapped[int]
    players: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    price_class: Mapped[PriceClass] = mapped_column(String(32))
    holes: Mapped[int | None]
    payer_first_name: Mapped[str] = mapped_column(String(100))
    payer_last_name: Mapped[str] = mapped_column(String(100))
    first_date: Mapped[date]
    last_date: Mapped[date]
    next_date: Mapped[date | None]
    next_at: Mapped[datetime | None]
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[StandingEnd | None] = mapped_column(enum_column(StandingEnd))

    @property
    def owner_id(self) -> UUID | None:
        """The first of its players whom the club knows."""
        return next((UUID(one["player_id"]) for one in self.players if one["player_id"]), None)

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Keep it possible; find those of a club, and those that are due."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
            CheckConstraint("places BETWEEN 1 AND 4", name="places"),
            CheckConstraint("holes IN (9, 18)", name="holes"),
            CheckConstraint("first_date <= last_date", name="dates"),
            CheckConstraint("(next_date IS NULL) = (next_at IS NULL)", name="next"),
            CheckConstraint(
                "num_nonnulls(ended_at, ended_by, end_reason) IN (0, 3) AND num_nonnulls(ended_at, next_at) < 2",
                name="ended",
            ),
            Index(None, "club_id", "id"),
            Index("ix_standing_bookings_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        )


class StandingDate(TenantOwned):
    """What became of a standing booking on one date: a booking, or why there is none."""

    __tablename__ = "standing_dates"

    standing_booking_id: Mapped[UUID]
    date: Mapped[date]
    booking_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(String(60))
    message: Mapped[str] = mapped_column(String(500))
    decided_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A date is decided once."""
        return (
            belongs_to("standing_bookings", "standing_booking_id"),
            belongs_to("bookings", "booking_id"),
            UniqueConstraint("standing_booking_id", "date"),
            CheckConstraint("num_nonnulls(booking_id, reason) = 1", name="outcome"),
        )
