"""The refusals of matching, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem
from models.matching.values import ConnectionStatus, HostedStatus, MessageStatus, ReportOutcome


class ProfileMissing(Problem):
    """You are no golfer here yet; give your name and line of work by `updateGolfer` first."""

    code: ClassVar[str] = "PROFILE_MISSING"


class GolferSuspended(Problem):
    """Those who run the clubs have suspended you here; ask them what has to happen."""

    code: ClassVar[str] = "GOLFER_SUSPENDED"


class ConnectionExists(Problem):
    """You are connected already, or have asked; wait for the other to ask too."""

    code: ClassVar[str] = "CONNECTION_EXISTS"

    connection: ConnectionStatus
    """How you stand to each other."""


class ReportAnswered(Problem):
    """Somebody has answered this report already; look at what came of it."""

    code: ClassVar[str] = "REPORT_ANSWERED"

    outcome: ReportOutcome
    """What came of it."""


class TeeTimeFull(Problem):
    """All places are taken; look for another tee time, or wait until one comes free."""

    code: ClassVar[str] = "TEE_TIME_FULL"


class AlreadyJoined(Problem):
    """The golfer takes part in this tee time already; look at its places."""

    code: ClassVar[str] = "ALREADY_JOINED"


class JoinRequestPending(Problem):
    """You have asked to join already; wait for the host to answer."""

    code: ClassVar[str] = "JOIN_REQUEST_PENDING"


class JoinNotRequested(Problem):
    """There is no question to join that waits for an answer; look at the requests of the tee time."""

    code: ClassVar[str] = "JOIN_NOT_REQUESTED"


class NotAParticipant(Problem):
    """The golfer does not take part in this tee time; join it first."""

    code: ClassVar[str] = "NOT_A_PARTICIPANT"


class TeeTimeOver(Problem):
    """The tee time has started, or was cancelled; look for another one."""

    code: ClassVar[str] = "TEE_TIME_OVER"

    status: HostedStatus
    """How it stands."""


class HostStays(Problem):
    """The host takes part as long as the tee time does; choose to cancel it instead."""

    code: ClassVar[str] = "HOST_STAYS"


class TooManyMessages(Problem):
    """You have written as much as is allowed in a minute; wait a while, and send it again."""

    code: ClassVar[str] = "TOO_MANY_MESSAGES"

    retry_at: datetime
    """The moment from which on one more is allowed."""


class MessageGone(Problem):
    """Nobody reads this message any more; leave it as it is."""

    code: ClassVar[str] = "MESSAGE_GONE"

    status: MessageStatus
    """What became of it."""


class BookingHosted(Problem):
    """Golfers can join this booking already by a tee time that is hosted; use that one, or cancel it first."""

    code: ClassVar[str] = "BOOKING_HOSTED"

    tee_time_id: str
    """The hosted tee time."""


class RoundNotOpen(Problem):
    """Attendance and ratings are taken for fourteen days from the start on; wait for it, or leave them as they are."""

    code: ClassVar[str] = "ROUND_NOT_OPEN"

    opens_at: datetime
    """From when on they are taken."""
    closes_at: datetime
    """Until when."""


class NotAttended(Problem):
    """One of you did not come to play, or the host has not said so yet; ask the host to record it."""

    code: ClassVar[str] = "NOT_ATTENDED"


class RatingGiven(Problem):
    """There is a rating already, which stays as it is; leave it so."""

    code: ClassVar[str] = "RATING_GIVEN"
