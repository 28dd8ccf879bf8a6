"""Rules of asking for places: from when on, and how many."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.tee_sheet.inventory.limits import LARGEST_GROUP
from domain.tee_sheet.offers.problems import (
    BookingLimitReached,
    BookingWindowClosed,
    GroupSizeNotAllowed,
    StartInThePast,
)
from kit.errors import InvalidInput
from models.clubs.limits import BookingLimit
from models.clubs.tables import Club
from models.tee_sheet.tables import TeeSheet
from models.tee_sheet.values import PriceClass

MIDNIGHT = time()
HOUR = timedelta(hours=1)
LAST_CALL = timedelta(hours=2)
"""How long before its start a place is on sale at the latest, that was given up before: it is held back no longer."""


def window_opens_at(starts_on_local_date: date, *, days_ahead: int, zone: ZoneInfo, at: time = MIDNIGHT) -> datetime:
    """Give the instant, in UTC, from which the starts of a local date can be booked.

    It is the first time that local clocks show `at` on the day `days_ahead` days before; where they jump over that, it
    is as long after the jump as it would have been after the moment at which they jumped: a midnight is the jump.
    """
    # For a time that the clock jumps over, fold 0 means the offset before the jump: midnight by it is the jump itself.
    opening = datetime.combine(starts_on_local_date - timedelta(days=days_ahead), at, tzinfo=zone)
    return opening.astimezone(UTC)


def day_ends_at(day: date, *, zone: ZoneInfo) -> datetime:
    """Give the instant, in UTC, at which a local date is over."""
    return window_opens_at(day + timedelta(days=1), days_ahead=0, zone=zone)


def opens_to(price_class: PriceClass, *, sheet: TeeSheet, club: Club) -> datetime:
    """Give the instant, in UTC, from which a price class can book the starts of a sheet: for all who ask for it."""
    return window_opens_at(
        sheet.date,
        days_ahead=club.window_days(price_class),
        zone=ZoneInfo(sheet.time_zone),
        at=club.opens_at(price_class),
    )


def release_of(*, now: datetime, starts_at: datetime, minutes: int, at: time, zone: ZoneInfo) -> datetime | None:
    """Give the instant, in UTC, at which a place is released that is given up now; None where it is not held back.

    It is the first time that local clocks show `at` when it has been held back for so many minutes; or when it has, if
    that would leave less than two hours to sell it. Where even that would, it is not held back.
    """
    earliest, latest = now + timedelta(minutes=minutes), starts_at - LAST_CALL
    if not minutes or earliest > latest:
        return None
    day = earliest.astimezone(zone).date()
    moments = (window_opens_at(day + timedelta(days=n), days_ahead=0, zone=zone, at=at) for n in (0, 1))
    together = next(moment for moment in moments if moment >= earliest)
    return together if together <= latest else earliest


def check_open(price_class: PriceClass, *, sheet: TeeSheet, club: Club, now: datetime) -> None:
    """Refuse a start of a sheet that a price class cannot book yet. Raises BookingWindowClosed."""
    opens_at = opens_to(price_class, sheet=sheet, club=club)
    if now < opens_at:
        raise BookingWindowClosed(opens_at=opens_at, days_ahead=club.window_days(price_class))


def check_not_past(starts_at: datetime, *, now: datetime) -> None:
    """Refuse a start that lies before `now`; the start itself is in time. Raises StartInThePast."""
    if starts_at < now:
        raise StartInThePast(starts_at=starts_at)


def check_to_come(starts_at: datetime, *, now: datetime) -> None:
    """Refuse to hold places of a start that has come: a hold ends with it. Raises StartInThePast."""
    if starts_at <= now:
        raise StartInThePast(message="The start has come; book the places at once.", starts_at=starts_at)


def check_day_not_over(starts_at: datetime, *, day: date, zone: ZoneInfo, now: datetime) -> None:
    """Refuse a start whose local date is over: until then, staff still seat people on it. Raises StartInThePast."""
    if now >= day_ends_at(day, zone=zone):
        raise StartInThePast(message="The day of this start is over; choose a later one.", starts_at=starts_at)


def check_places(places: int, *, path: tuple[str, ...] = ("places",)) -> None:
    """Refuse a number of places that no tee time has. Raises InvalidInput."""
    if not 1 <= places <= LARGEST_GROUP:
        raise InvalidInput(message=f"Choose from 1 to {LARGEST_GROUP} places.", path=path)


def check_group_size(size: int, *, allowed: Collection[int], path: tuple[str, ...] = ("places",)) -> None:
    """Refuse a group of a size that the template does not allow. Raises GroupSizeNotAllowed."""
    if size not in allowed:
        raise GroupSizeNotAllowed(allowed=sorted(allowed), path=path)


def check_holds(allowed: int | None, held: Sequence[datetime], *, now: datetime) -> None:
    """Refuse one more hold of somebody who has made so many within the hour; `held` says when, in ascending order.

    Raises BookingLimitReached.
    """
    recent = [moment for moment in held if moment > now - HOUR]
    if allowed is not None and len(recent) >= allowed:
        message = f"You may hold places {allowed} times an hour; wait a while, or book what you hold."
        raise BookingLimitReached(
            message=message,
            limit=BookingLimit.HOLDS_AN_HOUR,
            allowed=allowed,
            free_at=recent[len(recent) - allowed] + HOUR,
            free_on=None,
        )
