"""R13: connections are cut. Run it by hand: python -m tests.faults.r13_cut_connections [sockets]

Fifty sockets and twenty event streams follow a club that changes twenty times a second, and are cut without a word in
the middle of it: half of the sockets by a TCP reset, the others by closing the connection. First with the program
itself, whose metrics and connections tell what is left, and beside a client that stays and must notice nothing; then
with the same application in this process, where tasks, groups of subscribers and rooms can be counted.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
from pydantic import SecretStr

from api.app import create_app
from api.process import process_of
from kit.clock import utc_now
from kit.settings import Settings
from tests.faults.followers import Follower, all_have_heard, begin, following
from tests.faults.load import Load
from tests.faults.report import Verdict, tell
from tests.faults.stage import Stage, faults_in, figure, run, stage
from tests.faults.stream_followers import StreamFollower
from tests.harness import SECRET, Server, World, found_world, serving
from tests.program import Running
from tests.realtime.sockets import rename, room_subscriptions
from tests.realtime.support import until

STREAMS = 20
GONE_WITHIN = 1.0
QUIET = 0.5
"""Seconds after which what was begun before has come to an end."""
GAUGES = {
    "sockets": "teesheet_ws_connections_active",
    "subscriptions": "teesheet_ws_room_subscriptions",
    "streams": "fairway_http_streams_active",
}
NOTHING = Verdict(0, 0, 0)
Look = Callable[[], Awaitable[dict[str, float]]]


@dataclass
class Aftermath:
    """What there was before many came and were cut, while they were there, and afterwards."""

    before: dict[str, float]
    during: dict[str, float]
    after: dict[str, float]
    seconds: float
    verdict: Verdict
    failures: list[str]

    @property
    def clean(self) -> bool:
        """Whether nothing was left in the end."""
        return all(self.after[name] <= self.before[name] for name in self.before)

    def __str__(self) -> str:
        rows = (f"{name} {self.before[name]:g}/{self.during[name]:g}/{self.after[name]:g}" for name in self.before)
        return f"{', '.join(rows)} (before/during/after {self.seconds:.2f} s)"


@asynccontextmanager
async def asking_anew(server: Server) -> AsyncIterator[Server]:
    """The same server by connections of their own, which are closed afterwards and then not counted."""
    async with httpx.AsyncClient(timeout=30) as http:
        yield replace(server, http=http)


async def come_and_be_cut(world: World, server: Server, start: str, count: int, look: Look) -> Aftermath:
    """Let many follow, cut them, and see what is left."""
    before = await look()
    async with asking_anew(server) as talking, httpx.AsyncClient(timeout=30) as http:
        load = Load(lambda: [replace(world, server=talking)], name="Later")
        async with load.running():
            by_socket = [Follower(world, start) for _ in range(count)]
            by_stream = [StreamFollower(world, start, world.staff) for _ in range(STREAMS)]
            sockets = await begin(by_socket, [server])
            streams = [asyncio.create_task(follower.follow(server, http)) for follower in by_stream]
            await until(lambda: all(follower.subscribed for follower in by_stream))
            await load.reaches(40)
            during = await look()
            for number, follower in enumerate(by_socket):
                assert follower.socket
                follower.socket.cut(reset=number % 2 == 0)
            for stream in streams:
                stream.cancel()  # which closes its connection
            began = time.monotonic()
            await asyncio.gather(*sockets, *streams, return_exceptions=True)
    after = await look()
    while any(after[name] > before[name] for name in before) and time.monotonic() - began < GONE_WITHIN:
        await asyncio.sleep(0.02)
        after = await look()
    return Aftermath(before, during, after, time.monotonic() - began, NOTHING, load.failures)


async def provoke(here: Stage, server: Server, count: int, look: Look, *, one_stays: bool) -> Aftermath:
    """Cut many, after one has come, who leaves before them or stays."""
    async with asking_anew(server) as talking:
        world = await found_world(talking)
        start = await rename(world, "Start")
    first = Follower(world, start)
    async with AsyncExitStack() as company:
        await company.enter_async_context(following([first], [server]))
        async with asking_anew(server) as talking:
            load = Load(lambda: [replace(world, server=talking)])
            async with load.running():
                await load.reaches(20)
        if not one_stays:
            await company.aclose()
        await asyncio.sleep(QUIET)
        aftermath = await come_and_be_cut(world, server, start, count, look)
        if one_stays:
            happened = await here.names()
            await all_have_heard([first], len(happened))
            return replace(aftermath, verdict=Verdict.of(first.names, expected=happened))
    return aftermath


async def with_the_program(count: int, folder: Path) -> tuple[Aftermath, list[str]]:
    async with stage(folder) as here, here.program("one") as (running, one):

        async def look() -> dict[str, float]:
            async with asking_anew(one) as other:
                found = {name: await figure(other, gauge) for name, gauge in GAUGES.items()}
            return found | {"connections": connections(running, one)}

        return await provoke(here, one, count, look, one_stays=True), faults_in(running)


def connections(running: Running, server: Server) -> int:
    """Count the connections to a program's port that it has open."""
    port = urlsplit(server.url).port
    return sum(
        c.laddr.port == port and c.status != psutil.CONN_LISTEN for c in psutil.Process(running.pid).net_connections()
    )


async def in_this_process(count: int, folder: Path) -> Aftermath:
    async with stage(folder) as here:
        settings = Settings(
            _env_file=None,
            **{name.lower(): value for name, value in here.shared.items()},  # type: ignore[arg-type]
            jwt_secret=SecretStr(SECRET),
            ws_max_connections_per_user=5_000,
            ws_max_connections_per_address=5_000,
        )
        app = create_app(settings, with_jobs=False)
        async with serving(app, utc_now) as server:  # type: ignore[arg-type]  # any clock will do

            async def look() -> dict[str, float]:
                groups, followers = process_of(app).fanout._groups, server.runtime.hub._followers
                return {
                    "tasks": len(asyncio.all_tasks()),
                    "groups": len(groups),
                    "rooms": sum(len(follower._rooms) for follower in followers.values()),
                    "subscriptions": room_subscriptions(),
                }

            return await provoke(here, server, count, look, one_stays=False)


async def experiment(count: int, folder: Path) -> None:
    outside, faults = await with_the_program(count, folder / "program")
    inside = await in_this_process(count, folder / "process")
    tell(
        f"R13: {count} sockets and {STREAMS} event streams cut",
        outside.verdict,
        promised={
            "nothing is left a second later": outside.clean and inside.clean,
            "no mutation fails": not outside.failures and not inside.failures,
            "nothing is logged as a fault": not faults,
        },
        the_program=outside,
        the_application_in_this_process=inside,
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=50)
