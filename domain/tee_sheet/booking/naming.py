"""Naming the places of a booking that nobody plays in by name yet, and taking the names off again.

What was sold stays as it was sold: the price is of the place, whoever comes to play in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.booking.facts import sold, updated
from domain.tee_sheet.booking.problems import PlayerCheckedIn
from domain.tee_sheet.booking.reading import players_of, users_of
from domain.tee_sheet.inventory.slots import LockedTeeTime
from events.log import record
from models.clubs.tables import Club, Player
from models.tee_sheet.desk import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer

KNOWN_AS = select(Player).where(
    Player.club_id == bindparam("club_id"), Player.user_id == bindparam("user_id"), Player.is_active
)


@dataclass(frozen=True, kw_only=True)
class Name:
    """Somebody by name, and by the user that they are where the club may know them."""

    first: str
    last: str
    user_id: str | None


NOBODY = Name(first="", last="", user_id=None)


def unnamed(players: Sequence[BookingPlayer]) -> list[BookingPlayer]:
    """Give those places of a booking in which nobody plays by name, and nobody has checked in."""
    return [
        one
        for one in players
        if not (one.player_id or one.first_name or one.last_name or one.checked_in_at or one.no_show_at)
    ]


async def rename_places(
    session: AsyncSession, booking: Booking, locked: LockedTeeTime, names: Mapping[int, Name], *, now: datetime
) -> None:
    """Name places of a locked booking, by their positions, or take names off them; screens are told.

    Whom the club knows as a player plays as that player, unless they play in the booking already. Raises
    PlayerCheckedIn for a place whose player has come.
    """
    if not names:
        return
    players = (await players_of(session, [booking.id]))[booking.id]
    at = {player.position: player for player in players}
    for position, name in names.items():
        if at[position].checked_in_at:
            raise PlayerCheckedIn(position=position)
        known = await _known(session, booking, name, players)
        at[position].player_id = known.id if known else None
        at[position].first_name = known.first_name if known else name.first
        at[position].last_name = known.last_name if known else name.last
    await session.flush()
    club = await session.get_one(Club, booking.club_id)
    users = await users_of(session, [player.player_id for player in players])
    record(session, updated(booking, players, locked, club, [BookingChange.PLAYERS], users=users), now=now)
    slots = {slot.id: slot for slot in locked.slots}
    for position in names:
        slot_id = at[position].slot_id
        if slot_id:
            record(session, sold(locked, slots[slot_id], booking, at[position], club, users=users), now=now)


async def _known(
    session: AsyncSession, booking: Booking, name: Name, players: Sequence[BookingPlayer]
) -> Player | None:
    if name.user_id is None:
        return None
    found: Player | None = await session.scalar(KNOWN_AS, {"club_id": booking.club_id, "user_id": name.user_id})
    return None if found is None or found.id in _ids(players) else found


def _ids(players: Sequence[BookingPlayer]) -> set[UUID | None]:
    return {player.player_id for player in players}
