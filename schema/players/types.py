"""The players whom a club knows, and who is asking."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth import viewer as auth
from domain.clubs import access
from domain.clubs.reading import players_of_user
from domain.players import buddies, files
from domain.players.listing import players_by_id
from domain.tee_sheet.booking.listing import latest_bookings_of, latest_no_shows_of
from domain.tee_sheet.desk.checks_of_players import rain_checks_of_players
from kit.ids import public_id
from models.clubs import players, tables
from models.tee_sheet.values import PriceClass
from schema.clubs.types import Club
from schema.context import Info
from schema.describe import field, list_field, listed, output
from schema.guests.files.types import UnusableRow
from schema.nodes import Node, finds
from schema.tee_sheet.booking.types import Booking
from schema.tee_sheet.desk.types import RainCheck


@output
class Player(Node):
    """Somebody a club knows: shown to the club's staff, and to the player."""

    row: strawberry.Private[tables.Player]
    first_name: str
    """First name."""
    last_name: str
    """Last name."""
    price_class: PriceClass
    """What the player pays by, and how far ahead the player may book."""
    club_id: strawberry.ID
    """The club that knows the player."""
    member_number: str | None
    """The member number."""
    phone: str | None
    """The phone number."""
    email: str | None
    """The e-mail address."""
    birth_date: date | None
    """When the player was born."""
    household: str | None
    """What the club calls the household; players with the same one may book for each other."""
    host_id: strawberry.ID | None
    """The player whose guest they are."""
    user_id: str | None
    """The `sub` of the player's tokens, if the player has an account."""
    is_active: bool
    """Whether the player may be booked, and books by the price class; otherwise they are of the public."""
    created_at: datetime
    """Since when the club knows the player, in UTC."""

    @classmethod
    def of(cls, row: tables.Player) -> Self:
        """Show a player."""
        return cls(
            id=strawberry.ID(public_id("player", row.id)),
            row=row,
            first_name=row.first_name,
            last_name=row.last_name,
            price_class=row.price_class,
            club_id=strawberry.ID(public_id("club", row.club_id)),
            member_number=row.member_number,
            phone=row.phone,
            email=row.email,
            birth_date=row.birth_date,
            household=row.household,
            host_id=strawberry.ID(public_id("player", row.host_id)) if row.host_id else None,
            user_id=row.user_id,
            is_active=row.is_active,
            created_at=row.created_at,
        )

    @field
    def notes(self, info: Info) -> str | None:
        """What the staff note of the player; for them alone."""
        return self.row.notes if info.context.viewer.is_staff_of(self.row.club_id) else None

    @list_field(entries=20)
    async def bookings(self, info: Info) -> list[Booking]:
        """The 20 bookings of theirs that start last, those first; `bookings` with their `playerId` gives all."""
        return [Booking.of(row) for row in await info.context.load(latest_bookings_of, self.row.id)]

    @list_field(entries=20)
    async def no_shows(self, info: Info) -> list[Booking]:
        """The 20 bookings that started last of those to which they did not appear, those first."""
        return [Booking.of(row) for row in await info.context.load(latest_no_shows_of, self.row.id)]

    @list_field(entries=5)
    async def rain_checks(self, info: Info) -> list[RainCheck]:
        """The rain checks of bookings that they are on, the newest first; to the player, those of their own making."""
        viewer = info.context.viewer
        found = await info.context.load(rain_checks_of_players, self.row.id)
        sees_all = viewer.is_staff_of(self.row.club_id)
        return [RainCheck.of(row) for row, booked_by in found if sees_all or booked_by == viewer.user_id]


@output
class PlayerImportReport:
    """What became of a file of players, or what would become of it."""

    added: int
    """Players who become known."""
    updated: int
    """Players whom the club knows, and who change."""
    skipped: int
    """Rows that are passed over, since the club knows their players."""
    bad_rows: list[UnusableRow] = listed(entries=10)
    """The rows that cannot be used, in the order of the file; a row with several faults stands there for each."""

    @classmethod
    def of(cls, report: files.PlayerReport) -> Self:
        """Show a report."""
        bad = [UnusableRow.of(row) for row in report.bad_rows]
        return cls(added=report.added, updated=report.updated, skipped=report.skipped, bad_rows=bad)


