"""Bookings of a player who is known by another id from now on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.booking.facts import sold, updated
from domain.tee_sheet.booking.problems import PlayersPlayTogether
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.inventory.slots import lock_tee_times
from events.log import record
from kit.ids import public_id
from models.clubs.tables import Club
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer
from models.tee_sheet.values import BookingStatus

SHOWN = frozenset({BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN, BookingStatus.ON_COURSE})
"""Bookings of which screens are told by themselves; those that are over are told with the player."""


async def reassign_bookings(session: AsyncSession, *, club: Club, player_id: UUID, to_id: UUID, now: datetime) -> int:
    """Let all bookings of a player be another's, who is locked with them; gives how many there are.

    Names, classes and prices stay as they were sold. Raises PlayersPlayTogether where both play in one.
    """
    mine = select(BookingPlayer.booking_id).where(BookingPlayer.player_id == player_id)
    locked = select(Booking).where(Booking.id.in_(mine)).order_by(Booking.id).with_for_update(key_share=True)
    bookings = list(await session.scalars(locked.execution_options(populate_existing=True)))
    players = await players_of(session, [booking.id for booking in bookings])
    together = [key for key, party in players.items() if {player_id, to_id} <= {one.player_id for one in party}]
    if together:
        ids = [public_id("booking", key) for key in sorted(together)]
        raise PlayersPlayTogether(booking_ids=ids, path=("input", "otherPlayerId"))
    shown = [booking for booking in bookings if booking.status in SHOWN]
    starts = await lock_tee_times(session, {booking.tee_time_id for booking in shown}) if shown else {}
    everybody = [one.player_id for party in players.values() for one in party]
    users = await users_of(session, [*everybody, to_id])
    for party in players.values():
        for one in party:
            one.player_id = to_id if one.player_id == player_id else one.player_id
    for booking in shown:
        start, party = starts[booking.tee_time_id], players[booking.id]
        record(session, updated(booking, party, start, club, [BookingChange.PLAYERS], users=users), now=now)
        slots = {slot.id: slot for slot in start.slots}
        for one in party:
            if one.player_id == to_id and one.slot_id:
                record(session, sold(start, slots[one.slot_id], booking, one, club, users=users), now=now)
    await session.flush()
    return len(bookings)
