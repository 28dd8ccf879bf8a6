"""Whom a player may book for by their id: their household, and buddies that both have agreed to."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, player_of, refuse_unless_player
from models.clubs.players import Buddy
from models.clubs.tables import Player


def may_be_named_by(own: Player) -> ColumnElement[bool]:
    """Write the condition under which a player of the same club may be named by another."""
    household = Player.household == own.household if own.household else false()
    pair = or_(
        and_(Buddy.lower_id == own.id, Buddy.upper_id == Player.id),
        and_(Buddy.upper_id == own.id, Buddy.lower_id == Player.id),
    )
    agreed = select(Buddy.id).where(pair, Buddy.agreed_at.is_not(None)).correlate(Player).exists()
    return or_(household, agreed)


async def read_partners(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> tuple[Player | None, list[Player]]:
    """Read the viewer's own player at a club, and the active players whom they may book for, by name.

    Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_player(viewer, club.id)
    own = await player_of(session, viewer=viewer, club_id=club.id)
    if own is None:
        return None, []
    rows = select(Player).where(Player.club_id == club.id, Player.is_active, Player.id != own.id, may_be_named_by(own))
    return own, list(await session.scalars(rows.order_by(Player.sort_name, Player.id)))
