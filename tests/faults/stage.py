"""Where experiments take place: a PostgreSQL and a Redis of their own, and programs that share them."""

import asyncio
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from events.clubs import ClubUpdated
from kit.database import connect
from kit.migrations import upgrade
from kit.postgres import EmbeddedPostgres, start_postgres
from tests.faults.followers import PATIENCE, program
from tests.harness import Server
from tests.program import Running
from tests.realtime.redis_server import RedisServer

MIB = 1024 * 1024
NAMES = "SELECT data->>'name' FROM events WHERE type = $1 ORDER BY stream_id, position"


@dataclass
class Stage:
    """A database, a Redis, and what is known of them."""

    folder: Path
    postgres: EmbeddedPostgres
    redis: RedisServer

    @property
    def shared(self) -> dict[str, str]:
        """What programs are told so that they share both."""
        return {
            "DATABASE_URL": self.postgres.app_url.render_as_string(hide_password=False),
            "DATABASE_SYSTEM_URL": self.postgres.system_url.render_as_string(hide_password=False),
            "REDIS_URL": self.redis.url,
        }

    def program(self, name: str, *words: str, **more: str) -> AbstractAsyncContextManager[tuple[Running, Server]]:
        """Run `fairway serve` on both until the block ends."""
        return program(self.folder, *words, INSTANCE_NAME=name, **self.shared, **more)

    async def names(self) -> list[str]:
        """Give the names that the club got after its first one, in their order, as the database has them."""
        connection = await connect(self.postgres.owner_url, purpose="the experiment")
        try:
            return [row[0] for row in await connection.fetch(NAMES, ClubUpdated.type)][1:]
        finally:
            await connection.close()


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Start PostgreSQL, with all tables, and Redis; stop them at the end."""
    with start_postgres(folder / "database") as postgres, closing(RedisServer()) as redis:
        await upgrade(postgres.owner_url, app_url=postgres.app_url, system_url=postgres.system_url)
        redis.start()
        yield Stage(folder, postgres, redis)


def run(experiment: Callable[[int, Path], Awaitable[None]], *, size: int) -> None:
    """Run an experiment in a folder of its own; the command line may name another size."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a file for each socket, also in the programs
    with TemporaryDirectory(prefix="fairway-fault-") as name:
        Path(name).chmod(0o755)  # PostgreSQL runs as another user where this runs as root
        asyncio.run(experiment(int(sys.argv[1]) if len(sys.argv) > 1 else size, Path(name)))  # type: ignore[arg-type]


async def come_about(condition: Callable[[], Awaitable[bool]]) -> float:
    """Wait until what other processes are asked for is so; give the seconds that it took."""
    began = time.monotonic()
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 - other processes raise no event here
            await asyncio.sleep(0.02)
    return time.monotonic() - began


async def redis_is_found(*servers: Server) -> bool:
    """Tell whether all programs say that Redis is well."""
    answers = [(await server.http.get(f"{server.url}/readyz")).json() for server in servers]
    return all(answer["broadcaster"] == "ok" for answer in answers)


async def figure(server: Server, name: str) -> float:
    """Give a figure of a program's metrics, summed up over its labels."""
    lines = (await server.http.get(f"{server.url}/metrics")).text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))


def memory(running: Running) -> int:
    """Give the bytes that a program has in memory."""
    return int(psutil.Process(running.pid).memory_info().rss)


def faults_in(running: Running) -> list[str]:
    """Give what a program has logged that it must not."""
    return [line for line in running.lines if "Traceback" in line or "[error" in line or "[critical" in line]
