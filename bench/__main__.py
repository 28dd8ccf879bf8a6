"""Run the bench: `uv run python -m bench`. It prints its progress to stderr and its tables to stdout."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.alone import ALONE_SERVERS
from bench.build import BENCH
from bench.fairway import FAIRWAY_SERVERS
from bench.machine import Failed, Missing, choose_cores, describe_machine, raise_file_limit
from bench.postgres_peers import POSTGRES_SERVERS
from bench.scenarios import SCENARIOS
from bench.servers import PEER_SERVERS, Server, serving
from bench.services import Services
from bench.tables import Row, markdown
from bench.work import Size

SERVERS = [*PEER_SERVERS, *ALONE_SERVERS, *POSTGRES_SERVERS, *FAIRWAY_SERVERS]
RESULTS = BENCH / "results"
BUSY = 0.5
"""Load of the last minute from which on figures are not to be taken."""


def main() -> None:
    """Run what was asked for; what was measured is kept even when the bench is interrupted."""
    asked = _options().parse_args()
    servers = [server for server in SERVERS if server.name in asked.servers]
    cores = choose_cores()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    limit = raise_file_limit(2 * max([*asked.connections, *asked.clients, asked.subscribers, asked.people]) + 1_000)
    machine = describe_machine(cores)
    if not cores.apart:
        _say("There is one core only: server, generator, Redis and PostgreSQL share it, and the figures mean little.")
    if os.getloadavg()[0] > BUSY:
        _say(f"This machine is busy (load {os.getloadavg()[0]:.1f}): take no figures from this run.")
    os.sched_setaffinity(0, cores.others)
    rows: list[Row] = []
    try:
        with ExitStack() as resources:
            _run_all(asked, servers, Services(cores, resources), limit, rows)
    except KeyboardInterrupt:
        _say("Interrupted.")
    finally:
        _report(rows, servers, machine, asdict(_size(asked)))


def _run_all(
    asked: argparse.Namespace, servers: Sequence[Server], services: Services, limit: int, rows: list[Row]
) -> None:
    """Measure everything, and put each outcome into `rows` at once. What is missing is left out with a sentence."""
    left_out: set[str] = set()
    for repeat in range(asked.repeat):
        for scenario in asked.scenario:
            for size in _sizes(scenario, asked):
                if size.subscribers + 200 > limit:
                    _say(f"{size.subscribers:,} connections: no more than {limit:,} files may be open here.")
                    continue
                for server in servers:
                    if scenario not in server.scenarios or server.name in left_out:
                        continue
                    if server.alone and size.subscribers:
                        continue
                    try:
                        rows += _run(server, scenario, size, services, repeat)
                    except Missing as missing:
                        left_out.add(server.name)
                        _say(f"{server.title} is left out: {missing}.")


def _run(server: Server, scenario: str, size: Size, services: Services, repeat: int) -> list[Row]:
    """Measure one server in one scenario; what goes wrong is a row too. Raises Missing."""
    about = {"server": server.name, "scenario": scenario, "subscribers": size.subscribers, "repeat": repeat}
    _say(f"{datetime.now(UTC):%H:%M:%S} {scenario}, {server.name}, {size.subscribers:,}", end=" … ")
    try:
        if server.alone:
            outcomes = server.alone(services, size)
        else:
            with serving(server, services) as running:
                outcomes = SCENARIOS[scenario](running, size)
    except (Failed, OSError, KeyError, ValueError) as error:
        _say(f"failed: {error}")
        return [{**about, "error": str(error) or repr(error)}]
    _say("; ".join(filter(None, (text for outcome in outcomes for text in _troubles(outcome)))) or "done")
    return [{**about, "outcome": outcome} for outcome in outcomes]


def _troubles(outcome: dict[str, Any]) -> list[str]:
    trouble = outcome["trouble"]
    return [trouble] if isinstance(trouble, str) else trouble


def _sizes(scenario: str, asked: argparse.Namespace) -> list[Size]:
    size = _size(asked)
    several = {
        "connections": asked.connections,
        "caddies": asked.clients,
        "storm": asked.connections,
        "changes": [0, size.subscribers],
    }
    return [replace(size, subscribers=n) for n in several.get(scenario, [size.subscribers])]


def _size(asked: argparse.Namespace) -> Size:
    return Size(
        subscribers=asked.subscribers,
        warmup=asked.warmup,
        events=asked.events,
        rate=asked.rate,
        burst=asked.burst,
        idle=asked.idle,
        quiet=asked.quiet,
        seconds=asked.seconds,
        changes=asked.changes,
        people=asked.people,
    )


def _report(rows: list[Row], servers: Sequence[Server], machine: dict[str, object], size: dict[str, Any]) -> None:
    if not rows:
        return
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}.json"
    file.write_text(json.dumps({"machine": machine, "size": size, "rows": rows}, indent=1))
    print(f"{machine['cpu']}, {machine['cores']} cores, load before {machine['load_before']:.2f}\n")
    print(markdown(rows, servers))
    _say(f"\nAll figures: {file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}")


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    names = [server.name for server in SERVERS]
    default = Size()
    parser.add_argument("--servers", type=_list_of(names), default=names, help=f"of {', '.join(names)}")
    parser.add_argument(
        "--scenario", type=_list_of(list(SCENARIOS)), default=list(SCENARIOS), help=f"of {', '.join(SCENARIOS)}"
    )
    parser.add_argument("--repeat", type=int, default=1, help="how often everything is done; tables show medians")
    parser.add_argument("--subscribers", type=int, default=default.subscribers)
    parser.add_argument("--connections", type=_numbers, default=[5_000, 10_000], help="sizes of that scenario")
    parser.add_argument("--warmup", type=int, default=default.warmup, help="events before the measured ones")
    parser.add_argument("--events", type=int, default=default.events)
    parser.add_argument("--rate", type=float, default=default.rate, help="events per second")
    parser.add_argument("--burst", type=int, default=default.burst, help="events of the burst")
    parser.add_argument("--idle", type=float, default=60.0, help="seconds of silence in the scenario idle")
    parser.add_argument("--clients", type=_numbers, default=[100, 1_000], help="sizes of the scenario caddies")
    parser.add_argument("--quiet", type=float, default=default.quiet, help="seconds of each silence in caddies")
    parser.add_argument("--changes", type=int, default=default.changes, help="how many of each kind in changes")
    parser.add_argument("--people", type=int, default=default.people, help="who want a start at once in rush")
    parser.add_argument("--seconds", type=float, default=default.seconds, help="how long each query is asked")
    return parser


def _list_of(known: list[str]) -> Any:
    def read(text: str) -> list[str]:
        given = text.split(",")
        if unknown := [name for name in given if name not in known]:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose of {', '.join(known)}")
        return given

    return read


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _say(text: str, end: str = "\n") -> None:
    print(text, file=sys.stderr, end=end, flush=True)


if __name__ == "__main__":
    main()
