"""Rooms that tell their members apart, by households that an event concerns or does not."""

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
from realtime.classes import FEW
from realtime.fanout import Fanout
from realtime.feed import Classes
from tests.realtime import list_hub
from tests.realtime.list_hub import ListHub, leave, quiet
from tests.realtime.list_log import STREAM, message
from tests.realtime.support import until

HOUSEHOLDS = 3


def class_of(event, household):
    """Tell each household of what concerns it, of every fifth event nothing to the others."""
    if event.position % HOUSEHOLDS == household % HOUSEHOLDS:
        return "own"
    return "other" if event.position % 5 else None


def told_to(household, positions):
    """Give what a household hears of some events."""
    found = [(position, class_of(message(position), household)) for position in positions]
    return [f"{position} {class_}" for position, class_ in found if class_]


class Room:
    """How members are told apart, and what was asked for that."""

    def __init__(self):
        self.asked: list[tuple[int, frozenset]] = []
        self.fails = lambda _event, _household: False
        self.classes = Classes(classify=self.classify, render=self.render)

    def classify(self, event, households):
        self.asked.append((event.position, frozenset(households)))
        assert len(set(households)) == len(households)
        if any(self.fails(event, household) for household in households):
            raise ValueError("a fault")
        return {household: class_of(event, household) for household in households}

    def render(self, event, class_):
        return orjson.dumps({"data": f"{event.position} {class_}"})


@pytest.fixture
def hub():
    return ListHub()


@pytest.fixture
def fanout(hub):
    return Fanout(hub)


@pytest.fixture
def room():
    return Room()


async def join(fanout, room, household, **options):
    return await list_hub.join(fanout, classes=room.classes, member=household, **options)


def executions():
    return metrics.executions._value.get()


async def test_whatever_their_number_an_event_is_executed_once_for_each_class(hub, fanout, room):
    clients = [await join(fanout, room, number % 200) for number in range(500)]
    before = executions()
    hub.happen()
    await quiet(fanout)
    assert executions() == before + 2
    assert all(client.heard == told_to(number % 200, [2]) for number, client in enumerate(clients))
    assert room.asked == [(2, frozenset(range(200)))]


async def test_who_may_not_know_of_an_event_is_told_nothing_and_is_past_it(hub, fanout, room):
    own, other = await join(fanout, room, 0), await join(fanout, room, 1)
    hub.happen(events=19)
    await quiet(fanout)
    assert own.heard == told_to(0, range(2, 21))
    assert other.heard == told_to(1, range(2, 21))
    assert "5 other" not in own.heard + other.heard
    assert other.member.position == 20
    assert (own.writes, other.writes) == (1, 1)


async def test_an_event_that_nobody_may_know_of_is_not_executed(hub, fanout, room):
    client = await join(fanout, room, 1)
    hub.happen(events=3)
    await quiet(fanout)
    before = executions()
    hub.happen()
    await quiet(fanout)
    assert executions() == before
    assert (client.heard, client.member.position) == (told_to(1, range(2, 5)), 5)


async def test_a_filter_of_ones_own_leaves_out_of_that_what_it_does(hub, fanout, room):
    plain, picky = await join(fanout, room, 1), await join(fanout, room, 1, wanted=lambda event: event.position > 4)
    hub.happen(events=8)
    await quiet(fanout)
    assert plain.heard == told_to(1, range(2, 10))
    assert picky.heard == told_to(1, range(5, 10))


async def test_who_comes_back_is_told_what_it_missed_as_its_class(hub, fanout, room):
    other = await join(fanout, room, 0)
    hub.happen(events=9)
    await quiet(fanout)
    before = executions()
    room.asked.clear()
    client = await join(fanout, room, 1, after=hub.cursor(4))
    hub.happen(events=2)
    await quiet(fanout)
    assert client.heard == told_to(1, range(5, 13))
    assert other.heard == told_to(0, range(2, 13))
    assert {households for position, households in room.asked if position <= 10} == {frozenset({1})}
    assert executions() - before == 3 + 4  # for the new ones, and of the old ones what nobody had been told


