"""Conflated rooms, by a state that is a plain number."""

import asyncio

import pytest
from structlog.testing import capture_logs

from events.log import Head
from realtime import metrics
from realtime.fanout import Fanout
from tests.realtime.list_hub import ListHub, leave
from tests.realtime.list_log import STREAM
from tests.realtime.number import PAUSE, State, join, settled
from tests.realtime.support import until


@pytest.fixture
def hub():
    return ListHub()


@pytest.fixture
def fanout(hub):
    return Fanout(hub)


@pytest.fixture
def state(hub):
    return State(hub)


def deliveries():
    return metrics.deliveries._value.get()


async def test_all_who_follow_get_one_answer_at_once_and_one_for_each_change(hub, fanout, state):
    before, given = metrics.executions._value.get(), deliveries()
    clients = [await join(fanout, state) for _ in range(500)]
    await settled(fanout)
    hub.happen()
    await settled(fanout)
    assert all(client.heard == [1, 2] for client in clients)
    assert len(state.reads) == 2 == metrics.executions._value.get() - before
    assert deliveries() - given == 1_000
    assert fanout.census() == {STREAM: {STREAM: 500}}


async def test_a_thousand_changes_in_a_burst_are_told_by_few_answers_and_end_right(hub, fanout, state):
    client = await join(fanout, state)
    began = asyncio.get_running_loop().time()
    for _ in range(1_000):
        hub.happen()
        await asyncio.sleep(0.0002)
    took = asyncio.get_running_loop().time() - began
    await settled(fanout)
    assert client.heard[-1] == 1_001
    assert client.heard == sorted(set(client.heard))
    assert 2 <= len(state.reads) <= took / PAUSE + 2
    assert min(late - early for early, late in zip(state.reads, state.reads[1:], strict=False)) > 0.9 * PAUSE
    await asyncio.sleep(2 * PAUSE)
    assert client.heard[-1:] == [1_001]
    assert len(client.heard) == len(state.reads)


async def test_a_thousand_changes_in_one_transaction_are_one_answer(hub, fanout, state):
    client = await join(fanout, state)
    await settled(fanout)
    hub.happen(events=1_000)
    await settled(fanout)
    assert client.heard == [1, 1_001]


async def test_a_second_change_waits_its_turn_and_is_told_then(hub, fanout, state):
    client = await join(fanout, state, pause=0.3)
    await until(lambda: client.heard == [1])
    hub.happen()
    hub.happen()
    await asyncio.sleep(0.1)
    assert client.heard == [1]
    await until(lambda: client.heard == [1, 3])
    assert state.reads[1] - state.reads[0] > 0.29


async def test_what_changes_while_it_is_read_is_told_again_unless_it_was_seen(hub, fanout, state):
    client = await join(fanout, state)
    await settled(fanout)
    state.before_it_is_seen = lambda: hub.happen() if hub.position < 3 else None
    hub.happen()
    await settled(fanout)
    assert (client.heard, len(state.reads)) == ([1, 3], 2)
    state.before_it_is_seen = lambda: None
    state.open.clear()
    hub.happen()
    await until(lambda: len(state.reads) == 3)
    hub.happen()
    state.open.set()
    await settled(fanout)
    assert client.heard == [1, 3, 4, 5]


async def test_an_event_that_is_heard_late_makes_no_answer_that_is_no_news_for_long(hub, fanout, state):
    client = await join(fanout, state)
    await settled(fanout)
    hub.happen(told=False)
    late = await join(fanout, state, after=hub.cursor(2))
    await settled(fanout)
    assert (client.heard, late.heard) == ([1, 2], [2])
    assert len(state.reads) == 2


async def test_who_comes_back_with_the_newest_cursor_hears_when_something_moves(hub, fanout, state):
    hub.happen(events=3)
    first = await join(fanout, state, after=hub.cursor(4))
    await settled(fanout)
    assert (first.heard, state.reads) == ([], [])
    hub.happen()
    await settled(fanout)
    second = await join(fanout, state, after=hub.cursor(5))
    await settled(fanout)
    assert (first.heard, second.heard, len(state.reads)) == ([5], [], 1)
    hub.happen()
    await settled(fanout)
    assert (first.heard, second.heard) == ([5, 6], [6])


@pytest.mark.parametrize(("position", "epoch"), [(2, "e"), (4, "f"), (9, "e")])
async def test_who_comes_back_with_any_other_cursor_is_told_at_once(hub, fanout, state, position, epoch):
    hub.happen(events=3)
    other = await join(fanout, state)
    await settled(fanout)
    client = await join(fanout, state, after=hub.cursor(position, epoch=epoch))
    await settled(fanout)
    assert (other.heard, client.heard) == ([4], [4])


async def test_who_comes_while_it_is_being_read_shares_that_answer(hub, fanout, state):
    state.open.clear()
    first = await join(fanout, state)
    await until(lambda: state.reads)
    second, third = await join(fanout, state), await join(fanout, state, after=hub.cursor(0))
    state.open.set()
    await settled(fanout)
    assert (first.heard, second.heard, third.heard, len(state.reads)) == ([1], [1], [1], 1)


async def test_what_was_heard_before_is_not_forgotten_for_one_who_knows_less(hub, fanout, state):
    first = await join(fanout, state)
    await settled(fanout)
    state.open.clear()
    hub.happen()
    await until(lambda: len(state.reads) == 2)
    hub.happen()
    second = await join(fanout, state, after=hub.cursor(2))
    state.open.set()
    await settled(fanout)
    assert (first.heard, second.heard) == ([1, 2, 3], [2, 3])


