"""How fast a counter moves: its mean over the last seconds, as a gauge."""

import asyncio
from collections import deque

from realtime import metrics

SPAN = 10
"""Seconds over which the mean is taken."""


class Rate:
    """The rate of a total that is looked at once a second."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque(maxlen=SPAN + 1)

    def note(self, total: float, *, at: float) -> float:
        """Take a total at a time in seconds; give its rise per second since the oldest one that is remembered."""
        self._seen.append((at, total))
        began, before = self._seen[0]
        return (total - before) / (at - began) if at > began else 0.0


async def gauge_events() -> None:
    """Keep the gauge of events per second true, until cancelled."""
    rate, loop = Rate(), asyncio.get_running_loop()
    while True:
        told = metrics.total_of(metrics.events_published)
        metrics.events_per_second.set(rate.note(told, at=loop.time()))
        await asyncio.sleep(1)
