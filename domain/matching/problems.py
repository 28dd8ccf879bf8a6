"""The refusals of matching, each with what a client needs to act on it."""

from typing import ClassVar

from kit.errors import Problem
from models.matching.values import ConnectionStatus, HostedStatus, ReportOutcome


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
