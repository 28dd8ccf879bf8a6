"""Ballots: starts of a day that are sold by draw."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kit.enums import DescribedEnum
from models.base import TenantOwned, belongs_to, enum_column
from models.tee_sheet.values import PriceClass


class BallotStatus(DescribedEnum):
    """How far a ballot has come."""

    ANNOUNCED = "ANNOUNCED", "It is known of; nobody can enter it yet."
    OPEN = "OPEN", "Entries are taken, changed and withdrawn."
    CLOSED = "CLOSED", "No entry is taken any more, and the draw is to come."
    DRAWN = "DRAWN", "The draw was made, and what is left waits to go on open sale."
    RELEASED = "RELEASED", "What was left has gone on open sale."
    CANCELLED = "CANCELLED", "It was cancelled before its draw, and its starts have gone on open sale."


class BallotEntryStatus(DescribedEnum):
    """What became of an entry of a ballot."""

    ENTERED = "ENTERED", "It waits for the draw."
    WITHDRAWN = "WITHDRAWN", "It was withdrawn before the entries closed."
    DRAWN = "DRAWN", "It got one of its choices, and was booked."
    NOT_DRAWN = "NOT_DRAWN", "None of its choices had enough places left when its turn came."
    CANCELLED = "CANCELLED", "The ballot was cancelled."


class Ballot(TenantOwned):
    """Starts of one tee sheet that are sold by draw, and out of sale by a block until what is left is released.

    The seed was made when the ballot was announced, and its hash was told then: nobody is told the seed before the
    draw, and nobody can choose it after the entries. `next_at` is when the ballot takes its next step by itself.
    `starts` are the places that each start had for the draw, by tee time.
    """

    __tablename__ = "ballots"

    club_id: Mapped[UUID]
    course_id: Mapped[UUID]
    sheet_id: Mapped[UUID]
    block_id: Mapped[UUID]
    date: Mapped[date]
    name: Mapped[str] = mapped_column(String(100))
    status: Mapped[BallotStatus] = mapped_column(enum_column(BallotStatus))
    first_start: Mapped[time]
    last_start: Mapped[time]
    holes: Mapped[int]
    lookback_days: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    draws_at: Mapped[datetime | None]
    releases_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    seed: Mapped[str] = mapped_column(String(64))
    seed_hash: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    places_wanted: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    starts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    drawn_at: Mapped[datetime | None]
    announced_by: Mapped[str] = mapped_column(String(200))
    announced_at: Mapped[datetime]
    cancelled_by: Mapped[str | None] = mapped_column(String(200))
    cancelled_at: Mapped[datetime | None]
    cancelled_reason: Mapped[str] = mapped_column(String(500), default="", server_default="")

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Its instants follow each other, and a block is one ballot's; those of a club and those that are due."""
        return (
            belongs_to("clubs", "club_id"),
            belongs_to("courses", "course_id"),
            belongs_to("tee_sheets", "sheet_id"),
            belongs_to("blocks", "block_id"),
            UniqueConstraint("block_id"),
            CheckConstraint("first_start <= last_start", name="starts"),
            CheckConstraint("holes IN (9, 18)", name="holes"),
            CheckConstraint("lookback_days BETWEEN 0 AND 366", name="lookback_days"),
            CheckConstraint(
                "opens_at < closes_at AND closes_at <= coalesce(draws_at, releases_at)"
                " AND coalesce(draws_at, releases_at) <= releases_at",
                name="instants",
            ),
            CheckConstraint("(status IN ('DRAWN', 'RELEASED')) = (drawn_at IS NOT NULL)", name="drawn"),
            CheckConstraint("(status = 'CANCELLED') = (cancelled_at IS NOT NULL)", name="cancelled"),
            CheckConstraint("entries >= 0 AND places_wanted >= 0", name="entries"),
            Index(None, "club_id", "date", "id"),
            Index("ix_ballots_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        )


class BallotEntry(TenantOwned):
    """A party that asks for a start: tee times in the order in which it would like to have them.

    Once it is drawn: its rank, what its players had got before, and, of its choices, the number of the one that it got,
    and why others could not be, by their numbers.
    """

    __tablename__ = "ballot_entries"

    ballot_id: Mapped[UUID]
    club_id: Mapped[UUID]
    status: Mapped[BallotEntryStatus] = mapped_column(enum_column(BallotEntryStatus), default=BallotEntryStatus.ENTERED)
    entered_by: Mapped[str] = mapped_column(String(200))
    by_staff: Mapped[bool]
    entered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    places: Mapped[int]
    choices: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    rank: Mapped[int | None]
    got_before: Mapped[int | None]
    drawn_places: Mapped[int | None]
    choice: Mapped[int | None]
    refused: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'"))
    booking_id: Mapped[UUID | None]

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """It has choices, and who was drawn has a booking for one of them."""
        return (
            belongs_to("ballots", "ballot_id"),
            belongs_to("clubs", "club_id"),
            belongs_to("bookings", "booking_id"),
            CheckConstraint("places BETWEEN 1 AND 4", name="places"),
            CheckConstraint("cardinality(choices) BETWEEN 1 AND 10", name="choices"),
            CheckConstraint("choice BETWEEN 1 AND 10", name="choice"),
            CheckConstraint("(status = 'DRAWN') = (booking_id IS NOT NULL AND choice IS NOT NULL)", name="drawn"),
            Index(None, "ballot_id", "id"),
        )


class BallotPlayer(TenantOwned):
    """Who plays by an entry, known to the club or only by name; who entered without being known is known as a user.

    The date is the ballot's: by it is found what somebody got before. `is_in` says that the entry has not ended.
    """

    __tablename__ = "ballot_players"

    ballot_id: Mapped[UUID]
    entry_id: Mapped[UUID]
    club_id: Mapped[UUID]
    date: Mapped[date]
    position: Mapped[int]
    player_id: Mapped[UUID | None]
    user_id: Mapped[str | None] = mapped_column(String(200))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    price_class: Mapped[PriceClass] = mapped_column(String(32))
    is_in: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

    @classmethod
    def constraints(cls) -> tuple[object, ...]:
        """Nobody is in two entries of a ballot; what somebody got before is found by an index."""
        return (
            belongs_to("ballots", "ballot_id"),
            belongs_to("ballot_entries", "entry_id"),
            belongs_to("clubs", "club_id"),
            belongs_to("players", "player_id"),
            UniqueConstraint("entry_id", "position"),
            CheckConstraint("position BETWEEN 1 AND 4", name="position"),
            CheckConstraint("num_nonnulls(player_id, user_id) < 2", name="known"),
            Index(
                "uq_ballot_players_player",
                "ballot_id",
                "player_id",
                unique=True,
                postgresql_where=text("is_in AND player_id IS NOT NULL"),
            ),
            Index(
                "uq_ballot_players_user",
                "ballot_id",
                "user_id",
                unique=True,
                postgresql_where=text("is_in AND user_id IS NOT NULL"),
            ),
            Index("ix_ballot_players_player", "player_id", "date", postgresql_where=text("player_id IS NOT NULL")),
            Index("ix_ballot_players_user", "club_id", "user_id", "date", postgresql_where=text("user_id IS NOT NULL")),
            Index(None, "date"),
        )
