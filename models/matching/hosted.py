"""Tee times that golfers host, and who takes part in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.matching.values import HostedStatus, PartStatus, SkillLevel


class HostedTeeTime(TenantOwned):
    """A tee time with open places. Its row lock orders all that happens to it."""

    __tablename__ = "hosted_tee_times"

    host_id: Mapped[UUID]
    course_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    ended_with_booking: Mapped[bool] = mapped_column(default=False)
    place_name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2))
    city_key: Mapped[str | None] = mapped_column(String(310))
    x: Mapped[float | None] = mapped_column(Double)
    y: Mapped[float | None] = mapped_column(Double)
    z: Mapped[float | None] = mapped_column(Double)
    time_zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    places: Mapped[int]
    open_places: Mapped[int]
    industry_mask: Mapped[int]
    skill_level: Mapped[SkillLevel | None] = mapped_column(enum_column(SkillLevel))
    needs_approval: Mapped[bool]
    notes: Mapped[str] = mapped_column(String(1_000))
    status: Mapped[HostedStatus] = mapped_column(enum_column(HostedStatus))
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    last_message: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Never more join than there are places; full is what has none left; a booking is behind one at a time."""
        return (
            belongs_to("golfers", "host_id"),
            belongs_to("courses", "course_id"),
            belongs_to("bookings", "booking_id"),
            CheckConstraint("booking_id IS NOT NULL OR NOT ended_with_booking", name="ended_with_booking"),
            Index(
                "uq_hosted_tee_times_booking_id",
                "booking_id",
                unique=True,
                postgresql_where=text("status IN ('OPEN', 'FULL')"),
            ),
            CheckConstraint("places BETWEEN 1 AND 3", name="places"),
            CheckConstraint("open_places >= 0", name="open_places"),
            CheckConstraint("open_places <= places", name="taken_places"),
            CheckConstraint("status NOT IN ('OPEN', 'FULL') OR (status = 'FULL') = (open_places = 0)", name="full"),
            CheckConstraint("num_nulls(x, y, z) IN (0, 3)", name="place"),
            Index("ix_hosted_tee_times_open", "tenant_id", "starts_at", postgresql_where=text("status = 'OPEN'")),
            Index(None, "host_id", "starts_at"),
            Index("ix_hosted_tee_times_due", "starts_at", postgresql_where=text("status IN ('OPEN', 'FULL')")),
            Index("ix_hosted_tee_times_old", "starts_at", postgresql_where=text("archived_at IS NULL")),
        )


class Participation(TenantOwned):
    """That a golfer takes part in a hosted tee time, would like to, or did; the host takes part in place 0.

    Messages are read up to one's number, and, by who has left, can be read up to the one that was the last by then.
    """

    __tablename__ = "participations"

    tee_time_id: Mapped[UUID]
    golfer_id: Mapped[UUID]
    status: Mapped[PartStatus] = mapped_column(enum_column(PartStatus))
    slot_number: Mapped[int | None]
    position: Mapped[int | None]
    """The place in the booking behind the tee time that is named after the golfer."""
    named_as: Mapped[str] = mapped_column(String(100), default="")
    """By which name, where the club does not know the golfer as a player."""
    read_number: Mapped[int] = mapped_column(default=0)
    left_number: Mapped[int | None]
    attended: Mapped[bool | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A golfer takes part once, or asks once, and a place is one golfer's."""
        return (
            belongs_to("hosted_tee_times", "tee_time_id"),
            belongs_to("golfers", "golfer_id"),
            CheckConstraint("(status = 'JOINED') = (slot_number IS NOT NULL)", name="slot"),
            CheckConstraint("slot_number BETWEEN 0 AND 3", name="slot_number"),
            CheckConstraint("(status IN ('LEFT', 'REMOVED')) = (left_number IS NOT NULL)", name="left"),
            Index(
                "uq_participations_tee_time_id_golfer_id",
                "tee_time_id",
                "golfer_id",
                unique=True,
                postgresql_where=text("status IN ('JOINED', 'REQUESTED')"),
            ),
            Index(
                "uq_participations_tee_time_id_slot_number",
                "tee_time_id",
                "slot_number",
                unique=True,
                postgresql_where=text("slot_number IS NOT NULL"),
            ),
            Index(None, "golfer_id", "tee_time_id"),
        )
