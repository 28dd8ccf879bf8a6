"""The time of a simulated day: it goes as fast as it is told to, and never by the clock on the wall alone."""

import asyncio
from datetime import datetime
from time import monotonic


class SimulatedClock:
    """A clock that stands until it is moved on. The simulated server tells the time by it.

    `speed` is how many times as fast as real time it may go; without one, nobody waits for it.
    """

    def __init__(self, now: datetime, *, speed: float | None = None) -> None:
        self._now = self._began = now
        self._speed = speed
        self._began_at = monotonic()

    def __call__(self) -> datetime:
        """Tell the simulated time."""
        return self._now

    async def reach(self, moment: datetime) -> None:
        """Move on to a moment, once it may have come. What went on too long before is caught up with."""
        if self._speed:
            due = self._began_at + (moment - self._began).total_seconds() / self._speed
            await asyncio.sleep(max(0.0, due - monotonic()))
        self._now = max(self._now, moment)
