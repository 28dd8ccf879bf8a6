"""Finding players."""

from typing import Annotated
from uuid import UUID

import strawberry

from domain.clubs import access
from domain.players.buddies import own_buddies
from domain.players.files import export_players
from domain.players.listing import PlayerFilter, list_players
from domain.players.partners import read_partners
from kit.ids import parse_id
from models.clubs import tables
from models.tee_sheet.values import PriceClass
from resolvers.polling import stays_until_clubs_move
from schema.connections import USUAL, After, Connection, First, Place, check_first, read_cursor
from schema.context import Info
from schema.describe import argument, field, list_field
from schema.players.types import Buddy, Partner, Player

PLAYERS = "players"
SEARCH = argument("Parts of names, with or without accents, of the member number, or of the phone number.")


def _place_of_player(row: tables.Player) -> Place:
    return (row.sort_name, row.id)


@strawberry.type
class PlayerQueries:
    """Finding players."""

    @field
    async def player(self, info: Info, id: Annotated[strawberry.ID, argument("Id of the player.")]) -> Player:
        """A player by the id: for staff, and for the player."""
        wanted = parse_id("player", id, path=("id",))
        async with info.context.read() as session:
            row = await access.find_player(session, viewer=info.context.viewer, player_id=wanted)
        stays_until_clubs_move(info, row.club_id)
        return Player.of(row)

    @field
    async def players(
        self,
        info: Info,
        *,
        club_id: Annotated[strawberry.ID, argument("Id of the club.")],
        search: Annotated[str | None, SEARCH] = None,
        price_class: Annotated[PriceClass | None, argument("Those of this price class only.")] = None,
        active: Annotated[bool | None, argument("Those who may be booked, or who may not; all if left out.")] = None,
        first: First = USUAL,
        after: After = None,
    ) -> Connection[Player]:
        """The players whom a club knows, by last name. For staff."""
        club = parse_id("club", club_id, path=("clubId",))
        place = read_cursor(PLAYERS, after, str, UUID)
        limit = check_first(first) + 1
        wanted = PlayerFilter(search=search, price_class=price_class, is_active=active)
        async with info.context.read() as session:
            rows = await list_players(
                session, viewer=info.context.viewer, club_id=club, wanted=wanted, after=place, limit=limit
            )
        stays_until_clubs_move(info, club)
        return Connection.page(rows, name=PLAYERS, first=first, after=after, place=_place_of_player, show=Player.of)

    @list_field(entries=10)
    async def partners(
        self, info: Info, club_id: Annotated[strawberry.ID, argument("Id of the club.")]
    ) -> list[Partner]:
        """Whom the viewer may book for by their id: the own household, and buddies that both have agreed to."""
        club = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            own, found = await read_partners(session, viewer=info.context.viewer, club_id=club)
        return [Partner.of(row, own) for row in found]

    @list_field(entries=10)
    async def buddies(self, info: Info, club_id: Annotated[strawberry.ID, argument("Id of the club.")]) -> list[Buddy]:
        """The viewer's buddies, those who ask to be one, and those who were asked; the oldest first."""
        club = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            own, found = await own_buddies(session, viewer=info.context.viewer, club_id=club)
        return [Buddy.of(row, own) for row in found] if own else []

    @field
    async def players_csv(self, info: Info, club_id: Annotated[strawberry.ID, argument("Id of the club.")]) -> str:
        """The players of a club as a file that `importPlayers` takes. For staff."""
        club = parse_id("club", club_id, path=("clubId",))
        async with info.context.read() as session:
            text = await export_players(session, viewer=info.context.viewer, club_id=club)
        stays_until_clubs_move(info, club)
        return text
