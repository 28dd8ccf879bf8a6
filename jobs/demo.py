"""The demo's clubs, at which something always goes on."""

import asyncio
from datetime import timedelta

import structlog

from demo.playing import play_on
from jobs.intervals import run_when_due
from kit.database import is_unreachable
from realtime.runtime import Runtime

EVERY = timedelta(seconds=20)
RETRY = 2.0

log = structlog.get_logger(__name__)


async def play_demo(runtime: Runtime) -> None:
    """Let the groups of the demo play their day, until cancelled. A database that goes away is waited for."""

    async def play() -> None:
        await play_on(runtime.work, now=runtime.clock())

    while True:
        wait = RETRY
        try:
            wait = await run_when_due(runtime, name="play_demo", interval=EVERY, run=play)
        except Exception as error:
            if not is_unreachable(error):
                log.exception("the demo's day could not be played on; trying again")
        await asyncio.sleep(wait)
