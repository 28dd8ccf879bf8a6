"""Templates, tee sheets, tee times with their slots, holds and bookings."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import TenantOwned, belongs_to, enum_column
from models.tee_sheet.values import BookingStatus, HoldStatus, PriceClass, SlotStatus, StartFormat

NONE = text("'[]'::jsonb")


class SheetTemplate(TenantOwned):
    """How the tee sheets of a course are made: on all days, or in a season. A season's row has a name.

    Weekdays are those of ISO 8601: 1 is Monday.
    """

    __tablename__ = "sheet_templates"

    course_id: Mapped[UUID]
    name: Mapped[str | None] = mapped_column(String(100))
    first_date: Mapped[date | None]
    last_date: Mapped[date | None]
    weekdays: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    priority: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    first_start: Mapped[time]
    last_start: Mapped[time]
    intervals: Mapped[dict[str, Any]]
    group_sizes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    starter_gap_every_minutes: Mapped[int | None]
    start_format: Mapped[StartFormat] = mapped_column(enum_column(StartFormat))
    turn_minutes: Mapped[int | None]
    prices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    restrictions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=NONE)
    updated_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A course has one template of all days, and its seasons have names of their own."""
        return (
            belongs_to("courses", "course_id"),
            UniqueConstraint("course_id", "name", name="uq_sheet_templates_course_id_name"),
            Index("uq_sheet_templates_all_days", "course_id", unique=True, postgresql_where=text("name IS NULL")),
            CheckConstraint("first_date <= last_date", name="dates"),
            CheckConstraint(
                "name IS NOT NULL OR num_nonnulls(first_date, last_date, weekdays) = 0 AND priority = 0",
                name="all_days",
            ),
        )


class TeeSheet(TenantOwned):
    """All tee times of one course on one local date, with the prices that hold for it.

    Prices, group sizes and restrictions are the template's of when it was made, or the day's own. Starts that were
    taken off by hand are kept by tee and local time, so that making it anew leaves them off.
    """

    __tablename__ = "tee_sheets"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    date: Mapped[date]
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    holes: Mapped[int]
    turn_minutes: Mapped[int | None]
    group_sizes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    prices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    restrictions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=NONE)
    has_own_restrictions: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    has_own_prices: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    has_own_group_sizes: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    removed_starts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=NONE)
    is_online: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    staff_note: Mapped[str] = mapped_column(String(500), default="", server_default="")

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A course has one sheet a day."""
        return (
            belongs_to("courses", "course_id"),
            belongs_to("clubs", "club_id"),
            UniqueConstraint("course_id", "date"),
            Index(None, "club_id", "date"),
        )


class TeeTime(TenantOwned):
    """One start: a course, a tee, a moment; planned by a template, and perhaps delayed since, or added by hand."""

    __tablename__ = "tee_times"

    sheet_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    local_time: Mapped[time]
    tee: Mapped[int]
    delayed_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    is_by_hand: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """By how many minutes it has been delayed in all: so far it can come back."""
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    staff_note: Mapped[str] = mapped_column(String(500), default="", server_default="")

    sheet: Mapped[TeeSheet] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(TeeTime.sheet_id) == TeeSheet.id"
    )

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A start is made once, and never before it was planned."""
        return (
            belongs_to("tee_sheets", "sheet_id"),
            UniqueConstraint("sheet_id", "starts_at", "tee"),
            CheckConstraint("delayed_minutes >= 0", name="delayed"),
            Index("ix_tee_times_by_start", "tenant_id", "starts_at", "id"),
        )


