"""R21: a worker is killed at each step of an e-mail. Run it by hand: python -m tests.faults.r21_worker_killed

A golfer is welcomed by an e-mail, for each step one. The worker is a process of its own, and is killed without a word
as soon as it has come to the step; another one takes over what it has left. A mail server keeps what it takes.
"""

import asyncio
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncpg

from kit.database import connect
from tests.faults.report import Verdict, tell, total
from tests.faults.stage import Stage, come_about, run, stage
from tests.harness import SECRET, World, found_world
from tests.notifications.mail_server import MailServer
from tests.program import FAIRWAY, environment

KEEP_OUT = "LOCK TABLE deliveries IN EXCLUSIVE MODE"
STATUS = """
    SELECT d.status FROM deliveries d JOIN notifications n ON n.id = d.notification_id WHERE n.user_id = $1
"""
HOLD = """
    SELECT d.id FROM deliveries d JOIN notifications n ON n.id = d.notification_id WHERE n.user_id = $1 FOR UPDATE OF d
"""
WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
ENDED = {"SENT", "UNKNOWN", "FAILED", "SKIPPED"}


@dataclass
class GatedServer(MailServer):
    """A mail server that stops before it answers at one step, says that it is there, and goes on when it is let."""

    gate: str = ""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def _answer(self, step: str, writer: asyncio.StreamWriter) -> bool:
        if step == self.gate:
            self.arrived.set()
            await self.opened.wait()
        return await super()._answer(step, writer)

    def stop_at(self, step: str) -> None:
        """Stop at a step from now on."""
        self.gate, self.arrived, self.opened = step, asyncio.Event(), asyncio.Event()

    def go_on(self) -> None:
        """Let everything through."""
        self.gate = ""
        self.opened.set()


@asynccontextmanager
async def mail() -> AsyncIterator[GatedServer]:
    server = GatedServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


async def start_worker(here: Stage, server: MailServer) -> Process:
    told = {"SMTP_URL": f"smtp://127.0.0.1:{server.port}", "MAIL_FROM": "golf@club.example", "JWT_SECRET": SECRET}
    return await asyncio.create_subprocess_exec(
        FAIRWAY,
        "worker",
        cwd=here.folder,
        env=environment(here.folder / "data", WEATHER_PROVIDER="none", **here.shared, **told),
        stdout=DEVNULL,
        stderr=DEVNULL,
    )


@dataclass(frozen=True)
class Step:
    """A step at which the worker is killed, and what is to have become of the e-mail."""

    name: str
    status: str
    taken: int


ROUTED = Step("before it is decided how to send it", "SENT", 1)
CLAIMED = Step("claimed, and the server not told yet", "UNKNOWN", 0)
TOLD = Step("handed over, and not answered", "UNKNOWN", 1)
ANSWERED = Step("answered, and not noted", "UNKNOWN", 1)
STEPS = (ROUTED, CLAIMED, TOLD, ANSWERED)


async def is_waiting(connection: asyncpg.Connection) -> bool:
    """Tell whether somebody waits for a lock."""
    return bool(await connection.fetchval(WAITING))


async def come_to(step: Step, user: str, server: GatedServer, here: Stage, kill: Callable[[], Awaitable[None]]) -> None:
    """Hold the worker up at a step, kill it there, and let go."""
    holder = await connect(here.postgres.owner_url, purpose="the experiment")
    looker = await connect(here.postgres.owner_url, purpose="the experiment")
    try:
        async with asyncio.timeout(60), holder.transaction():
            if step is ROUTED:
                await holder.execute(KEEP_OUT)
            else:
                await server.arrived.wait()
            if step is ANSWERED:
                await holder.fetch(HOLD, user)
                server.go_on()
            if step in {ROUTED, ANSWERED}:
                await come_about(lambda: is_waiting(looker))
            await kill()
    finally:
        await holder.close()
        await looker.close()
    server.go_on()


async def killed_at(step: Step, world: World, server: GatedServer, here: Stage) -> tuple[str, int]:
    """Welcome a golfer, kill the worker at a step, and let another one take over; give what became of the e-mail."""
    user = f"golfer killed at {STEPS.index(step)}"
    who = replace(world.player(user), email=f"{STEPS.index(step)}@example.com")
    given = {"name": "Ana", "industry": "TECH", "timeZone": "Europe/Madrid"}
    server.stop_at({CLAIMED.name: "MAIL", TOLD.name: "END", ANSWERED.name: "END"}.get(step.name, ""))
    await world.server.mutate("updateGolfer", "golfer { id }", who=who, **given)
    worker = await start_worker(here, server)

    async def kill() -> None:
        worker.kill()
        await worker.wait()

    await come_to(step, user, server, here, kill)
    other = await start_worker(here, server)
    looker = await connect(here.postgres.owner_url, purpose="the experiment")

    async def has_ended() -> bool:
        return await looker.fetchval(STATUS, user) in ENDED

    try:
        async with asyncio.timeout(120):
            while not await has_ended():  # noqa: ASYNC110 a job of a dead worker is taken over after half a minute
                await asyncio.sleep(0.5)
        status = str(await looker.fetchval(STATUS, user))
    finally:
        other.kill()
        await other.wait()
        await looker.close()
    return status, sum(one["To"] == who.email for one in server.taken)


async def experiment(_size: int, folder: Path) -> None:
    found = {}
    async with stage(folder) as here, mail() as server, here.program("api", "--no-jobs") as (_, api):
        world = await found_world(api)
        for step in STEPS:
            found[step.name] = await killed_at(step, world, server, here)
    tell(
        "R21: a worker killed at each step of an e-mail",
        total([Verdict(lost=0, doubled=max(taken - 1, 0), reordered=0) for _, taken in found.values()]),
        promised={
            f"{step.name}: {step.status}, and taken {step.taken} times": found[step.name] == (step.status, step.taken)
            for step in STEPS
        },
        steps={name: f"{status}, taken {taken}" for name, (status, taken) in found.items()},
    )


if __name__ == "__main__":
    run(experiment, size=1)
