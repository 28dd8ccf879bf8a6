"""Clubs and their house rules."""

from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth import viewer as auth
from domain.clubs import access
from domain.clubs.reading import courses_of
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


@finds("club")
async def find_club(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> Club:
    """Find a club."""
    return Club.of(await access.find_club(session, viewer=viewer, club_id=value))
