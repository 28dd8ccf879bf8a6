import asyncio
import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from events.log import Head
from realtime import metrics
from realtime.follower import PAGE
from realtime.tail import BYTES, EVENTS
from tests.realtime.list_log import STREAM, ListLog, Subscriber, _all_leave, message, messages  # noqa: F401 - a fixture
from tests.realtime.support import until


async def test_messages_in_order_are_delivered_without_reading_the_log():
    log = ListLog()
    follower = log.follower()
    subscriber = Subscriber(follower)
    follower.take([message(1)])
    follower.take(messages([2, 3]))
    await subscriber.hears(1, 2, 3)
    assert log.reads == []


async def test_messages_out_of_order_are_put_in_order_and_duplicates_dropped():
    log = ListLog(messages(range(1, 5)))
    follower = log.follower(at=0)
    subscriber = Subscriber(follower)
    before = metrics.duplicates._value.get()
    for position in (3, 1, 3, 2, 1, 4, 4):
        follower.take([message(position)])
    await subscriber.hears(1, 2, 3, 4)
    await asyncio.sleep(0.02)  # the patience of a follower: after it, nothing is missing that could be read
    assert log.reads == []
    assert metrics.duplicates._value.get() - before == 3


async def test_a_hole_is_read_from_the_log():
    log = ListLog(messages(range(1, 8)))
    follower = log.follower(at=2)
    subscriber = Subscriber(follower)
    before = metrics.holes_repaired._value.get()
    follower.take([message(6)])
    assert subscriber.heard == []
    await subscriber.hears(3, 4, 5, 6)
    assert metrics.holes_repaired._value.get() - before == 4
    assert follower.position == 6


async def test_a_hole_that_grows_while_it_is_repaired_is_closed_too():
    log = ListLog(messages(range(1, 4)))
    follower = log.follower(at=0)
    subscriber = Subscriber(follower)
    log.open.clear()
    follower.take([message(3)])
    await until(lambda: log.reads)
    log.committed += messages(range(4, 10))
    follower.take([message(9)])
    log.open.set()
    await subscriber.hears(*range(1, 10))


async def test_a_look_at_the_log_finds_what_no_message_told():
    log = ListLog(messages(range(1, 1_300)))
    follower = log.follower(at=0)
    subscriber = Subscriber(follower)
    follower.look(log.head, known=0)
    await subscriber.hears(*range(1, 1_300))
    follower.look(log.head, known=follower.position)
    assert len(log.reads) >= 3


async def test_a_head_that_was_read_a_moment_ago_changes_nothing():
    log = ListLog(messages([1, 2, 3]))
    follower = log.follower(at=1)
    subscriber = Subscriber(follower)
    follower.take(messages([2, 3]))
    follower.look(Head("e", 2), known=1)
    await subscriber.hears(2, 3)


class Failing:
    """One to whom nothing can be handed over, nor said."""

    room = STREAM

    def __init__(self, *, deaf: bool = False) -> None:
        self.deaf = deaf
        self.resets = []

    def offer(self, _message):
        raise ValueError("a fault")

    def reset(self, reason):
        if self.deaf:
            raise ValueError("a fault")
        self.resets.append(reason)


async def test_a_listener_that_fails_is_told_to_begin_anew_once_an_event_and_the_others_notice_nothing():
    log = ListLog(messages(range(1, 4)))
    follower = log.follower(at=0)
    failing = [Failing(), Failing(deaf=True)]
    for one in failing:
        follower.add(one)
    subscriber = Subscriber(follower)
    with capture_logs() as logs:
        follower.take([message(1)])
        follower.take([message(3)])
        await subscriber.hears(1, 2, 3)
        follower.restart(Head("other", 9))
        await subscriber.hears(1, 2, 3, "EPOCH_CHANGED")
    assert failing[0].resets == ["UNREADABLE"] * 3 + ["EPOCH_CHANGED"]
    assert {entry["log_level"] for entry in logs} == {"error"}


async def test_a_rumour_of_a_position_that_is_not_committed_is_forgotten():
    log = ListLog(messages([1]))
    follower = log.follower(at=0)
    subscriber = Subscriber(follower)
    follower.take([message(9)])
    await subscriber.hears(1)
    log.committed += messages([2])
    follower.take([message(2)])
    await subscriber.hears(1, 2)


