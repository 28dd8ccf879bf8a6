"""Rules of booking: from when on, how many places, which states follow each other, until when one may cancel."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from domain.tee_sheet.problems import (
    BookingAlreadyCancelled,
    BookingWindowClosed,
    CancellationTooLate,
    GroupSizeNotAllowed,
    StartInThePast,
    TransitionRefused,
)
from domain.tee_sheet.rules import LARGEST_GROUP
from kit.errors import InvalidInput
from models.tee_sheet.values import BookingStatus

NEXT_STATUSES: Mapping[BookingStatus, frozenset[BookingStatus]] = MappingProxyType(
    {
        BookingStatus.CONFIRMED: frozenset({BookingStatus.CHECKED_IN, BookingStatus.CANCELLED, BookingStatus.NO_SHOW}),
        BookingStatus.CHECKED_IN: frozenset(
            {BookingStatus.ON_COURSE, BookingStatus.CANCELLED, BookingStatus.CONFIRMED}
        ),
        BookingStatus.ON_COURSE: frozenset({BookingStatus.COMPLETED}),
        BookingStatus.COMPLETED: frozenset(),
        BookingStatus.CANCELLED: frozenset(),
        BookingStatus.NO_SHOW: frozenset(),
    }
)
"""What a booking in each status may become. From checked in back to confirmed is the undo of a check-in."""


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


def check_places(places: int, *, path: tuple[str, ...] = ("places",)) -> None:
    """Refuse a number of places that no tee time has. Raises InvalidInput."""
    if not 1 <= places <= LARGEST_GROUP:
        raise InvalidInput(message=f"Choose from 1 to {LARGEST_GROUP} places.", path=path)


def check_group_size(size: int, *, allowed: Collection[int], path: tuple[str, ...] = ("places",)) -> None:
    """Refuse a group of a size that the template does not allow. Raises GroupSizeNotAllowed."""
    if size not in allowed:
        raise GroupSizeNotAllowed(allowed=sorted(allowed), path=path)


def may_become(status: BookingStatus, wanted: BookingStatus) -> bool:
    """Say whether a booking in one status may go to another; no status may follow itself."""
    return wanted in NEXT_STATUSES[status]


def check_transition(status: BookingStatus, wanted: BookingStatus) -> None:
    """Refuse a change of status that no rule allows. Raises TransitionRefused, which names both."""
    if not may_become(status, wanted):
        raise TransitionRefused(message=f"A booking cannot go from {status} to {wanted}.", status=status, wanted=wanted)


def cancellation_deadline(starts_at: datetime, notice_hours: int) -> datetime:
    """Give the last instant, in UTC, at which the booker may cancel: whole hours before the start."""
    return starts_at - timedelta(hours=notice_hours)


def check_cancellation(
    *,
    status: BookingStatus,
    cancelled_at: datetime | None,
    starts_at: datetime,
    notice_hours: int,
    by_staff: bool,
    now: datetime,
) -> None:
    """Refuse a cancellation that comes too late: for staff once the group is on the course, for the booker also after
    the deadline, which itself is in time.

    Raises BookingAlreadyCancelled, TransitionRefused, CancellationTooLate.
    """
    if status is BookingStatus.CANCELLED:
        raise BookingAlreadyCancelled(cancelled_at=cancelled_at)
    check_transition(status, BookingStatus.CANCELLED)
    deadline = cancellation_deadline(starts_at, notice_hours)
    if not by_staff and now > deadline:
        raise CancellationTooLate(notice_hours=notice_hours, deadline=deadline)
