"""Who plays on a booking, in which price class, at which price."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from auth.viewer import Viewer
from domain.clubs.access import price_class_of
from domain.clubs.price_classes import check_given
from domain.players.partners import may_be_named_by
from domain.tee_sheet.inventory.prices import price_of, stored_prices
from kit.errors import InvalidInput
from kit.text import clean_name
from models.clubs.tables import Club, Player
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.values import GUEST, PUBLIC, PriceClass, PriceClassKind


@dataclass(frozen=True, kw_only=True)
class PlayerWish:
    """A player as somebody names one: by the club's id, or by a name. Only staff choose a price class."""

    player_id: UUID | None = None
    first_name: str = ""
    last_name: str = ""
    price_class: PriceClass | None = None


@dataclass(frozen=True, kw_only=True)
class NamedPlayer:
    """A player with what follows from who they are."""

    player_id: UUID | None
    user_id: str | None
    first_name: str
    last_name: str
    price_class: PriceClass
    price_cents: int


async def party_of(
    session: AsyncSession,
    *,
    viewer: Viewer,
    club: Club,
    own: Player | None,
    sheet: TeeSheet,
    at: time,
    wishes: Sequence[PlayerWish],
    places: int,
    holes: int,
    partners: Collection[UUID | None] = (),
    locked: Mapping[UUID, Player] = MappingProxyType({}),
) -> list[NamedPlayer]:
    """Work out a party of as many as there are places; who is not named plays as a guest of the booker.

    `at` is the local time of the start, by which it has its price. `locked` are players who may be named and are locked
    already, with those of other parties: nobody merges them into others meanwhile.

    Staff name any player whom the club knows by the id; others themselves, their household, buddies that both have
    agreed to, and the partners, who are in the party already. These pay by their own class. Whoever is named by name
    alone is a guest where a member brings them along, and of the public otherwise. A player who names nobody plays in
    the first place. Raises InvalidInput, NotOnSale.
    """
    by_staff = viewer.is_staff_of(sheet.club_id)
    own = own if own and own.is_active else None
    if not wishes and own and not by_staff:
        wishes = (PlayerWish(player_id=own.id),)
    known = await _known(session, sheet, wishes, own=own, by_staff=by_staff, partners=partners, locked=locked)
    company = GUEST if own and not by_staff and club.kind_of(own.price_class) is PriceClassKind.MEMBER else PUBLIC
    prices = stored_prices(sheet.prices)
    party = []
    for number, wish in enumerate([*wishes, *[PlayerWish()] * (places - len(wishes))]):
        path = ("input", "players", str(number))
        player = known.get(wish.player_id) if wish.player_id else None
        price_class = _price_class(wish, player, club=club, company=company, by_staff=by_staff, path=path)
        first, last = (player.first_name, player.last_name) if player else _names(wish, path)
        price = price_of(prices, goes_by=club.goes_by(price_class), holes=holes, at=at)
        party.append(
            NamedPlayer(
                player_id=wish.player_id,
                user_id=player.user_id if player else None,
                first_name=first,
                last_name=last,
                price_class=price_class,
                price_cents=price.cents,
            )
        )
    return party


async def _known(
    session: AsyncSession,
    sheet: TeeSheet,
    wishes: Sequence[PlayerWish],
    *,
    own: Player | None,
    by_staff: bool,
    partners: Collection[UUID | None],
    locked: Mapping[UUID, Player],
) -> dict[UUID, Player]:
    """Find the players who are named by their ids: any, or of others those that may be used; the rest is unknown."""
    wanted = [wish.player_id for wish in wishes if wish.player_id]
    if len(set(wanted)) < len(wanted):
        raise InvalidInput(message="Name each player once.", path=("input", "players"))
    known = {**locked, **({own.id: own} if own else {})}
    others = [player_id for player_id in wanted if player_id not in known]
    if others:
        rows = select(Player).where(Player.club_id == sheet.club_id, Player.id.in_(others)).order_by(Player.id)
        rows = rows.with_for_update(read=True, key_share=True)  # nobody merges them into others meanwhile
        if not by_staff:
            there = Player.id.in_([player_id for player_id in partners if player_id])
            rows = rows.where(or_(there, may_be_named_by(own)) if own else there)
        known |= {player.id: player for player in await session.scalars(rows)}
    missing = next((n for n, wish in enumerate(wishes) if wish.player_id and wish.player_id not in known), None)
    if missing is not None:
        message = "There is no such player, or it is not for you to use their id; give their name instead."
        raise InvalidInput(message=message, path=("input", "players", str(missing), "playerId"))
    _refuse_inactive(wishes, known, partners=partners)
    return known


def _refuse_inactive(
    wishes: Sequence[PlayerWish], known: Mapping[UUID, Player], *, partners: Collection[UUID | None]
) -> None:
    """Refuse players whom nobody may book any more; who is in the party already stays."""
    for number, wish in enumerate(wishes):
        if wish.player_id and not known[wish.player_id].is_active and wish.player_id not in partners:
            message = "This player may not be booked any more; activate them again, or give a name instead."
            raise InvalidInput(message=message, path=("input", "players", str(number), "playerId"))


def _price_class(
    wish: PlayerWish,
    player: Player | None,
    *,
    club: Club,
    company: PriceClass,
    by_staff: bool,
    path: tuple[str, ...],
) -> PriceClass:
    due = price_class_of(player) if player else company
    if wish.price_class is None or wish.price_class == due:
        return due
    if not by_staff:
        raise InvalidInput(
            message="Only the club's staff may choose a price class; leave it out.", path=(*path, "priceClass")
        )
    check_given(club, wish.price_class, path=(*path, "priceClass"))
    return wish.price_class


def _names(wish: PlayerWish, path: tuple[str, ...]) -> tuple[str, str]:
    first = clean_name(wish.first_name, path=(*path, "firstName"), empty=True)
    last = clean_name(wish.last_name, path=(*path, "lastName"), empty=True)
    return first, last
