"""What people do at several processes that share a Redis, counted together.

A process counts for itself, and waits for nobody. A few times a second it tells Redis what was used at it, and hears
how far each of those has used what is allowed, by the clock of Redis. So one who goes from process to process gets a
few tries more, once; and while Redis is away or does not answer, each process goes on with its own count.

In Redis: `tee-sheet:limits:{who}` is the millisecond at which all that was done is paid off, and lives until then.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import structlog
from redis.asyncio.connection import AbstractConnection

from kit.clock import Clock
from kit.limiter import Limiter, Spent
from realtime.redis_link import opened, read, read_url, reason_of, write

KEY = "tee-sheet:limits:"
PAUSE = 0.2
"""Seconds between two words of a process at the least."""
RETRY = 1.0
"""Seconds until Redis is tried again."""
REPLY_TIMEOUT = 2.0
"""Seconds that Redis may take to answer."""
AT_ONCE = 1_000
"""Those who are told of in one go."""
ADD = """
local time, ahead = redis.call('TIME'), {}
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i, key in ipairs(KEYS) do
  local cost, period = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local paid_off = math.max(tonumber(redis.call('GET', key) or 0), now) + cost
  ahead[i] = math.ceil(math.min(paid_off - now, period))
  redis.call('SET', key, string.format('%.0f', now + ahead[i]), 'PX', ahead[i])
end
return ahead
"""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def counted_together(limiter: Limiter, redis_url: str, clock: Clock) -> AsyncIterator[None]:
    """Let a limiter hear of those of other processes, for as long as the block lasts; without a Redis, of none."""
    if not redis_url:
        yield
        return
    limiter.shares = True
    teller = asyncio.create_task(SharedCount(limiter, redis_url, clock).keep_telling(), name="limits")
    try:
        yield
    finally:
        teller.cancel()
        await asyncio.wait({teller}, timeout=PAUSE)


class SharedCount:
    """Tells of what was used here, and hears of what was used elsewhere."""

    def __init__(self, limiter: Limiter, url: str, clock: Clock) -> None:
        self._limiter = limiter
        self._clock = clock
        self._pool, self._server, self._secret = read_url(url)
        self._lost = False

    async def keep_telling(self) -> None:
        """Go on until cancelled, whatever becomes of Redis."""
        while True:
            try:
                async with opened(self._pool) as connection:
                    while True:
                        await self._limiter.used.wait()
                        await self._tell(connection, self._limiter.hand_over())
                        await asyncio.sleep(PAUSE)
            except Exception as error:
                self._lose(error)
            await asyncio.sleep(RETRY)

    async def _tell(self, connection: AbstractConnection, used: Mapping[str, Spent]) -> None:
        everybody = list(used.items())
        for start in range(0, len(everybody), AT_ONCE):
            some = everybody[start : start + AT_ONCE]
            keys = [KEY + who for who, _ in some]
            amounts = [str(round(number * 1000)) for _, spent in some for number in (spent.cost, spent.seconds)]
            async with asyncio.timeout(REPLY_TIMEOUT):
                await write(connection, [("EVAL", ADD, str(len(keys)), *keys, *amounts)])
                answer: Any = await read(connection)
            self._hear([who for who, _ in some], answer)
        if self._lost:
            self._lost = False
            log.info("what people do is counted over all processes again", server=self._server)

    def _hear(self, people: list[str], ahead: list[int]) -> None:
        now = self._clock().timestamp()
        for who, milliseconds in zip(people, ahead, strict=True):
            self._limiter.hear(who, milliseconds / 1000, now=now)

    def _lose(self, error: Exception) -> None:
        if not self._lost:
            self._lost = True
            reason = reason_of(error, secret=self._secret)
            log.warning("what people do is counted for this process alone", server=self._server, reason=reason)
