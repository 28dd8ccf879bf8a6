"""What is kept for a while because it took some work: by Redis for all processes, where there is one, else here.

Nobody waits for it, and nothing depends on it: while Redis is away nothing is kept, and what is asked for is worked
out anew.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any, Protocol

import structlog
from redis.asyncio.connection import AbstractConnection

from kit.cache import BoundedCache
from kit.clock import Clock
from realtime.redis_link import opened, read, read_url, reason_of, write

KEY = "tee-sheet:kept:"
TIMEOUT = 0.25
"""Seconds that Redis may take to answer."""
RETRY = 1.0
"""Seconds until Redis is asked again that did not."""
ENTRIES, CHARACTERS = 5_000, 64_000_000

log = structlog.get_logger(__name__)


class Keeper(Protocol):
    """Whoever keeps things."""

    async def get(self, key: str) -> bytes | None:
        """Give what is kept by a name, if anything is."""
        ...

    async def put(self, key: str, value: bytes, *, within: timedelta) -> None:
        """Keep something by a name for so long, or for less."""
        ...


class KeptHere:
    """Keeps things in the memory of this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cache: BoundedCache[tuple[bytes, float]] = BoundedCache(entries=ENTRIES, characters=CHARACTERS)

    async def get(self, key: str) -> bytes | None:
        """Give what is kept by a name, if anything is."""
        found = self._cache.get(key)
        return found[0] if found and self._clock().timestamp() < found[1] else None

    async def put(self, key: str, value: bytes, *, within: timedelta) -> None:
        """Keep something by a name for so long, or for less."""
        until = (self._clock() + within).timestamp()
        self._cache.keep(key, (value, until), size=len(value))


class KeptInRedis:
    """Keeps things in Redis, by one connection whose users take turns."""

    def __init__(self, url: str) -> None:
        self._pool, self._server, self._secret = read_url(url)
        self._turn = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._connection: AbstractConnection | None = None
        self._not_before = 0.0

    async def get(self, key: str) -> bytes | None:
        """Give what is kept by a name, if anything is, and Redis is well."""
        found = await self._ask("GET", KEY + key)
        return found if isinstance(found, bytes) else None

    async def put(self, key: str, value: bytes, *, within: timedelta) -> None:
        """Keep something by a name for so long, if Redis is well."""
        await self._ask("SET", KEY + key, value, "PX", str(round(within.total_seconds() * 1000)))

    async def _ask(self, *command: str | bytes) -> Any:
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if now < self._not_before:
                return None
            try:
                async with asyncio.timeout(TIMEOUT):
                    if self._connection is None:
                        self._connection = await self._stack.enter_async_context(opened(self._pool))
                    await write(self._connection, [command])
                    return await read(self._connection)
            except Exception as error:
                self._not_before = now + RETRY
                log.warning("nothing is kept", server=self._server, reason=reason_of(error, secret=self._secret))
            except asyncio.CancelledError:  # its answer would be taken for the next one's
                await self._close()
                raise
            await self._close()
            return None

    async def _close(self) -> None:
        self._connection = None
        await self._stack.aclose()

    async def close(self) -> None:
        """Let the connection go."""
        async with self._turn:
            await self._close()


@asynccontextmanager
async def keeping(redis_url: str, clock: Clock) -> AsyncIterator[Keeper]:
    """Have things kept for as long as the block lasts, by whom is set."""
    if not redis_url:
        yield KeptHere(clock)
        return
    keeper = KeptInRedis(redis_url)
    try:
        yield keeper
    finally:
        await keeper.close()
