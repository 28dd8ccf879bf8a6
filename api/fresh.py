"""Queries answered as if each had been read when it came, without reading again what has not changed."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from api.polling import ReadyAnswer, ReadyAnswers
from events.log import Head
from kit.clock import Clock
from realtime import metrics
from realtime.heads import FreshHeads

Found = ReadyAnswer | bytes
SEEN = 10_000
"""Queries that are known to have been asked before, the least lately asked being forgotten first."""


@dataclass(frozen=True)
class Read:
    """Two ways to read an answer: alone, or together with where the streams stand that it depends on."""

    alone: Callable[[], Awaitable[bytes]]
    with_heads: Callable[[], Awaitable[Found]]
    """Keeps the answer ready where it depends on streams and nothing else."""


@dataclass(frozen=True)
class _Reading:
    number: int
    task: asyncio.Task[Found]


class FreshAnswers:
    """Answers that are never older than the request for them.

    An answer that is ready is given after the log has been asked where its streams stand, if it was read there or
    later. What has to be read is read once for all who came before that began. Who asks for something the first time
    has it read alone: where it was read is found out for those who ask again.
    """

    def __init__(self, heads: FreshHeads, clock: Clock) -> None:
        self._heads = heads
        self._clock = clock
        self._readings: dict[bytes, _Reading] = {}
        self._begun = 0
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    async def answer(self, asked: bytes, answers: ReadyAnswers, read: Read) -> Found:
        """Answer what is asked, from `answers` if one of them is right at this moment."""
        came, kept = self._begun, answers.peek(asked)
        if kept is None:
            return await self._read(asked, read, came=came) if self._is_asked_again(asked) else await self._alone(read)
        if answers.is_outrun(kept):
            return await self._read(asked, read, came=came)
        now = await self._heads.of(kept.heads)
        while True:
            if (latest := answers.peek(asked)) and self._is_right(latest, now):
                metrics.fresh_answers.labels("ready").inc()
                return latest
            reading = self._readings.get(asked)
            if reading is None or reading.number > came:
                return await self._read(asked, read, came=came)
            await asyncio.wait([reading.task])  # it began too early to be right for sure, and may be right all the same

    def _is_right(self, ready: ReadyAnswer, now: Mapping[str, Head]) -> bool:
        return covers(ready.heads, now) and (ready.until is None or self._clock() < ready.until)

    async def _read(self, asked: bytes, read: Read, *, came: int) -> Found:
        """Take part in a reading that began, or begins, after so many had begun."""
        while (reading := self._readings.get(asked)) and reading.number <= came:
            await asyncio.wait([reading.task])
        metrics.fresh_answers.labels("shared" if reading else "read").inc()
        if reading is None:
            reading = self._begin(asked, read)
        return await asyncio.shield(reading.task)  # others may wait for it too

    async def _alone(self, read: Read) -> bytes:
        metrics.fresh_answers.labels("read").inc()
        return await read.alone()

    def _begin(self, asked: bytes, read: Read) -> _Reading:
        self._begun += 1
        task = asyncio.ensure_future(read.with_heads())
        reading = self._readings[asked] = _Reading(self._begun, task)
        task.add_done_callback(lambda done: self._end(asked, done))
        return reading

    def _end(self, asked: bytes, done: asyncio.Task[Found]) -> None:
        del self._readings[asked]
        if not done.cancelled():
            done.exception()  # whoever asked may have gone, and then nobody else reads it

    def _is_asked_again(self, asked: bytes) -> bool:
        """Tell whether this was asked before, and note that it is now."""
        known = asked in self._seen
        self._seen[asked] = None
        self._seen.move_to_end(asked)
        if len(self._seen) > SEEN:
            self._seen.popitem(last=False)
        return known


def covers(read_at: Mapping[str, Head], now: Mapping[str, Head]) -> bool:
    """Tell whether what was read where streams stood shows all that has happened until now."""
    return read_at.keys() == now.keys() and all(
        at.epoch == now[stream].epoch and at.position >= now[stream].position for stream, at in read_at.items()
    )
