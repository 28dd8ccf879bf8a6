"""Caddies, their lists' queues, their turns, the weekly draws, and the club's settings for all of these."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TenantOwned, belongs_to, enum_column
from models.caddies.values import AssignmentAnswer, AssignmentKind, CaddieStatus, FeeTier, TurnStatus

LIST_NUMBER = "list_number BETWEEN 1 AND 20"


class CaddieSettings(TenantOwned):
    """How many caddie lists a club has, and what loops cost. A club without such a row has the usual settings."""

    __tablename__ = "caddie_settings"

    club_id: Mapped[UUID]
    lists: Mapped[int]
    fees: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A club sets these once, and has 1 to 20 lists."""
        return (
            belongs_to("clubs", "club_id"),
            UniqueConstraint("club_id"),
            CheckConstraint("lists BETWEEN 1 AND 20", name="lists"),
        )


class Caddie(TenantOwned):
    """Somebody who carries for players. Whoever waits for a turn has a place in the list's queue, and nobody else."""

    __tablename__ = "caddies"

    club_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(100))
    list_number: Mapped[int]
    status: Mapped[CaddieStatus] = mapped_column(enum_column(CaddieStatus), default=CaddieStatus.AVAILABLE)
    phone: Mapped[str | None] = mapped_column(String(30))
    user_id: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    queue_round: Mapped[int] = mapped_column(default=1)
    queue_place: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Queue and status agree, no two have one place, and a user is one caddie of a club at the most."""
        return (
            belongs_to("clubs", "club_id"),
            CheckConstraint(LIST_NUMBER, name="list_number"),
            CheckConstraint(
                "(is_active AND status IN ('AVAILABLE', 'IN_PREP', 'LATE')) = (queue_place IS NOT NULL)", name="queued"
            ),
            UniqueConstraint(
                "club_id", "list_number", "queue_round", "queue_place", deferrable=True, initially="DEFERRED"
            ),
            Index(
                "uq_caddies_club_id_user_id",
                "club_id",
                "user_id",
                unique=True,
                postgresql_where=text("user_id IS NOT NULL AND is_active"),
            ),
        )


class CaddieQueue(TenantOwned):
    """One list of a club on its present day. Its row lock orders all that happens to the list."""

    __tablename__ = "caddie_queues"

    club_id: Mapped[UUID]
    list_number: Mapped[int]
    day: Mapped[date]
    ends_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A list has one queue; the days that are over are found by an index."""
        return (
            belongs_to("clubs", "club_id"),
            UniqueConstraint("club_id", "list_number"),
            CheckConstraint(LIST_NUMBER, name="list_number"),
            Index(None, "ends_at"),
        )


class CaddieTurn(TenantOwned):
    """A caddie's turn: assigned, started, ended, skipped, declined or undone. Each one that ended is a loop.

    It keeps the caddie's name of its time: whoever moves to another list is not known by a new name on the old one.
    """

    __tablename__ = "caddie_turns"

    club_id: Mapped[UUID]
    caddie_id: Mapped[UUID]
    caddie_name: Mapped[str] = mapped_column(String(100))
    list_number: Mapped[int]
    day: Mapped[date]
    status: Mapped[TurnStatus] = mapped_column(enum_column(TurnStatus))
    reason: Mapped[str | None] = mapped_column(String(200))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    fee_tier: Mapped[FeeTier | None] = mapped_column(enum_column(FeeTier))
    fee_cents: Mapped[int | None]
    tip_cents: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(String(3))
    booking_id: Mapped[UUID | None]
    assigned_as: Mapped[AssignmentKind | None] = mapped_column(enum_column(AssignmentKind))
    answer: Mapped[AssignmentAnswer | None] = mapped_column(enum_column(AssignmentAnswer))
    recorded_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    went_with_booking: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether it was withdrawn since its booking was over, or gone: it comes back with the booking."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """How things were before its last act, by which that can be taken back; none for turns of earlier releases."""

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A caddie has one open turn; a loop has its money; an assignment has its booking and its answer."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("caddies", "caddie_id"),
            belongs_to("bookings", "booking_id"),
            CheckConstraint(LIST_NUMBER, name="list_number"),
            CheckConstraint("(status IN ('IN_FIELD', 'ENDED')) = (started_at IS NOT NULL)", name="started"),
            CheckConstraint("(status = 'ENDED') = (ended_at IS NOT NULL)", name="ended"),
            CheckConstraint(
                "(status = 'ENDED') = (num_nulls(fee_tier, fee_cents, tip_cents, currency) = 0)", name="loop"
            ),
            CheckConstraint("fee_cents >= 0 AND tip_cents >= 0", name="cents"),
            CheckConstraint("num_nulls(booking_id, assigned_as, answer) IN (0, 3)", name="assignment"),
            CheckConstraint(
                "status NOT IN ('ASSIGNED', 'DECLINED', 'WITHDRAWN') OR booking_id IS NOT NULL", name="assigned"
            ),
            Index(
                "uq_caddie_turns_open",
                "caddie_id",
                unique=True,
                postgresql_where=text("status IN ('ASSIGNED', 'IN_FIELD')"),
            ),
            Index(None, "club_id", "day"),
            Index(None, "booking_id", postgresql_where=text("booking_id IS NOT NULL")),
        )


class CaddieDraw(TenantOwned):
    """The order that was drawn for a list and a week, with the seed that it follows from."""

    __tablename__ = "caddie_draws"

    club_id: Mapped[UUID]
    list_number: Mapped[int]
    week: Mapped[date]
    seed: Mapped[str] = mapped_column(String(64))
    drawn: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    drawn_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A week of a list is drawn once, and begins on a Monday."""
        return (
            belongs_to("clubs", "club_id"),
            UniqueConstraint("club_id", "list_number", "week"),
            CheckConstraint(LIST_NUMBER, name="list_number"),
            CheckConstraint("extract(isodow FROM week) = 1", name="monday"),
        )


class CaddieImport(TenantOwned):
    """A file of caddies that was taken in."""

    __tablename__ = "caddie_imports"

    club_id: Mapped[UUID]
    added: Mapped[int]
    imported_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """An import adds somebody."""
        return (belongs_to("clubs", "club_id"), CheckConstraint("added > 0", name="added"))
