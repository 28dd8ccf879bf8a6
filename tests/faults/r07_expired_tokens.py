"""R7: tokens expire while events stream. Run it by hand: python -m tests.faults.r07_expired_tokens [sockets]

Fifty sockets and twenty event streams follow a club that changes twenty times a second, with tokens that hold for two
to five seconds. Each comes back with a new token and the last cursor whenever it is closed, for twenty seconds.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import jwt

from tests.faults.followers import Follower, all_have_heard
from tests.faults.load import Load
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import faults_in, run, stage
from tests.faults.stream_followers import StreamFollower
from tests.harness import Server, Who, found_world
from tests.realtime.sockets import rename
from tests.realtime.support import until

STREAMS = 20
CHANGES = 400
CLOSED_WITHIN = 1.0
EARLY = 0.05
"""Seconds that two looks at a clock may lie apart."""


def late(token: str) -> float:
    """Tell how many seconds ago a token has expired."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return time.time() - float(claims["exp"])


class Comings:
    """Clients that come back, and when they were sent away."""

    def __init__(self, server: Server, http: httpx.AsyncClient) -> None:
        self.codes: Counter[int | None] = Counter()
        self.late_sockets: list[float] = []
        self.late_streams: list[float] = []
        self._server = server
        self._http = http

    async def keep_socket(self, follower: Follower) -> None:
        while True:
            await follower.follow(self._server)
            self.late_sockets.append(late(follower.token))
            self.codes[follower.code] += 1

    async def keep_stream(self, follower: StreamFollower) -> None:
        while True:
            await follower.follow(self._server, self._http)
            self.late_streams.append(late(follower.token))


def shown(seconds: list[float]) -> str:
    return f"{len(seconds)} times, {min(seconds) * 1000:.0f} to {max(seconds) * 1000:.0f} ms after the second"


async def experiment(sockets: int, folder: Path) -> None:
    limits = httpx.Limits(max_connections=None)
    async with (
        stage(folder) as here,
        here.program("one") as (running, one),
        httpx.AsyncClient(timeout=30, limits=limits) as http,
    ):
        world = await found_world(one)
        start = await rename(world, "Start")

        def somebody() -> Who:
            return replace(world.staff, lifetime=timedelta(seconds=random.uniform(2, 5)))

        by_socket = [Follower(world, start, somebody()) for _ in range(sockets)]
        by_stream = [StreamFollower(world, start, somebody()) for _ in range(STREAMS)]
        comings, load = Comings(one, http), Load(lambda: [world])
        everybody: list[Follower | StreamFollower] = [*by_socket, *by_stream]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(comings.keep_socket(follower)) for follower in by_socket]
            tasks += [group.create_task(comings.keep_stream(follower)) for follower in by_stream]
            await until(lambda: all(follower.subscribed for follower in everybody))
            async with load.running():
                await load.reaches(CHANGES)
            happened = await here.names()
            await all_have_heard(everybody, len(happened), within=10)
            for task in tasks:
                task.cancel()
    times, faults = comings.late_sockets + comings.late_streams, faults_in(running)
    tell(
        f"R7: {sockets} sockets and {STREAMS} event streams whose tokens expire while they stream",
        total([Verdict.of(follower.names, expected=happened) for follower in everybody]),
        promised={
            "sockets are closed with 4403": set(comings.codes) == {4403},
            "streams end without a word": not any(follower.last_words for follower in by_stream),
            f"both within {CLOSED_WITHIN:g} s, and not before": -EARLY <= min(times) <= max(times) <= CLOSED_WITHIN,
            "everybody is sent away more than once": len(times) > 2 * len(everybody),
            "no mutation fails": not load.failures,
            "nothing is logged as a fault": not faults,
        },
        changes=len(happened),
        events_heard=sum(len(follower.names) for follower in everybody),
        close_codes=dict(comings.codes),
        sockets_closed=shown(comings.late_sockets),
        streams_ended=shown(comings.late_streams),
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=50)
