"""Connections to PostgreSQL that nobody waits for longer than is set, though nothing ever comes back by them."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

import asyncpg

SHORTEST = 0.05
"""Seconds that are left for a step though the time is up: the step says what is missing."""
AWAY = 1.0
"""Seconds for which a database that did not answer is not asked again."""
WATCH = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 10_000}
"""How an idle connection is found to be dead, by the names of the operating system's options: in seconds, but for the
last one, which is in milliseconds."""

_until: ContextVar[float | None] = ContextVar("until", default=None)


class Answering:
    """Whether a database answers, as far as was seen lately: not everyone has to find out by waiting, one by one."""

    def __init__(self, within: float) -> None:
        """Take the seconds within which a connection is to be had and to answer its first command."""
        self.within = within
        self._away_until = 0.0

    def hurry(self) -> None:
        """Let the time for the next connection and its first answer run from now on, all waiting included."""
        _until.set(monotonic() + self.within)

    @property
    def away(self) -> bool:
        """Whether nobody got an answer a moment ago."""
        return self._away_until > monotonic()

    @contextmanager
    def asked(self) -> Iterator[float]:
        """Ask for what is answered at once; gives the seconds that are left. Whether there is an answer is noted."""
        until = _until.get()
        try:
            yield self.within if until is None else max(until - monotonic(), SHORTEST)
        except TimeoutError:
            self._away_until = monotonic() + AWAY
            raise
        self._away_until = 0.0

    async def connect(self, *where: Any, **options: Any) -> asyncpg.Connection:
        """Connect, as asyncpg does, within the time that is left."""
        with self.asked() as seconds:
            return await asyncpg.connect(*where, **options, timeout=seconds)


class WatchedConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection whose death the operating system finds out, also while nothing is sent."""

    def __init__(self, protocol: Any, transport: asyncio.Transport, *rest: Any) -> None:
        """Take what asyncpg gives."""
        super().__init__(protocol, transport, *rest)
        watch(transport.get_extra_info("socket"))


def watch(connected: Any) -> None:
    """Have the other end of a TCP socket asked for a sign of life while it is silent."""
    if connected is None or connected.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in WATCH.items():
        if option := getattr(socket, name, None):  # not every system has each
            connected.setsockopt(socket.IPPROTO_TCP, option, value)
