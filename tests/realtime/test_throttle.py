"""Under load, a group merges events; with little to do, it hands them out at once."""

import asyncio
from contextlib import closing, suppress
from time import perf_counter

from realtime.fair_queue import FairQueue
from realtime.fanout import Fanout
from realtime.group import PENDING
from realtime.tail import EVENTS
from realtime.throttle import LONGEST_REST, SHARE, Throttle, WriteLoad
from tests.patience import PATIENCE
from tests.realtime.list_hub import ListHub, join, quiet, show


async def waited(turn):
    began = perf_counter()
    await turn.wait()
    return perf_counter() - began


def comes_at_once(turn):
    """Whether it is its turn without a moment in which others run."""
    with closing(turn.wait()) as coming, suppress(StopIteration):
        coming.send(None)
        return False
    return True


async def test_a_group_that_has_not_written_lately_writes_at_once():
    turn = Throttle(WriteLoad())
    assert comes_at_once(turn)
    assert comes_at_once(turn)


async def test_after_writing_for_long_a_group_leaves_the_loop_to_others():
    load = WriteLoad()
    turn = Throttle(load)
    await turn.wait()
    turn.wrote(0.004)
    assert await waited(turn) > 0.003 * SHARE


async def test_the_rest_is_bounded():
    turn = Throttle(WriteLoad())
    await turn.wait()
    turn.wrote(1_000.0)
    turn._began -= 1_000.0  # the writing has taken that time
    async with asyncio.timeout(PATIENCE):  # by its share it would rest for more than an hour
        assert await waited(turn) > LONGEST_REST * 0.9


async def test_another_group_does_not_wait_for_what_the_first_has_written():
    load = WriteLoad()
    one, other = Throttle(load), Throttle(load)
    await one.wait()
    one.wrote(0.01)
    assert comes_at_once(other)


async def test_events_that_come_while_a_group_rests_go_out_together():
    hub = ListHub()
    fanout = Fanout(hub)
    clients = [await join(fanout) for _ in range(300)]
    for _ in range(20):
        hub.happen()
        await asyncio.sleep(0)
    await quiet(fanout)
    assert all(client.heard == list(range(2, 22)) for client in clients)
    assert all(client.writes < 20 for client in clients)


async def test_a_group_that_can_not_answer_fast_enough_reads_on_as_one():
    answered = asyncio.Event()
    answers = []

    async def slowly(item):
        await answered.wait()
        answers.append(item.position)
        return show(item)

    hub = ListHub()
    fanout = Fanout(hub)
    clients = [await join(fanout, render=slowly) for _ in range(3)]
    (group,) = fanout._groups.values()
    for _ in range(5):
        hub.happen(events=PENDING // 2)
        await asyncio.sleep(0)
        assert len(group._pending) <= PENDING
    assert not group.lagging
    answered.set()
    await quiet(fanout)
    everything = list(range(2, 2 + 5 * (PENDING // 2)))
    assert [client.heard for client in clients] == [everything] * 3
    assert answers == everything


async def test_members_go_on_by_themselves_where_their_group_can_not_read_on():
    answered = asyncio.Event()

    async def slowly(item):
        await answered.wait()
        return show(item)

    hub = ListHub()
    fanout = Fanout(hub)
    client = await join(fanout, render=slowly)
    hub.happen(events=PENDING + 2 * EVENTS)  # more than the tail holds
    hub.log.to_fail = 1
    answered.set()
    await quiet(fanout)
    assert hub.log.to_fail == 0
    assert client.heard == list(range(2, 2 + PENDING + 2 * EVENTS))


async def test_a_reset_ends_the_lag_of_a_group():
    answered = asyncio.Event()

    async def slowly(item):
        await answered.wait()
        return show(item)

    hub = ListHub()
    fanout = Fanout(hub)
    client = await join(fanout, render=slowly)
    hub.happen(events=PENDING * 2)
    hub.follower.restart(hub.log.head)
    hub.happen()
    answered.set()
    await quiet(fanout)
    assert client.heard[-2:] == ["EPOCH_CHANGED", 2 + 2 * PENDING]


async def test_what_thousands_want_at_once_leaves_turns_to_others():
    queue, passed = FairQueue(4), 0

    async def pass_through():
        nonlocal passed
        await queue.wait()
        passed += 1

    crowd = [asyncio.create_task(pass_through()) for _ in range(100)]
    while passed < len(crowd):
        before = passed
        await asyncio.sleep(0)
        assert passed - before <= 4
    await asyncio.gather(*crowd)


async def test_members_that_all_come_back_at_once_are_given_what_they_missed_one_after_the_other():
    hub, start = ListHub(), 1
    fanout = Fanout(hub)
    hub.happen(events=120)
    clients = [await join(fanout, after=hub.cursor(start)) for _ in range(30)]
    whole = list(range(start + 1, hub.position + 1))
    while any(client.heard != whole for client in clients):
        before = [client.writes for client in clients]
        await asyncio.sleep(0)
        assert sum(client.writes for client in clients) - sum(before) <= 1
        begun = [client for client in clients if client.heard]
        assert all(client.heard == whole for client in begun[:-1])  # the first are not kept waiting for the last
    await quiet(fanout)
