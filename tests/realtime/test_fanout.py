import asyncio
from dataclasses import replace
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from events.log import Head
from realtime import metrics, unreadable
from realtime.batch import CACHED_BYTES
from realtime.fanout import Fanout
from realtime.group import ROUND_BYTES
from tests.realtime.list_hub import ListHub, join, leave, quiet, show
from tests.realtime.list_log import STREAM, message
from tests.realtime.support import until


@pytest.fixture
def hub():
    return ListHub()


@pytest.fixture
def fanout(hub):
    return Fanout(hub)


def executions():
    return metrics.executions._value.get()


def even(event):
    return event.position % 2 == 0


async def test_a_thousand_who_are_answered_alike_share_one_execution(hub, fanout):
    clients = [await join(fanout, wanted=even if n % 2 else None) for n in range(1_000)]
    before = executions()
    hub.happen(events=10)
    await quiet(fanout)
    assert executions() == before + 10
    for n, client in enumerate(clients):
        assert client.heard == ([2, 4, 6, 8, 10] if n % 2 else list(range(2, 12)))


async def test_who_is_answered_differently_is_executed_for_by_itself(hub, fanout):
    keys = [("{ name }", "staff"), ("{ name }", "player"), ("{ id }", "staff")]
    clients = [await join(fanout, key=key) for key in keys for _ in range(5)]
    before = executions()
    hub.happen(events=2)
    await quiet(fanout)
    assert executions() == before + 6
    assert all(client.heard == [2, 3] for client in clients)


async def test_a_room_hears_only_what_is_its_own(hub, fanout):
    one, other = await join(fanout, key=1, room="one"), await join(fanout, key=2, room="other")
    hub.happen("one")
    hub.happen("other")
    hub.happen("one", "other")
    await quiet(fanout)
    assert (one.heard, other.heard) == ([2, 4], [3, 4])


async def test_what_is_about_to_be_committed_is_executed_for_once_and_told_only_when_it_is(hub, fanout):
    client = await join(fanout)
    before = executions()
    hub.prerender(message(2))
    hub.happen()
    await quiet(fanout)
    assert (client.heard, executions()) == ([2], before + 1)
    hub.prerender(message(3))
    await quiet(fanout)
    assert (client.heard, executions()) == ([2], before + 2)


async def test_what_was_rolled_back_is_not_told_in_place_of_what_was_committed(hub, fanout):
    client = await join(fanout, render=lambda item: orjson.dumps({"data": str(item.id)}))
    hub.prerender(replace(message(2), id=UUID(int=99)))
    hub.happen()
    await quiet(fanout)
    assert client.heard == [str(UUID(int=2))]


async def test_what_has_to_be_read_from_the_database_is_not_read_before_the_commit(hub, fanout):
    rows, read = ["before"], []

    async def render(item):
        read.append(item.position)
        return orjson.dumps({"data": rows[0]})

    client = await join(fanout, render=render)
    for number in range(2, 5):
        hub.prerender(message(number))
        await asyncio.sleep(0)
        rows[0] = f"after {number}"
        hub.happen()
        await quiet(fanout)
    assert client.heard == ["after 2", "after 3", "after 4"]
    assert read == [2, 2, 3, 4]  # once in vain, which tells that there is no use in it


async def test_what_comes_together_is_one_write(hub, fanout):
    client = await join(fanout)
    hub.happen(events=50)
    await quiet(fanout)
    assert (client.heard, client.writes) == (list(range(2, 52)), 1)


async def test_large_answers_are_not_all_merged_into_one_write(hub, fanout):
    client = await join(fanout, render=lambda item: orjson.dumps({"data": item.position, "more": "x" * 50_000}))
    hub.happen(events=100)
    await quiet(fanout)
    assert client.heard == list(range(2, 102))
    assert ROUND_BYTES <= client.largest < ROUND_BYTES + 60_000
    (group,) = fanout._groups.values()
    assert group._cache._size <= CACHED_BYTES


async def test_one_who_joins_while_an_event_is_handed_out_does_not_hear_it(hub, fanout):
    go_on, entered = asyncio.Event(), asyncio.Event()

    async def slowly(item):
        entered.set()
        await go_on.wait()
        return show(item)

    early = await join(fanout, render=slowly)
    hub.happen()
    await entered.wait()
    late = await join(fanout, render=slowly)
    resumed = await join(fanout, render=slowly, after=hub.cursor(1))
    hub.happen()
    go_on.set()
    await quiet(fanout)
    assert (early.heard, late.heard, resumed.heard) == ([2, 3], [3], [2, 3])


async def test_one_who_leaves_while_an_event_is_handed_out_hears_no_more(hub, fanout):
    clients = [await join(fanout) for _ in range(3)]
    clients[0].take = lambda frames: leave(fanout, clients[1:2])
    hub.happen()
    await quiet(fanout)
    assert (clients[1].heard, clients[2].heard) == ([], [2])


async def test_one_who_takes_nothing_catches_up_when_it_does_and_the_others_do_not_notice(hub, fanout):
    good, slow = await join(fanout), await join(fanout, wanted=even)
    slow.open.clear()
    before = executions()
    for _ in range(300):
        hub.happen()
        await asyncio.sleep(0)
    await until(lambda: good.heard == list(range(2, 302)))
    assert slow.heard == []
    slow.open.set()
    await quiet(fanout)
    assert slow.heard == list(range(2, 302, 2))
    assert executions() == before + 300
    hub.happen(events=2)
    await quiet(fanout)
    assert slow.heard[-1] == 302


