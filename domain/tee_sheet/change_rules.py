"""What may be changed of a booking, by whom, until when, and the fact that it was."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from auth.viewer import Viewer
from domain.tee_sheet.booking_rules import cancellation_deadline
from domain.tee_sheet.bookings import booked_player
from domain.tee_sheet.desk_problems import BookingNotChangeable, ChangeTooLate
from domain.tee_sheet.slots import LockedTeeTime
from events.tee_sheet_desk import BookingUpdated
from kit.errors import NotAllowed
from kit.ids import public_id
from models.clubs.tables import Club
from models.tee_sheet.desk_values import BookingChange
from models.tee_sheet.tables import Booking, BookingPlayer
from models.tee_sheet.values import BookingStatus

BEFORE_PLAY = frozenset({BookingStatus.CONFIRMED, BookingStatus.CHECKED_IN})
"""The statuses in which a booking's players and start may be changed."""


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


def check_notice(locked: LockedTeeTime, club: Club, *, now: datetime) -> None:
    """Refuse a booker who gives up places after the deadline of a cancellation. Raises ChangeTooLate."""
    deadline = cancellation_deadline(locked.tee_time.starts_at, club.cancellation_notice_hours)
    if now > deadline:
        raise ChangeTooLate(notice_hours=club.cancellation_notice_hours, deadline=deadline)


def updated(
    booking: Booking,
    players: Sequence[BookingPlayer],
    locked: LockedTeeTime,
    club: Club,
    changes: Sequence[BookingChange],
    *,
    users: Mapping[UUID | None, str | None],
) -> BookingUpdated:
    """State that a booking on a locked tee time has changed, and how it is now.

    `users` tells which user the club knows as which player.
    """
    return BookingUpdated(
        club_id=public_id("club", booking.club_id),
        course_id=public_id("course", booking.course_id),
        date=locked.sheet.date,
        booking_id=public_id("booking", booking.id),
        tee_time_id=public_id("tee_time", booking.tee_time_id),
        status=booking.status,
        starts_at=locked.tee_time.starts_at,
        holes=booking.holes,
        price_cents=booking.price_cents,
        paid_cents=booking.paid_cents,
        currency=booking.currency,
        payer_first_name=booking.payer_first_name,
        payer_last_name=booking.payer_last_name,
        players=tuple(booked_player(player) for player in players),
        created_at=booking.created_at,
        name_privacy=club.name_privacy,
        changed=tuple(changes),
        booked_by=booking.booked_by,
        user_ids=tuple(users.get(player.player_id) for player in players),
    )
