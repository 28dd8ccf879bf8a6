"""When a group hands out its next events: at once while there is little to do, merged with others under load.

Writing to a thousand sockets takes the event loop some milliseconds, whether each is written one event or ten. So under
load a group waits a while between two rounds: what happens meanwhile goes out in the same writes, and the loop is free
for the mutations that make it happen.
"""

import asyncio
from time import perf_counter

from realtime.fair_queue import FairQueue

SHARE = 6.0
"""How many times longer than it has written the loop is left to others, before the same group writes again."""
LONGEST_REST = 0.05
"""Seconds that events wait for that at the most."""


class WriteLoad:
    """How much time the fan-out of a process has taken."""

    def __init__(self) -> None:
        self.spent = 0.0
        """Seconds spent writing, of all groups together."""
        self.replays = FairQueue(1)
        """Of members that are given what they have missed."""

    def wrote(self, seconds: float) -> None:
        """Count time that a group has spent writing."""
        self.spent += seconds


class Throttle:
    """A group's rounds, as one after the other they take time."""

    def __init__(self, load: WriteLoad) -> None:
        self._load = load
        self._spent_before = 0.0
        self._began = float("-inf")

    async def wait(self) -> None:
        """Wait until it is the group's turn. One that has not written lately does not wait."""
        spent = self._load.spent - self._spent_before
        rest = self._began + spent + min(spent * SHARE, LONGEST_REST) - perf_counter()
        if rest > 0:
            await asyncio.sleep(rest)
        self._began, self._spent_before = perf_counter(), self._load.spent

    def wrote(self, seconds: float) -> None:
        """Count time that the group has spent writing."""
        self._load.wrote(seconds)
