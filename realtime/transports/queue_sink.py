"""A bounded queue of answers between a group, which never waits, and a client that may."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from realtime import metrics
from realtime.feed import CUT, Answer, Exit

MAX_ANSWERS = 100
MAX_BYTES = 1_048_576
"""What may wait for a client before it counts as slow; a round of events that is under way may go beyond."""
CHUNK = 65_536
"""Bytes after which a chunk of waiting answers is closed."""


class QueueSink:
    """The answers that wait for one client."""

    prefix: bytes | None = None
    exit: Exit | None = None

    def __init__(self, write: Callable[[Answer], bytes], **whose: Any) -> None:
        """Take how an answer is written, and what the log is told about whose it is."""
        self._write, self._whose = write, whose
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._closed = self._is_cut = False

    def whose(self) -> dict[str, Any]:
        """Tell for the log whose operation it is."""
        return self._whose

    @property
    def ready(self) -> bool:
        """Whether the client takes more at the moment: once its queue was full, it has to be emptied first."""
        return self._room.is_set()

    def write(self, frames: bytes) -> None:
        """Refuse: there are no frames here."""
        raise NotImplementedError

    def send(self, answers: Sequence[Answer]) -> None:
        """Put answers into the queue."""
        if self._closed:
            return
        for answer in answers:
            part = self._write(answer)
            self._waiting.append(part)
            self._bytes += len(part)
        if len(self._waiting) >= MAX_ANSWERS or self._bytes >= MAX_BYTES:
            self._room.clear()
        self._news.set()
        metrics.messages_sent.labels("next").inc(len(answers))

    async def drained(self) -> None:
        """Wait until the client is ready for more. Raises ConnectionError when it never will be."""
        while not (self._closed or self._room.is_set()):
            await self._room.wait()
        if self._closed:
            raise ConnectionError

    async def take(self, *, within: float) -> bytes:
        """Give what waits, or nothing when nothing has come in so many seconds, or the sink was closed.

        Raises ConnectionAbortedError when the client is to be cut off.
        """
        try:
            async with asyncio.timeout(within):
                await self._news.wait()
        except TimeoutError:
            return b""
        if self._is_cut:
            raise ConnectionAbortedError
        return self._chunk()

    def cut(self, why: str = CUT) -> None:  # noqa: ARG002 - a stream over HTTP is ended without a word
        """Have the connection of a client ended that nothing can be told: it comes back with its cursor."""
        self._is_cut = True
        self.close()

    def close(self) -> None:
        """Drop what waits, and take no more."""
        self._closed = True
        self._waiting.clear()
        self._news.set()
        self._room.set()

    def _chunk(self) -> bytes:
        parts, size = [], 0
        while self._waiting and size < CHUNK:
            parts.append(self._waiting.popleft())
            size += len(parts[-1])
        self._bytes -= size
        if not self._waiting and not self._closed:
            self._news.clear()
            self._room.set()
        return b"".join(parts)
