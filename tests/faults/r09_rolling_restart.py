"""R9: a rolling restart. Run it by hand: python -m tests.faults.r09_rolling_restart [sockets]

Five hundred sockets of two instances follow a club that changes twenty times a second. One instance after the other is
taken off the list that clients choose from, as a load balancer does it, told to stop by SIGTERM, and replaced by a
new one. Whoever is closed comes back to another with the last cursor.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

from tests.faults.fleet import fleet_of
from tests.faults.followers import Follower, all_have_heard
from tests.faults.load import Load
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import faults_in, run, stage
from tests.harness import Server, found_world
from tests.program import Running
from tests.realtime.sockets import rename

STOPPED_WITHIN = 5.0


def longest_silence(follower: Follower) -> float:
    return max((later - earlier for earlier, later in pairwise(follower.times)), default=0.0)


async def experiment(sockets: int, folder: Path) -> None:
    ran: list[Running] = []
    stops: list[float] = []
    async with stage(folder) as here:

        @asynccontextmanager
        async def instance(name: str) -> AsyncIterator[Server]:
            async with here.program(name) as (running, server):
                ran.append(running)
                yield server
                began = time.monotonic()
            stops.append(time.monotonic() - began)

        async with fleet_of(instance, "one", "two") as fleet:
            world = await found_world(fleet.taking[0][0])
            start = await rename(world, "Start")
            followers = [Follower(world, start) for _ in range(sockets)]
            load = Load(lambda: fleet.worlds(world))
            async with fleet.keeping(followers):
                async with load.running():
                    await load.reaches(40)
                    for name in ("one again", "two again"):
                        await fleet.stop_oldest()
                        await fleet.add(name)
                        await load.reaches(len(load.done) + 40)
                happened = await here.names()
                await all_have_heard(followers, len(happened))
    faults = [fault for running in ran for fault in faults_in(running)]
    tell(
        f"R9: rolling restart of two instances under {sockets} subscribers",
        total([Verdict.of(follower.names, expected=happened) for follower in followers]),
        promised={
            "every acknowledged change happened": {change.name for change in load.done} <= set(happened),
            "no mutation fails": not load.failures,
            "instances end by themselves": all(running.process.returncode == 0 for running in ran),
            f"each within {STOPPED_WITHIN:g} s": max(stops) <= STOPPED_WITHIN,
            "sockets are closed with 1001": set(fleet.codes) == {1001},
            "nothing is logged as a fault": not faults,
        },
        changes=len(happened),
        changes_that_failed=load.failures[:3] or 0,
        slowest_change=f"{load.slowest():.2f} s",
        events_heard=sum(len(follower.names) for follower in followers),
        sockets_closed=dict(fleet.codes),
        instances_ended_after=", ".join(f"{seconds:.2f} s" for seconds in stops),
        longest_silence_for_a_subscriber=f"{max(map(longest_silence, followers)):.2f} s",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=500)
