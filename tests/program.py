"""The program itself, run as its users run it: `fairway …` in a process of its own."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.patience import PATIENCE

FAIRWAY = str(Path(sys.executable).parent / "fairway")


def environment(data_dir: Path | None = None, **more: str) -> dict[str, str]:
    """The environment of a program that knows nothing of this machine's settings."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    if data_dir:
        kept["FAIRWAY_DATA_DIR"] = str(data_dir)
    return kept | more


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a folder for programs' data until the block ends: where this runs as root, PostgreSQL runs as another user.

    It is not one of pytest's: what that has made, the next pytest that begins closes to other users.
    """
    with TemporaryDirectory(prefix="fairway-tests-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@dataclass
class Finished:
    """What a program said before it ended."""

    code: int
    out: str
    err: str


async def fairway(
    *words: str, folder: Path, data_dir: Path | None = None, program: str = FAIRWAY, **more: str
) -> Finished:
    """Run a command to its end; `program` may be one that is installed elsewhere."""
    process = await asyncio.create_subprocess_exec(
        program, *words, cwd=folder, env=environment(data_dir, **more), stdout=PIPE, stderr=PIPE
    )
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    return Finished(process.returncode or 0, out.decode(), err.decode())


@dataclass
class Running:
    """A server under way."""

    process: Process
    url: str
    lines: list[str] = field(default_factory=list)

    @property
    def pid(self) -> int:
        """Its process."""
        return self.process.pid

    def tokens(self) -> dict[str, str]:
        """The demo's tokens that it printed, by whom they are for."""
        pairs = zip(self.lines, self.lines[1:], strict=False)
        return {name.rpartition(" (")[0]: token for name, token in pairs if token.startswith("eyJ")}


@asynccontextmanager
async def serving_program(
    *words: str, folder: Path, data_dir: Path, program: str = FAIRWAY, **more: str
) -> AsyncIterator[Running]:
    """Run `fairway serve` on a free port until the block ends, then stop it as a service manager does.

    It asks nobody for the weather; the demo has its own. What the demo's groups do by the clock would be in the way.
    """
    more = ({"DEMO_PLAYS": "false"} if "--demo" in words else {"WEATHER_PROVIDER": "none"}) | more
    process = await asyncio.create_subprocess_exec(
        program,
        "serve",
        "--port",
        "0",
        *words,
        cwd=folder,
        env=environment(data_dir, **more),
        stdout=PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    running = Running(process, "")
    reader = asyncio.create_task(_read(running))
    try:
        async with asyncio.timeout(PATIENCE):
            while not running.url:
                if reader.done():
                    raise AssertionError("\n".join(running.lines))
                await asyncio.sleep(0.02)
        yield running
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()
        await reader


async def _read(running: Running) -> None:
    assert running.process.stdout is not None
    async for raw in running.process.stdout:
        line = raw.decode().rstrip()
        running.lines.append(line)
        if found := re.search(r"Fairway serves (http://\S+)/graphql", line):
            running.url = found[1]