async def test_what_cannot_change_it_has_it_not_read_anew(hub, fanout, state):
    client = await join(fanout, state, types=frozenset({"other.type"}))
    hub.happen(events=3)
    await settled(fanout)
    state.reads.clear()
    hub.happen()
    await asyncio.sleep(2 * PAUSE)
    assert (client.heard, state.reads) == ([4], [])


async def test_a_change_in_another_room_is_none_here(hub, fanout, state):
    client = await join(fanout, state)
    await settled(fanout)
    hub.happen("elsewhere")
    await asyncio.sleep(2 * PAUSE)
    assert client.heard == [1]


async def test_one_who_takes_nothing_is_given_the_newest_answer_alone_and_the_others_do_not_notice(hub, fanout, state):
    good, slow = await join(fanout, state), await join(fanout, state)
    await settled(fanout)
    slow.open.clear()
    for _ in range(4):
        hub.happen()
        await until(lambda: good.heard[-1] == hub.position)
    assert slow.heard == [1]
    slow.open.set()
    await settled(fanout)
    assert (good.heard, slow.heard) == ([1, 2, 3, 4, 5], [1, 5])
    hub.happen()
    await settled(fanout)
    assert slow.heard == [1, 5, 6]


async def test_while_nobody_takes_anything_nothing_is_read(hub, fanout, state):
    client = await join(fanout, state)
    await settled(fanout)
    client.open.clear()
    hub.happen()
    await until(lambda: client.member in fanout._groups["all"].lagging)
    read = len(state.reads)
    for _ in range(5):
        hub.happen()
        await asyncio.sleep(PAUSE)
    assert len(state.reads) == read
    client.open.set()
    await settled(fanout)
    assert client.heard[-1] == 7
    assert len(state.reads) == read + 1


@pytest.mark.parametrize("known", [None, 1, 2])
async def test_who_comes_while_nobody_takes_anything_is_told_no_old_answer(hub, fanout, state, known):
    slow = await join(fanout, state)
    await settled(fanout)
    slow.open.clear()
    hub.happen()
    await until(lambda: slow.member in fanout._groups["all"].lagging)
    hub.happen()
    await asyncio.sleep(2 * PAUSE)
    client = await join(fanout, state, after=known and hub.cursor(known))
    await until(lambda: client.heard)
    assert client.heard == [3]
    slow.open.set()
    await settled(fanout)
    assert (client.heard, slow.heard) == ([3], [1, 3])


async def test_who_knows_what_is_shown_is_told_what_has_changed_since(hub, fanout, state):
    first = await join(fanout, state, pause=0.3)
    await until(lambda: first.heard == [1])
    hub.happen()
    hub.happen("elsewhere")
    other = await join(fanout, state, after=hub.cursor(3), pause=0.3)
    assert other.heard == []
    await settled(fanout)
    assert (first.heard, other.heard) == ([1, 3], [3])


@pytest.mark.parametrize("away", ["raises", "says so"])
async def test_that_it_cannot_be_read_is_told_once_and_the_state_when_it_can(hub, fanout, state, away):
    client = await join(fanout, state)
    await settled(fanout)
    state.away = away
    with capture_logs() as logs:
        hub.happen()
        await until(lambda: len(state.reads) == 4)
        late = await join(fanout, state)
        assert late.heard == ["INTERNAL"]
        state.away = ""
        await settled(fanout)
    assert client.heard == [1, "INTERNAL", 2]
    assert late.heard == ["INTERNAL", 2]
    raised = {"a summary could not be rendered"} if away == "raises" else set()
    assert {entry["event"] for entry in logs} == raised  # else who reads it has said so
    pauses = [late - early for early, late in zip(state.reads[1:], state.reads[2:], strict=False)]
    assert pauses[0] > 1.9 * PAUSE
    assert pauses[1] > 3.9 * PAUSE


async def test_when_the_stream_begins_anew_the_state_is_told_as_it_is_then(hub, fanout, state):
    client = await join(fanout, state)
    await settled(fanout)
    hub.happen(told=False)
    hub.follower.restart(Head("f", 40))
    await settled(fanout)
    assert client.heard == [1, 2]


async def test_what_changes_by_itself_is_told_when_it_does(hub, fanout, state):
    state.holds.append(3 * PAUSE)
    client = await join(fanout, state)
    await until(lambda: client.heard)
    state.more = 100
    await until(lambda: client.heard == [1, 101])
    assert state.reads[1] - state.reads[0] > 2.9 * PAUSE
    await asyncio.sleep(2 * PAUSE)
    assert len(state.reads) == 2


async def test_a_client_that_nothing_can_be_told_is_cut_off_and_touches_nobody_else(hub, fanout, state):
    bad, good = await join(fanout, state), await join(fanout, state)
    await settled(fanout)
    bad.broken = True
    with capture_logs() as logs:
        while not bad.was_cut:
            hub.happen()
            await asyncio.sleep(PAUSE / 2)
        hub.happen()
        await until(lambda: good.heard[-1] == hub.position)
    assert bad.heard == [1]
    assert len(logs) == 2  # at the answer, and at the second try
    assert {entry["user"] for entry in logs} == {"ana"}


@pytest.mark.parametrize("lagging", [False, True])
async def test_with_the_last_one_all_that_was_begun_ends(hub, fanout, state, lagging):
    tasks = asyncio.all_tasks()
    state.holds.append(PAUSE)
    clients = [await join(fanout, state) for _ in range(2)]
    await until(lambda: clients[0].heard)
    if lagging:
        clients[0].open.clear()
        hub.happen()
        await until(lambda: clients[0].member in fanout._groups["all"].lagging)
    hub.happen()
    leave(fanout, clients)
    await until(lambda: asyncio.all_tasks() <= tasks)
    assert fanout._groups == {}
    assert hub.follower.subscribers == 0
    read = len(state.reads)
    await asyncio.sleep(3 * PAUSE)
    assert len(state.reads) == read
