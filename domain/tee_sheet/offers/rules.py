"""Rules of asking for places: from when on, and how many."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.tee_sheet.inventory.limits import LARGEST_GROUP
from domain.tee_sheet.offers.problems import BookingWindowClosed, GroupSizeNotAllowed, StartInThePast
from kit.errors import InvalidInput


def window_opens_at(starts_on_local_date: date, *, days_ahead: int, zone: ZoneInfo) -> datetime:
    """Give the instant, in UTC, from which the starts of a local date can be booked.

    It is the first local midnight of the day `days_ahead` days before; where the clock jumps over that midnight, it is
    the moment of the jump.
    """
    # For a time that the clock jumps over, fold 0 means the offset before the jump: midnight by it is the jump itself.
    midnight = datetime.combine(starts_on_local_date - timedelta(days=days_ahead), time(), tzinfo=zone)
    return midnight.astimezone(UTC)


def check_window(starts_on_local_date: date, *, days_ahead: int, zone: ZoneInfo, now: datetime) -> None:
    """Refuse a start that cannot be booked yet; the opening itself is in time. Raises BookingWindowClosed."""
    opens_at = window_opens_at(starts_on_local_date, days_ahead=days_ahead, zone=zone)
    if now < opens_at:
        raise BookingWindowClosed(opens_at=opens_at, days_ahead=days_ahead)


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
    if now >= window_opens_at(day + timedelta(days=1), days_ahead=0, zone=zone):
        raise StartInThePast(message="The day of this start is over; choose a later one.", starts_at=starts_at)


def check_places(places: int, *, path: tuple[str, ...] = ("places",)) -> None:
    """Refuse a number of places that no tee time has. Raises InvalidInput."""
    if not 1 <= places <= LARGEST_GROUP:
        raise InvalidInput(message=f"Choose from 1 to {LARGEST_GROUP} places.", path=path)


def check_group_size(size: int, *, allowed: Collection[int], path: tuple[str, ...] = ("places",)) -> None:
    """Refuse a group of a size that the template does not allow. Raises GroupSizeNotAllowed."""
    if size not in allowed:
        raise GroupSizeNotAllowed(allowed=sorted(allowed), path=path)
