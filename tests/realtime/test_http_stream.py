import asyncio

import pytest

from kit.clock import utc_now
from realtime import metrics
from realtime.fanout import Fanout
from realtime.feed import Feed
from realtime.presence import Census, SocketLimits
from realtime.transports.http_stream import StreamSettings, SubscriptionResponse
from realtime.transports.queue_sink import MAX_ANSWERS, QueueSink
from realtime.transports.sse import EventStream
from realtime.transports.uvicorn_http import EXTENSION
from tests.patience import PATIENCE
from tests.realtime.support import Numbered, until


def feed_of(numbered, *, size=0):
    """A feed whose answers are the facts' numbers, padded to a size in bytes."""
    stream = numbered.stream
    return Feed(
        stream=stream,
        room=stream,
        after=None,
        key=stream,
        wanted=None,
        render=lambda item: item.data["name"].encode().ljust(size),
    )


async def take_all(sink, count):
    """Take until so many answers have come; give their numbers."""
    taken = []
    async with asyncio.timeout(PATIENCE):
        while len(taken) < count:
            chunk = await sink.take(within=10)
            taken += [int(line.removeprefix(b"data: ")) for line in chunk.split(b"\n") if line.startswith(b"data: ")]
    return taken


@pytest.mark.parametrize(("count", "size"), [(600, 0), (60, 100_000)])
async def test_a_client_that_is_slow_is_given_everything_from_the_log_and_little_waits_for_it(
    hub, database, count, size
):
    numbered, fanout = Numbered(database, hub.publish), Fanout(hub)
    slow = metrics.slow_clients._value.get()
    sink = QueueSink(EventStream().next)
    member = await fanout.join(feed_of(numbered, size=size), sink)
    for start in range(0, count, 20):
        await numbered.happen(*range(start, start + 20))
        await until(lambda: not member.group._pending and member.group._worker is None)
    assert not sink.ready
    assert len(sink._waiting) < MAX_ANSWERS + 50
    assert sink._bytes < 4_000_000
    assert metrics.slow_clients._value.get() > slow
    assert await take_all(sink, count) == list(range(count))
    await until(lambda: member.catching_up is None)
    await numbered.happen(count)
    assert await take_all(sink, 1) == [count]
    fanout.leave(member)


async def test_a_closed_sink_lets_nobody_wait_for_it():
    sink = QueueSink(EventStream().next)
    waiting = asyncio.create_task(sink.take(within=10))
    await asyncio.sleep(0)
    sink.close()
    assert await waiting == b""
    with pytest.raises(ConnectionError):
        await sink.drained()


class StalledConnection:
    """A connection whose client takes nothing but the headers."""

    stopping, on_stop, aborted = False, None, False

    def __init__(self):
        self.stalled = asyncio.Event()

    def abort(self):
        self.aborted = True

    async def receive(self):
        await asyncio.Event().wait()

    async def send(self, message):
        if message.get("body"):
            self.stalled.set()
            await asyncio.Event().wait()


async def respond(connection, feed, fanout, *, stall_timeout, census=None):
    settings = StreamSettings(heartbeat=15, stall_timeout=stall_timeout, stop_spread=0)
    response = SubscriptionResponse(
        feed,
        framing=EventStream(),
        fanout=fanout,
        census=census or Census(SocketLimits()),
        settings=settings,
        viewer=None,
        authenticator=None,
        clock=utc_now,
    )
    scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "extensions": {EXTENSION: connection}}
    async with asyncio.timeout(PATIENCE):
        await response(scope, connection.receive, connection.send)


async def test_a_client_that_takes_nothing_is_cut_off_and_forgotten(hub, database):
    fanout, connection, before = Fanout(hub), StalledConnection(), metrics.stalled_sockets._value.get()
    await respond(connection, feed_of(Numbered(database, hub.publish)), fanout, stall_timeout=0.05)
    assert connection.aborted
    assert metrics.stalled_sockets._value.get() == before + 1
    assert not fanout._groups


async def test_a_client_that_takes_nothing_does_not_keep_a_server_from_stopping(hub, database):
    fanout, connection, begun = Fanout(hub), StalledConnection(), asyncio.get_running_loop().time()
    feed = feed_of(Numbered(database, hub.publish))
    responding = asyncio.create_task(respond(connection, feed, fanout, stall_timeout=60))
    await connection.stalled.wait()
    connection.on_stop()
    await responding
    assert asyncio.get_running_loop().time() - begun < 2
    assert connection.aborted
    assert not fanout._groups


async def test_a_server_that_stops_already_opens_no_stream(hub, database):
    connection = StalledConnection()
    connection.stopping = True
    sent = []

    async def send(message):
        sent.append(message)

    connection.send = send
    await respond(connection, feed_of(Numbered(database, hub.publish)), Fanout(hub), stall_timeout=60)
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    assert not connection.aborted
