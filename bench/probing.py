"""What others feel meanwhile: a client that asks for the list of 30 all the time, and notes how long it waits."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.generator import spread
from bench.servers import Running
from bench.work import Outcome

PAUSE = 0.02
"""Seconds from an answer to the next question."""
PATIENCE = 60.0


class Probe:
    """Somebody who asks by POST, and the waits of each question."""

    def __init__(self, running: Running) -> None:
        """Ask nothing yet."""
        self._port = running.port
        self._reading = running.client.probe or running.client.readings[0]
        lines = (line.split(": ", 1) for line in running.client.reading_headers)
        self._headers = {"Content-Type": "application/json", **dict(lines)}
        self._waits: list[tuple[int, float]] = []
        self._wrong = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def _ask(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        while not self._over.wait(PAUSE):
            began = time.monotonic_ns()
            try:
                connection.request("POST", "/graphql", self._reading.body, self._headers)
                answer = connection.getresponse().read().decode(errors="replace")
            except (OSError, http.client.HTTPException):
                answer = ""
                connection.close()
            self._wrong += self._reading.expect not in answer
            self._waits.append((began, (time.monotonic_ns() - began) / 1e6))
        connection.close()

    def between(self, begin: int, end: int) -> Outcome:
        """Tell the waits, in milliseconds, of what was asked between two moments of CLOCK_MONOTONIC."""
        chosen = [wait for began, wait in self._waits if begin <= began <= end]
        return {"asked": len(chosen), "wrong": self._wrong, **spread(chosen)}

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask until the block ends."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()
