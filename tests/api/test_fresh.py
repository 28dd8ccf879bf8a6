"""What a POST is answered with is never older than the POST, and is read again only when something has changed."""

import asyncio

from api.app import create_app
from api.fresh import FreshAnswers, Read
from api.polling import ReadyAnswers
from events.log import Head
from tests.api.poller import sheet_of, statements
from tests.harness import MORNING, found_world, serving, settings_for
from tests.tee_sheet.board import SNAPSHOT
from tests.tee_sheet.desk import book


async def ask(world, server=None, who=None):
    return await (server or world.server).run(SNAPSHOT, who=who or world.staff, **sheet_of(world))


async def test_what_has_not_changed_is_asked_for_by_one_small_question(world):
    first, again = await ask(world), await ask(world)
    with statements(world.server) as sent:
        third = await ask(world)
    assert first == again == third
    assert ["FROM streams" in statement for statement in sent] == [True]


async def test_after_a_change_it_is_read_for_the_first_and_then_once_for_all_who_wait(world):
    await ask(world)
    await ask(world)
    with statements(world.server) as one:
        await book(world, world.staff, 0)
        await ask(world)
    with statements(world.server) as sent:
        made = await book(world, world.staff, 1)
        answers = await asyncio.gather(*(ask(world) for _ in range(20)))
    assert {answer.data["teeSheet"]["cursor"] for answer in answers} == {made["cursor"]}
    assert len(rows_read(sent)) <= 2 * len(rows_read(one)), "each of twenty read for itself"


def rows_read(sent):
    """Leave out the questions where streams stand: how many of them are asked depends on who comes when."""
    return [statement for statement in sent if "FROM streams" not in statement]


async def test_everybody_has_answers_of_their_own(world):
    ana = world.player("ana")
    await book(world, ana, 0)
    for _ in range(3):
        staff, own = await ask(world), await ask(world, who=ana)
        assert staff.data["teeSheet"]["cursor"] == own.data["teeSheet"]["cursor"]
    assert (await world.server.run("{ viewer { userId } }", who=ana)).data == {"viewer": {"userId": "ana"}}


async def test_a_reader_sees_what_was_answered_before_it_asked_whoever_did_it(settings, clock):
    """Two processes without Redis, whose sweep is an hour away: only the question to the log can tell."""
    slow = settings_for(settings, sweep_interval_degraded_ms=3_600_000)
    async with (
        serving(create_app(slow, with_jobs=False, clock=clock), clock) as here,
        serving(create_app(slow, with_jobs=False, clock=clock), clock) as there,
    ):
        world = await found_world(here)
        for number in range(8):
            made = await book(world, world.staff, number)
            answers = await asyncio.gather(*(ask(world, there) for _ in range(3)))
            assert {answer.data["teeSheet"]["cursor"] for answer in answers} == {made["cursor"]}


class Log:
    """A stream that moves, and an answer that shows where it stood when it was read."""

    def __init__(self):
        self.position, self.begun, self.may_end = 1, 0, asyncio.Event()
        self.may_end.set()
        self.answers = ReadyAnswers(lambda _stream: None)

    async def of(self, streams):
        return {stream: Head("e", self.position) for stream in streams}

    async def alone(self):
        return b"alone"

    async def with_heads(self):
        self.begun += 1
        seen = self.position
        await self.may_end.wait()
        return self.answers.keep(b"q", b"%d" % seen, {"club:a": Head("e", seen)})


async def turn():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_comes_after_a_reading_began_is_not_given_what_it_may_have_missed():
    log = Log()
    fresh = FreshAnswers(log, lambda: MORNING)

    async def answer():
        found = await fresh.answer(b"q", log.answers, Read(log.alone, log.with_heads))
        return found if isinstance(found, bytes) else found.body

    assert [await answer(), await answer(), await answer()] == [b"alone", b"1", b"1"]
    log.position = 2
    log.may_end.clear()
    before = [asyncio.ensure_future(answer()) for _ in range(3)]
    await turn()
    assert log.begun == 2
    log.position = 3
    after = [asyncio.ensure_future(answer()) for _ in range(3)]
    await turn()
    log.may_end.set()
    assert await asyncio.gather(*before) == [b"2"] * 3
    assert await asyncio.gather(*after) == [b"3"] * 3
    assert log.begun == 3
    unchanged = [asyncio.ensure_future(answer()) for _ in range(3)]
    assert await asyncio.gather(*unchanged) == [b"3"] * 3
    assert log.begun == 3


async def test_who_comes_while_it_is_read_is_given_that_if_nothing_happened_meanwhile():
    log = Log()
    fresh = FreshAnswers(log, lambda: MORNING)
    for _ in range(2):
        await fresh.answer(b"q", log.answers, Read(log.alone, log.with_heads))
    log.position = 2
    log.may_end.clear()
    waiting = []
    for _ in range(3):
        waiting.append(asyncio.ensure_future(fresh.answer(b"q", log.answers, Read(log.alone, log.with_heads))))
        await turn()
    log.may_end.set()
    assert [ready.body for ready in await asyncio.gather(*waiting)] == [b"2"] * 3
    assert log.begun == 2
