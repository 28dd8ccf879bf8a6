"""The refusals of bookings, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.tee_sheet.values import BookingStatus


class BookingAlreadyCancelled(Problem):
    """The booking is already cancelled; book anew if you want to play."""

    code: ClassVar[str] = "BOOKING_ALREADY_CANCELLED"

    cancelled_at: datetime | None
    """When the booking was cancelled, in UTC, if that is known."""


class BookingNotCancelled(Problem):
    """The booking was not cancelled, so there is nothing to restore; use it as it is."""

    code: ClassVar[str] = "BOOKING_NOT_CANCELLED"

    status: BookingStatus
    """What the booking is."""


class RestoreTooLate(Problem):
    """The booking was cancelled too long ago; book anew."""

    code: ClassVar[str] = "RESTORE_TOO_LATE"

    deadline: datetime
    """Until when it could be restored, in UTC."""


class CancellationTooLate(Problem):
    """The time for cancelling this booking is over; please call the club."""

    code: ClassVar[str] = "CANCELLATION_TOO_LATE"

    notice_hours: int
    """How many hours before the start a booking must be cancelled."""
    deadline: datetime
    """Until when this booking could be cancelled, in UTC."""


class TransitionRefused(Problem):
    """The booking cannot go from its status to the one that is wanted; choose one that can follow."""

    code: ClassVar[str] = "TRANSITION_REFUSED"

    status: BookingStatus
    """What the booking is."""
    wanted: BookingStatus
    """What it was to become."""


class PlayersDoNotMatchHold(Problem):
    """The players are more or fewer than the places that are held; name as many, or release the hold and hold anew."""

    code: ClassVar[str] = "PLAYERS_DO_NOT_MATCH_HOLD"

    places: int
    """How many places are held."""


class BookingNotChangeable(Problem):
    """A booking of this status can no longer be changed in this way; book anew, or call the club."""

    code: ClassVar[str] = "BOOKING_NOT_CHANGEABLE"

    status: BookingStatus
    """What the booking is."""


class ChangeTooLate(Problem):
    """The time for giving up places of this booking, or moving it, is over; please call the club."""

    code: ClassVar[str] = "CHANGE_TOO_LATE"

    notice_hours: int
    """How many hours before the start it must be done."""
    deadline: datetime
    """Until when it could be done, in UTC."""


class PlayerCheckedIn(Problem):
    """A player who has checked in cannot be taken off the booking; undo the check-in first."""

    code: ClassVar[str] = "PLAYER_CHECKED_IN"

    position: int
    """Which player of the booking: 1 to 4."""


class PlayersPlayTogether(Problem):
    """Both play in the same booking, so they are two people; take one of them off it if they are not."""

    code: ClassVar[str] = "PLAYERS_PLAY_TOGETHER"

    booking_ids: list[str]
    """Public ids of the bookings in which both play."""


class RefundTooLarge(Problem):
    """More would be given back than was paid in money; give back less."""

    code: ClassVar[str] = "REFUND_TOO_LARGE"

    refundable_cents: int
    """What can be given back at most, in cents."""


class DiscountTooLarge(Problem):
    """More would be let off than is asked; choose a smaller sum."""

    code: ClassVar[str] = "DISCOUNT_TOO_LARGE"

    charged_cents: int
    """What is asked for the booking, in cents."""


class RainCheckSpent(Problem):
    """The rain check that was issued for this has paid another booking; keep what was paid, or cancel that one."""

    code: ClassVar[str] = "RAIN_CHECK_SPENT"

    booking_id: str
    """Public id of the booking that it has paid."""


class TurnTaken(Problem):
    """Too few places are free where the group would come by again; choose another start, or nine holes."""

    code: ClassVar[str] = "TURN_TAKEN"

    turn_tee_time_id: str
    """Public id of the tee time at which it would turn."""
    turns_at: datetime
    """When that is, in UTC."""
    places_left: int
    """How many places are free there."""
