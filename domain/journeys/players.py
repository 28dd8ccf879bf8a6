"""Two entries of one person merged: bookings, waitlists, buddies and guests follow to the one that stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.players.facts import state_of
from domain.players.merging import lock_both, take_over
from domain.players.players import find_players_club, lock_club
from domain.tee_sheet.booking.reassigning import reassign_bookings
from domain.tee_sheet.waitlist.reassigning import reassign_entries
from events.log import record
from events.players import PlayersMerged
from kit.errors import NotFound
from kit.ids import public_id
from kit.text import camel
from models.clubs.tables import Player


async def merge_players(
    session: AsyncSession, *, viewer: Viewer, player_id: UUID, other_player_id: UUID, now: datetime
) -> Player:
    """Merge another player into one who stays, for the club's staff; it cannot be taken back.

    Rain checks, caddies and carts are the bookings', and go with them. Raises NotFound, NotAllowed, InvalidInput,
    PlayerMerged, PlayersPlayTogether, AlreadyOnWaitlist.
    """
    club_id = await find_players_club(session, viewer=viewer, player_id=player_id)
    if await find_players_club(session, viewer=viewer, player_id=other_player_id) != club_id:
        raise NotFound(message="There is no such player, or you may not know of them.")
    club = await lock_club(session, viewer=viewer, club_id=club_id)
    kept, other = await lock_both(session, kept_id=player_id, other_id=other_player_id)
    bookings = await reassign_bookings(session, club=club, player_id=other.id, to_id=kept.id, now=now)
    await reassign_entries(session, player_id=other.id, to_id=kept.id)
    changes = await take_over(session, kept, other)
    merged = PlayersMerged(
        **state_of(kept),
        merged_player_id=public_id("player", other.id),
        changes=tuple(map(camel, changes)),
        bookings=bookings,
    )
    record(session, merged, now=now)
    return kept
