import asyncio
import tracemalloc
from contextlib import AsyncExitStack
from dataclasses import replace
from time import perf_counter

import pytest
from broadcaster import Broadcast, BroadcastBackend
from structlog.testing import capture_logs

from realtime.broadcaster import make_broadcast
from realtime.fanout import Fanout
from realtime.feed import Feed
from realtime.wire import channel_of
from tests.patience import PATIENCE
from tests.realtime.list_hub import Client, show
from tests.realtime.list_log import message
from tests.realtime.support import Numbered, running_hub, take, task_names, until


class Recording(BroadcastBackend):
    """A broadcaster that brings nothing; its subscriptions wait while it is `closed`, its publishing fails if told."""

    def __init__(self, *, failing=False):
        self.open = asyncio.Event()
        self.open.set()
        self.subscribed, self.left = [], []
        self._failing = failing

    async def connect(self):
        pass

    async def disconnect(self):
        pass

    async def subscribe(self, channel):
        self.subscribed.append(channel)
        await self.open.wait()

    async def unsubscribe(self, channel):
        self.left.append(channel)

    async def publish(self, _channel, _message):
        if self._failing:
            raise ConnectionError("nobody listens")

    async def next_published(self):
        return await asyncio.get_running_loop().create_future()


async def test_a_thousand_first_subscriptions_at_once_each_hear_every_event(database):
    backend = Recording()
    async with running_hub(database, Broadcast(backend=backend)) as hub:
        numbered, ready = Numbered(database, hub.publish), asyncio.Barrier(1_001)

        async def listen():
            async with hub.subscribe(numbered.stream, room=numbered.stream, after=None) as subscription:
                await ready.wait()
                return await take(subscription, 20)

        listening = [asyncio.create_task(listen()) for _ in range(1_000)]
        async with asyncio.timeout(PATIENCE):
            await ready.wait()
        assert hub._followers[numbered.stream].subscribers == 1_000
        for number in range(0, 20, 2):
            await numbered.happen(number, number + 1)
        assert await asyncio.gather(*listening) == [list(range(20))] * 1_000
        assert len(backend.subscribed) == 1
        assert hub._followers[numbered.stream].subscribers == 0


async def test_a_publish_that_fails_fails_nothing_and_the_sweep_delivers(hub, database):
    async with running_hub(database, Broadcast(backend=Recording(failing=True))) as broken:
        numbered = Numbered(database, broken.publish)
        async with (
            hub.subscribe(numbered.stream, room=numbered.stream, after=None) as far,
            broken.subscribe(numbered.stream, room=numbered.stream, after=None) as near,
        ):
            with capture_logs() as logs:
                await numbered.happen(1, 2)
                await numbered.happen(3)
            assert [entry["log_level"] for entry in logs] == ["error", "error"]
            assert await take(near, 3) == await take(far, 3) == [1, 2, 3]


async def test_processes_of_the_same_name_hear_each_other_by_redis(database, redis_server):
    def made():
        broadcast, backend = make_broadcast(redis_server.url)
        return running_hub(database, broadcast, healthy=lambda: backend.healthy)

    async with made() as one, made() as other:
        numbered = Numbered(database, one.publish)
        async with other.subscribe(numbered.stream, room=numbered.stream, after=None) as subscription:
            await numbered.happen(1, 2)
            assert await take(subscription, 2) == [1, 2]
            for nonsense in ("[]", "null", "{", '{"stream":1}', '{"stream":"s","epoch":"e","tenant":5,"events":[]}'):
                redis_server.command("PUBLISH", f"tee-sheet:events:{numbered.stream}", nonsense)
            await numbered.happen(3)
            assert await take(subscription, 1) == [3]


def personal_streams():
    """Give the streams of three persons that share a channel, and of one who does not."""
    streams = [f"user:{number}" for number in range(500)]
    shared = [s for s in streams if channel_of(s) == channel_of(streams[0])]
    return *shared[:3], next(s for s in streams if s not in shared)


async def test_persons_share_channels_and_each_hears_their_own_events_alone(database, redis_server):
    one, other, nobody, apart = personal_streams()
    assert channel_of(one).startswith("tee-sheet:events:")
    made = [make_broadcast(redis_server.url) for _ in range(2)]
    hubs = [running_hub(database, broadcast, healthy=lambda: True) for broadcast, _ in made]
    async with hubs[0] as hub, hubs[1] as far, AsyncExitStack() as stack, asyncio.timeout(PATIENCE):
        heard = [await stack.enter_async_context(hub.subscribe(s, room=s, after=None)) for s in (one, other, apart)]
        listening = {name for name in task_names() if name.startswith("listen")}
        assert listening == {f"listen {channel_of(one)}", f"listen {channel_of(apart)}"}
        for stream in (other, nobody, one):
            await far.publish([replace(message(1), stream=stream, rooms=(stream,), data={"name": stream})])
        assert [(await anext(aiter(it))).data["name"] for it in heard[:2]] == [one, other]
        assert [follower.position for follower in hub._followers.values()] == [1, 1, 0]
        await hub._drop(one)
        assert f"listen {channel_of(one)}" in task_names(), "the other one goes on"


