"""The refusals of the tee sheet, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.tee_sheet.values import BookingStatus, HoldStatus, PriceClass


class SlotsUnavailable(Problem):
    """Fewer places are free than were asked for."""

    code: ClassVar[str] = "SLOTS_UNAVAILABLE"

    places_left: int
    """How many places of the tee time are free."""


class HoldAlreadyActive(Problem):
    """You already hold places on this tee time; book or release them first."""

    code: ClassVar[str] = "HOLD_ALREADY_ACTIVE"

    hold_id: str
    """Public id of the hold that is active."""


class TooManyHolds(Problem):
    """You hold places on too many tee times; book or release some of them first."""

    code: ClassVar[str] = "TOO_MANY_HOLDS"

    limit: int
    """How many holds one person may have at the same time."""


class HoldExpired(Problem):
    """The hold has expired; hold the places again."""

    code: ClassVar[str] = "HOLD_EXPIRED"


class HoldEnded(Problem):
    """The hold has already ended."""

    code: ClassVar[str] = "HOLD_ENDED"

    status: HoldStatus
    """How the hold ended."""


class BookingWindowClosed(Problem):
    """The start cannot be booked yet."""

    code: ClassVar[str] = "BOOKING_WINDOW_CLOSED"

    opens_at: datetime
    """From when on the start can be booked, in UTC."""
    days_ahead: int
    """How many days before the date of the start booking opens."""


class StartInThePast(Problem):
    """The time of this start has passed; choose a later one."""

    code: ClassVar[str] = "START_IN_THE_PAST"

    starts_at: datetime
    """When the start was, in UTC."""


class GroupSizeNotAllowed(Problem):
    """Groups of this size may not play at this start."""

    code: ClassVar[str] = "GROUP_SIZE_NOT_ALLOWED"

    allowed: list[int]
    """How many players a group may have, in ascending order."""


class BookingAlreadyCancelled(Problem):
    """The booking is already cancelled."""

    code: ClassVar[str] = "BOOKING_ALREADY_CANCELLED"

    cancelled_at: datetime | None
    """When the booking was cancelled, in UTC, if that is known."""


class CancellationTooLate(Problem):
    """The time for cancelling this booking is over; please call the club."""

    code: ClassVar[str] = "CANCELLATION_TOO_LATE"

    notice_hours: int
    """How many hours before the start a booking must be cancelled."""
    deadline: datetime
    """Until when this booking could be cancelled, in UTC."""


class TransitionRefused(Problem):
    """The booking cannot go from its status to the one that is wanted."""

    code: ClassVar[str] = "TRANSITION_REFUSED"

    status: BookingStatus
    """What the booking is."""
    wanted: BookingStatus
    """What it was to become."""


class SheetOffline(Problem):
    """The tee sheet of this date is offline; please call the club."""

    code: ClassVar[str] = "SHEET_OFFLINE"


class NoTemplate(Problem):
    """The course has no template for its tee sheets; set one first."""

    code: ClassVar[str] = "NO_TEMPLATE"


class NoTeeSheet(Problem):
    """The course has no tee sheet on this date yet; staff can generate it."""

    code: ClassVar[str] = "NO_TEE_SHEET"


class NotOnSale(Problem):
    """A round of this many holes is not sold to this price class."""

    code: ClassVar[str] = "NOT_ON_SALE"

    price_class: PriceClass
    """The price class that was asked for."""
    holes: int
    """The number of holes that was asked for."""


class PlayersDoNotMatchHold(Problem):
    """The number of players is not the number of places that are held."""

    code: ClassVar[str] = "PLAYERS_DO_NOT_MATCH_HOLD"

    places: int
    """How many places are held."""
