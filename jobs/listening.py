"""How the queue's worker hears of new jobs, and whether it does: it asks itself by the database, once it listens."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver

EVERY = 10.0
APART = 0.05
"""Seconds between two looks into the queue, while it changes all the time."""
CHANGED = "table_changed_event"
"""What the queue's trigger tells after each statement that has changed it."""

Hear = Callable[[str | bytes | bytearray], None]


class Together:
    """Passes on what is told at once, but changes of the queue at most every `APART` seconds, and none too few.

    The worker looks into the queue once for each change that it is told of, by several statements, though one look
    sees all that was changed before it: each place that was held had it look, minutes before there was anything to do.
    """

    def __init__(self, hear: Hear) -> None:
        """Take who is told in the end."""
        self._hear = hear
        self._next = 0.0
        self._waiting: asyncio.TimerHandle | None = None

    def __call__(self, told: str | bytes | bytearray) -> None:
        """Take what is told."""
        if CHANGED not in (told if isinstance(told, str) else told.decode()):
            self._hear(told)
        elif self._waiting is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.call_at(max(self._next, loop.time()), self._pass_on, told)

    def _pass_on(self, told: str | bytes | bytearray) -> None:
        self._waiting, self._next = None, asyncio.get_running_loop().time() + APART
        self._hear(told)


class Listening(AsyncpgPoolDriver):
    """The queue's way to the database, which knows whether somebody listens."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Take connections: one of them is kept for listening."""
        super().__init__(pool)
        self.listens = asyncio.Event()

    async def add_listener(self, channel: str, callback: Hear) -> None:
        """Listen to a channel."""
        await super().add_listener(channel, Together(callback))
        self.listens.set()

    async def __aexit__(self, *error: object) -> None:
        """Let the connection go that listened; one that is lost needs no farewell."""
        with suppress(asyncpg.InterfaceError, OSError):
            await super().__aexit__(*error)


async def watch(queue: PgQueuer, driver: Listening, *, every: float = EVERY) -> None:
    """Ask every so many seconds for a sign that news comes in. Raises the library's error where none comes for as long.

    The library's own watch asks before it listens, and takes its own question's going unheard for a fault.
    """
    await driver.listens.wait()
    while True:
        await queue.qm.listener_healthy(timeout=timedelta(seconds=every))
        await asyncio.sleep(every)
