import asyncio

import pytest

from realtime import metrics
from realtime.subscription import QUEUE
from tests.patience import PATIENCE
from tests.realtime.list_log import ListLog, Subscriber, _all_leave, messages  # noqa: F401 - an automatic fixture
from tests.realtime.support import until


def value(counter):
    return counter._value.get()


@pytest.fixture
async def stalled():
    """A subscriber who has taken event 1 and is still busy with it."""
    log = ListLog(messages([1]))
    follower = log.follower(at=0)
    subscriber = Subscriber(follower)
    subscriber.free.clear()
    follower.take(messages([1]))
    await subscriber.hears(1)
    return log, follower, subscriber


def happen(log, follower, positions):
    log.committed += messages(positions)
    follower.take(messages(positions))


async def test_a_full_queue_is_still_live(stalled):
    log, follower, subscriber = stalled
    before = value(metrics.slow_clients)
    happen(log, follower, range(2, QUEUE + 2))
    subscriber.free.set()
    await subscriber.hears(*range(1, QUEUE + 2))
    assert value(metrics.slow_clients) == before
    assert log.reads == []


@pytest.mark.parametrize("more", [1, 2, 150, 4_000])
async def test_one_that_overflows_goes_on_from_the_log_with_nothing_lost_or_doubled(stalled, more):
    log, follower, subscriber = stalled
    before = value(metrics.slow_clients)
    last = QUEUE + 1 + more
    happen(log, follower, range(2, last + 1))
    assert len(subscriber.subscription._queue) == 0
    subscriber.free.set()
    await subscriber.hears(*range(1, last + 1))
    happen(log, follower, [last + 1])
    await subscriber.hears(*range(1, last + 2))
    assert value(metrics.slow_clients) == before + 1


async def test_one_that_is_slow_again_and_again_is_counted_each_time(stalled):
    log, follower, subscriber = stalled
    before, last = value(metrics.slow_clients), 1
    for _ in range(3):
        subscriber.free.clear()
        happen(log, follower, [last + 1])
        await until(lambda at=last: subscriber.heard[-1] == at + 1 or subscriber.free.set())
        subscriber.free.clear()
        happen(log, follower, range(last + 2, last + 2 + 2 * QUEUE))
        last += 1 + 2 * QUEUE
        subscriber.free.set()
        await subscriber.hears(*range(1, last + 1))
    assert value(metrics.slow_clients) >= before + 3


async def test_what_happens_while_it_catches_up_is_heard_once():
    log = ListLog(messages(range(1, 1_201)))
    follower = log.follower()
    log.open.clear()
    subscriber = Subscriber(follower, after=100)
    await until(lambda: log.reads)
    happen(log, follower, range(1_201, 1_211))
    log.open.set()
    await subscriber.hears(*range(101, 1_211))


async def test_a_page_that_is_being_read_out_does_not_hide_live_events(stalled):
    log, follower, _ = stalled
    happen(log, follower, range(2, 51))
    late = Subscriber(follower, after=10)
    late.free.clear()
    await until(lambda: late.heard)
    happen(log, follower, range(51, 55))
    late.free.set()
    await late.hears(*range(11, 55))


async def test_a_page_that_is_being_read_out_can_be_followed_by_an_overflow(stalled):
    log, follower, _ = stalled
    happen(log, follower, range(2, 51))
    late = Subscriber(follower, after=10)
    late.free.clear()
    await until(lambda: late.heard)
    happen(log, follower, range(51, 400))
    late.free.set()
    await late.hears(*range(11, 400))


async def test_a_reset_while_it_catches_up_ends_the_catching_up():
    log = ListLog(messages(range(1, 1_201)))
    follower = log.follower()
    log.open.clear()
    subscriber = Subscriber(follower, after=100)
    await until(lambda: log.reads)
    subscriber.subscription.reset("TOO_OLD")
    happen(log, follower, [1_201])
    log.open.set()
    await subscriber.hears("TOO_OLD", 1_201)


async def test_a_reset_in_the_middle_of_a_page_drops_the_rest_of_it(stalled):
    log, follower, _ = stalled
    happen(log, follower, range(2, 51))
    late = Subscriber(follower, after=10)
    late.free.clear()
    await until(lambda: late.heard)
    late.subscription.reset("EPOCH_CHANGED")
    happen(log, follower, [51])
    late.free.set()
    await late.hears(11, "EPOCH_CHANGED", 51)


async def test_a_reset_tells_the_cursor_from_which_the_stream_goes_on(stalled):
    log, follower, subscriber = stalled
    happen(log, follower, range(2, 6))
    subscriber.subscription.reset("TOO_OLD")
    happen(log, follower, range(6, 9))
    subscriber.free.set()
    await subscriber.hears(1, "TOO_OLD", 6, 7, 8)
    assert subscriber.cursors[1].position == 5


async def test_an_overflow_after_a_reset_loses_neither(stalled):
    log, follower, subscriber = stalled
    subscriber.subscription.reset("TOO_OLD")
    happen(log, follower, range(2, 300))
    subscriber.free.set()
    await subscriber.hears(1, "TOO_OLD", *range(2, 300))


async def test_closing_ends_it_at_once_whether_it_waits_or_catches_up():
    log = ListLog(messages(range(1, 1_201)))
    follower = log.follower()
    waiting, busy = Subscriber(follower), Subscriber(follower, after=0)
    busy.free.clear()
    await until(lambda: busy.heard)
    async with asyncio.timeout(PATIENCE):
        await waiting.leave()
        await busy.leave()
    assert (waiting.heard, busy.heard) == ([], [1])


async def test_one_that_is_closed_while_its_page_is_read_hears_nothing_more():
    log = ListLog(messages(range(1, 11)))
    follower = log.follower()
    log.open.clear()
    subscriber = Subscriber(follower, after=0)
    await until(lambda: log.reads)
    subscriber.subscription.close()
    log.open.set()
    await subscriber.leave()
    assert subscriber.heard == []
