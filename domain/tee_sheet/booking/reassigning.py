"""Bookings of a player who is known by another id from now on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.booking.facts import sold, updated
from domain.tee_sheet.booking.problems import PlayersPlayTogether
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.inventory.slots import LockedTeeTime, lock_tee_times
from events.log import record
from kit.ids import public_id
from models.clubs.tables import Club
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer
from models.tee_sheet.values import BookingStatus

SHOWN = frozenset({BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN, BookingStatus.ON_COURSE})
"""Bookings of which screens are told by themselves; those that are over are told with the player."""


@dataclass(frozen=True)
class Parties:
    """The bookings that a player plays in, locked with the starts of those that screens show."""

    bookings: list[Booking]
    starts: dict[UUID, LockedTeeTime]

    @property
    def shown(self) -> list[Booking]:
        """Those of which screens are told by themselves."""
        return [booking for booking in self.bookings if booking.status in SHOWN]


async def lock_parties(session: AsyncSession, player_id: UUID) -> Parties:
    """Lock the bookings that a player plays in, and then their starts."""
    mine = select(BookingPlayer.booking_id).where(BookingPlayer.player_id == player_id)
    locked = select(Booking).where(Booking.id.in_(mine)).order_by(Booking.id).with_for_update(key_share=True)
    found = Parties(list(await session.scalars(locked.execution_options(populate_existing=True))), {})
    if starts := {booking.tee_time_id for booking in found.shown}:
        found.starts.update(await lock_tee_times(session, starts))
    return found


async def reassign_bookings(
    session: AsyncSession, *, parties: Parties, club: Club, player_id: UUID, to_id: UUID, now: datetime
) -> int:
    """Let all bookings of a player be another's, who is locked with them; gives how many there are.

    Names, classes and prices stay as they were sold. Raises PlayersPlayTogether where both play in one.
    """
    bookings, starts = parties.bookings, parties.starts
    players = await players_of(session, [booking.id for booking in bookings])
    together = [key for key, party in players.items() if {player_id, to_id} <= {one.player_id for one in party}]
    if together:
        ids = [public_id("booking", key) for key in sorted(together)]
        raise PlayersPlayTogether(booking_ids=ids, path=("input", "otherPlayerId"))
    everybody = [one.player_id for party in players.values() for one in party]
    users = await users_of(session, [*everybody, to_id])
    for party in players.values():
        for one in party:
            one.player_id = to_id if one.player_id == player_id else one.player_id
    for booking in parties.shown:
        start, party = starts[booking.tee_time_id], players[booking.id]
        record(session, updated(booking, party, start, club, [BookingChange.PLAYERS], users=users), now=now)
        slots = {slot.id: slot for slot in start.slots}
        for one in party:
            if one.player_id == to_id and one.slot_id:
                record(session, sold(start, slots[one.slot_id], booking, one, club, users=users), now=now)
    await session.flush()
    return len(bookings)
