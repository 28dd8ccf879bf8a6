"""The refusals about guests' requests, each with what a client needs to act on it."""

from typing import ClassVar

from kit.errors import Problem
from models.guests.values import RequestStatus


class TooManyRequests(Problem):
    """A household has no more requests than this at an occasion; ask those who plan it."""

    code: ClassVar[str] = "TOO_MANY_REQUESTS"

    most: int
    """How many it may have."""


class RequestTaken(Problem):
    """Somebody has taken the request up already; ask those who plan the occasion to change it."""

    code: ClassVar[str] = "REQUEST_TAKEN"

    status: RequestStatus
    """How far it has come."""
