"""The time, as a thing that is passed in, so that tests can hold it still."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Tell the current time, with its zone."""
    return datetime.now(UTC)
