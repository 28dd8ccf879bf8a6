"""The refusals of the desk: what cannot be blocked, shifted or redeemed, and why."""

from datetime import datetime, time
from typing import ClassVar

from kit.errors import Problem


class PlacesBooked(Problem):
    """Some of the places are booked; move or cancel those bookings, or say that they shall be kept."""

    code: ClassVar[str] = "PLACES_BOOKED"

    booking_ids: list[str]
    """Public ids of the bookings that are in the way."""


class BlockAlreadyRemoved(Problem):
    """The block is already removed; add another if its places shall be out of sale again."""

    code: ClassVar[str] = "BLOCK_ALREADY_REMOVED"

    removed_at: datetime
    """When it was removed, in UTC."""


class BlockOfBallot(Problem):
    """The block belongs to a ballot, and goes with it; let the ballot release what is left, or cancel it."""

    code: ClassVar[str] = "BLOCK_OF_BALLOT"


class StartTaken(Problem):
    """There is a tee time at this start already; choose another."""

    code: ClassVar[str] = "START_TAKEN"

    tee_time_id: str
    """Public id of the tee time that is there."""


class NotBetweenStarts(Problem):
    """A tee time goes between two others that start from the same tee; choose a time between the first and the last."""

    code: ClassVar[str] = "NOT_BETWEEN_STARTS"

    first_starts_at: datetime | None
    """The first start of the day from that tee, in UTC, if it has one."""
    last_starts_at: datetime | None
    """The last start of the day from that tee, in UTC, if it has one."""


class DelayTooLong(Problem):
    """The last start would pass midnight; choose a shorter delay."""

    code: ClassVar[str] = "DELAY_TOO_LONG"

    longest_minutes: int
    """By how many minutes the starts can be shifted at the most."""


class NotDelayedSoMuch(Problem):
    """The starts were not delayed by so much, or others have come between; bring them back by fewer minutes."""

    code: ClassVar[str] = "NOT_DELAYED_SO_MUCH"

    most_minutes: int
    """By how many minutes they can come back at the most, all together."""


class GroupsHaveTeedOff(Problem):
    """Some of the groups have teed off already; delay the starts behind them."""

    code: ClassVar[str] = "GROUPS_HAVE_TEED_OFF"

    booking_ids: list[str]
    """Public ids of the bookings of these groups."""


class AllHolesPlayed(Problem):
    """All holes were played; give fewer, if play stopped earlier."""

    code: ClassVar[str] = "ALL_HOLES_PLAYED"

    holes: int
    """How many holes the booking is for."""


class NothingPaid(Problem):
    """Nothing was paid for the holes that are left; note the payment first, if there was one."""

    code: ClassVar[str] = "NOTHING_PAID"


class RainCheckAlreadyIssued(Problem):
    """A rain check was issued for this booking already; use that one."""

    code: ClassVar[str] = "RAIN_CHECK_ALREADY_ISSUED"

    rain_check_id: str
    """Public id of that rain check."""


class RainCheckRedeemed(Problem):
    """The rain check was redeemed already; pay in another way."""

    code: ClassVar[str] = "RAIN_CHECK_REDEEMED"

    redeemed_at: datetime
    """When it was redeemed, in UTC."""
    booking_id: str
    """Public id of the booking that it paid."""


class RainCheckExpired(Problem):
    """The rain check has expired; pay in another way."""

    code: ClassVar[str] = "RAIN_CHECK_EXPIRED"

    expires_at: datetime
    """Until when it was good, in UTC."""


class RainCheckWorthMore(Problem):
    """The rain check is worth more than is open; choose a dearer booking, or say that the rest is forfeited."""

    code: ClassVar[str] = "RAIN_CHECK_WORTH_MORE"

    value_cents: int
    """What the rain check is worth, in cents of its currency."""
    open_cents: int
    """What is still to be paid for the booking, in cents of the same currency."""


class BookingAlreadyPaid(Problem):
    """Nothing is open on this booking; keep the rain check for another."""

    code: ClassVar[str] = "BOOKING_ALREADY_PAID"


class NoSuchStart(Problem):
    """The day has no start at this time; choose another time, or add the start."""

    code: ClassVar[str] = "NO_SUCH_START"

    local_time: time
    """The time that was wanted, on the course's clock."""
