"""The scenarios: what is asked of a server that has just been started, and what came of it."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from bench import celebrating
from bench.build import program
from bench.caddies import caddies
from bench.changes import changes
from bench.fairway import counters
from bench.generator import after_changes
from bench.machine import Failed
from bench.rush import rush
from bench.servers import Running
from bench.storm import storm
from bench.work import Outcome, Reading, Size

GENERATOR_SECONDS = 3600.0
CONNECTIONS = 32
"""Connections that ask queries at the same time."""
DOCUMENTS = 20
FILTERS = 1_000
STAFF = ("STAFF",)
AUDIENCES = ("ADMIN", "PLAYER", "CADDIE")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the subscribers say, and how much happens."""

    payloads: Sequence[str]
    size: Size
    roles: Sequence[str] = STAFF


def fanout(running: Running, size: Size) -> list[Outcome]:
    """Let everybody follow the same document."""
    return [_fan_out(running, Plan(payloads=running.client.pair.payloads(), size=size))]


def documents(running: Running, size: Size) -> list[Outcome]:
    """Let subscribers take turns with documents that select differently."""
    return [_fan_out(running, Plan(payloads=running.client.pair.payloads(DOCUMENTS), size=size))]


def filters(running: Running, size: Size) -> list[Outcome]:
    """Let every subscriber have a filter of its own, through which all events pass."""
    return [_fan_out(running, Plan(payloads=running.client.pair.filtered_payloads(FILTERS), size=size))]


def audiences(running: Running, size: Size) -> list[Outcome]:
    """Let admins, players and caddies follow the same."""
    return [_fan_out(running, Plan(payloads=running.client.pair.payloads(), size=size, roles=AUDIENCES))]


def connections(running: Running, size: Size) -> list[Outcome]:
    """Let many follow the same document, with fewer events."""
    few = replace(size, warmup=min(size.warmup, 5), events=min(size.events, 25), burst=min(size.burst, 50))
    return [_fan_out(running, Plan(payloads=running.client.pair.payloads(), size=few))]


def idle(running: Running, size: Size) -> list[Outcome]:
    """Let nothing happen."""
    quiet = replace(size, warmup=0, events=0, burst=0, idle=size.idle or 60.0)
    return [_fan_out(running, Plan(payloads=running.client.pair.payloads(), size=quiet))]


def queries(running: Running, size: Size) -> list[Outcome]:
    """Ask each of the server's lists over and over; those that change, after each change."""
    return [
        after_changes(running, reading, size) if reading.changes else _query(running, reading, size)
        for reading in running.client.readings
    ]


def guests(running: Running, size: Size) -> list[Outcome]:
    """Let households answer their invitations while everybody watches, and import a thousand guests."""

    def watch(running: Running, size: Size, roles: Sequence[str]) -> Outcome:
        return _fan_out(running, Plan(payloads=running.client.pair.payloads(), size=size, roles=roles))

    return celebrating.guests(running, size, watch)


SCENARIOS: Mapping[str, Callable[[Running, Size], list[Outcome]]] = {
    scenario.__name__: scenario
    for scenario in (
        fanout,
        documents,
        filters,
        audiences,
        connections,
        queries,
        idle,
        caddies,
        changes,
        rush,
        storm,
        guests,
    )
}


def _fan_out(running: Running, plan: Plan) -> Outcome:
    """Run the generator against a server. Raises Failed when hardly anybody could subscribe."""
    client, size = running.client, plan.size
    with tempfile.TemporaryDirectory(prefix="fairway-bench-plan-") as folder:
        files = {
            "inits": client.sign_in(size.subscribers, plan.roles),
            "payloads": plan.payloads,
            "bodies": client.pair.bodies(),
            "marks": ["\t".join(mark) for mark in client.pair.marks],
        }
        options = {name: str(_write(Path(folder, name), lines)) for name, lines in files.items()}
        options |= {**_amounts(plan), "first": str(running.services.next_event)}
        before = counters(running)
        outcome = _generate("fanout", running, options, headers=client.headers)
    after = counters(running)
    if outcome["subscribed"] < size.subscribers / 2:
        raise Failed(f"{outcome['subscribed']} of {size.subscribers} could subscribe. {_trouble(outcome)}")
    outcome["events"] = outcome["next_event"] - running.services.next_event
    running.services.next_event = outcome["next_event"]
    outcome["counted"] = {name: after[name] - before[name] for name in after}
    return outcome


def _amounts(plan: Plan) -> dict[str, str]:
    size = plan.size
    return {
        "subscribers": str(size.subscribers),
        "warmup": str(size.warmup),
        "events": str(size.events),
        "rate": str(size.rate),
        "burst": str(size.burst),
        "idle": str(size.idle if not size.events else 0),
        "timeout": str(size.timeout),
    }


def _query(running: Running, reading: Reading, size: Size) -> Outcome:
    url = running.url
    options = {
        "seconds": str(size.seconds),
        "warmup": str(min(3.0, size.seconds)),
        "connections": str(CONNECTIONS),
        "expect": reading.expect,
    }
    options |= {"method": reading.method, "status": "304" if reading.unchanged else "200"}
    if reading.method == "POST":
        options["body"] = reading.body
    else:
        url += reading.target
    flags = ["--etag"] if reading.unchanged else []
    outcome = _generate("queries", running, options | {"url": url}, *flags, headers=running.client.reading_headers)
    return {**outcome, "reading": reading.name}


def _generate(name: str, running: Running, options: Mapping[str, str], *flags: str, headers: Sequence[str]) -> Outcome:
    """Run one of the generator's programs, and read what it measured. Raises Failed."""
    given = {"url": running.url, "pid": str(running.pid), **options}
    if name == "fanout":
        given["fields"] = ",".join(running.client.pair.fields)
    words = [f"--{option}={value}" for option, value in given.items()]
    words += [f"--header={header}" for header in headers]
    command = [str(program(name)), *words, *flags]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GENERATOR_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failed(f"the generator took longer than {GENERATOR_SECONDS:.0f} s") from None
    with suppress(json.JSONDecodeError):
        measured: Outcome = json.loads(done.stdout)
        return measured
    raise Failed(f"the generator ended with {done.returncode}: {done.stderr.strip()[:300] or 'no words'}")


def _write(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def _trouble(outcome: Outcome) -> str:
    return " ".join(text for text in outcome["trouble"] if text)
