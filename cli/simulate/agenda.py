"""What is to happen when: acts at their moments of the simulated day, and the jobs of every minute."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from cli.simulate.clock import SimulatedClock

Act = Callable[[], Awaitable[object]]
MINUTE = timedelta(minutes=1)


class Agenda:
    """Acts in the order of their moments; those of the same moment in the order in which they were put down."""

    def __init__(self, clock: SimulatedClock, every_minute: Act) -> None:
        self._clock = clock
        self._every_minute = every_minute
        self._numbers = count()
        self._acts: list[tuple[datetime, int, Act]] = []

    def at(self, moment: datetime, act: Act) -> None:
        """Put an act down; an act may put down others."""
        heappush(self._acts, (moment, next(self._numbers), act))

    async def work_off(self) -> None:
        """Let the day pass until nothing is left to do."""
        minute = self._clock() + MINUTE
        while self._acts:
            moment, _, act = self._acts[0]
            if minute <= moment:
                await self._clock.reach(minute)
                await self._every_minute()
                minute += MINUTE
                continue
            heappop(self._acts)
            await self._clock.reach(moment)
            await act()
