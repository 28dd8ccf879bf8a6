"""The refusals of course status, each with what a client needs to act on it."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem


class NoOverride(Problem):
    """No override is in force on this course; leave its status to the weather, or set one."""

    code: ClassVar[str] = "NO_OVERRIDE"


class OverrideEndRefused(Problem):
    """An override has to end in the future, and within 400 days; choose another end, or none for the next midnight."""

    code: ClassVar[str] = "OVERRIDE_END_REFUSED"

    earliest: datetime
    """The end has to lie after this instant, in UTC."""
    latest: datetime
    """The end may lie no later than this instant, in UTC."""


class StrikeTooFar(Problem):
    """Lightning this far away does not concern the course, and was not recorded; report what is nearer."""

    code: ClassVar[str] = "STRIKE_TOO_FAR"

    limit_km: float
    """Up to how many kilometres away lightning closes a course."""
