"""Whether one more booking is within the limits of a club, and when it is again if not."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.tee_sheet.offers.problems import BookingLimitReached
from models.clubs.limits import BookingLimit, Limits

WEEK = timedelta(days=7)
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRound:
    """A round that is booked, or shall be: its day on the course's calendar, and from when until when, in UTC."""

    date: date
    starts_at: datetime
    ends_at: datetime
    player_ids: frozenset[UUID] = frozenset()
    """The players whom the club knows."""
    booked_by: str = ""
    guests: int = 0
    """Players who pay as guests."""


def monday_of(day: date) -> date:
    """Give the first day of the week that a day lies in."""
    return day - timedelta(days=day.weekday())


def check_rounds(limits: Limits, wanted: PlannedRound, booked: Collection[PlannedRound], *, now: datetime) -> None:
    """Refuse a round of somebody beyond the rounds that are booked for them already.

    `booked` are all of that week of play, and all that are still to be played. Raises BookingLimitReached.
    """
    ahead = sorted(one.starts_at for one in booked if one.starts_at > now)
    if _is_reached(limits.bookings_ahead, len(ahead)):
        raise _refusal(BookingLimit.BOOKINGS_AHEAD, limits.bookings_ahead, free_at=_freed(ahead, limits.bookings_ahead))
    on_day = [one for one in booked if one.date == wanted.date]
    if _is_reached(limits.bookings_a_day, len(on_day)):
        tomorrow = wanted.date + timedelta(days=1)
        raise _refusal(BookingLimit.BOOKINGS_A_DAY, limits.bookings_a_day, free_on=tomorrow)
    monday = monday_of(wanted.date)
    in_week = [one for one in booked if monday_of(one.date) == monday]
    if _is_reached(limits.bookings_a_week, len(in_week)):
        raise _refusal(BookingLimit.BOOKINGS_A_WEEK, limits.bookings_a_week, free_on=monday + WEEK)
    if limits.no_overlap:
        over = [one.ends_at for one in booked if one.starts_at < wanted.ends_at and wanted.starts_at < one.ends_at]
        if over:
            raise _refusal(BookingLimit.OVERLAP, None, free_at=max(over))


def check_guests(limits: Limits, wanted: PlannedRound, booked: Iterable[PlannedRound], *, booker: str) -> None:
    """Refuse more guests of somebody than they may bring on the day. Raises BookingLimitReached."""
    brought = sum(one.guests for one in booked if one.date == wanted.date and one.booked_by == booker)
    if limits.guests_a_day is not None and wanted.guests and brought + wanted.guests > limits.guests_a_day:
        tomorrow = wanted.date + timedelta(days=1)
        raise _refusal(BookingLimit.GUESTS_A_DAY, limits.guests_a_day, free_on=tomorrow)


def check_same_guest(limits: Limits, days: set[date]) -> None:
    """Refuse a guest who has played, or is booked, on so many days of the year before. Raises BookingLimitReached."""
    if limits.same_guest_a_year is not None and len(days) >= limits.same_guest_a_year:
        passing = len(days) - limits.same_guest_a_year
        free_on = sorted(days)[passing] + YEAR if passing < len(days) else None
        raise _refusal(BookingLimit.SAME_GUEST_A_YEAR, limits.same_guest_a_year, free_on=free_on)


def check_cancellations(limits: Limits, cancelled: Collection[datetime]) -> None:
    """Refuse who has cancelled so many bookings within seven days. Raises BookingLimitReached."""
    if _is_reached(limits.cancellations_a_week, len(cancelled)):
        moments = [moment + WEEK for moment in sorted(cancelled)]
        free_at = _freed(moments, limits.cancellations_a_week)
        raise _refusal(BookingLimit.CANCELLATIONS_A_WEEK, limits.cancellations_a_week, free_at=free_at)


def check_booker_plays(limits: Limits, *, plays: bool) -> None:
    """Refuse a booking in which its booker does not play. Raises BookingLimitReached."""
    if limits.booker_plays and not plays:
        raise _refusal(BookingLimit.BOOKER_PLAYS, None)


def _is_reached(limit: int | None, count: int) -> bool:
    return limit is not None and count >= limit


def _freed(moments: list[datetime], limit: int | None) -> datetime | None:
    """Give the moment at which so many have passed that one more is possible; none where none ever is."""
    passing = len(moments) - (limit or 0)
    return moments[passing] if limit and 0 <= passing < len(moments) else None


SENTENCES = {
    BookingLimit.BOOKINGS_A_DAY: ("A player may have {allowed} bookings a day", "choose another day, or call the club"),
    BookingLimit.BOOKINGS_A_WEEK: ("A player may have {allowed} bookings a week", "choose another week"),
    BookingLimit.BOOKINGS_AHEAD: ("A player may have {allowed} bookings ahead", "let one be played, or cancel one"),
    BookingLimit.OVERLAP: ("A player has another round at this time", "choose another start"),
    BookingLimit.GUESTS_A_DAY: ("A player may bring {allowed} guests a day", "choose another day, or call the club"),
    BookingLimit.SAME_GUEST_A_YEAR: ("The same guest may play on {allowed} days a year", "bring another guest"),
    BookingLimit.BOOKER_PLAYS: ("Who books has to play in the booking", "name yourself, or call the club"),
    BookingLimit.CANCELLATIONS_A_WEEK: (
        "Who has cancelled {allowed} bookings within a week waits before the next one",
        "wait until then, or call the club",
    ),
}
"""What is, and what can be done, for each limit that is asked here."""


def _refusal(
    limit: BookingLimit, allowed: int | None, *, free_at: datetime | None = None, free_on: date | None = None
) -> BookingLimitReached:
    what, way = SENTENCES[limit]
    return BookingLimitReached(
        message=f"{what.format(allowed=allowed)}; {way}.",
        limit=limit,
        allowed=allowed,
        free_at=free_at,
        free_on=free_on,
    )
