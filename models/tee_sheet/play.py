"""Rounds that groups play, the holes that they have completed, and times in which nobody played on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.tee_sheet.values import PaceLevel


class Round(TenantOwned):
    """The round of a booking, from its tee-off on, with what was expected of it then.

    Its pace is as it was told last: with a hole that was completed, or with an alert.
    """

    __tablename__ = "rounds"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    sheet_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    planned_at: Mapped[datetime]
    teed_off_at: Mapped[datetime]
    teed_off_by: Mapped[str] = mapped_column(String(200))
    start_hole: Mapped[int]
    holes: Mapped[int]
    course_holes: Mapped[int]
    expected_minutes: Mapped[int]
    time_par: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    holes_completed: Mapped[int]
    last_hole: Mapped[int | None]
    last_completed_at: Mapped[datetime | None]
    minutes_behind: Mapped[float | None]
    gap_minutes: Mapped[float | None]
    level: Mapped[PaceLevel | None] = mapped_column(enum_column(PaceLevel))
    completed_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A booking is played once, and its last hole ends its round.

        Groups on the course are found by their course, those ahead by tee and start.
        """
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            belongs_to("tee_sheets", "sheet_id"),
            belongs_to("bookings", "booking_id"),
            UniqueConstraint("booking_id"),
            CheckConstraint("holes_completed BETWEEN 0 AND holes", name="holes_completed"),
            CheckConstraint("holes_completed < holes OR completed_at IS NOT NULL", name="completed"),
            CheckConstraint("start_hole BETWEEN 1 AND course_holes AND last_hole <= course_holes", name="on_course"),
            Index(None, "sheet_id", "start_hole", "planned_at"),
            Index("ix_rounds_in_play", "course_id", postgresql_where=text("completed_at IS NULL")),
        )


class CompletedHole(TenantOwned):
    """A hole of a round, completed. Those that nobody reported are missing."""

    __tablename__ = "completed_holes"

    round_id: Mapped[UUID]
    number: Mapped[int]
    hole: Mapped[int]
    completed_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(200))

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A hole of a round is completed once; it is the first, second … of the round by its number."""
        return (
            belongs_to("rounds", "round_id"),
            UniqueConstraint("round_id", "number"),
            CheckConstraint("number >= 1 AND hole >= 1", name="holes"),
        )


class Suspension(TenantOwned):
    """A time in which play on a course was suspended, as for lightning. It lasts until it is resumed."""

    __tablename__ = "suspensions"

    course_id: Mapped[UUID]
    suspended_at: Mapped[datetime]
    suspended_by: Mapped[str] = mapped_column(String(200))
    resumed_at: Mapped[datetime | None]
    resumed_by: Mapped[str | None] = mapped_column(String(200))

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A course is suspended once at a time."""
        return (
            belongs_to("courses", "course_id"),
            CheckConstraint("resumed_at >= suspended_at", name="order"),
            Index(None, "course_id", "suspended_at"),
            Index("uq_suspensions_open", "course_id", unique=True, postgresql_where=text("resumed_at IS NULL")),
        )