async def test_one_who_leaves_while_it_catches_up_leaves_nothing_behind(hub, fanout):
    tasks = asyncio.all_tasks()
    hub.happen(events=10)
    client = await join(fanout, after=hub.cursor(1))
    client.open.clear()
    await until(lambda: hub.follower.subscribers == 2)
    leave(fanout, [client])
    await until(lambda: asyncio.all_tasks() <= tasks)
    assert fanout._groups == {}
    assert hub.follower.subscribers == 0


async def test_one_whose_connection_is_lost_while_it_catches_up_ends_without_a_word(hub, fanout):
    hub.happen(events=10)
    client = await join(fanout, after=hub.cursor(1))
    client.open.clear()
    await until(lambda: hub.follower.subscribers == 2)
    with capture_logs() as logs:
        client.gone = True
        client.open.set()
        await until(lambda: hub.follower.subscribers == 1)
    assert logs == []
    leave(fanout, [client])


async def test_a_reset_is_heard_once_by_those_who_follow_and_by_those_who_lag(hub, fanout):
    live, lagging = await join(fanout), await join(fanout)
    lagging.open.clear()
    hub.happen(events=3)
    await until(lambda: live.heard == [2, 3, 4])
    hub.follower.restart(Head("f", 40))
    await until(lambda: live.heard[-1] == "EPOCH_CHANGED")
    lagging.open.set()
    await quiet(fanout)
    assert live.heard == [2, 3, 4, "EPOCH_CHANGED"]
    assert lagging.heard[-1] == "EPOCH_CHANGED"
    assert lagging.heard.count("EPOCH_CHANGED") == 1
    assert lagging.heard[:-1] == [2, 3, 4][: len(lagging.heard) - 1]


@pytest.mark.parametrize("in_turns_of_its_own", [True, False])
async def test_an_event_that_cannot_be_rendered_is_told_as_a_fault_and_the_rest_goes_on(
    hub, fanout, in_turns_of_its_own
):
    async def later(item):
        return broken(item)

    def broken(item):
        if item.position == 3:
            raise ValueError("a fault")
        return show(item)

    client = await join(fanout, render=later if in_turns_of_its_own else broken)
    with capture_logs() as logs:
        hub.happen(events=3)
        await quiet(fanout)
    assert client.heard == [2, "INTERNAL", 4]
    assert [entry["event"] for entry in logs] == ["an event could not be rendered"]


def fails_at_three(event):
    if event.position == 3:
        raise ValueError("a fault")
    return True


@pytest.mark.parametrize("late", [False, True])
async def test_a_filter_that_fails_is_told_as_a_reset_once_and_touches_nobody_else(hub, fanout, late):
    unreadable._noted.clear()
    if late:
        hub.happen(events=2)
    after = hub.cursor(1) if late else None
    with capture_logs() as logs:
        bad, good = [await join(fanout, wanted=wanted, after=after) for wanted in (fails_at_three, None)]
        if not late:
            hub.happen(events=2)
        await quiet(fanout)
        hub.happen()
        await quiet(fanout)
    assert (good.heard, bad.heard) == ([2, 3, 4], ["UNREADABLE", 4])
    assert [(entry["log_level"], entry["position"]) for entry in logs] == [("error", 3)]


async def test_a_client_that_nothing_can_be_told_is_cut_off_and_touches_nobody_else(hub, fanout):
    bad, good = await join(fanout), await join(fanout)
    bad.broken = True
    with capture_logs() as logs:
        hub.happen()
        await until(lambda: bad.was_cut)
        hub.happen()
        await until(lambda: good.heard == [2, 3])
    assert (bad.heard, good.heard) == ([], [2, 3])
    assert {entry["user"] for entry in logs} == {"ana"}
    assert len(logs) == 3  # at the event, at the second try, at the reset


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("happen"), st.integers(1, 4)),
        st.tuples(st.just("stall"), st.integers(0, 3)),
        st.tuples(st.just("go on"), st.integers(0, 3)),
        st.tuples(st.just("join"), st.integers(0, 8)),
        st.tuples(st.just("breathe"), st.integers(1, 6)),
    ),
    max_size=60,
)


@given(steps=STEPS)
@hypothesis_settings(max_examples=150)
async def test_whatever_clients_take_each_gets_what_it_wants_in_order_and_once(steps):
    hub = ListHub()
    fanout = Fanout(hub)
    clients = [(await join(fanout, wanted=even if n % 2 else None), even if n % 2 else None, 1) for n in range(4)]
    for step, number in steps:
        match step:
            case "happen":
                hub.happen(events=number)
            case "stall":
                clients[number][0].open.clear()
            case "go on":
                clients[number][0].open.set()
            case "join":
                start = max(hub.position - number, 0)
                after = hub.cursor(start) if number else None
                clients.append((await join(fanout, after=after), None, start))
            case "breathe":
                for _ in range(number):
                    await asyncio.sleep(0)
    for client, _, _ in clients:
        client.open.set()
    await quiet(fanout)
    for client, wanted, start in clients:
        expected = range(start + 1, hub.position + 1)
        assert client.heard == [n for n in expected if wanted is None or n % 2 == 0]
    leave(fanout, [client for client, _, _ in clients])
    assert fanout._groups == {}
    assert hub.follower.subscribers == 0
    assert hub.follower._rooms.get(STREAM) is None
