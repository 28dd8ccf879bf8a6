"""Where earlier events come to say less in the log, nothing that is kept in memory goes on saying more."""

import asyncio
from dataclasses import replace

import orjson

import events.guests.households  # noqa: F401 - declares the fact below
from api.polling import ReadyAnswers
from events.log import Head, Logged
from realtime.fanout import Fanout
from realtime.feed import Item
from tests.realtime.list_hub import ListHub, join, leave, quiet
from tests.realtime.list_log import STREAM, ListLog, Subscriber, _all_leave, message, messages  # noqa: F401 - a fixture
from tests.realtime.support import until


def saying(word: str, positions: range) -> list[Logged]:
    return [replace(one, data={"said": word}) for one in messages(positions)]


def rewriting(position: int) -> Logged:
    return replace(message(position), type="guest.erase")


async def said(follower, *, after: int) -> list[str]:
    found, _ = await follower.page(room=STREAM, after=after)
    return [one.data.get("said") for one in found]


async def test_the_tail_is_forgotten_and_read_anew():
    log = ListLog(saying("all", range(1, 3)))
    follower = log.follower(at=0)
    subscriber = Subscriber(follower)
    follower.take(saying("all", range(1, 5)))
    await subscriber.hears(1, 2, 3, 4)
    assert await said(follower, after=0) == ["all"] * 4
    assert log.reads == [], "it came from memory"
    log.committed = [*saying("less", range(1, 5)), rewriting(5)]
    follower.take([rewriting(5)])
    await subscriber.hears(1, 2, 3, 4, 5)
    assert not follower.remembers(3)
    assert follower.remembers(4)
    assert await said(follower, after=0) == ["less"] * 4 + [None]


async def test_what_was_read_before_and_comes_after_is_not_kept():
    log = ListLog(saying("all", range(1, 5)))
    follower = log.follower()
    log.open.clear()
    recalling = asyncio.ensure_future(follower.recall(0))
    await until(lambda: log.reads)
    await asyncio.sleep(0)  # the log has given its answer, which has not come yet
    log.committed = [*saying("less", range(1, 5)), rewriting(5)]
    follower.take([rewriting(5)])
    log.open.set()
    await recalling
    assert await said(follower, after=0) == ["less"] * 4 + [None]


async def test_answers_to_earlier_events_are_made_anew_and_those_to_later_ones_kept():
    hub, executed = ListHub(), []

    def render(item: Item) -> bytes:
        executed.append(item.position)
        return orjson.dumps({"data": item.position})

    fanout = Fanout(hub)
    first = await join(fanout, render=render)
    hub.happen(events=3)
    await quiet(fanout)
    again = await join(fanout, render=render, after=hub.cursor(1))
    await quiet(fanout)
    assert (again.heard, executed) == ([2, 3, 4], [2, 3, 4]), "executed once for both"
    hub.log.committed.append(rewriting(5))
    hub.follower.take([rewriting(5)])
    hub.happen()
    await quiet(fanout)
    late = await join(fanout, render=render, after=hub.cursor(1))
    await quiet(fanout)
    assert late.heard == [2, 3, 4, 5, 6]
    assert executed == [2, 3, 4, 5, 6, 2, 3, 4, 5], "what was told since is kept as ever"
    leave(fanout, [first, again, late])


def test_ready_answers_that_depend_on_a_stream_are_forgotten_together():
    heads = {"occasion:1": Head("e", 1), "club:1": Head("e", 1)}
    ready = ReadyAnswers(heads.get)
    for asked, streams in ((b"both", heads), (b"club", {"club:1": heads["club:1"]})):
        ready.keep(asked, b"body", streams)
    ready.forget("occasion:1")
    ready.forget("occasion:1")
    assert ready.peek(b"both") is None
    assert ready.peek(b"club") is not None
    ready.forget("club:1")
    assert ready.peek(b"club") is None
    assert (ready._of_streams, ready._bytes) == ({}, 0)
