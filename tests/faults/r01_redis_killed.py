"""R1: Redis is killed. Run it by hand: python -m tests.faults.r01_redis_killed [sockets]

A thousand sockets, spread over two processes, follow a club that changes twenty times a second. Redis is killed with
SIGKILL and started again five seconds later. While it is there, changes are made through both processes; while it is
away, through one alone, so that the other hears of them by nothing but its sweep of the log.
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

AWAY = 5.0
CAUGHT_UP_WITHIN = 3.0


async def experiment(sockets: int, folder: Path) -> None:
    async with stage(folder) as here, here.program("one") as (first, one), here.program("other") as (second, other):
        world = await found_world(one)
        start = await rename(world, "Start")
        both, away = [world, replace(world, server=other)], asyncio.Event()
        load = Load(lambda: [world] if away.is_set() else both)
        followers = [Follower(world, start) for _ in range(sockets)]
        async with following(followers, [one, other]):
            async with load.running():
                await load.reaches(60)
                away.set()
                here.redis.kill()
                killed = time.monotonic()
                await asyncio.sleep(AWAY)
                here.redis.start()
                back = time.monotonic()
                found = asyncio.create_task(come_about(lambda: redis_is_found(one, other)))
                await all_have_heard(followers, len(await here.names()))
                caught_up = time.monotonic() - back
                found_after = await found
                away.clear()
                steady = time.monotonic()
                await load.reaches(len(load.done) + 60)
            happened = await here.names()
            await all_have_heard(followers, len(happened))
    spans = {"before": (0.0, killed), "while away": (killed, back), "after": (steady, float("inf"))}
    ways = {
        name: f"{longest_way([c for c in load.done if since <= c.began < until], followers):.2f} s"
        for name, (since, until) in spans.items()
    }
    faults = faults_in(first) + faults_in(second)
    tell(
        f"R1: Redis killed for {back - killed:.1f} s under {sockets} subscribers of two processes",
        total([Verdict.of(follower.names, expected=happened) for follower in followers]),
        promised={
            "no mutation fails": not load.failures,
            "every acknowledged change happened": {change.name for change in load.done} <= set(happened),
            f"caught up within {CAUGHT_UP_WITHIN:g} s of its return": caught_up <= CAUGHT_UP_WITHIN,
            f"Redis carries news again within {CAUGHT_UP_WITHIN:g} s": found_after <= CAUGHT_UP_WITHIN,
            "no socket is closed": all(follower.code is None for follower in followers),
            "nothing is logged as a fault": not faults,
        },
        changes=len(happened),
        changes_that_failed=load.failures[:3] or 0,
        slowest_change=f"{load.slowest():.2f} s",
        events_heard=sum(len(follower.names) for follower in followers),
        longest_way_to_the_last_subscriber=ways,
        caught_up_after=f"{caught_up:.2f} s",
        Redis_found_again_after=f"{found_after:.2f} s",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=1_000)
