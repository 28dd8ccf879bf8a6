"""The generator's programs that ask many different things, and that follow; and what came of it."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import IO, Any

from bench.build import program
from bench.machine import Failed
from bench.servers import Running
from bench.work import Outcome, Reading, Size

LONGEST_SECONDS = 600.0
AT_ONCE = 64
"""Sockets that are opened at the same time, where nothing else is said."""


@dataclass(frozen=True)
class Answered:
    """An answer, with the milliseconds from the beginning until it was asked for and there."""

    status: int
    asked_ms: float
    answered_ms: float
    body: str

    def json(self) -> Any:
        """Read the body. Raises Failed when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            raise Failed(f"answered {self.status}: {self.body[:300]}") from None

    def payload(self) -> dict[str, Any]:
        """Read what the one mutation or query of the request gave. Raises Failed when there is none."""
        found = self.json()
        if self.status != 200 or not found.get("data"):
            raise Failed(f"answered {self.status}: {self.body[:300]}")
        payload: dict[str, Any] = next(iter(found["data"].values()))
        return payload


def request(token: str, query: str, **variables: Any) -> str:
    """Write a request as the generator reads it."""
    return f"Authorization: Bearer {token}\t{json.dumps({'query': query, 'variables': variables})}"


def ask_all(
    running: Running, requests: Sequence[str], *, connections: int, at_ns: int = 0
) -> tuple[Outcome, list[Answered]]:
    """Ask each thing once, over so many connections; from a moment of CLOCK_MONOTONIC on, if one is given."""
    with tempfile.TemporaryDirectory(prefix="fairway-bench-requests-") as folder:
        asked, answers = _write(Path(folder, "requests"), requests), Path(folder, "answers")
        options = {"url": running.url, "pid": running.pid, "requests": asked, "answers": answers}
        options |= {"connections": connections, "at": at_ns}
        command = [str(program("requests")), *(f"--{name}={value}" for name, value in options.items())]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS)
        if done.returncode:
            raise Failed(f"the generator ended with {done.returncode}: {done.stderr.strip()[:300]}")
        measured: Outcome = json.loads(done.stdout)
        return measured, [_answered(line) for line in answers.read_text(errors="replace").splitlines()]


def after_changes(running: Running, reading: Reading, size: Size) -> Outcome:
    """Change something and read it, by turns and one after the other; what counts are the readings."""
    client, asked = running.client, []
    for number in range(max(2, size.changes // 4)):
        change, _ = reading.changes[number % len(reading.changes)]
        asked.append("\t".join(("|".join(client.headers), change)))
        how = reading.body if reading.method == "POST" else reading.target
        asked.append("\t".join(("|".join(client.reading_headers), how)))
    _, answers = ask_all(running, asked, connections=1)
    done(answers[::2])
    read = answers[1::2]
    seen = [reading.changes[number % len(reading.changes)][1] for number in range(len(read))]
    wrong = [
        answer
        for answer, change in zip(read, seen, strict=True)
        if answer.status != 200 or reading.expect not in answer.body or change not in answer.body
    ]
    waits = [answer.answered_ms - answer.asked_ms for answer in read]
    return {
        "reading": reading.name,
        "requests_per_s": 1000 * len(waits) / sum(waits),
        "answer_ms": spread(waits),
        "body_bytes": sum(len(answer.body) for answer in read) / len(read),
        "wrong": len(wrong),
        "trouble": f"answered {wrong[0].status}: {wrong[0].body[:300]}" if wrong else "",
    }


def done(answers: Sequence[Answered]) -> list[dict[str, Any]]:
    """Give what mutations gave. Raises Failed for the first that was refused."""
    for answer in answers:
        if answer.payload().get("problems"):
            raise Failed(answer.body[:300])
    return [answer.payload() for answer in answers]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Give the median, the 99th percentile and the greatest; nothing of nothing."""
    ordered = sorted(values)
    ranks = {"p50": 0.5, "p99": 0.99, "max": 1.0} if ordered else {}
    return {name: ordered[ceil(share * len(ordered)) - 1] for name, share in ranks.items()}


def together(parts: Sequence[tuple[Outcome, Sequence[Answered]]]) -> Outcome:
    """Put together what was asked one after the other."""
    outcomes, waits = [outcome for outcome, _ in parts], [a.answered_ms - a.asked_ms for _, all_ in parts for a in all_]
    count, seconds = (sum(outcome[name] for outcome in outcomes) for name in ("answered", "seconds"))
    used = sum(outcome["cpu_us_per_request"] * outcome["answered"] for outcome in outcomes)
    figures = {"answered": count, "seconds": seconds, "per_s": count / seconds, "cpu_us_per_request": used / count}
    return {**figures, "answer_ms": spread(waits)}


def _answered(line: str) -> Answered:
    status, asked, answered, body = line.split("\t", 3)
    return Answered(int(status), float(asked), float(answered), body)


class Followers:
    """Many sockets that are open, and listen."""

    def __init__(self, process: subprocess.Popen[str], opened: Outcome) -> None:
        """Take the program that is them, and what it said when all had subscribed."""
        self.opened = opened
        self._process = process
        self._ended: Outcome | None = None

    def end(self) -> Outcome:
        """Let them hear what is still under way, and be gone; gives what they heard. Raises Failed."""
        if self._ended is None:
            said, trouble = self._process.communicate(timeout=LONGEST_SECONDS)
            if not said:
                raise Failed(f"those who follow ended with {self._process.returncode}: {trouble.strip()[:300]}")
            self._ended = json.loads(said)
        return self._ended


@contextmanager
def following(
    running: Running,
    inits: Sequence[str],
    payloads: Sequence[str],
    count: int,
    *,
    at_once: int = AT_ONCE,
    expect: int = 0,
    timeout: float = 120.0,
) -> Iterator[Followers]:
    """Let so many follow until the block ends; each until it has heard as much as is expected, if that is said.

    Raises Failed when hardly anybody could subscribe.
    """
    with tempfile.TemporaryDirectory(prefix="fairway-bench-follow-") as folder:
        options = {"url": running.url, "pid": running.pid, "subscribers": count, "at-once": at_once}
        options |= {"expect": expect, "timeout": timeout}
        options |= {
            "inits": _write(Path(folder, "inits"), inits),
            "payloads": _write(Path(folder, "payloads"), payloads),
        }
        command = [str(program("follow")), *(f"--{name}={value}" for name, value in options.items())]
        pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = subprocess.Popen(command, text=True, **pipes)
        try:
            opened = _first_line(process.stdout)
            if opened.get("subscribed", 0) < count:
                raise Failed(f"{opened.get('subscribed', 0)} of {count} could subscribe. {opened.get('trouble', '')}")
            yield Followers(process, opened)
        finally:
            process.kill()
            process.communicate()


def _first_line(output: IO[str] | None) -> Outcome:
    assert output is not None
    said: Outcome = json.loads(output.readline() or "{}")
    return said


def _write(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path
