"""Facts of standing bookings: for staff. Bookings that are made are told as all bookings."""

from dataclasses import dataclass
from datetime import date, time

from events.base import event
from events.clubs import ClubEvent
from events.seen import ForStaff
from models.tee_sheet.standing import StandingEnd


@dataclass(frozen=True, kw_only=True)
class StandingEvent(ClubEvent):
    """Something happened to a standing booking."""

    standing_booking_id: ForStaff[str]
    """The standing booking."""


@event("standing-booking.set")
class StandingBookingSet(StandingEvent):
    """A standing booking was made or changed, for dates that are not decided yet."""

    standing_course_id: ForStaff[str]
    """The course."""
    standing_weekday: ForStaff[int]
    """The day of the week: 1 is Monday."""
    standing_local_time: ForStaff[time]
    """The start, on the course's clock."""
    standing_places: ForStaff[int]
    """1 to 4 players."""
    standing_until: ForStaff[date]
    """The last date."""


@event("standing-booking.made")
class StandingBookingMade(StandingEvent):
    """It was booked for a date."""

    standing_date: ForStaff[date]
    """The date."""
    made_booking_id: ForStaff[str]
    """The booking."""


@event("standing-booking.skipped")
class StandingBookingSkipped(StandingEvent):
    """It could not be booked for a date."""

    standing_date: ForStaff[date]
    """The date."""
    skip_reason: ForStaff[str]
    """The code of the refusal: of which kind it is."""


@event("standing-booking.ended")
class StandingBookingEnded(StandingEvent):
    """Nothing is booked by it any more; what it has booked stays."""

    standing_end_reason: ForStaff[StandingEnd] = StandingEnd.BY_STAFF
    """Why."""