async def test_one_who_takes_nothing_catches_up_as_its_class_and_the_others_do_not_notice(hub, fanout, room):
    good, slow = await join(fanout, room, 0), await join(fanout, room, 1)
    slow.open.clear()
    for _ in range(300):
        hub.happen()
        await asyncio.sleep(0)
    await until(lambda: good.heard == told_to(0, range(2, 302)))
    assert slow.heard == []
    slow.open.set()
    await quiet(fanout)
    hub.happen(events=2)
    await quiet(fanout)
    assert slow.heard == told_to(1, range(2, 304))


async def test_of_those_who_have_left_nothing_is_asked(hub, fanout, room):
    clients = [await join(fanout, room, household) for household in (0, 1, 1, 2)]
    leave(fanout, [clients[1], clients[3]])
    hub.happen()
    await quiet(fanout)
    leave(fanout, [clients[2]])
    hub.happen()
    await quiet(fanout)
    assert room.asked == [(2, frozenset({0, 1})), (3, frozenset({0}))]


async def test_a_reset_is_told_to_all_and_what_follows_to_each_as_its_class(hub, fanout, room):
    clients = [await join(fanout, room, household) for household in range(HOUSEHOLDS)]
    hub.happen(events=9)
    await quiet(fanout)
    hub.follower.restart(Head("f", 2))
    hub.follower.take([message(position, epoch="f") for position in range(3, 12)])
    await quiet(fanout)
    for household, client in enumerate(clients):
        assert client.heard == [*told_to(household, range(2, 11)), "EPOCH_CHANGED", *told_to(household, range(3, 12))]
        assert client.member.position == 11


async def test_what_is_executed_before_the_commit_is_not_executed_again(hub, fanout, room):
    early = await join(fanout, room, 0)
    before = executions()
    hub.prerender(message(4))
    hub.prerender(message(5))  # of which it may not know
    assert executions() == before + 1
    late = await join(fanout, room, 1)  # who has come meanwhile hears of it
    hub.happen(events=2)
    before = executions()
    hub.happen()
    await quiet(fanout)
    assert late.heard == told_to(1, range(2, 5))
    assert early.heard == told_to(0, range(2, 5))
    assert executions() == before + 1 + 2 + 1  # of the last one, for its second class alone


async def test_where_many_differ_nothing_is_executed_before_the_commit(hub, fanout, room):
    for household in range(FEW + 1):
        await join(fanout, room, household)
    hub.prerender(message(2))
    assert room.asked == []


async def test_what_was_rolled_back_is_not_told_in_place_of_what_was_committed(hub, fanout, room):
    room.classes = replace(room.classes, render=lambda event, _class: orjson.dumps({"data": str(event.id)}))
    client = await join(fanout, room, 0)
    hub.prerender(replace(message(2), id=UUID(int=99)))
    hub.happen()
    await quiet(fanout)
    assert client.heard == [str(UUID(int=2))]


async def test_what_has_to_be_read_from_the_database_is_not_read_before_the_commit(hub, fanout, room):
    read = []

    async def render(event, class_):
        read.append(event.position)
        return orjson.dumps({"data": f"{event.position} {class_}"})

    room.classes = replace(room.classes, render=render)
    client = await join(fanout, room, 0)
    for number in (2, 3, 4):
        hub.prerender(message(number))
        hub.happen()
        await quiet(fanout)
    assert client.heard == told_to(0, [2, 3, 4])
    assert read == [2, 2, 3, 4]  # once in vain, which tells that there is no use in it


@pytest.mark.parametrize("late", [False, True])
async def test_one_whose_class_cannot_be_found_out_is_reset_once_and_touches_nobody_else(hub, fanout, room, late):
    unreadable._noted.clear()
    room.fails = lambda event, household: event.position == 3 and household == 1
    if late:
        hub.happen(events=3)
    options = {"after": hub.cursor(1)} if late else {}
    with capture_logs() as logs:
        clients = [await join(fanout, room, household, **options) for household in (0, 1, 1, 2)]
        if not late:
            hub.happen(events=3)
        await quiet(fanout)
        hub.happen()
        await quiet(fanout)
    told = [told_to(household, [2, 3, 4, 5]) for household in (0, 1, 1, 2)]
    for place in (1, 2):
        told[place][1] = "UNREADABLE"
    assert [client.heard for client in clients] == told
    assert [(entry["log_level"], entry["position"]) for entry in logs] == [("error", 3)]


