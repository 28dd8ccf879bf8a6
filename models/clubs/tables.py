"""Tenants, their clubs, the clubs' courses, and the players that a club knows."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, String, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kit.ids import new_id
from models.base import Base, TenantOwned, belongs_to, enum_column
from models.clubs.values import Language, NamePrivacy
from models.course.values import CourseStatus
from models.tee_sheet.values import GUEST, MEMBER, PUBLIC, ClubPriceClass, PriceClass, PriceClassKind


class Tenant(Base):
    """A customer: one club, or a chain of them. Nothing is shared between tenants."""

    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Club(TenantOwned):
    """A golf club and its house rules for booking."""

    __tablename__ = "clubs"

    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    language: Mapped[Language] = mapped_column(enum_column(Language))
    name_privacy: Mapped[NamePrivacy] = mapped_column(enum_column(NamePrivacy))
    hold_minutes: Mapped[int]
    cancellation_notice_hours: Mapped[int]
    member_window_days: Mapped[int]
    guest_window_days: Mapped[int]
    public_window_days: Mapped[int]
    member_opens_at: Mapped[time] = mapped_column(default=time(), server_default=text("'00:00'"))
    guest_opens_at: Mapped[time] = mapped_column(default=time(), server_default=text("'00:00'"))
    public_opens_at: Mapped[time] = mapped_column(default=time(), server_default=text("'00:00'"))
    booking_limits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    own_price_classes: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    deposits: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    waitlist_offer_minutes: Mapped[int]
    waitlist_unanswered_offers: Mapped[int]
    held_back_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    held_back_until: Mapped[time] = mapped_column(default=time(19), server_default=text("'19:00'"))
    tells_of_closures: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Keep the house rules within what the field knows."""
        return (
            ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
            CheckConstraint("hold_minutes BETWEEN 1 AND 120", name="hold_minutes"),
            CheckConstraint("cancellation_notice_hours BETWEEN 0 AND 720", name="cancellation_notice_hours"),
            CheckConstraint(
                "least(member_window_days, guest_window_days, public_window_days) >= 0 AND "
                "greatest(member_window_days, guest_window_days, public_window_days) <= 400",
                name="window_days",
            ),
            CheckConstraint("waitlist_offer_minutes BETWEEN 1 AND 1440", name="waitlist_offer_minutes"),
            CheckConstraint("waitlist_unanswered_offers BETWEEN 1 AND 100", name="waitlist_unanswered_offers"),
            CheckConstraint("held_back_minutes BETWEEN 0 AND 10080", name="held_back_minutes"),
        )

    @property
    def price_classes(self) -> dict[PriceClass, ClubPriceClass]:
        """The price classes by their codes: the three that come with each club, and those that it has added."""
        kept = {PriceClass(code): self._class(PriceClass(code), one) for code, one in self.own_price_classes.items()}
        return {code: kept.pop(code, one) for code, one in COME_WITH_A_CLUB.items()} | kept

    @staticmethod
    def _class(code: PriceClass, kept: dict[str, Any]) -> ClubPriceClass:
        return ClubPriceClass(code, kept["name"], PriceClassKind(kept["kind"]), kept["is_retired"])

    def goes_by(self, price_class: PriceClass) -> tuple[PriceClass, ...]:
        """Give the classes whose prices, limits and restrictions hold for a price class: its own, then its kind's."""
        kept = self.own_price_classes.get(price_class)
        kind = price_class if kept is None else PriceClass(kept["kind"])
        return (price_class,) if kind == price_class else (price_class, kind)

    def kind_of(self, price_class: PriceClass) -> PriceClassKind:
        """Tell the kind of a price class that the club knows."""
        return PriceClassKind(self.goes_by(price_class)[-1])

    def classes_of(self, *named: PriceClass) -> list[PriceClass]:
        """Give the price classes that are meant where these are named: they, and all of the kinds they stand for."""
        return [code for code in self.price_classes if not set(named).isdisjoint(self.goes_by(code))]

    def window_days(self, price_class: PriceClass) -> int:
        """Tell how many days ahead of its date a start opens to a price class."""
        return {
            PriceClassKind.MEMBER: self.member_window_days,
            PriceClassKind.GUEST: self.guest_window_days,
            PriceClassKind.PUBLIC: self.public_window_days,
        }[self.kind_of(price_class)]

    def opens_at(self, price_class: PriceClass) -> time:
        """Tell at which time of the local clock, so many days ahead, a day's starts open to a price class."""
        return {
            PriceClassKind.MEMBER: self.member_opens_at,
            PriceClassKind.GUEST: self.guest_opens_at,
            PriceClassKind.PUBLIC: self.public_opens_at,
        }[self.kind_of(price_class)]