async def test_what_is_heard_before_it_is_known_where_the_stream_stands_is_not_lost():
    log = ListLog(messages(range(1, 7)))
    follower = type(log.follower())(STREAM, log.read)
    follower.take(messages([5, 6, 4]))
    follower.look(Head("e", 6))
    follower.start_at(Head("e", 4))
    subscriber = Subscriber(follower, after=3)
    await subscriber.hears(4, 5, 6)


async def test_the_first_events_of_a_stream_are_heard_without_a_reset():
    log = ListLog()
    follower, subscriber = (made := log.follower()), Subscriber(made)
    log.committed += messages([1, 2, 3])
    follower.take([message(3)])
    await subscriber.hears(1, 2, 3)


async def test_another_epoch_resets_all_who_listen_and_goes_on_in_it():
    log = ListLog(messages(range(1, 6)))
    follower = log.follower()
    subscribers = [Subscriber(follower), Subscriber(follower, room="another room")]
    log.committed = messages(range(1, 9), epoch="f")
    follower.take([message(7, epoch="f")])
    follower.take([message(8, epoch="f")])
    await subscribers[0].hears("EPOCH_CHANGED", 7, 8)
    await subscribers[1].hears("EPOCH_CHANGED")
    assert (subscribers[0].cursors[0].epoch, subscribers[0].cursors[0].position) == ("f", 6)


async def test_a_look_that_finds_another_epoch_while_a_hole_is_repaired():
    log = ListLog(messages(range(1, 6)))
    follower = log.follower(at=1)
    subscriber = Subscriber(follower)
    log.open.clear()
    follower.look(log.head)
    await until(lambda: log.reads)
    log.committed = messages(range(1, 4), epoch="f")
    follower.look(Head("f", 1), known=1)
    follower.take([message(3, epoch="f")])
    log.open.set()
    await subscriber.hears("EPOCH_CHANGED", 2, 3)


async def test_a_log_that_has_lost_its_end_resets_all_who_listen():
    log = ListLog(messages(range(1, 6)))
    follower = log.follower()
    subscriber = Subscriber(follower)
    log.committed = messages(range(1, 4))
    follower.look(log.head, known=5)
    log.committed += messages([4])
    follower.take([message(4)])
    await subscriber.hears("AHEAD_OF_LOG", 4)


async def test_what_retention_has_removed_gives_a_reset_and_is_not_replayed_over():
    log = ListLog(messages(range(1, 31)))
    follower = log.follower(at=0)
    subscriber = Subscriber(follower)
    follower.take(messages([1, 2, 3]))
    await subscriber.hears(1, 2, 3)
    del log.committed[:20]
    follower.look(log.head)
    await subscriber.hears(1, 2, 3, "TOO_OLD", *range(21, 31))
    assert subscriber.cursors[3].position == 20
    assert not follower.remembers(2)
    assert follower.remembers(20)


async def test_a_room_is_paged_from_memory_as_far_as_that_reaches():
    log = ListLog(messages(range(1, EVENTS + 101)))
    follower = log.follower(at=0)
    follower.take(log.committed)
    assert follower.position == EVENTS + 100
    found, upto = await follower.page(room=STREAM, after=EVENTS)
    assert ([m.position for m in found], upto) == (list(range(EVENTS + 1, EVENTS + 101)), EVENTS + 100)
    assert await follower.page(room="another room", after=EVENTS) == ([], EVENTS + 100)
    assert await follower.page(room=STREAM, after=upto + 5) == ([], upto)
    assert log.reads == []
    found, upto = await follower.page(room=STREAM, after=50)
    assert (found[0].position, upto, log.reads) == (51, 50 + PAGE, [(50, EVENTS + 100)])


async def test_a_storm_that_meets_a_process_which_has_just_started_reads_the_log_once():
    log = ListLog(messages(range(1, 801)))
    follower = log.follower()
    places = [795, 620, 400, 799, *range(301, 800)]
    pages = await asyncio.gather(*(follower.page(room=STREAM, after=place) for place in places))
    assert [([m.position for m in found], upto) for found, upto in pages] == [
        (list(range(place + 1, 801)), 800) for place in places
    ]
    assert log.reads == [(550, 800), (300, 550)]


