"""The refusals about caddies, each with what a client needs to act on it."""

from typing import ClassVar

from kit.errors import Problem
from models.caddies.values import AssignmentAnswer, CaddieStatus, TurnStatus


class CaddieStatusRefused(Problem):
    """The caddie cannot go from the present status to the one that is wanted; choose one that can follow."""

    code: ClassVar[str] = "CADDIE_STATUS_REFUSED"

    status: CaddieStatus
    """What the caddie is doing at the moment."""
    wanted: CaddieStatus
    """What was wanted."""


class CaddieInField(Problem):
    """The caddie is out on a turn; end it first."""

    code: ClassVar[str] = "CADDIE_IN_FIELD"


class CaddieAssigned(Problem):
    """The caddie is assigned to a booking already; decline that assignment first."""

    code: ClassVar[str] = "CADDIE_ASSIGNED"

    turn_id: str
    """The turn that is assigned."""
    booking_id: str
    """The booking that it is assigned to."""


class CaddieNotQueued(Problem):
    """The caddie does not wait in the queue; set the status to AVAILABLE first."""

    code: ClassVar[str] = "CADDIE_NOT_QUEUED"

    status: CaddieStatus
    """What the caddie is doing at the moment."""


class QueueEmpty(Problem):
    """Nobody in the queue of this list can go out at the moment; wait until somebody is back, or take another list."""

    code: ClassVar[str] = "QUEUE_EMPTY"


class ReasonRequired(Problem):
    """It is somebody else's turn; give a reason for taking this caddie out of turn."""

    code: ClassVar[str] = "REASON_REQUIRED"

    next_caddie_id: str | None
    """Whose turn it would be, if anybody can go out."""


class TurnNotInField(Problem):
    """The turn is not under way, so it cannot be ended; start it first."""

    code: ClassVar[str] = "TURN_NOT_IN_FIELD"

    status: TurnStatus
    """How far the turn has come."""


class TurnMovedOn(Problem):
    """The turn or its caddie has gone on since, or the day has; look at it as it is now."""

    code: ClassVar[str] = "TURN_MOVED_ON"

    status: TurnStatus
    """How far the turn has come."""


class TurnNotAssignable(Problem):
    """The turn is over, or assigned to a booking already; choose another, or decline that assignment first."""

    code: ClassVar[str] = "TURN_NOT_ASSIGNABLE"

    status: TurnStatus
    """How far the turn has come."""


class AssignmentAnswered(Problem):
    """The turn is not assigned, is over, or has this answer already; look at it as it is now."""

    code: ClassVar[str] = "ASSIGNMENT_ANSWERED"

    answer: AssignmentAnswer | None
    """What was answered, if the turn was assigned."""


class BookingNotOpen(Problem):
    """The booking was cancelled or is over, so no caddie can go with it; choose another booking."""

    code: ClassVar[str] = "BOOKING_NOT_OPEN"


class WeekAlreadyDrawn(Problem):
    """The order of this week has been drawn, and its seed is final; go by it, or draw another week."""

    code: ClassVar[str] = "WEEK_ALREADY_DRAWN"

    draw_id: str
    """The draw that holds."""


class ListInUse(Problem):
    """A list that would be left out still has caddies; move or delete them first."""

    code: ClassVar[str] = "LIST_IN_USE"

    highest_list: int
    """The highest list that has a caddie."""
