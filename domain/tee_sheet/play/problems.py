"""The refusals of arrival and play, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.tee_sheet.values import BookingStatus


class NotCheckedIn(Problem):
    """These players have not checked in; name those who have."""

    code: ClassVar[str] = "NOT_CHECKED_IN"

    positions: list[int]
    """Which players they are, by their positions in the booking."""


class AlreadyNoShow(Problem):
    """It is noted already that these players did not appear; check them in if they have arrived after all."""

    code: ClassVar[str] = "ALREADY_NO_SHOW"

    positions: list[int]
    """Which players they are, by their positions in the booking."""


class NotNoShow(Problem):
    """It is not noted that these players did not appear; name those of whom it is."""

    code: ClassVar[str] = "NOT_NO_SHOW"

    positions: list[int]
    """Which players they are, by their positions in the booking."""


class NobodyCheckedIn(Problem):
    """Nobody of the group has checked in yet; check in at least one player before the group tees off."""

    code: ClassVar[str] = "NOBODY_CHECKED_IN"


class TooEarly(Problem):
    """It is too early for this; wait until it is possible."""

    code: ClassVar[str] = "TOO_EARLY"

    possible_from: datetime
    """From when on it can be done, in UTC."""


class NotOnCourse(Problem):
    """The group is not on the course; send it off first, unless its round is over."""

    code: ClassVar[str] = "NOT_ON_COURSE"

    status: BookingStatus
    """How far its booking has come."""


class HoleAlreadyRecorded(Problem):
    """The hole has been recorded already, or one behind it; report the next one, or correct which is the last."""

    code: ClassVar[str] = "HOLE_ALREADY_RECORDED"

    holes_completed: int
    """How many holes of its round the group has completed."""


class HoleNotInRound(Problem):
    """The group does not play this hole on its round; report one that it plays."""

    code: ClassVar[str] = "HOLE_NOT_IN_ROUND"

    holes: int
    """How many holes the group plays."""
    start_hole: int
    """The hole that it started from."""


class PlayAlreadySuspended(Problem):
    """Play on this course is suspended already; resume it first."""

    code: ClassVar[str] = "PLAY_ALREADY_SUSPENDED"

    suspended_at: datetime
    """Since when, in UTC."""


class PlayNotSuspended(Problem):
    """Play on this course is not suspended; let the groups play on."""

    code: ClassVar[str] = "PLAY_NOT_SUSPENDED"
