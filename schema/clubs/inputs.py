"""Inputs about clubs and courses."""

import datetime as dt

import strawberry

from models.clubs.values import Language, NamePrivacy
from models.tee_sheet.values import PriceClass, PriceClassKind
from schema.describe import input_type
from schema.inputs import Input

UNSET = strawberry.UNSET


@input_type
class CreateClubInput(Input):
    """A club to be founded; what is left out is set to the usual house rules."""

    name: str
    """What the club is called, 1 to 200 characters."""
    time_zone: str
    """IANA zone, as in Europe/Madrid."""
    currency: str
    """ISO 4217 code, as in EUR."""
    language: Language | None = UNSET
    """In which language the club speaks to people; EN if left out."""
    name_privacy: NamePrivacy | None = UNSET
    """How much of other players' names a player may see; INITIALS if left out."""
    hold_minutes: int | None = UNSET
    """Minutes for which places are held, 1 to 120; 10 if left out."""
    cancellation_notice_hours: int | None = UNSET
    """Hours before the start until which a booker may cancel, 0 to 720; 24 if left out."""
    member_window_days: int | None = UNSET
    """Days ahead that members may book, 0 to 400; 14 if left out."""
    guest_window_days: int | None = UNSET
    """Days ahead that guests may book, 0 to 400; 10 if left out."""
    public_window_days: int | None = UNSET
    """Days ahead that the public may book, 0 to 400; 7 if left out."""
    member_opens_at: dt.time | None = UNSET
    """The local time at which a day opens to members, so many days ahead; 00:00 if left out."""
    guest_opens_at: dt.time | None = UNSET
    """The local time at which a day opens to guests, so many days ahead; 00:00 if left out."""
    public_opens_at: dt.time | None = UNSET
    """The local time at which a day opens to the public, so many days ahead; 00:00 if left out."""
    waitlist_offer_minutes: int | None = UNSET
    """Minutes for which an offer from the waitlist can be accepted, 1 to 1440; 15 if left out."""
    waitlist_unanswered_offers: int | None = UNSET
    """Unanswered offers after which places go from the waitlist to the public, 1 to 100; 3 if left out."""
    held_back_minutes: int | None = UNSET
    """Minutes for which places that are given up are held back at the least, 0 to 10080; 0, not at all, if left out."""
    held_back_until: dt.time | None = UNSET
    """The local time at which those that were held back so long are released together; 19:00 if left out."""
    tells_of_closures: bool | None = UNSET
    """Whether the parties of bookings are notified when the course closes; true if left out."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdateClubInput(Input):
    """What changes about a club; what is left out stays."""

    club_id: strawberry.ID
    """The club."""
    name: str | None = UNSET
    """What the club is called, 1 to 200 characters."""
    time_zone: str | None = UNSET
    """IANA zone that new courses take over."""
    currency: str | None = UNSET
    """ISO 4217 code that new courses take over."""
    language: Language | None = UNSET
    """In which language the club speaks to people."""
    name_privacy: NamePrivacy | None = UNSET
    """How much of other players' names a player may see."""
    hold_minutes: int | None = UNSET
    """Minutes for which places are held, 1 to 120."""
    cancellation_notice_hours: int | None = UNSET
    """Hours before the start until which a booker may cancel, 0 to 720."""
    member_window_days: int | None = UNSET
    """Days ahead that members may book, 0 to 400."""
    guest_window_days: int | None = UNSET
    """Days ahead that guests may book, 0 to 400."""
    public_window_days: int | None = UNSET
    """Days ahead that the public may book, 0 to 400."""
    member_opens_at: dt.time | None = UNSET
    """The local time at which a day opens to members, so many days ahead."""
    guest_opens_at: dt.time | None = UNSET
    """The local time at which a day opens to guests, so many days ahead."""
    public_opens_at: dt.time | None = UNSET
    """The local time at which a day opens to the public, so many days ahead."""
    waitlist_offer_minutes: int | None = UNSET
    """Minutes for which an offer from the waitlist can be accepted, 1 to 1440."""
    waitlist_unanswered_offers: int | None = UNSET
    """Unanswered offers after which places go from the waitlist to the public, 1 to 100."""
    held_back_minutes: int | None = UNSET
    """Minutes for which places that are given up are held back at the least, 0 to 10080; 0 is not at all."""
    held_back_until: dt.time | None = UNSET
    """The local time at which those that were held back so long are released together."""
    tells_of_closures: bool | None = UNSET
    """Whether the parties of bookings are notified when the course closes."""


