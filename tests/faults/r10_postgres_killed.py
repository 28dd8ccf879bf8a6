"""R10: PostgreSQL is killed under load. Run it by hand: python -m tests.faults.r10_postgres_killed [sockets]

Sockets of two processes follow a club that changes twenty times a second. All of PostgreSQL's processes are killed,
and after three seconds it is started again on the same data. Who asks for a change meanwhile is told that it can't be
had.
"""

import asyncio
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import asyncpg
import psutil

from kit.database import connect
from kit.errors import SetupError
from kit.postgres import EmbeddedPostgres
from tests.faults.followers import Follower, all_have_heard, following
from tests.faults.load import Load
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import come_about, faults_in, run, stage
from tests.harness import Server, found_world
from tests.realtime.sockets import rename

AWAY = 3.0
WELL_WITHIN = 5.0


class Killed:
    """A PostgreSQL whose processes were killed, and which is started again as it was."""

    def __init__(self, data: Path) -> None:
        server = psutil.Process(int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0]))
        self._how = {"args": server.cmdline(), "cwd": server.cwd(), "user": server.uids().real}
        for process in (server, *server.children(recursive=True)):
            process.kill()
        psutil.wait_procs([server], timeout=10)

    def start(self) -> psutil.Popen:
        """Start it again."""
        return psutil.Popen(**self._how, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def accepts(postgres: EmbeddedPostgres) -> bool:
    """Tell whether PostgreSQL accepts connections: it repairs itself first."""
    try:
        await (await connect(postgres.owner_url, purpose="the experiment")).close()
    except (SetupError, asyncpg.PostgresError):
        return False
    return True


async def is_well(*servers: Server) -> bool:
    """Tell whether all programs say that they are ready."""
    return all([(await server.http.get(f"{server.url}/readyz")).status_code == 200 for server in servers])


async def experiment(sockets: int, folder: Path) -> None:
    async with stage(folder) as here, here.program("one") as (first, one), here.program("other") as (second, other):
        world = await found_world(one)
        start = await rename(world, "Start")
        load = Load(lambda: [world, replace(world, server=other)])
        followers = [Follower(world, start) for _ in range(sockets)]
        async with following(followers, [one, other]):
            async with load.running():
                await load.reaches(40)
                postgres = Killed(folder / "database" / "postgres")
                killed = time.monotonic()
                await asyncio.sleep(AWAY)
                again = postgres.start()
                await come_about(lambda: accepts(here.postgres))
                back = time.monotonic()
                await come_about(lambda: is_well(one, other))
                well_after = time.monotonic() - back
                await load.reaches(len(load.done) + 40)
            happened = await here.names()
            await all_have_heard(followers, len(happened))
        again.send_signal(signal.SIGINT)
        again.wait(20)
    faults = faults_in(first) + faults_in(second)
    tell(
        f"R10: PostgreSQL killed for {AWAY:g} s under {sockets} subscribers of two processes",
        total([Verdict.of(follower.names, expected=happened) for follower in followers]),
        promised={
            "no acknowledged change is lost": {change.name for change in load.done} <= set(happened),
            "who asks meanwhile hears UNAVAILABLE": all("UNAVAILABLE" in failure for failure in load.failures),
            f"well again within {WELL_WITHIN:g} s of its return": well_after <= WELL_WITHIN,
            "no socket is closed": all(follower.code is None for follower in followers),
            "nothing is logged as a fault": not faults,
        },
        changes=f"{len(load.done)} acknowledged, {len(happened)} in the log, {len(load.failures)} refused",
        slowest_change=f"{load.slowest(since=killed):.2f} s after it was killed",
        well_again_after=f"{well_after:.2f} s",
        faults=faults[:3] or "none",
    )


if __name__ == "__main__":
    run(experiment, size=200)
