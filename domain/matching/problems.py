"""The refusals of matching, each with what a client needs to act on it."""

from typing import ClassVar

from kit.errors import Problem
from models.matching.values import ConnectionStatus, ReportOutcome


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