@input_type
class CreateCourseInput(Input):
    """A course to be added to a club."""

    club_id: strawberry.ID
    """The club."""
    name: str
    """What the course is called, 1 to 200 characters."""
    holes: int
    """9 or 18."""
    time_zone: str | None = UNSET
    """IANA zone; the club's if left out."""
    currency: str | None = UNSET
    """ISO 4217 code; the club's if left out."""
    city: str | None = UNSET
    """The city in which the course counts as being, for golfers who look for tee times in theirs."""
    country: str | None = UNSET
    """Its country, by the two letters of ISO 3166-1."""
    latitude: float | None = UNSET
    """Degrees north, -90 to 90."""
    longitude: float | None = UNSET
    """Degrees east, -180 to 180."""
    minutes_for_18_holes: int | None = UNSET
    """Minutes that a round of 18 holes is expected to take, 60 to 600; 240 if left out."""
    minutes_for_9_holes: int | None = UNSET
    """Minutes that a round of 9 holes is expected to take, 30 to 300; 120 if left out."""
    time_par: list[int] | None = UNSET
    """Minutes that each hole should take, 1 to 60, one number a hole; a round's minutes are spread evenly without."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdateCourseInput(Input):
    """What changes about a course; what is left out stays."""

    course_id: strawberry.ID
    """The course."""
    name: str | None = UNSET
    """What the course is called, 1 to 200 characters."""
    holes: int | None = UNSET
    """9 or 18; fixed while the course has tee sheets from today on."""
    time_zone: str | None = UNSET
    """IANA zone; fixed while the course has tee sheets from today on."""
    currency: str | None = UNSET
    """ISO 4217 code; fixed while the course has tee sheets from today on."""
    city: str | None = UNSET
    """The city in which the course counts as being, for golfers who look for tee times in theirs."""
    country: str | None = UNSET
    """Its country, by the two letters of ISO 3166-1."""
    latitude: float | None = UNSET
    """Degrees north, -90 to 90."""
    longitude: float | None = UNSET
    """Degrees east, -180 to 180."""
    minutes_for_18_holes: int | None = UNSET
    """Minutes that a round of 18 holes is expected to take, 60 to 600; for groups that tee off from now on."""
    minutes_for_9_holes: int | None = UNSET
    """Minutes that a round of 9 holes is expected to take, 30 to 300; for groups that tee off from now on."""
    time_par: list[int] | None = UNSET
    """Minutes that each hole should take, 1 to 60, one number a hole; null to spread a round's minutes evenly."""


@input_type
class SetBookingLimitsInput(Input):
    """Limits of bookings for a price class; what is left out stays, and null takes a limit away. Staff have none."""

    club_id: strawberry.ID
    """The club."""
    price_class: PriceClass
    """The price class of who books, or of a player who is named by id."""
    bookings_a_day: int | None = UNSET
    """Bookings for the same day of play, 0 to 50."""
    bookings_a_week: int | None = UNSET
    """Bookings for the same week of play, Monday to Sunday, 0 to 100."""
    bookings_ahead: int | None = UNSET
    """Bookings that are still to be played, 0 to 500."""
    no_overlap: bool | None = UNSET
    """Whether a player's rounds may not overlap, by the minutes that the course expects of a round."""
    guests_a_day: int | None = UNSET
    """Guests whom one player brings on the same day of play, 0 to 100."""
    same_guest_a_year: int | None = UNSET
    """Days within a year on which a guest of the same name may play at the club, 0 to 366."""
    booker_plays: bool | None = UNSET
    """Whether who books has to play in the booking."""
    cancellations_a_week: int | None = UNSET
    """Bookings that somebody may cancel within seven days and still book, 1 to 100."""
    holds_an_hour: int | None = UNSET
    """Holds within an hour that do not become bookings, released ones too, 1 to 1000; 12 unless it is set."""
    as_its_kind: bool = False
    """Whether the class shall have no limits of its own any more, but those of its kind; no limit is given beside."""


@input_type
class AddPriceClassInput(Input):
    """A price class of a club's own, or one that it has retired and gives again."""

    club_id: strawberry.ID
    """The club."""
    price_class: PriceClass
    """Its code: capital letters, digits and _, beginning with a letter, 32 signs at most. It never changes."""
    name: str
    """What people call it, 1 to 60 characters."""
    kind: PriceClassKind
    """What it is of: windows go by it, and so do prices, limits and restrictions that say nothing of the class."""
    idempotency_key: str | None = None
    """A key of your choice: a repeat with the same key gives the first answer."""


@input_type
class UpdatePriceClassInput(Input):
    """What a price class of a club is called from now on."""

    club_id: strawberry.ID
    """The club."""
    price_class: PriceClass
    """The price class."""
    name: str
    """What people call it, 1 to 60 characters."""


@input_type
class RetirePriceClassInput(Input):
    """A price class of a club's own that is given to nobody any more."""

    club_id: strawberry.ID
    """The club."""
    price_class: PriceClass
    """The price class."""
