"""What follows from it that a player may not be booked any more, or is another entry of one person.

Bookings, standing bookings, waitlists, ballots, buddies and guests follow to the entry that stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.players.facts import state_of
from domain.players.merging import lock_both, take_over
from domain.players.players import find_players_club, lock_club, set_active
from domain.tee_sheet.ballots.reassigning import lock_ballots_of, reassign_ballots
from domain.tee_sheet.booking.reassigning import Parties, lock_parties, reassign_bookings
from domain.tee_sheet.desk.standing import end_those_of, lock_standing_of, naming, reassign_standing
from domain.tee_sheet.waitlist.reassigning import lock_entries, reassign_entries
from events.log import record
from events.players import PlayersMerged
from kit.errors import NotFound
from kit.ids import public_id
from kit.text import camel
from models.clubs.tables import Player
from models.tee_sheet.standing import StandingBooking
from models.tee_sheet.tables import BookingPlayer
from models.tee_sheet.waitlist import WaitlistEntry


async def deactivate_player(session: AsyncSession, *, viewer: Viewer, player_id: UUID, now: datetime) -> Player:
    """Take a player out of who may be booked, and end the standing bookings that go by them. What is booked stays.

    Raises NotFound, NotAllowed, PlayerMerged.
    """
    player = await set_active(session, viewer=viewer, player_id=player_id, is_active=False, now=now)
    theirs = await lock_standing_of(session, club_id=player.club_id, player_id=player_id)
    end_those_of(session, theirs, player, by=viewer.user_id, now=now)
    return player


async def merge_players(
    session: AsyncSession, *, viewer: Viewer, player_id: UUID, other_player_id: UUID, now: datetime
) -> Player:
    """Merge another player into one who stays, for the club's staff; it cannot be taken back.

    Rain checks, caddies and carts are the bookings', and go with them. Raises NotFound, NotAllowed, InvalidInput,
    PlayerMerged, PlayersPlayTogether, AlreadyOnWaitlist, AlreadyInBallot.
    """
    club_id = await find_players_club(session, viewer=viewer, player_id=player_id)
    if await find_players_club(session, viewer=viewer, player_id=other_player_id) != club_id:
        raise NotFound(message="There is no such player, or you may not know of them.")
    club = await lock_club(session, viewer=viewer, club_id=club_id)
    await lock_ballots_of(session, player_ids=(player_id, other_player_id))
    theirs, kept, other = await _lock(session, club_id, player_id, other_player_id)
    bookings = await reassign_bookings(
        session, parties=theirs.parties, club=club, player_id=other.id, to_id=kept.id, now=now
    )
    await reassign_entries(session, theirs.entries, player_id=other.id, to_id=kept.id)
    await reassign_ballots(session, player_id=other.id, to_id=kept.id)
    reassign_standing(theirs.standing, player_id=other.id, to_id=kept.id)
    changes = await take_over(session, kept, other)
    merged = PlayersMerged(
        **state_of(kept),
        merged_player_id=public_id("player", other.id),
        changes=tuple(map(camel, changes)),
        bookings=bookings,
    )
    record(session, merged, now=now)
    return kept


@dataclass(frozen=True)
class _Theirs:
    """What names one of two players, locked: what either waits for, and what the other plays in, and every week."""

    standing: Sequence[StandingBooking]
    entries: list[WaitlistEntry]
    parties: Parties

    @property
    def ids(self) -> set[UUID]:
        return {row.id for row in (*self.standing, *self.entries, *self.parties.bookings)}


async def _lock(session: AsyncSession, club_id: UUID, kept_id: UUID, other_id: UUID) -> tuple[_Theirs, Player, Player]:
    """Lock what names two players, and then the two: whoever books and waits locks players behind entries and starts.

    Standing bookings come first, as where they are made.

    Something new may name them until they are locked. All is let go then, and locked anew with that: nobody waits for
    it meanwhile who holds what it needs. Raises as `lock_both` does.
    """
    while True:
        async with session.begin_nested() as savepoint:
            theirs = _Theirs(
                standing=await lock_standing_of(session, club_id=club_id, player_id=other_id),
                entries=await lock_entries(session, [kept_id, other_id]),
                parties=await lock_parties(session, other_id),
            )
            kept, other = await lock_both(session, kept_id=kept_id, other_id=other_id)
            if await _naming(session, club_id, kept_id, other_id) == theirs.ids:
                return theirs, kept, other
            await savepoint.rollback()


async def _naming(session: AsyncSession, club_id: UUID, kept_id: UUID, other_id: UUID) -> set[UUID]:
    entries = select(WaitlistEntry.id).where(WaitlistEntry.player_id.in_([kept_id, other_id]))
    bookings = select(BookingPlayer.booking_id).where(BookingPlayer.player_id == other_id)
    standing = naming(club_id, other_id).with_only_columns(StandingBooking.id)
    return set(await session.scalars(entries.union(bookings, standing)))
