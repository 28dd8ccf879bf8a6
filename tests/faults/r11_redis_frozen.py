"""R11: Redis is frozen. Run it by hand: python -m tests.faults.r11_redis_frozen [sockets]

Sockets of two processes follow a club that changes twenty times a second. Redis is stopped by SIGSTOP for ten seconds:
its connections stay open, and nothing is answered on them. Meanwhile changes are made through one process alone, so
that the other hears of them by nothing but its sweep of the log.
"""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

from tests.faults.followers import Follower, all_have_heard, following
from tests.faults.load import Load, longest_way
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import come_about, faults_in, redis_is_found, run, stage
from tests.harness import found_world
from tests.realtime.sockets import rename

FROZEN = 10.0
ANSWERED_WITHIN = 1.0


async def experiment(sockets: int, folder: Path) -> None:
    async with stage(folder) as here, here.program("one") as (first, one), here.program("other") as (second, other):
        world = await found_world(one)
        start = await rename(world, "Start")
        both, away = [world, replace(world, server=other)], asyncio.Event()
        load = Load(lambda: [world] if away.is_set() else both)
        followers = [Follower(world, start) for _ in range(sockets)]
        async with following(followers, [one, other]):
            async with load.running():
                await load.reaches(40)
                away.set()
                here.redis.freeze()
                frozen = time.monotonic()
                await asyncio.sleep(FROZEN)
                here.redis.thaw()
                thawed = time.monotonic()
                found_after = await come_about(lambda: redis_is_found(one, other))
                away.clear()
                await load.reaches(len(load.done) + 40)
            happened = await here.names()
            await all_have_heard(followers, len(happened))
    slowest = load.slowest(since=frozen, until=thawed)
    during = [change for change in load.done if frozen <= change.began < thawed]
    faults = faults_in(first) + faults_in(second)
    tell(
        f"R11: Redis frozen for {thawed - frozen:.1f} s under {sockets} subscribers of two processes",
        total([Verdict.of(follower.names, expected=happened) for follower in followers]),
        promised={
            f"mutations answer within {ANSWERED_WITHIN:g} s": slowest <= ANSWERED_WITHIN,
            "no mutation fails": not load.failures,
            "no socket is closed": all(follower.code is None for follower in followers),
            "nothing is logged as a fault": not faults,
        },
        changes=f"{len(happened)}, {len(during)} of them while it was frozen",
        changes_that_failed=load.failures[:3] or 0,
        slowest_change=f"{load.slowest(until=frozen):.2f} s before, {slowest:.2f} s while it was frozen",
        longest_way_to_the_last_subscriber=f"{longest_way(during, followers):.2f} s while it was frozen",
        events_heard=sum(len(follower.names) for follower in followers),
        Redis_found_again_after=f"{found_after:.2f} s",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=200)