class Slot(TenantOwned):
    """One place on a tee time. It is held by one hold, or sold to one booking: the columns leave room for no more."""

    __tablename__ = "slots"

    tee_time_id: Mapped[UUID]
    number: Mapped[int]
    status: Mapped[SlotStatus] = mapped_column(enum_column(SlotStatus), default=SlotStatus.AVAILABLE)
    hold_id: Mapped[UUID | None]
    booking_id: Mapped[UUID | None]
    blocks: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Hold status and owner together, and places within 1 to 4; what blocks cover is for sale to nobody."""
        return (
            belongs_to("tee_times", "tee_time_id"),
            belongs_to("holds", "hold_id"),
            belongs_to("bookings", "booking_id"),
            UniqueConstraint("tee_time_id", "number"),
            CheckConstraint("number BETWEEN 1 AND 4", name="number"),
            CheckConstraint("(status = 'HELD') = (hold_id IS NOT NULL)", name="held"),
            CheckConstraint("(status = 'BOOKED') = (booking_id IS NOT NULL)", name="booked"),
            CheckConstraint(
                "blocks >= 0 AND CASE WHEN blocks > 0 THEN status IN ('BLOCKED', 'BOOKED')"
                " ELSE status <> 'BLOCKED' END",
                name="blocks",
            ),
            Index(None, "hold_id", postgresql_where=text("hold_id IS NOT NULL")),
            Index(None, "booking_id", postgresql_where=text("booking_id IS NOT NULL")),
        )


class Hold(TenantOwned):
    """Places reserved while somebody books or has an offer from the waitlist, or held back since they were given up."""

    __tablename__ = "holds"

    club_id: Mapped[UUID]
    tee_time_id: Mapped[UUID]
    holder_id: Mapped[str] = mapped_column(String(200))
    offer_id: Mapped[UUID | None]
    is_held_back: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    places: Mapped[int]
    status: Mapped[HoldStatus] = mapped_column(enum_column(HoldStatus), default=HoldStatus.ACTIVE)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A user has one live hold of their own on a tee time; an index finds the overdue ones."""
        live = text("status = 'ACTIVE'")
        own = text("status = 'ACTIVE' AND offer_id IS NULL AND NOT is_held_back")
        return (
            belongs_to("tee_times", "tee_time_id"),
            belongs_to("clubs", "club_id"),
            belongs_to("waitlist_offers", "offer_id"),
            CheckConstraint("places BETWEEN 1 AND 4", name="places"),
            Index("uq_holds_live", "tee_time_id", "holder_id", unique=True, postgresql_where=own),
            Index("uq_holds_offer", "offer_id", unique=True, postgresql_where=text("offer_id IS NOT NULL")),
            Index(None, "tenant_id", "holder_id", "created_at"),
            Index("ix_holds_due", "expires_at", postgresql_where=live),
            Index("ix_holds_holder", "tenant_id", "holder_id", postgresql_where=live),
        )


class Booking(TenantOwned):
    """One to four players on one tee time, with a payer and a price."""

    __tablename__ = "bookings"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    tee_time_id: Mapped[UUID]
    turn_tee_time_id: Mapped[UUID | None]
    status: Mapped[BookingStatus] = mapped_column(enum_column(BookingStatus), default=BookingStatus.CONFIRMED)
    booked_by: Mapped[str] = mapped_column(String(200))
    payer_first_name: Mapped[str] = mapped_column(String(100))
    payer_last_name: Mapped[str] = mapped_column(String(100))
    holes: Mapped[int]
    price_cents: Mapped[int]
    paid_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    group_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(200))
    hosts_tee_time: Mapped[bool] = mapped_column(default=False)
    """Whether golfers could join it, now or before: a booking of which that is not so costs no look."""
    has_deposit: Mapped[bool] = mapped_column(default=False)
    """Whether a deposit was asked for it, or may be: a booking of which that is not so costs no look."""
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    staff_note: Mapped[str] = mapped_column(String(500), default="", server_default="")

    players: Mapped[list["BookingPlayer"]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="BookingPlayer.position",
        primaryjoin="foreign(BookingPlayer.booking_id) == Booking.id",
    )

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Nobody pays a negative sum, and a cancelled booking says when."""
        return (
            belongs_to("tee_times", "tee_time_id"),
            belongs_to("courses", "course_id"),
            belongs_to("clubs", "club_id"),
            belongs_to("tee_times", "turn_tee_time_id"),
            belongs_to("booking_groups", "group_id"),
            CheckConstraint("price_cents >= 0 AND paid_cents >= 0", name="cents"),
            CheckConstraint("holes IN (9, 18)", name="holes"),
            CheckConstraint("(status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name="cancelled"),
            Index(None, "tee_time_id"),
            Index("ix_bookings_turn", "turn_tee_time_id", postgresql_where=text("turn_tee_time_id IS NOT NULL")),
            Index(None, "club_id", "id"),
            Index("ix_bookings_group_id", "group_id", postgresql_where=text("group_id IS NOT NULL")),
            Index("ix_bookings_booked_by", "tenant_id", "booked_by"),
            Index(
                "ix_bookings_cancelled_by",
                "tenant_id",
                "cancelled_by",
                "cancelled_at",
                postgresql_where=text("cancelled_by IS NOT NULL"),
            ),
        )


class BookingPlayer(TenantOwned):
    """A player of a booking, known to the club or only by name. The slot is empty once the booking is cancelled."""

    __tablename__ = "booking_players"

    booking_id: Mapped[UUID]
    position: Mapped[int]
    slot_id: Mapped[UUID | None]
    player_id: Mapped[UUID | None]
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    price_class: Mapped[PriceClass] = mapped_column(String(32))
    price_cents: Mapped[int]
    checked_in_at: Mapped[datetime | None]
    no_show_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A place is played by one player."""
        return (
            belongs_to("bookings", "booking_id"),
            belongs_to("slots", "slot_id"),
            belongs_to("players", "player_id"),
            UniqueConstraint("booking_id", "position"),
            UniqueConstraint("slot_id"),
            CheckConstraint("position BETWEEN 1 AND 4", name="position"),
            CheckConstraint("price_cents >= 0", name="price_cents"),
            Index(None, "player_id", postgresql_where=text("player_id IS NOT NULL")),
        )
