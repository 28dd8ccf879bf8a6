"""Course status: the conditions of each course, its thresholds, its closures, and the audit log."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.course.values import CartPolicy, CourseStatus, StatusSource


class CourseConditions(TenantOwned):
    """How a course is today: why it has its status, what the staff have set, and the weather as it was read last.

    The status itself, and until when a closure reaches, stand in the course's own row, which every sale shares.
    """

    __tablename__ = "course_conditions"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    status_since: Mapped[datetime]
    source: Mapped[StatusSource] = mapped_column(enum_column(StatusSource))
    causes: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    override_status: Mapped[CourseStatus | None] = mapped_column(enum_column(CourseStatus))
    override_reason: Mapped[str | None] = mapped_column(String(500))
    override_by: Mapped[str | None] = mapped_column(String(200))
    override_at: Mapped[datetime | None]
    override_until: Mapped[datetime | None]
    cart_policy: Mapped[CartPolicy] = mapped_column(enum_column(CartPolicy), default=CartPolicy.NORMAL)
    holes_open: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    temporary_greens: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list)
    note: Mapped[str] = mapped_column(String(500), default="")
    weather: Mapped[dict[str, Any] | None]
    score: Mapped[int | None]
    memory: Mapped[dict[str, Any]]
    last_strike_at: Mapped[datetime | None]
    lightning_until: Mapped[datetime | None]
    is_stale: Mapped[bool] = mapped_column(default=False)
    stale_told_at: Mapped[datetime | None]
    alerted_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A course has conditions once; an override is whole or not there, and ends after it began."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            UniqueConstraint("course_id"),
            CheckConstraint(
                "num_nonnulls(override_status, override_reason, override_by, override_at, override_until) IN (0, 5)",
                name="override",
            ),
            CheckConstraint("override_until > override_at", name="override_until"),
            CheckConstraint("score BETWEEN 0 AND 100", name="score"),
            Index(
                "ix_course_conditions_override_until",
                "override_until",
                postgresql_where=text("override_until IS NOT NULL"),
            ),
            Index(
                "ix_course_conditions_lightning_until",
                "lightning_until",
                postgresql_where=text("lightning_until IS NOT NULL"),
            ),
        )


class CourseThresholds(TenantOwned):
    """From which weather on a course is warned of, or closed. A course without such a row has the usual thresholds."""

    __tablename__ = "course_thresholds"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    wind_warning_kmh: Mapped[float]
    wind_severe_kmh: Mapped[float]
    precipitation_warning_mm: Mapped[float]
    playability_warning_threshold: Mapped[int]
    playability_severe_threshold: Mapped[int]
    auto_block_on_severe: Mapped[bool]
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A course has thresholds once, in an order that lets it close and open again."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            UniqueConstraint("course_id"),
            CheckConstraint(
                "20 < wind_warning_kmh AND wind_warning_kmh < wind_severe_kmh AND wind_severe_kmh <= 250",
                name="wind",
            ),
            CheckConstraint("precipitation_warning_mm > 0 AND precipitation_warning_mm <= 300", name="precipitation"),
            CheckConstraint(
                "0 <= playability_severe_threshold AND playability_severe_threshold < playability_warning_threshold"
                " AND playability_warning_threshold < 100",
                name="playability",
            ),
        )


class CourseThresholdChange(TenantOwned):
    """A change of a course's thresholds, for good: rows are added, and neither changed nor removed."""

    __tablename__ = "course_threshold_changes"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Changes of a course are found in their order."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            Index(None, "course_id", "id"),
        )


class CourseClosure(TenantOwned):
    """A time in which a course is closed, from its closing to its reopening, with what the closing has done."""

    __tablename__ = "course_closures"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    began_at: Mapped[datetime]
    reaches_until: Mapped[datetime]
    block_ids: Mapped[list[UUID]] = mapped_column(ARRAY(SqlUuid), default=list)
    ended_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A course has one closure at a time. Starts before `reaches_until` have been dealt with."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            Index("uq_course_closures_live", "course_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        )


class CourseStatusChange(TenantOwned):
    """An entry of the audit log of course status: rows are added, and the database refuses all else."""

    __tablename__ = "course_status_changes"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    sheet_id: Mapped[UUID | None]
    date: Mapped[date]
    previous_status: Mapped[CourseStatus] = mapped_column(enum_column(CourseStatus, rule="previous_status"))
    new_status: Mapped[CourseStatus] = mapped_column(enum_column(CourseStatus, rule="new_status"))
    source: Mapped[StatusSource] = mapped_column(enum_column(StatusSource))
    causes: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    reason: Mapped[str] = mapped_column(String(500))
    score: Mapped[int | None]
    weather: Mapped[dict[str, Any] | None]
    changed_by_id: Mapped[str | None] = mapped_column(String(200))
    changed_by_label: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Entries are found by course and local date, newest first."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            belongs_to("tee_sheets", "sheet_id"),
            CheckConstraint("score BETWEEN 0 AND 100", name="score"),
            Index(None, "course_id", "date", "id"),
        )
