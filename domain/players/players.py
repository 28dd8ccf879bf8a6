"""Players of a club: added, changed, deactivated and activated again."""

from datetime import datetime
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import find_club, lock_club_row, refuse_unless_staff
from domain.clubs.price_classes import check_given
from domain.players.facts import state_of
from domain.players.fields import PlayerData, PlayerDetails, apply, cleaned
from domain.players.problems import PlayerMerged
from events.log import record
from events.players import PlayerAdded, PlayerUpdated
from kit.errors import InvalidInput, NotFound
from kit.ids import new_id, public_id
from kit.text import camel
from models.clubs.tables import Club, Player
from models.tee_sheet.values import PriceClass

CLASS = ("input", "priceClass")
UNKNOWN = "There is no such player, or you may not know of them."
TAKEN = {
    "user_id": "This user is a player of the club already; change that one, or merge the two.",
    "member_number": "Another player of the club has this member number; give another, or change theirs first.",
}


async def lock_club(session: AsyncSession, *, viewer: Viewer, club_id: UUID) -> Club:
    """Lock a club for its staff, so that changes of its players take turns: numbers and users are one player's.

    Sales do not wait for it. Raises NotFound, NotAllowed.
    """
    club = await find_club(session, viewer=viewer, club_id=club_id)
    refuse_unless_staff(viewer, club.id)
    await lock_club_row(session, club)
    return club


async def find_players_club(session: AsyncSession, *, viewer: Viewer, player_id: UUID) -> UUID:
    """Give the club of a player, for its staff. Raises NotFound."""
    club_id = await session.scalar(select(Player.club_id).where(Player.id == player_id))
    if club_id is None or not viewer.is_staff_of(club_id):
        raise NotFound(message=UNKNOWN)
    return club_id


async def add_player(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club_id: UUID,
    first_name: str,
    last_name: str,
    price_class: PriceClass,
    player_id: UUID | None = None,
    now: datetime,
    **more: Unpack[PlayerDetails],
) -> Player:
    """Make somebody known to the club, with a price class and, if they have one, the `sub` of their tokens.

    The player's id is a new one unless given. Raises NotFound, NotAllowed, InvalidInput.
    """
    club = await lock_club(session, viewer=viewer, club_id=club_id)
    names = {"first_name": first_name, "last_name": last_name, "price_class": price_class}
    check_given(club, price_class, path=CLASS)
    clean = cleaned(names | more, now=now)
    await refuse_taken(session, club, clean)
    return new_player(session, club, clean, player_id=player_id, now=now)


def new_player(
    session: AsyncSession, club: Club, clean: dict[str, Any], *, player_id: UUID | None = None, now: datetime
) -> Player:
    """Add a player of whom all has been checked, and record it."""
    player = Player(
        id=player_id or new_id(),
        tenant_id=club.tenant_id,
        club_id=club.id,
        notes="",
        is_active=True,
        created_at=now,
    )
    apply(player, clean)
    session.add(player)
    record(session, PlayerAdded(**state_of(player)), now=now)
    return player


async def refuse_taken(
    session: AsyncSession, club: Club, values: dict[str, Any], *, player_id: UUID | None = None
) -> None:
    """Refuse a user or a member number that another player of a locked club has, and a host who is none.

    Raises InvalidInput.
    """
    keys = {name: values[name] for name in TAKEN if values.get(name) is not None}
    host_id = values.get("host_id")
    if not keys and host_id is None:
        return
    asked = [getattr(Player, name) == value for name, value in keys.items()]
    rows = select(Player).where(Player.club_id == club.id, or_(*asked, Player.id == host_id))
    found = list(await session.scalars(rows))
    for name, value in keys.items():
        if any(getattr(row, name) == value and row.id != player_id for row in found):
            raise InvalidInput(message=TAKEN[name], path=("input", camel(name)))
    if host_id is not None:
        _refuse_host(next((row for row in found if row.id == host_id), None), guest_id=player_id)


def _refuse_host(host: Player | None, *, guest_id: UUID | None) -> None:
    path = ("input", "hostId")
    if host is None:
        raise InvalidInput(message="There is no such player at the club; choose another as the host.", path=path)
    if host.id == guest_id or not host.is_active:
        raise InvalidInput(message="A host is another player, and an active one; choose such a player.", path=path)


async def update_player(
    session: AsyncSession, *, viewer: Viewer, player_id: UUID, now: datetime, **values: Unpack[PlayerData]
) -> Player:
    """Change what a club knows of a player; what is left out stays. Bookings keep the name and price of their sale.

    Raises NotFound, NotAllowed, InvalidInput, PlayerMerged.
    """
    club_id = await find_players_club(session, viewer=viewer, player_id=player_id)
    clean = cleaned(values, now=now)
    club = await lock_club(session, viewer=viewer, club_id=club_id)
    player = await _behind_lock(session, player_id)
    if clean.get("price_class", player.price_class) != player.price_class:
        check_given(club, clean["price_class"], path=CLASS)
    await refuse_taken(session, club, clean, player_id=player.id)
    _change(session, player, clean, now=now)
    return player


async def set_active(
    session: AsyncSession, *, viewer: Viewer, player_id: UUID, is_active: bool, now: datetime
) -> Player:
    """Say whether a player may be booked from now on. What is booked stays.

    Raises NotFound, NotAllowed, PlayerMerged.
    """
    club_id = await find_players_club(session, viewer=viewer, player_id=player_id)
    await lock_club(session, viewer=viewer, club_id=club_id)
    player = await _behind_lock(session, player_id)
    _change(session, player, {"is_active": is_active}, now=now)
    return player


async def reactivate_player(session: AsyncSession, *, viewer: Viewer, player_id: UUID, now: datetime) -> Player:
    """Let a player be booked again. Raises NotFound, NotAllowed, PlayerMerged."""
    return await set_active(session, viewer=viewer, player_id=player_id, is_active=True, now=now)


async def _behind_lock(session: AsyncSession, player_id: UUID) -> Player:
    player = await session.get_one(Player, player_id, populate_existing=True)
    if player.merged_into_id is not None:
        raise PlayerMerged(player_id=public_id("player", player.merged_into_id))
    return player


def _change(session: AsyncSession, player: Player, values: dict[str, Any], *, now: datetime) -> None:
    if changes := apply(player, values):
        told = tuple(map(camel, changes))
        record(session, PlayerUpdated(**state_of(player), changes=told), now=now)
