"""Processes that tell each other by Redis how many are connected to each.

A process writes its counts as one hash with a lease, every few seconds, and reads those of the others in the same go.
Nobody who connects waits for that. The hash of a process that dies is gone when its lease runs out; until then its
connections count. When anything was heard is told by Redis' clock, so that those of the processes need not agree.

In Redis: `tee-sheet:instances` is a sorted set of the processes by the milliseconds at which they were heard last, and
`tee-sheet:instances:{process}` a hash with JSON in each field.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import orjson
import structlog
from redis.asyncio.connection import AbstractConnection

from realtime import metrics
from realtime.instances import Instance, Instances, Rooms
from realtime.presence import Census, Elsewhere
from realtime.redis_link import Command, opened, read, read_url, reason_of, write
from realtime.runtime import Runtime

KEY = "tee-sheet:instances"
LEASE = 15.0
"""Seconds after which a process that is not heard of any more counts for nothing."""
REFRESH = 5.0
"""Seconds between two words of a process at the most."""
DOUBT = 0.5
"""Seconds between two words at the least: so soon it is asked again whether those counted elsewhere are still there."""
REPLY_TIMEOUT = 2.0
"""Seconds that Redis may take to answer."""
GOODBYE_TIMEOUT = 0.5
"""Seconds that a process may take to end what it does here, and as many to be forgotten by the others."""
FIELDS = ("name", "broadcaster", "transports", "users", "rooms", "figures")

log = structlog.get_logger(__name__)


@asynccontextmanager
async def joined(runtime: Runtime, *, census: Census, rooms: Callable[[], Rooms]) -> AsyncIterator[Instances]:
    """Let a process be one of those that serve together, for as long as the block lasts; without a Redis, alone."""
    metrics.instances.set(1)
    parts: dict[str, Any] = {
        "census": census,
        "rooms": rooms,
        "broadcaster": lambda: runtime.broadcaster,
        "clock": runtime.clock,
    }
    if not runtime.settings.redis_url:
        yield Instances(runtime.instance, **parts)
        return
    shared = SharedInstances(runtime.instance, runtime.settings.redis_url, **parts)
    async with shared.told():
        yield shared


class SharedInstances(Instances):
    """The processes that share a Redis. Where it is away, this one alone."""

    def __init__(
        self,
        name: str,
        url: str,
        *,
        lease: float = LEASE,
        refresh: float = REFRESH,
        **parts: Any,
    ) -> None:
        """Prepare for a Redis; times in seconds, `parts` as an Instances takes them.

        Raises SetupError when the URL is not usable.
        """
        super().__init__(name, **parts)
        self._id = f"{name}/{token_hex(6)}"  # two processes may have been given the same name
        self._pool, self._server, self._secret = read_url(url)
        self._lease, self._refresh = lease, refresh
        self._heard_at = 0.0
        self._lost = False

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Tell of this process, and hear of the others, for as long as the block lasts."""
        teller = asyncio.create_task(self._keep_telling(), name="instances")
        try:
            yield
        finally:
            teller.cancel()
            await asyncio.wait({teller}, timeout=GOODBYE_TIMEOUT)
            await self._say_goodbye()

    async def all(self) -> list[Instance]:
        """Give all processes, this one first, the others as of their last word; this one alone while Redis is away."""
        if self._lost:
            return [self.own()]
        try:
            async with opened(self._pool) as connection:
                _, others = await self._roll(connection)
                answers = await _ask(connection, _hashes(others, FIELDS))
        except Exception as error:
            log.warning("other processes could not be asked for", server=self._server, reason=type(error).__name__)
            return [self.own()]
        heard = zip(others.values(), answers, strict=True)
        return [self.own(), *(_instance(at, told) for at, told in heard if None not in told)]

    async def _keep_telling(self) -> None:
        while True:
            try:
                async with opened(self._pool) as connection:
                    while True:
                        await self._tell(connection)
                        await self._pause()
            except Exception as error:
                self._lose(error)
            await asyncio.sleep(random.uniform(DOUBT, 2 * DOUBT))  # noqa: S311 - no secret

    async def _tell(self, connection: AbstractConnection) -> None:
        """Write what is counted here, and read what is counted elsewhere."""
        now, others = await self._roll(connection)
        words = self._words(now)
        answers = await _ask(connection, [*words, *_hashes(others, ("addresses", "users"))])
        told = [answer for answer in answers[len(words) :] if None not in answer]
        self._census.elsewhere = [
            Elsewhere(addresses=orjson.loads(addresses), users=orjson.loads(users)) for addresses, users in told
        ]
        self._heard_at = asyncio.get_running_loop().time()
        metrics.instances.set(1 + len(told))
        if self._lost:
            self._lost = False
            log.info("other processes are heard of again", server=self._server, instances=1 + len(told))

    async def _roll(self, connection: AbstractConnection) -> tuple[int, dict[str, int]]:
        """Give the milliseconds of Redis' clock, and the other processes with those at which they were heard last."""
        (seconds, micros), entries = await _ask(connection, [("TIME",), ("ZRANGE", KEY, "0", "-1", "WITHSCORES")])
        now = int(seconds) * 1000 + int(micros) // 1000
        pairs = zip(entries[::2], entries[1::2], strict=True)
        heard = {name.decode(): int(float(at)) for name, at in pairs}
        since = now - self._lease * 1000
        return now, {name: at for name, at in heard.items() if at > since and name != self._id}

    def _words(self, now: int) -> list[Command]:
        """Say what is counted here: the hash never stands without its lease."""
        own, lease = self.own(), int(self._lease * 1000)
        told = {**{field: getattr(own, field) for field in FIELDS}, "addresses": self._census.addresses}
        fields = [part for field, value in told.items() for part in (field, orjson.dumps(value))]
        return [
            ("MULTI",),
            ("HSET", _key(self._id), *fields),
            ("PEXPIRE", _key(self._id), str(lease)),
            ("ZADD", KEY, str(now), self._id),
            ("ZREMRANGEBYSCORE", KEY, "-inf", str(now - lease)),
            ("EXEC",),
        ]

    async def _pause(self) -> None:
        """Wait until it is time for the next word; it comes sooner when somebody was refused for others' counts."""
        await asyncio.sleep(min(DOUBT, self._refresh))
        with suppress(TimeoutError):
            async with asyncio.timeout(max(self._refresh - DOUBT, 0) * random.uniform(0.8, 1)):  # noqa: S311 - no secret
                await self._census.doubt.wait()
        self._census.doubt.clear()

    def _lose(self, error: Exception) -> None:
        """Go on alone. What was counted elsewhere holds as long as its lease would."""
        if asyncio.get_running_loop().time() - self._heard_at > self._lease:
            self._census.elsewhere = ()
            metrics.instances.set(1)
        if not self._lost:
            self._lost = True
            reason = reason_of(error, secret=self._secret)
            log.warning("connections are counted for this process alone", server=self._server, reason=reason)

    async def _say_goodbye(self) -> None:
        """Take this process from the others' counts at once, where Redis is there to hear it."""
        if self._lost:
            return
        with suppress(Exception):
            async with asyncio.timeout(GOODBYE_TIMEOUT), opened(self._pool) as connection:
                await _ask(connection, [("ZREM", KEY, self._id), ("DEL", _key(self._id))])


def _key(name: str) -> str:
    return f"{KEY}:{name}"


def _hashes(names: Iterable[str], fields: Sequence[str]) -> list[Command]:
    return [("HMGET", _key(name), *fields) for name in names]


def _instance(heard_at: int, told: Sequence[bytes]) -> Instance:
    counted: dict[str, Any] = {field: orjson.loads(value) for field, value in zip(FIELDS, told, strict=True)}
    return Instance(heard_at=datetime.fromtimestamp(heard_at / 1000, UTC), **counted)


async def _ask(connection: AbstractConnection, commands: Sequence[Command]) -> list[Any]:
    """Send commands in one go, and give their answers. Raises TimeoutError, RedisError."""
    async with asyncio.timeout(REPLY_TIMEOUT):
        if commands:
            await write(connection, commands)
        return [await read(connection) for _ in commands]
