"""A booking as those see it who play it: a group, locked with its tee time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import refuse_unless_staff
from domain.tee_sheet.booking.access import find_booking, lock_with_start
from domain.tee_sheet.booking.facts import booked_player
from domain.tee_sheet.inventory.slots import FRESH, LockedStart
from domain.tee_sheet.play.problems import TooEarly
from events.tee_sheet.booking import BookingEvent
from events.tee_sheet.play import PartyEvent
from kit.errors import InvalidInput
from kit.ids import public_id
from models.clubs.tables import Club
from models.tee_sheet.tables import Booking, BookingPlayer, TeeSheet

B = TypeVar("B", bound=BookingEvent)
P = TypeVar("P", bound=PartyEvent)
POSITIONS = ("input", "positions")
PARTY = (
    select(TeeSheet, Club, BookingPlayer)
    .join(Club, TeeSheet.club_id == Club.id)
    .outerjoin(BookingPlayer, BookingPlayer.booking_id == bindparam("booking_id"))
    .where(TeeSheet.id == bindparam("sheet_id"))
    .order_by(BookingPlayer.position)
    .execution_options(**FRESH)
)


@dataclass
class Group:
    """A booking with its players, locked with its start by this transaction: nobody else changes it meanwhile."""

    booking: Booking
    players: list[BookingPlayer]
    start: LockedStart
    club: Club

    @property
    def sheet(self) -> TeeSheet:
        """The tee sheet that the booking is on."""
        return self.start.sheet

    def fact(self, kind: type[B], **more: Any) -> B:
        """State a fact about the booking as it is now."""
        return kind(
            club_id=public_id("club", self.booking.club_id),
            course_id=public_id("course", self.booking.course_id),
            date=self.sheet.date,
            booking_id=public_id("booking", self.booking.id),
            tee_time_id=public_id("tee_time", self.booking.tee_time_id),
            status=self.booking.status,
            **more,
        )

    def party_fact(self, kind: type[P], **more: Any) -> P:
        """State a fact about the players as they are now."""
        players = tuple(booked_player(player) for player in self.players)
        told = {"players": players, "currency": self.booking.currency, "name_privacy": self.club.name_privacy}
        return self.fact(kind, **told, **more)


async def lock_group(session: AsyncSession, booking: Booking) -> Group:
    """Lock a booking with its tee time, also one that is moved to another just now, and read it with its players.

    One that is over because all its players went to another booking has none.
    """
    tee_time = await lock_with_start(session, booking)
    rows = (await session.execute(PARTY, {"sheet_id": tee_time.sheet_id, "booking_id": booking.id})).all()
    sheet, club, _ = rows[0]
    return Group(booking, list(filter(None, (player for _, _, player in rows))), LockedStart(tee_time, sheet), club)


async def lock_group_as_staff(session: AsyncSession, *, viewer: Viewer, booking_id: UUID) -> Group:
    """Lock the group of a booking for the club's staff. Raises NotFound, NotAllowed."""
    booking = await find_booking(session, viewer=viewer, booking_id=booking_id)
    refuse_unless_staff(viewer, booking.club_id)
    return await lock_group(session, booking)


def named(players: Sequence[BookingPlayer], positions: Sequence[int]) -> list[BookingPlayer]:
    """Find players by their positions in the booking, 1 to 4. Raises InvalidInput."""
    by_position = {player.position: player for player in players}
    if not positions or len(set(positions)) < len(positions):
        raise InvalidInput(message="Name each player once; leave positions out for all of them.", path=POSITIONS)
    if missing := [position for position in positions if position not in by_position]:
        raise InvalidInput(
            message=f"The booking has no player at position {missing[0]}; choose another.", path=POSITIONS
        )
    return [by_position[position] for position in sorted(positions)]


def positions_of(players: Iterable[BookingPlayer]) -> list[int]:
    """Give the positions of players in their booking."""
    return [player.position for player in players]


def check_day_has_come(sheet: TeeSheet, *, now: datetime) -> None:
    """Refuse what can be done from the day of play on, before its first minute at the course. Raises TooEarly."""
    begins = datetime.combine(sheet.date, time(), tzinfo=ZoneInfo(sheet.time_zone)).astimezone(UTC)
    if now < begins:
        raise TooEarly(
            message="This can be done on the day of play, and not before; wait until then.", possible_from=begins
        )
