"""The refusals of holding places, each with what a client needs to act on it."""

from datetime import date, datetime
from typing import ClassVar

from kit.errors import Problem
from models.clubs.limits import BookingLimit
from models.tee_sheet.values import HoldStatus


class SlotsUnavailable(Problem):
    """Fewer places are free than were asked for; ask for fewer, choose another start, or join the waitlist."""

    code: ClassVar[str] = "SLOTS_UNAVAILABLE"

    places_left: int
    """How many places of the tee time are free."""
    released_at: datetime | None = None
    """When places of it that are held back are released, in UTC, if any are: before everybody, to who waits."""


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
    """The hold has already ended; hold the places again."""

    code: ClassVar[str] = "HOLD_ENDED"

    status: HoldStatus
    """How the hold ended."""


class BookingWindowClosed(Problem):
    """The start cannot be booked yet; wait until booking opens, or choose an earlier day."""

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
    """Groups of this size may not play at this start; choose a size that may, or another start."""

    code: ClassVar[str] = "GROUP_SIZE_NOT_ALLOWED"

    allowed: list[int]
    """How many players a group may have, in ascending order."""


class BookingLimitReached(Problem):
    """The club lets one player book or hold no more than this; wait until it is free again, or call the club."""

    code: ClassVar[str] = "BOOKING_LIMIT_REACHED"

    limit: BookingLimit
    """Which limit it is."""
    allowed: int | None
    """How many the club allows; none where it is no number."""
    free_at: datetime | None
    """From when on one more is possible as things stand, in UTC; none where no moment decides."""
    free_on: date | None
    """The next day of play for which one more is possible by this limit; none where no day decides."""