async def test_where_nobodys_class_can_be_found_out_all_are_reset_by_one_execution(hub, fanout, room):
    unreadable._noted.clear()
    clients = [await join(fanout, room, household) for household in range(50)]
    room.fails = lambda _event, _household: True
    before = executions()
    with capture_logs() as logs:
        hub.happen()
        await quiet(fanout)
    assert all(client.heard == ["UNREADABLE"] for client in clients)
    assert executions() == before + 1
    assert len(logs) == 1


async def test_what_is_no_answer_to_the_question_is_as_good_as_a_failure(hub, fanout, room):
    unreadable._noted.clear()
    room.classes = replace(room.classes, classify=lambda _event, _households: {0: [], 1: []})
    client = await join(fanout, room, 0)
    with capture_logs():
        hub.happen()
        await quiet(fanout)
    assert client.heard == ["UNREADABLE"]


async def test_a_class_that_cannot_be_rendered_is_told_a_fault_and_the_others_notice_nothing(hub, fanout, room):
    def render(event, class_):
        if class_ == "own":
            raise ValueError("a fault")
        return room.render(event, class_)

    room.classes = replace(room.classes, render=render)
    own, other = await join(fanout, room, 2), await join(fanout, room, 1)
    with capture_logs():
        hub.happen()
        await quiet(fanout)
    assert (own.heard, other.heard) == (["INTERNAL"], told_to(1, [2]))


async def test_how_many_classes_there_were_is_counted(hub, fanout, room):
    counted, summed = metrics.feed_classes._buckets[-1], metrics.feed_classes._sum
    events, classes = sum(bucket.get() for bucket in metrics.feed_classes._buckets), summed.get()
    assert counted.get() == 0
    for household in range(HOUSEHOLDS):
        await join(fanout, room, household)
    hub.happen(events=4)
    await quiet(fanout)
    assert summed.get() - classes == 2 + 2 + 2 + 1
    assert sum(bucket.get() for bucket in metrics.feed_classes._buckets) - events == 4


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


def even(event):
    return event.position % 2 == 0


@given(steps=STEPS)
@hypothesis_settings(max_examples=150)
async def test_whatever_clients_take_each_gets_what_is_its_own_in_order_and_once(steps):
    hub, room = ListHub(), Room()
    fanout = Fanout(hub)
    clients = [(await join(fanout, room, n, wanted=even if n % 2 else None), n, 1) for n in range(4)]
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
                clients.append((await join(fanout, room, 2 * number, after=after), 2 * number, start))
            case "breathe":
                for _ in range(number):
                    await asyncio.sleep(0)
    for client, _, _ in clients:
        client.open.set()
    await quiet(fanout)
    for client, household, start in clients:
        positions = range(start + 1, hub.position + 1)
        assert client.heard == told_to(household, [n for n in positions if household % 2 == 0 or n % 2 == 0])
    leave(fanout, [client for client, _, _ in clients])
    assert fanout._groups == {}
    assert hub.follower.subscribers == 0
    assert hub.follower._rooms.get(STREAM) is None


async def test_an_event_waits_until_its_members_can_be_told_apart(hub, fanout, room):
    gate = asyncio.Event()

    async def ready(_event):
        await gate.wait()

    room.classes = replace(room.classes, ready=ready)
    live = await join(fanout, room, 1)
    hub.happen(events=2)
    late = await join(fanout, room, 1, after=hub.cursor(1))
    for _ in range(20):
        await asyncio.sleep(0)
    assert (live.heard, late.heard, room.asked) == ([], [], [])
    gate.set()
    await quiet(fanout)
    assert live.heard == late.heard == told_to(1, [2, 3])


async def test_where_that_cannot_be_found_out_all_are_told_to_begin_anew(hub, fanout, room):
    async def ready(event):
        if event.position == 2:
            raise ValueError("a fault")

    room.classes = replace(room.classes, ready=ready)
    clients = [await join(fanout, room, number) for number in range(3)]
    hub.happen(events=2)
    await quiet(fanout)
    assert [client.heard for client in clients] == [["UNREADABLE", *told_to(number, [3])] for number in range(3)]