COME_WITH_A_CLUB = {
    MEMBER: ClubPriceClass(MEMBER, "Members", PriceClassKind.MEMBER),
    GUEST: ClubPriceClass(GUEST, "Guests of members", PriceClassKind.GUEST),
    PUBLIC: ClubPriceClass(PUBLIC, "Public", PriceClassKind.PUBLIC),
}


class Course(TenantOwned):
    """A course of a club: 9 or 18 holes, somewhere on earth, in a time zone of its own."""

    __tablename__ = "courses"

    club_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    holes: Mapped[int]
    time_zone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    city: Mapped[str] = mapped_column(String(100), default="", server_default=text("''"))
    country: Mapped[str] = mapped_column(String(2), default="", server_default=text("''"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    minutes_for_18_holes: Mapped[int]
    minutes_for_9_holes: Mapped[int]
    time_par: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    status: Mapped[CourseStatus] = mapped_column(
        enum_column(CourseStatus), default=CourseStatus.OPEN, server_default=text("'OPEN'")
    )
    status_reason: Mapped[str] = mapped_column(String(500), default="", server_default=text("''"))
    status_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Keep a course possible."""
        return (
            belongs_to("clubs", "club_id"),
            Index(None, "club_id"),
            CheckConstraint("holes IN (9, 18)", name="holes"),
            CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="coordinates"),
            CheckConstraint("minutes_for_18_holes > 0 AND minutes_for_9_holes > 0", name="minutes"),
            CheckConstraint("cardinality(time_par) = holes AND 0 < ALL (time_par)", name="time_par"),
        )


class Player(TenantOwned):
    """Somebody a club knows: a member or a regular guest, with the price class that follows from it."""

    __tablename__ = "players"

    club_id: Mapped[UUID]
    user_id: Mapped[str | None] = mapped_column(String(200))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    price_class: Mapped[PriceClass] = mapped_column(String(32))
    member_number: Mapped[str | None] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(30))
    email: Mapped[str | None] = mapped_column(String(254))
    birth_date: Mapped[date | None]
    household: Mapped[str | None] = mapped_column(String(60))
    host_id: Mapped[UUID | None]
    notes: Mapped[str] = mapped_column(String(2000), default="", server_default=text("''"))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    merged_into_id: Mapped[UUID | None]
    sort_name: Mapped[str] = mapped_column(String(200, collation="C"), default="", server_default=text("''"))
    search_text: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    created_at: Mapped[datetime]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A user is one player of a club at the most, and a member number is one player's; who was merged is over."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("players", "host_id"),
            belongs_to("players", "merged_into_id"),
            CheckConstraint("merged_into_id IS NULL OR NOT is_active", name="merged"),
            Index(
                "uq_players_club_id_user_id",
                "club_id",
                "user_id",
                unique=True,
                postgresql_where=text("user_id IS NOT NULL"),
            ),
            Index(
                "uq_players_club_id_member_number",
                "club_id",
                "member_number",
                unique=True,
                postgresql_where=text("member_number IS NOT NULL"),
            ),
            Index(None, "club_id", "sort_name", "id"),
            Index(
                "ix_players_club_id_household",
                "club_id",
                "household",
                postgresql_where=text("household IS NOT NULL"),
            ),
            Index("ix_players_host_id", "host_id", postgresql_where=text("host_id IS NOT NULL")),
        )
