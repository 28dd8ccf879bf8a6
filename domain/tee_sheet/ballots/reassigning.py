"""Entries of ballots of a player who is known by another id from now on."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tee_sheet.ballots.problems import AlreadyInBallot
from models.tee_sheet.ballots import Ballot, BallotPlayer


async def lock_ballots_of(session: AsyncSession, *, player_ids: tuple[UUID, UUID]) -> None:
    """Lock the ballots that players are in, in the order of their ids: before the players, as who enters does."""
    theirs = select(BallotPlayer.ballot_id).where(BallotPlayer.player_id.in_(player_ids), BallotPlayer.is_in)
    await session.execute(
        select(Ballot.id).where(Ballot.id.in_(theirs)).order_by(Ballot.id).with_for_update(key_share=True)
    )


async def reassign_ballots(session: AsyncSession, *, player_id: UUID, to_id: UUID) -> None:
    """Let the entries that a player is in be another's: what they got, too. Both are locked.

    Raises AlreadyInBallot where both are in one ballot.
    """
    rows = select(BallotPlayer).where(BallotPlayer.player_id.in_([player_id, to_id])).order_by(BallotPlayer.id)
    found = list(await session.scalars(rows))
    there = {one.ballot_id for one in found if one.player_id == to_id and one.is_in}
    for one in (one for one in found if one.player_id == player_id):
        if one.is_in and one.ballot_id in there:
            message = "Both are in entries of the same ballot; let one of them leave it first."
            raise AlreadyInBallot(message=message, positions=[one.position], path=("input", "otherPlayerId"))
        one.player_id = to_id
    await session.flush()