async def test_what_happens_while_the_log_is_read_back_is_not_mixed_up_with_it():
    log = ListLog(messages(range(1, 101)))
    follower = log.follower()
    log.open.clear()
    reading = asyncio.create_task(follower.page(room=STREAM, after=40))
    await until(lambda: log.reads)
    log.committed += messages(range(101, 111))
    follower.take(log.committed[-10:])
    log.open.set()
    found, upto = await reading
    assert ([m.position for m in found], upto) == (list(range(41, 111)), 110)
    assert follower.remembers(0)


async def test_a_stream_that_begins_anew_while_the_log_is_read_back_remembers_nothing_of_the_old_one():
    log = ListLog(messages(range(1, 101)))
    follower = log.follower()
    log.open.clear()
    reading = asyncio.create_task(follower.recall(40))
    await until(lambda: log.reads)
    follower.restart(Head("other", 100))
    log.open.set()
    await reading
    assert not follower.remembers(40)


async def test_large_events_are_remembered_as_far_as_memory_allows():
    log = ListLog(replace(m, data={"text": "x" * 100_000}) for m in messages(range(1, 101)))
    follower = log.follower(at=0)
    follower.take(log.committed)
    assert not follower.remembers(100 - BYTES // 100_000 - 1)
    assert follower.remembers(100 - BYTES // 100_010)
    await follower.recall(10)
    assert not follower.remembers(10)


async def test_it_is_idle_when_the_last_one_has_left():
    follower = ListLog().follower()
    subscribers = [Subscriber(follower), Subscriber(follower, room="another room")]
    assert follower.subscribers == 2
    await subscribers[0].leave()
    assert follower.idle_since is None
    await subscribers[1].leave()
    assert follower.idle_since == 0.0
    follower.remove(subscribers[1].subscription, at=1.0)
    assert follower.subscribers == 0
    follower.add(subscribers[0].subscription)
    assert follower.idle_since is None
    follower.remove(subscribers[0].subscription, at=2.0)


@given(st.integers(1, 330), st.integers(0, 2**32))
@settings(max_examples=40)
def test_whatever_is_lost_doubled_or_late_each_hears_its_room_once_and_in_order(count, seed):
    asyncio.run(_misfortune(count, random.Random(seed)))


async def _misfortune(count: int, dice: random.Random) -> None:
    rooms = [dice.choice([("club",), ("club", "a"), ("club", "b"), ("club", "a", "b")]) for _ in range(count)]
    log = ListLog()
    follower = log.follower()
    expected: list[tuple[Subscriber, str, int]] = []
    on_the_way: list[int] = []
    while len(log.committed) < count or dice.random() < 0.8:
        for _ in range(min(dice.choice([0, 1, 1, 5, 150]), count - len(log.committed))):
            position = len(log.committed) + 1
            log.committed.append(message(position, *rooms[position - 1]))
            on_the_way += [position] * dice.choice([0, 1, 1, 1, 2])
        dice.shuffle(on_the_way)
        for _ in range(dice.randrange(len(on_the_way) + 1)):
            follower.take([log.committed[on_the_way.pop() - 1]])
        if log.committed and dice.random() < 0.2:
            follower.look(log.head, known=follower.position)
        if len(expected) < 6:
            room, after = dice.choice(["club", "a", "b"]), dice.choice([None, dice.randint(0, follower.position)])
            subscriber = Subscriber(follower, room=room, after=after)
            subscriber.pause = lambda: dice.choice([0, 0, 1, 20])
            expected.append((subscriber, room, follower.position if after is None else after))
        for _ in range(dice.choice([0, 0, 1, 10])):
            await asyncio.sleep(0)
    follower.look(log.head, known=follower.position)
    for subscriber, room, after in expected:
        await subscriber.hears(*(p for p in range(after + 1, count + 1) if room in rooms[p - 1]))
        await subscriber.leave()
    Subscriber.everyone.clear()
    await follower.stop()
