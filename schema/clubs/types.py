"""Clubs and their house rules."""

from dataclasses import asdict
from datetime import time
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from auth import viewer as auth
from domain.clubs import access
from domain.clubs.limits import limits_of
from domain.clubs.reading import courses_of
from domain.payments.policy import policy_of
from kit.ids import public_id
from models.clubs import tables
from models.clubs.limits import BookingLimit, Limits
from models.clubs.values import Language, NamePrivacy
from models.tee_sheet.values import ClubPriceClass as KnownClass
from models.tee_sheet.values import PriceClass, PriceClassKind
from schema.context import Info
from schema.course.courses import Course
from schema.describe import enum, field, list_field, output
from schema.nodes import Node, finds
from schema.payments.types import DepositPolicy

for kind in (Language, NamePrivacy, PriceClassKind, BookingLimit, auth.Role):
    enum(kind)


@output
class BookingLimits:
    """The limits of bookings for a price class; staff book beyond them. Null is no limit.

    A class of the club's own, of which no limits were set, has those of its kind.
    """

    price_class: PriceClass
    """The price class of who books, or of a player who is named by id."""
    bookings_a_day: int | None
    """Bookings for the same day of play."""
    bookings_a_week: int | None
    """Bookings for the same week of play, Monday to Sunday."""
    bookings_ahead: int | None
    """Bookings that are still to be played."""
    no_overlap: bool
    """Whether a player's rounds may not overlap."""
    guests_a_day: int | None
    """Guests whom one player brings on the same day of play."""
    same_guest_a_year: int | None
    """Days within a year on which a guest of the same name may play at the club."""
    booker_plays: bool
    """Whether who books has to play in the booking."""
    cancellations_a_week: int | None
    """Bookings that somebody may cancel within seven days and still book."""
    holds_an_hour: int | None
    """Holds within an hour that do not become bookings."""

    @classmethod
    def of(cls, price_class: PriceClass, limits: Limits) -> Self:
        """Show the limits of a price class."""
        return cls(price_class=price_class, **asdict(limits))


@output
class ClubPriceClass:
    """A price class of a club: one of those that come with each, or one of its own."""

    code: PriceClass
    """By what it is named wherever a class is asked for, or shown."""
    name: str
    """What people call it."""
    kind: PriceClassKind
    """What it is of: windows go by it, and so do prices, limits and restrictions that say nothing of the class."""
    is_retired: bool
    """Whether it is given to nobody any more; who has it keeps it."""

    @classmethod
    def of(cls, known: KnownClass) -> Self:
        """Show a price class."""
        return cls(code=known.code, name=known.name, kind=known.kind, is_retired=known.is_retired)


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
    member_opens_at: time
    """The local time at which a day opens to members, so many days ahead."""
    guest_opens_at: time
    """The local time at which a day opens to guests, so many days ahead."""
    public_opens_at: time
    """The local time at which a day opens to the public, so many days ahead."""
    waitlist_offer_minutes: int
    """Minutes for which an offer from the waitlist can be accepted."""
    waitlist_unanswered_offers: int
    """Unanswered offers after which places go from the waitlist to the public."""
    held_back_minutes: int
    """Minutes for which places that were given up are held back at the least; 0 where they come free at once."""
    held_back_until: time
    """The local time at which those that were held back so long are released together."""
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
            member_opens_at=row.member_opens_at,
            guest_opens_at=row.guest_opens_at,
            public_opens_at=row.public_opens_at,
            waitlist_offer_minutes=row.waitlist_offer_minutes,
            waitlist_unanswered_offers=row.waitlist_unanswered_offers,
            held_back_minutes=row.held_back_minutes,
            held_back_until=row.held_back_until,
            tells_of_closures=row.tells_of_closures,
        )

    @list_field(entries=3)
    def price_classes(self) -> list[ClubPriceClass]:
        """The price classes: those that come with each club, then its own as they were added, the retired ones too."""
        return [ClubPriceClass.of(one) for one in self.row.price_classes.values()]

    @list_field(entries=3)
    def booking_limits(self) -> list[BookingLimits]:
        """The limits of bookings, by price class."""
        return [BookingLimits.of(one, limits_of(self.row, one)) for one in self.row.price_classes]

    @field
    def deposit_policy(self) -> DepositPolicy:
        """What deposits it asks for."""
        return DepositPolicy.of(policy_of(self.row))

    @list_field(entries=3)
    async def courses(self, info: Info) -> list[Course]:
        """The club's courses, by name."""
        return [Course.of(row) for row in await info.context.load(courses_of, self.row.id)]


@finds("club")
async def find_club(session: AsyncSession, viewer: auth.Viewer, value: UUID) -> Club:
    """Find a club."""
    return Club.of(await access.find_club(session, viewer=viewer, club_id=value))
