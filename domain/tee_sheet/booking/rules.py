"""Rules of bookings: which states follow each other, what may be changed, by whom, and until when."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from auth.viewer import Viewer
from domain.tee_sheet.booking.problems import (
    BookingAlreadyCancelled,
    BookingNotChangeable,
    CancellationTooLate,
    TransitionRefused,
)
from domain.tee_sheet.inventory.slots import LockedTeeTime
from kit.errors import NotAllowed
from models.tee_sheet.tables import Booking, BookingPlayer
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
        BookingStatus.NO_SHOW: frozenset({BookingStatus.CHECKED_IN}),
    }
)
"""What a booking in each status may become. From checked in back to confirmed is the undo of a check-in; a no-show who
comes after all checks in. What else is taken back has operations of its own."""


def may_become(status: BookingStatus, wanted: BookingStatus) -> bool:
    """Say whether a booking in one status may go to another; no status may follow itself."""
    return wanted in NEXT_STATUSES[status]


def check_transition(status: BookingStatus, wanted: BookingStatus) -> None:
    """Refuse a change of status that no rule allows. Raises TransitionRefused, which names both."""
    if not may_become(status, wanted):
        can = " or ".join(sorted(NEXT_STATUSES[status]))
        way = f"choose what leads to {can}" if can else "book anew if you want to play"
        message = f"A booking cannot go from {status} to {wanted}; {way}."
        raise TransitionRefused(message=message, status=status, wanted=wanted)


BY_ITSELF = "fairway"
"""Who does what comes by itself: makes what a standing booking asks for, and cancels what was not paid in time, which
counts as its booker's cancellation."""
GRACE = timedelta(minutes=10)
"""For how long a booking may be taken back that was made by mistake, however near its start is."""


def cancellation_deadline(starts_at: datetime, notice_hours: int, *, created_at: datetime) -> datetime:
    """Give the last instant, in UTC, at which the booker may cancel: whole hours before the start, or ten minutes
    behind the booking where that is later, and never behind the start.
    """
    return max(starts_at - timedelta(hours=notice_hours), min(created_at + GRACE, starts_at))


def check_cancellation(
    *,
    status: BookingStatus,
    cancelled_at: datetime | None,
    deadline: datetime,
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
    if not by_staff and now > deadline:
        raise CancellationTooLate(notice_hours=notice_hours, deadline=deadline)


BEFORE_PLAY = frozenset({BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN})
"""The statuses in which a booking's players and start may be changed."""


def status_of(players: Iterable[BookingPlayer]) -> BookingStatus:
    """Tell what a booking is before it is played, by its players: of nobody but no-shows, it is a no-show."""
    party = list(players)
    if any(player.checked_in_at for player in party):
        return BookingStatus.CHECKED_IN
    is_no_show = bool(party) and all(player.no_show_at for player in party)
    return BookingStatus.NO_SHOW if is_no_show else BookingStatus.CONFIRMED


def refuse_unless_booker(viewer: Viewer, booking: Booking) -> bool:
    """Let staff and the booker through; tells whether it is staff. Raises NotAllowed."""
    by_staff = viewer.is_staff_of(booking.club_id)
    if not by_staff and booking.booked_by != viewer.user_id:
        raise NotAllowed(message="Only who made the booking, or the club's staff, may change it.")
    return by_staff


def check_changeable(
    booking: Booking, locked: LockedTeeTime, *, by_staff: bool, only_money: bool = False, now: datetime
) -> None:
    """Refuse what comes too late: players, once they play; for the booker all, once one has checked in or it is time.

    Raises BookingNotChangeable.
    """
    if by_staff and only_money and booking.status is not BookingStatus.CANCELLED:
        return
    allowed = BEFORE_PLAY if by_staff else {BookingStatus.CONFIRMED}
    if booking.status not in allowed:
        raise BookingNotChangeable(status=booking.status)
    if not by_staff and locked.tee_time.starts_at < now:
        raise BookingNotChangeable(message="The start has passed; please call the club.", status=booking.status)