@output
class PlayerImport(Node):
    """A file of players that was taken in."""

    club_id: strawberry.ID
    """The club."""
    added: int
    """How many players became known."""
    updated: int
    """How many players changed."""
    skipped: int
    """How many rows were passed over."""
    created_at: datetime
    """When, in UTC."""

    @classmethod
    def of(cls, row: players.PlayerImport) -> Self:
        """Show an import."""
        return cls(
            id=strawberry.ID(public_id("player_import", row.id)),
            club_id=strawberry.ID(public_id("club", row.club_id)),
            added=row.added,
            updated=row.updated,
            skipped=row.skipped,
            created_at=row.created_at,
        )


@output
class Partner:
    """Somebody whom the viewer may book for by their id."""

    player_id: strawberry.ID
    """The player."""
    first_name: str
    """First name."""
    last_name: str
    """Last name."""
    is_household: bool
    """Whether they are of the viewer's household; otherwise they are a buddy."""

    @classmethod
    def of(cls, row: tables.Player, own: tables.Player | None) -> Self:
        """Show somebody to a player."""
        return cls(
            player_id=strawberry.ID(public_id("player", row.id)),
            first_name=row.first_name,
            last_name=row.last_name,
            is_household=own is not None and own.household is not None and row.household == own.household,
        )


@output
class Buddy(Node):
    """Somebody who was asked, or asks, to be the viewer's buddy, and may have agreed."""

    other: strawberry.Private[UUID]
    is_told: strawberry.Private[bool]
    asked_by_viewer: bool
    """Whether the viewer has asked; otherwise they have, and the viewer may answer."""
    asked_at: datetime
    """When it was asked, in UTC."""
    agreed_at: datetime | None
    """Since when each may book for the other, in UTC; none before that."""

    @classmethod
    def of(cls, pair: players.Buddy, own: tables.Player) -> Self:
        """Show a pair to one of the two."""
        mine = pair.asked_by_id == own.id
        return cls(
            id=strawberry.ID(public_id("buddy", pair.id)),
            other=pair.other_than(own.id),
            is_told=pair.agreed_at is not None or not mine,
            asked_by_viewer=mine,
            asked_at=pair.asked_at,
            agreed_at=pair.agreed_at,
        )

    @field
    async def name(self, info: Info) -> str:
        """The name of who asks, or has agreed; of who was asked, the last name alone until then."""
        known = await info.context.load(players_by_id, self.other)
        if known is None:
            return ""
        return f"{known.first_name} {known.last_name}" if self.is_told else known.last_name

    @field
    def player_id(self) -> strawberry.ID | None:
        """The player, once both have agreed."""
        return strawberry.ID(public_id("player", self.other)) if self.agreed_at else None


@output
class Viewer:
    """Who is asking, as the token says."""

    user_id: str
    """The token's `sub`."""
    tenant_id: strawberry.ID
    """The tenant that the token is for."""
    roles: list[auth.Role]
    """What the viewer is at the clubs."""
    expires_at: datetime
    """When the token, and each socket that it opened, ends."""

    @classmethod
    def of(cls, viewer: auth.Viewer) -> Self:
        """Show who is asking."""
        return cls(
            user_id=viewer.user_id,
            tenant_id=strawberry.ID(public_id("tenant", viewer.tenant_id)),
            roles=sorted(viewer.roles),
            expires_at=viewer.expires_at,
        )

    @list_field(entries=5)
    async def clubs(self, info: Info) -> list[Club]:
        """The clubs that the token reaches, by name."""
        async with info.context.read() as session:
            return [Club.of(row) for row in await access.find_clubs(session, viewer=info.context.viewer)]

    @list_field(entries=5)
    async def players(self, info: Info) -> list[Player]:
        """The player that the viewer is at each of these clubs."""
        async with info.context.read() as session:
            viewer = info.context.viewer
            found = await players_of_user(session, user_id=viewer.user_id, player_id=viewer.player_id)
        return [Player.of(row) for row in found if viewer.may_see_club(row.club_id)]


@finds("player")
async def find_player(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> Player:
    """Find a player."""
    return Player.of(await access.find_player(session, viewer=viewer, player_id=value))


@finds("buddy")
async def find_buddy(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> Buddy:
    """Find a pair that the viewer is one of."""
    own, pair = await buddies.find_buddy(session, viewer=viewer, buddy_id=value)
    return Buddy.of(pair, own)


@finds("player_import")
async def find_import(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> PlayerImport:
    """Find an import."""
    return PlayerImport.of(await files.find_import(session, viewer=viewer, import_id=value))
