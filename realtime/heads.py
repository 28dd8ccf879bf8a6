"""Where streams stand at this moment, by the log itself: for those who have to be sure."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping

from events.log import Head, read_heads
from kit.database import Database

ReadHeads = Callable[[Iterable[str]], Awaitable[Mapping[str, Head]]]


class _Question:
    """One question to the log, and all who wait for its answer."""

    def __init__(self) -> None:
        self.streams: set[str] = set()
        self.answer: asyncio.Future[Mapping[str, Head]] = asyncio.get_running_loop().create_future()


class FreshHeads:
    """Asks the log where streams stand, one question at a time, each for all who came before it was sent.

    Who comes while a question is under way waits for the next one, never for that: so what is told is never older
    than the request for it, and a thousand requests at once cost two questions.
    """

    def __init__(self, read: ReadHeads) -> None:
        self._read = read
        self._next: _Question | None = None
        self._asking: asyncio.Task[None] | None = None

    async def of(self, streams: Iterable[str]) -> dict[str, Head]:
        """Tell where streams stand, not before now. Raises what the database raises."""
        wanted = list(streams)
        if self._next is None:
            self._next = _Question()
        question = self._next
        question.streams.update(wanted)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="ask the log where streams stand")
        found = await asyncio.shield(question.answer)  # others wait for it too
        return {stream: found.get(stream, Head("", 0)) for stream in wanted}

    async def _ask(self) -> None:
        try:
            while self._next is not None:
                question, self._next = self._next, None
                try:
                    question.answer.set_result(await self._read(question.streams))
                except Exception as error:
                    question.answer.set_exception(error)
                    question.answer.exception()  # whoever asked may have gone, and then nobody else reads it
        finally:
            self._asking = None


def from_log(database: Database) -> ReadHeads:
    """Give the way to ask a database's log."""

    async def ask(streams: Iterable[str]) -> Mapping[str, Head]:
        async with database.glance() as connection:
            return await read_heads(connection, streams)

    return ask
