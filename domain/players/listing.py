"""Finding players of a club: by parts of their names, their member number, their phone number."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, refuse_unless_staff
from domain.players.fields import words_of
from kit.text import clean_name
from models.clubs.tables import Player
from models.tee_sheet.values import PriceClass


@dataclass(frozen=True, kw_only=True)
class PlayerFilter:
    """Which players are wanted; None wants all."""

    search: str | None = None
    price_class: PriceClass | None = None
    is_active: bool | None = None


async def list_players(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    wanted: PlayerFilter,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Player]:
    """List a club's players, by last and first name, behind a place in that order; for its staff.

    Of those who were merged into another, only the other is found. Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    rows = select(Player).where(Player.club_id == club.id, Player.merged_into_id.is_(None))
    if wanted.price_class is not None:
        rows = rows.where(Player.price_class == wanted.price_class)
    if wanted.is_active is not None:
        rows = rows.where(Player.is_active == wanted.is_active)
    for ways in words_of(clean_name(wanted.search or "", path=("search",), empty=True)):
        rows = rows.where(or_(*(Player.search_text.contains(way, autoescape=True) for way in ways)))
    if after is not None:
        rows = rows.where(tuple_(Player.sort_name, Player.id) > after)
    return list(await session.scalars(rows.order_by(Player.sort_name, Player.id).limit(limit)))


async def players_by_id(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Player | None]:
    """Read players by their ids."""
    wanted = list(ids)
    found = {row.id: row for row in await session.scalars(select(Player).where(Player.id.in_(wanted)))}
    return {player_id: found.get(player_id) for player_id in wanted}
