"""Whether the queue's worker hears of new jobs: it asks itself by the database, once it listens."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver

EVERY = 10.0


class Listening(AsyncpgPoolDriver):
    """The queue's way to the database, which knows whether somebody listens."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Take connections: one of them is kept for listening."""
        super().__init__(pool)
        self.listens = asyncio.Event()

    async def add_listener(self, *what: object) -> None:
        """Listen to a channel."""
        await super().add_listener(*what)  # type: ignore[arg-type] # as the library gives it
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
