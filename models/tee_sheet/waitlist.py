"""The waitlist: who waits for a start on a tee sheet, and what was offered to them."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned, belongs_to, enum_column
from models.tee_sheet.values import PriceClass


class WaitlistStatus(DescribedEnum):
    """What became of an entry on the waitlist."""

    WAITING = "WAITING", "In line for places, or with an offer that waits for an answer."
    BOOKED = "BOOKED", "An offer was accepted and became a booking, or they booked such a start themselves."
    LEFT = "LEFT", "Taken off the waitlist."


class OfferStatus(DescribedEnum):
    """What became of an offer from the waitlist."""

    PENDING = "PENDING", "The places are held until it is answered, or its time is over."
    ACCEPTED = "ACCEPTED", "The places were booked."
    DECLINED = "DECLINED", "The places were not wanted, and went to the next in line."
    EXPIRED = "EXPIRED", "Nobody answered in time, and the places went to the next in line."
    WITHDRAWN = "WITHDRAWN", "The places were taken out of sale before it was answered."


class WaitlistEntry(TenantOwned):
    """A party that waits for a start on a tee sheet. The line is in the order of ids, which sort by the time of making.

    Whoever changes an entry locks it first, and the tee time of an offer after it.
    """

    __tablename__ = "waitlist_entries"

    club_id: Mapped[UUID]
    sheet_id: Mapped[UUID]
    earliest: Mapped[time]
    latest: Mapped[time]
    party_size: Mapped[int]
    price_class: Mapped[PriceClass] = mapped_column(String(32))
    user_id: Mapped[str | None] = mapped_column(String(200))
    player_id: Mapped[UUID | None]
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    status: Mapped[WaitlistStatus] = mapped_column(enum_column(WaitlistStatus), default=WaitlistStatus.WAITING)
    joined_by: Mapped[str] = mapped_column(String(200))
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """A user, and a player, waits once for a sheet."""
        waiting = "status = 'WAITING'"
        by_user, by_player = text(f"{waiting} AND user_id IS NOT NULL"), text(f"{waiting} AND player_id IS NOT NULL")
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("tee_sheets", "sheet_id"),
            belongs_to("players", "player_id"),
            CheckConstraint("party_size BETWEEN 1 AND 4", name="party_size"),
            CheckConstraint("earliest <= latest", name="window"),
            CheckConstraint("(status = 'WAITING') = (ended_at IS NULL)", name="ended"),
            Index("ix_waitlist_entries_line", "sheet_id", "id", postgresql_where=text(waiting)),
            Index("uq_waitlist_entries_user", "sheet_id", "user_id", unique=True, postgresql_where=by_user),
            Index("uq_waitlist_entries_player", "sheet_id", "player_id", unique=True, postgresql_where=by_player),
        )


class WaitlistOffer(TenantOwned):
    """Places of a tee time that are held for an entry on the waitlist. It changes under the lock of its tee time."""

    __tablename__ = "waitlist_offers"

    club_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    tee_time_id: Mapped[UUID]
    places: Mapped[int]
    status: Mapped[OfferStatus] = mapped_column(enum_column(OfferStatus), default=OfferStatus.PENDING)
    unanswered: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    booking_id: Mapped[UUID | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """An entry has one live offer, and a start is offered to it once, unless the offer was withdrawn."""
        live, answered = text("status = 'PENDING'"), text("status <> 'WITHDRAWN'")
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("waitlist_entries", "entry_id"),
            belongs_to("tee_times", "tee_time_id"),
            belongs_to("bookings", "booking_id"),
            CheckConstraint("places BETWEEN 1 AND 4", name="places"),
            CheckConstraint("(status = 'PENDING') = (ended_at IS NULL)", name="ended"),
            CheckConstraint("(status = 'ACCEPTED') = (booking_id IS NOT NULL)", name="accepted"),
            Index("uq_waitlist_offers_live", "entry_id", unique=True, postgresql_where=live),
            Index("uq_waitlist_offers_start", "entry_id", "tee_time_id", unique=True, postgresql_where=answered),
        )
