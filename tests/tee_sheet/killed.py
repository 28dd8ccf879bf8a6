"""A worker's process that tends ballots, and can be killed while it does."""

import asyncio
from datetime import datetime

from jobs import tasks
from kit.settings import Settings
from realtime.runtime import running


def tend_ballots(settings: Settings, now: datetime) -> None:
    """Let ballots take the steps that are due at a moment, as a worker does."""
    asyncio.run(_tend(settings, now))


async def _tend(settings: Settings, now: datetime) -> None:
    async with running(settings, clock=lambda: now) as runtime:
        await tasks.tend_ballots(runtime)
