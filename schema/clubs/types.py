"""Clubs, players, and who is asking."""

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth import viewer as auth
from domain.clubs import access
from domain.clubs.reading import courses_of, players_of_user
from kit.ids import public_id
from models.clubs import tables
from models.clubs.values import Language, NamePrivacy
from models.tee_sheet.values import PriceClass
from schema.context import Info
from schema.course.courses import Course
from schema.describe import enum, list_field, output
from schema.nodes import Node, finds

for kind in (Language, NamePrivacy, PriceClass, auth.Role):
    enum(kind)


@output
class Club(Node):
    """A golf club and its house rules for booking."""

    row: strawberry.Private[tables.Club]
    name: str
    """What the club is called."""
    time_zone: str
    """IANA zone of the club, which its new courses take over."""
    currency: str
    """ISO 4217 code, which its new courses take over."""
    language: Language
    """In which language the club speaks to people."""
    name_privacy: NamePrivacy
    """How much of other players' names a player may see."""
    hold_minutes: int
    """Minutes for which places are held."""
    cancellation_notice_hours: int
    """Hours before the start until which a booker may cancel."""
    member_window_days: int
    """Days ahead that members may book."""
    guest_window_days: int
    """Days ahead that guests may book."""
    public_window_days: int
    """Days ahead that the public may book."""
    waitlist_offer_minutes: int
    """Minutes for which an offer from the waitlist can be accepted."""
    waitlist_unanswered_offers: int
    """Unanswered offers after which places go from the waitlist to the public."""
    tells_of_closures: bool
    """Whether the parties of bookings are notified when the course closes."""

    @classmethod
    def of(cls, row: tables.Club) -> Self:
        """Show a club."""
        return cls(
            id=strawberry.ID(public_id("club", row.id)),
            row=row,
            name=row.name,
            time_zone=row.time_zone,
            currency=row.currency,
            language=row.language,
            name_privacy=row.name_privacy,
            hold_minutes=row.hold_minutes,
            cancellation_notice_hours=row.cancellation_notice_hours,
            member_window_days=row.member_window_days,
            guest_window_days=row.guest_window_days,
            public_window_days=row.public_window_days,
            waitlist_offer_minutes=row.waitlist_offer_minutes,
            waitlist_unanswered_offers=row.waitlist_unanswered_offers,
            tells_of_closures=row.tells_of_closures,
        )

    @list_field(entries=3)
    async def courses(self, info: Info) -> list[Course]:
        """The club's courses, by name."""
        return [Course.of(row) for row in await info.context.load(courses_of, self.row.id)]


@output
class Player(Node):
    """Somebody a club knows."""

    first_name: str
    """First name."""
    last_name: str
    """Last name."""
    price_class: PriceClass
    """What the player pays by, and how far ahead the player may book."""
    club_id: strawberry.ID
    """The club that knows the player."""

    @classmethod
    def of(cls, row: tables.Player) -> Self:
        """Show a player."""
        return cls(
            id=strawberry.ID(public_id("player", row.id)),
            first_name=row.first_name,
            last_name=row.last_name,
            price_class=row.price_class,
            club_id=strawberry.ID(public_id("club", row.club_id)),
        )


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


@finds("club")
async def find_club(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> Club:
    """Find a club."""
    return Club.of(await access.find_club(session, viewer=viewer, club_id=value))


@finds("player")
async def find_player(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> Player:
    """Find a player."""
    return Player.of(await access.find_player(session, viewer=viewer, player_id=value))
