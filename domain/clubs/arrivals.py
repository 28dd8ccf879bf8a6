"""The refusal that players at the first tee and guests at the door share."""

from datetime import datetime
from typing import ClassVar

from kit.errors import Problem


class AlreadyCheckedIn(Problem):
    """Whoever this is about has checked in already; undo that first if it was a mistake."""

    code: ClassVar[str] = "ALREADY_CHECKED_IN"

    positions: list[int]
    """Which players they are, by their positions in the booking; none for the guest of an occasion."""
    checked_in_at: datetime | None
    """When a guest was checked in, in UTC; none for players."""
