"""Carts, and their reservations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.carts.values import CartReservationStatus, CartStatus


class Cart(TenantOwned):
    """A cart of a course. What a closure has suspended remembers which closure it was."""

    __tablename__ = "carts"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(20))
    status: Mapped[CartStatus] = mapped_column(enum_column(CartStatus), default=CartStatus.ACTIVE)
    suspended_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A number is one cart's of a course until that is retired; only an inactive cart is suspended."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            belongs_to("course_closures", "suspended_by"),
            Index("uq_carts_number", "course_id", "number", unique=True, postgresql_where=text("retired_at IS NULL")),
            CheckConstraint("(status = 'RETIRED') = (retired_at IS NOT NULL)", name="retired"),
            CheckConstraint("suspended_by IS NULL OR status = 'INACTIVE'", name="suspended"),
        )


class CartReservation(TenantOwned):
    """A cart for a booking, from the reservation until it is back."""

    __tablename__ = "cart_reservations"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    cart_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    status: Mapped[CartReservationStatus] = mapped_column(
        enum_column(CartReservationStatus), default=CartReservationStatus.PENDING
    )
    reserved_by: Mapped[str] = mapped_column(String(200))
    reserved_at: Mapped[datetime]
    checked_out_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    """When the day of its booking is over: until then the cart waits."""

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A cart is out once at a time, and reserved once for a booking."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            belongs_to("carts", "cart_id"),
            belongs_to("bookings", "booking_id"),
            Index("uq_cart_reservations_out", "cart_id", unique=True, postgresql_where=text("status = 'OUT'")),
            Index(
                "uq_cart_reservations_open",
                "cart_id",
                "booking_id",
                unique=True,
                postgresql_where=text("status <> 'RETURNED'"),
            ),
            Index(None, "booking_id"),
            Index("ix_cart_reservations_pending", "ends_at", postgresql_where=text("status = 'PENDING'")),
            CheckConstraint("status <> 'OUT' OR checked_out_at IS NOT NULL", name="checked_out"),
            CheckConstraint("(status = 'RETURNED') = (returned_at IS NOT NULL)", name="returned"),
        )
