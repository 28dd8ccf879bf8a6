"""R8: SIGTERM under load. Run it by hand: python -m tests.faults.r08_sigterm [sockets]

A thousand sockets follow a club that changes twenty times a second; the server is told to stop, and started again on
the same data; everybody comes back with the last cursor.
"""

import asyncio
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

from tests.faults.followers import PATIENCE, Follower, begin, program, rename_until_it_stops
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import run
from tests.harness import found_world
from tests.realtime.sockets import rename
from tests.realtime.support import until

STOPPED_WITHIN = 5.0


async def experiment(sockets: int, folder: Path) -> None:
    done: list[str] = []
    async with program(folder) as (running, server):
        world = await found_world(server)
        start = await rename(world, "Club 0")
        followers = [Follower(world, start) for _ in range(sockets)]
        following = await begin(followers, [server])
        load = asyncio.create_task(rename_until_it_stops(world, done, pause=0.05))
        await until(lambda: len(done) >= 40, within=PATIENCE)
        began = time.monotonic()
        os.kill(running.pid, signal.SIGTERM)
        code = await running.process.wait()
        took = time.monotonic() - began
        await asyncio.gather(*following, load)
        codes = {follower.code for follower in followers}
        ended = sorted(follower.ended - began for follower in followers)

    async with program(folder) as (_, server):
        following = [asyncio.create_task(follower.follow(server)) for follower in followers]
        await rename(replace(world, server=server), "The last")
        await until(lambda: all(f.names[-1:] == ["The last"] for f in followers), within=PATIENCE)
    await asyncio.gather(*following)
    expected = [*done, *(name for name in followers[0].names if name not in done)]
    tell(
        f"R8: SIGTERM with {sockets} sockets",
        total([Verdict.of(follower.names, expected=expected) for follower in followers]),
        promised={
            "it ends by itself within 5 s": code == 0 and took <= STOPPED_WITHIN,
            "sockets are closed with 1001": codes == {1001},
        },
        exit_code=code,
        close_codes=codes,
        seconds_to_exit=round(took, 2),
        changes=len(done),
        events_heard=sum(len(follower.names) for follower in followers),
        first_and_last_socket_closed_after=(round(ended[0], 2), round(ended[-1], 2)),
    )


if __name__ == "__main__":
    run(experiment, size=1_000)
