import asyncio

import pytest

from events.log import Head
from realtime.heads import FreshHeads


class Log:
    """A log whose answers come when the test says so."""

    def __init__(self):
        self.heads, self.questions = {"a": Head("e", 1)}, []

    async def read(self, streams):
        told = asyncio.get_running_loop().create_future()
        self.questions.append((set(streams), told))
        now = dict(self.heads)  # what PostgreSQL sees when the question comes
        if error := await told:
            raise error
        return {stream: now[stream] for stream in streams if stream in now}


async def turn():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_those_who_come_together_ask_once_and_who_comes_later_waits_for_the_next_question():
    log = Log()
    heads = FreshHeads(log.read)
    together = [asyncio.ensure_future(heads.of([stream])) for stream in ("a", "a", "b")]
    await turn()
    log.heads["a"] = Head("e", 2)
    later = asyncio.ensure_future(heads.of(["a"]))
    await turn()
    assert [streams for streams, _ in log.questions] == [{"a", "b"}]
    log.questions[0][1].set_result(None)
    assert await asyncio.gather(*together) == [{"a": Head("e", 1)}, {"a": Head("e", 1)}, {"b": Head("", 0)}]
    await turn()
    assert not later.done()
    log.questions[1][1].set_result(None)
    assert await later == {"a": Head("e", 2)}


async def test_a_failing_question_fails_those_who_wait_for_it_and_no_others():
    log = Log()
    heads = FreshHeads(log.read)
    first = asyncio.ensure_future(heads.of(["a"]))
    left = asyncio.ensure_future(heads.of(["a"]))
    await turn()
    left.cancel()
    second = asyncio.ensure_future(heads.of(["a"]))
    log.questions[0][1].set_result(OSError("away"))
    with pytest.raises(OSError, match="away"):
        await first
    await turn()
    log.questions[1][1].set_result(None)
    assert await second == {"a": Head("e", 1)}
