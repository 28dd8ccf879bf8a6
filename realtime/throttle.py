"""When a group hands out its next events: at once while there is little to do, merged with others under load.

Writing to a thousand sockets takes the event loop some milliseconds, whether each is written one event or ten. So under
load a group waits a while between two rounds: what happens meanwhile goes out in the same writes, and the loop is free
for the mutations that make it happen.
"""

import asyncio
from heapq import heappop, heappush
from itertools import count
from time import perf_counter

SHARE = 6.0
"""How many times longer than it has written the loop is left to others, before the same group writes again."""
LONGEST_REST = 0.05
"""Seconds that events wait for that at the most."""


class Turns:
    """Turns on the event loop: a few pass, then everybody else gets a turn, then the next few.

    After a restart thousands come back at once. Each takes the loop a millisecond; one after the other, without a turn
    for others, they would keep what else is asked waiting for seconds.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._places = count()
        self._passed = 0
        """How many have passed since others had a turn."""
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    def place(self) -> int:
        """Take a place in the queue, for one who needs several turns: it is through before the next one begins."""
        return next(self._places)

    async def wait(self, place: int | None = None) -> None:
        """Wait until it is one's turn. Where there is no crowd, that is at once."""
        loop = asyncio.get_running_loop()
        if not (self._passed or self._waiting):
            loop.call_soon(self._go_on)
        if self._passed < self._at_once and not self._waiting:
            self._passed += 1
            return
        turn, number = loop.create_future(), self.place()
        heappush(self._waiting, (number if place is None else place, number, turn))
        await turn

    def _go_on(self) -> None:
        """Let the next ones pass, since others have had a turn."""
        self._passed = 0
        while self._waiting and self._passed < self._at_once:
            turn = heappop(self._waiting)[-1]
            if not turn.done():  # else it has gone
                turn.set_result(None)
                self._passed += 1
        if self._passed:
            asyncio.get_running_loop().call_soon(self._go_on)


class WriteLoad:
    """How much time the fan-out of a process has taken."""

    def __init__(self) -> None:
        self.spent = 0.0
        """Seconds spent writing, of all groups together."""
        self.replays = Turns(1)
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