async def test_one_more_person_costs_no_task_and_little_memory(database):
    async with running_hub(database) as hub:
        fanout = Fanout(hub)

        async def follow(persons):
            for number in persons:
                stream = f"user:{number}"
                feed = Feed(stream=stream, room=stream, after=None, key=stream, wanted=None, render=show)
                members.append(await fanout.join(feed, Client()))

        members = []
        await follow(range(400))  # by now somebody follows each of the channels that persons share
        tasks = len(asyncio.all_tasks())
        tracemalloc.start()
        await follow(range(400, 600))
        size, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(asyncio.all_tasks()) == tasks
        assert size / 200 < 5_000  # what the client of this test takes, too
        for member in members:
            fanout.leave(member)


async def test_a_stream_that_nobody_follows_any_more_is_let_go_and_can_be_followed_again(database):
    backend = Recording()
    async with running_hub(database, Broadcast(backend=backend), linger_seconds=0.1) as hub:
        numbered = Numbered(database, hub.publish)
        for number in range(2):
            async with hub.subscribe(numbered.stream, room=numbered.stream, after=None) as subscription:
                await numbered.happen(number)
                assert await take(subscription, 1) == [number]
                assert f"listen {channel_of(numbered.stream)}" in task_names()
            await until(lambda: f"listen {channel_of(numbered.stream)}" not in task_names())
        assert len(backend.subscribed) == len(backend.left) == 2


async def test_one_who_leaves_while_the_stream_is_opened_leaves_nothing_behind(database):
    backend = Recording()
    backend.open.clear()
    async with running_hub(database, Broadcast(backend=backend), linger_seconds=0.1) as hub:
        numbered = Numbered(database, hub.publish)

        async def listen():
            async with hub.subscribe(numbered.stream, room=numbered.stream, after=None) as subscription:
                return await take(subscription, 1)

        leaving, staying = asyncio.create_task(listen()), asyncio.create_task(listen())
        await until(lambda: backend.subscribed)
        leaving.cancel()
        backend.open.set()
        await until(lambda: hub._followers[numbered.stream].subscribers == 1)
        await numbered.happen(1)
        assert await staying == [1]
        with pytest.raises(asyncio.CancelledError):
            await leaving
        await until(lambda: f"listen {channel_of(numbered.stream)}" not in task_names())

        backend.open.clear()
        leaving = asyncio.create_task(listen())
        await until(lambda: len(backend.subscribed) == 2)
        leaving.cancel()
        backend.open.set()
        await until(lambda: len(backend.left) == 2)
        assert f"listen {channel_of(numbered.stream)}" not in task_names()


async def test_a_hub_that_stops_while_streams_are_opened_and_left_leaves_no_task(database):
    backend = Recording()
    backend.open.clear()
    tasks_before = asyncio.all_tasks()
    async with running_hub(database, Broadcast(backend=backend), linger_seconds=0.0) as hub:
        numbered = Numbered(database, hub.publish)

        async def listen():
            async with hub.subscribe(numbered.stream, room=numbered.stream, after=None):
                pass

        opening = asyncio.create_task(listen())
        await until(lambda: backend.subscribed)
    with pytest.raises(asyncio.CancelledError):
        await opening
    await until(lambda: asyncio.all_tasks() <= tasks_before)


class Busy:
    """Somebody for whom it takes a millisecond to prepare for an event."""

    def __init__(self, room):
        self.room, self.prerendered, self.offered = room, 0, 0

    def prerender(self, _message):
        self.prerendered += 1
        ready = perf_counter() + 0.001
        while perf_counter() < ready:
            pass

    def offer(self, _message):
        self.offered += 1


async def test_no_more_is_prepared_for_than_fits_into_a_commit(database):
    async with running_hub(database) as hub:
        numbered = Numbered(database, hub.publish)
        follower, busy = await hub.follow(numbered.stream), Busy(numbered.stream)
        follower.add(busy)
        hub.prerender(logged := await numbered.happen(*range(200)))
        assert (len(logged), busy.offered) == (200, 200)
        assert 1 <= busy.prerendered < 100
        hub.unfollow(numbered.stream, busy)
