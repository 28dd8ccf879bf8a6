"""Two processes that count together by Redis, and each for itself while Redis is away."""

import math
from contextlib import AsyncExitStack, asynccontextmanager

from redis import Redis

from kit.limiter import Allowance, Limiter
from realtime.limits_redis import KEY, counted_together
from tests.realtime.support import until

TEN = Allowance(10, 3_600)


@asynccontextmanager
async def processes(redis, clock, count=2):
    async with AsyncExitStack() as stack:
        limiters = [Limiter() for _ in range(count)]
        for limiter in limiters:
            await stack.enter_async_context(counted_together(limiter, redis.url, clock))
        yield limiters


def use(limiter, clock, *, times=1, key="codes:ana"):
    """Do it so often, as far as that is allowed; tell how often it was."""
    now, done = clock().timestamp(), 0
    for _ in range(times):
        if not limiter.wait(key, TEN, now=now):
            limiter.use(key, TEN, now=now)
            done += 1
    return done


def told(redis, key):
    """Ask Redis how often it was done, as far as it was told."""
    with Redis.from_url(redis.url) as client:
        return math.ceil(client.pttl(KEY + key) / 1000 / TEN.interval)


def refuses(limiter, clock, key="codes:ana"):
    return limiter.wait(key, TEN, now=clock().timestamp()) > 0


async def test_what_was_done_at_one_process_counts_at_the_other(redis_server, clock):
    async with processes(redis_server, clock) as (one, other):
        assert use(one, clock, times=9) == 9
        await until(lambda: told(redis_server, "codes:ana") == 9)
        assert use(other, clock) == 1
        await until(lambda: refuses(other, clock))
        assert not refuses(one, clock)  # it knows of its own nine, and of the tenth when it does one more
        assert use(one, clock) == 1
        assert refuses(one, clock)
        assert not refuses(other, clock, key="codes:ben")


async def test_while_redis_is_frozen_or_away_each_goes_on_with_its_own_count(redis_server, clock):
    async with processes(redis_server, clock) as (one, other):
        redis_server.freeze()
        assert use(one, clock, times=12) == 10
        assert use(other, clock, times=12) == 10
        redis_server.kill()
        assert use(one, clock, times=12, key="codes:ben") == 10
        redis_server.start()
        assert use(one, clock, times=9, key="codes:cleo") == 9
        await until(lambda: told(redis_server, "codes:cleo") == 9)
        assert use(other, clock, key="codes:cleo") == 1
        await until(lambda: refuses(other, clock, key="codes:cleo"))
