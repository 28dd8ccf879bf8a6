"""The machine: which cores there are for what, free ports, and processes that are stopped whatever happens."""

import os
import platform
import random
import resource
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

STOP_SECONDS = 30.0
"""Seconds that a process may take to stop before it is killed."""


class Missing(Exception):
    """Something is not on this machine that a server of the bench needs; the sentence says what."""


class Failed(Exception):
    """A server could not be measured; the sentence says why."""


@dataclass(frozen=True)
class Cores:
    """The server's core, and that of all others: generator, Redis, PostgreSQL and the bench itself."""

    server: frozenset[int]
    others: frozenset[int]

    @property
    def apart(self) -> bool:
        """Whether the server has a core of its own."""
        return self.server != self.others


def choose_cores() -> Cores:
    """Take the first two cores that this process may use; on a machine with one, everything shares it."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        return Cores(frozenset(usable), frozenset(usable))
    return Cores(frozenset(usable[:1]), frozenset(usable[1:2]))


def raise_file_limit(wanted: int) -> int:
    """Let this process and its children open as many files as are wanted, if that is allowed; gives what is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), max(hard, wanted)))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@contextmanager
def on_cores(cores: frozenset[int]) -> Iterator[None]:
    """Start children on other cores than this process runs on."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


@contextmanager
def started(
    command: Sequence[str],
    *,
    cores: frozenset[int],
    folder: Path,
    log: Path,
    environment: Mapping[str, str] | None = None,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends. Its output goes to `log`, or to `stdout` where that is given.

    Of our environment it gets what it needs, and no more.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    with log.open("wb") as output, on_cores(cores):
        process = subprocess.Popen(
            [*_tied_to_us(), *command],
            cwd=folder,
            env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
            start_new_session=True,  # Ctrl-C is for the bench alone, which then stops everything in good order
            stdin=subprocess.DEVNULL,
            stdout=output if stdout is None else stdout,
            stderr=output,
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group: with SIGTERM, and when that takes too long with SIGKILL."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tied_to_us() -> list[str]:
    """Have Linux stop the program when the bench itself is killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def cpu_seconds(pid: int) -> float:
    """Give the CPU that a process and those it has started have used, by the scheduler's count in nanoseconds."""
    root, used = psutil.Process(pid), 0
    for process in [root, *root.children(recursive=True)]:
        for task in Path(f"/proc/{process.pid}/task").iterdir():
            with suppress(FileNotFoundError):  # a thread that has just ended
                used += int((task / "schedstat").read_text().split()[0])
    return used / 1e9


def free_port() -> int:
    """Find a port that is free, below those that systems give to outgoing connections."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Failed("no free port was found")


def last_words(log: Path, lines: int = 6) -> str:
    """Give the end of a log in one line."""
    words = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return " / ".join(words[-lines:])


def describe_machine(cores: Cores) -> dict[str, object]:
    """Say what the figures were measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), platform.machine())
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "server_core": sorted(cores.server),
        "other_core": sorted(cores.others),
        "load_before": os.getloadavg()[0],
        "kernel": platform.release(),
        "python": platform.python_version(),
    }
