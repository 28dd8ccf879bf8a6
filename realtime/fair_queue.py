"""What thousands want at once, begun by a few at a time: handshakes, operations, and what members have missed."""

import asyncio
from heapq import heappop, heappush
from itertools import count


class FairQueue:
    """Lets a few pass, then everybody else on the event loop, then the next few.

    After a restart thousands come back at once. Each takes the loop a millisecond; one right after the
    other, they would keep what else is asked waiting for seconds.
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
