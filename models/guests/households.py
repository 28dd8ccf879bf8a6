"""Households, their guests, and what each guest answered for each part: place, seat and arrival are in one row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from models.base import TenantOwned, belongs_to, enum_column
from models.clubs.values import Language
from models.deliveries import DeliveryStatus
from models.guests.values import AgeGroup, LetterKind, RsvpStatus


class Household(TenantOwned):
    """Those who are invited together: one invitation, one code, one language, one contact."""

    __tablename__ = "households"

    occasion_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[Language] = mapped_column(enum_column(Language))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(30))
    plus_ones: Mapped[int] = mapped_column(default=0)
    part_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    code: Mapped[str] = mapped_column(String(13))
    code_issued_at: Mapped[datetime]
    invited_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A code opens one household, of whatever tenant."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            Index("uq_households_code", "code", unique=True),
            CheckConstraint("plus_ones BETWEEN 0 AND 20", name="plus_ones"),
            Index(None, "occasion_id"),
        )


class Guest(TenantOwned):
    """Somebody who is invited. A plus-one may have no name yet, and counts from the start."""

    __tablename__ = "guests"

    occasion_id: Mapped[UUID]
    household_id: Mapped[UUID]
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100), default="")
    is_plus_one: Mapped[bool] = mapped_column(default=False)
    age_group: Mapped[AgeGroup] = mapped_column(enum_column(AgeGroup), default=AgeGroup.ADULT)
    takes_place: Mapped[bool] = mapped_column(default=True)
    diets: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    diet_note: Mapped[str] = mapped_column(String(500), default="")
    needs: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    need_note: Mapped[str] = mapped_column(String(500), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(30))
    group_name: Mapped[str] = mapped_column(String(100), default="")
    is_vip: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, Any]]
    is_listed: Mapped[bool] = mapped_column(default=False)
    check_in_number: Mapped[int]
    check_in_rotation: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A number at the door is one guest's; whoever is no infant takes a place."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            belongs_to("households", "household_id", cascade=True),
            CheckConstraint("takes_place OR age_group = 'INFANT'", name="takes_place"),
            Index("uq_guests_occasion_id_check_in_number", "occasion_id", "check_in_number", unique=True),
            Index(None, "household_id"),
        )


class Attendance(TenantOwned):
    """One guest at one part: the answer with the meal, the place in the queue, the seat, and the arrival."""

    __tablename__ = "attendances"

    occasion_id: Mapped[UUID]
    part_id: Mapped[UUID]
    household_id: Mapped[UUID]
    guest_id: Mapped[UUID]
    status: Mapped[RsvpStatus] = mapped_column(enum_column(RsvpStatus), default=RsvpStatus.PENDING)
    meal_id: Mapped[str | None] = mapped_column(String(40))
    answered_at: Mapped[datetime | None]
    queue_number: Mapped[int | None]
    may_be_split: Mapped[bool] = mapped_column(default=False)
    decline_until: Mapped[datetime | None]
    table_id: Mapped[UUID | None]
    seat: Mapped[int | None]
    is_locked: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime | None]
    arrived_by: Mapped[str | None] = mapped_column(String(200))

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Who waits has a number in the queue; who has a seat has said nothing, or yes; a chair holds one."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            belongs_to("occasion_parts", "part_id", cascade=True),
            belongs_to("households", "household_id", cascade=True),
            belongs_to("guests", "guest_id", cascade=True),
            belongs_to("dining_tables", "table_id"),
            CheckConstraint("(status = 'WAITLISTED') = (queue_number IS NOT NULL)", name="queued"),
            CheckConstraint("decline_until IS NULL OR status = 'ACCEPTED'", name="decline_until"),
            CheckConstraint("table_id IS NULL OR status IN ('PENDING', 'ACCEPTED')", name="seated"),
            CheckConstraint("table_id IS NOT NULL OR (seat IS NULL AND NOT is_locked)", name="seat"),
            CheckConstraint("seat BETWEEN 1 AND 30", name="seat_number"),
            CheckConstraint("arrived_at IS NULL OR status = 'ACCEPTED'", name="arrived"),
            Index("uq_attendances_guest_id_part_id", "guest_id", "part_id", unique=True),
            Index("uq_attendances_table_id_seat", "table_id", "seat", unique=True, postgresql_where=text("seat > 0")),
            Index(None, "part_id", "status"),
            Index(None, "household_id"),
            Index(None, "table_id", postgresql_where=text("table_id IS NOT NULL")),
        )


class Letter(TenantOwned):
    """An e-mail to a household: written together with what it tells of, and sent behind that."""

    __tablename__ = "letters"

    occasion_id: Mapped[UUID]
    household_id: Mapped[UUID]
    part_id: Mapped[UUID | None]
    kind: Mapped[LetterKind] = mapped_column(
        SqlEnum(LetterKind, native_enum=False, create_constraint=False, length=64)  # rooms add kinds of theirs
    )
    status: Mapped[DeliveryStatus] = mapped_column(enum_column(DeliveryStatus), default=DeliveryStatus.QUEUED)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """It goes with its household, and with the part that it is about alone."""
        return (
            belongs_to("occasions", "occasion_id", cascade=True),
            belongs_to("households", "household_id", cascade=True),
            belongs_to("occasion_parts", "part_id", cascade=True),
            Index(None, "household_id"),
        )
