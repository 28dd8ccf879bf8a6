import asyncio
from asyncio import gather, timeout, wait_for
from contextlib import asynccontextmanager
from pathlib import Path
from traceback import format_exception

import pytest
from broadcaster import Broadcast, Event
from structlog.testing import capture_logs

from kit.errors import SetupError
from realtime.broadcaster import make_broadcast
from realtime.redis_backend import SUBSCRIBE_WAIT, RedisBackend
from tests.patience import PATIENCE
from tests.realtime.redis_server import FallingSilent, RedisServer


@asynccontextmanager
async def connected(url, **options):
    backend = RedisBackend(url, **options)
    await backend.connect()
    try:
        yield backend
    finally:
        await backend.disconnect()


class Health:
    """What a backend told of its health, in order."""

    def __init__(self):
        self.told = asyncio.Queue()

    async def becomes(self, healthy):
        assert await wait_for(self.told.get(), PATIENCE) is healthy


async def heard(backend, count=1):
    async with timeout(PATIENCE):
        return [await backend.next_published() for _ in range(count)]


async def until(condition):
    async with timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - counters and other processes raise no event
            await asyncio.sleep(0.005)


def open_files():
    return len(list(Path("/dev/fd").iterdir()))


def names(count):
    return [f"channel-{number}" for number in range(count)]


async def test_the_first_subscription_hears_a_message(redis_server):
    async with connected(redis_server.url) as backend:
        assert backend.healthy
        await backend.subscribe("tee-sheet:events:club:1")
        await backend.publish("tee-sheet:events:club:1", b'{"n":1}')
        assert await heard(backend) == [Event("tee-sheet:events:club:1", b'{"n":1}')]
        await until(lambda: backend.published == 1)
        assert backend.dropped == 0


async def test_two_processes_hear_each_other_in_order(redis_server):
    async with connected(redis_server.url) as one, connected(redis_server.url) as other:
        await gather(one.subscribe("a"), other.subscribe("b"))
        for number in range(2_000):
            await one.publish("b", str(number))
            await other.publish("a", str(number))
        expected = [str(number).encode() for number in range(2_000)]
        assert [event.message for event in await heard(other, 2_000)] == expected
        assert [event.message for event in await heard(one, 2_000)] == expected


@pytest.mark.parametrize("count", [50, 1_000])
async def test_concurrent_first_subscriptions_each_hear_their_channel(redis_server, count):
    async with connected(redis_server.url) as backend, connected(redis_server.url) as publisher:
        await gather(*(backend.subscribe(name) for name in names(count)))
        for name in names(count):
            await publisher.publish(name, name)
        assert [event.channel for event in await heard(backend, count)] == names(count)


async def test_concurrent_first_subscriptions_through_the_broadcaster(redis_server):
    async with Broadcast(backend=RedisBackend(redis_server.url)) as broadcast:
        ready = asyncio.Barrier(201)

        async def hear(name):
            async with broadcast.subscribe(name) as subscriber:
                await ready.wait()
                return (await subscriber.get()).message

        hearing = [asyncio.create_task(hear(name)) for name in names(200)]
        async with timeout(PATIENCE):
            await ready.wait()
            for name in names(200):
                await broadcast.publish(name, name.encode())
            assert await gather(*hearing) == [name.encode() for name in names(200)]


async def test_a_subscription_is_acknowledged_before_it_returns(redis_server):
    async with connected(redis_server.url) as backend:
        for name in names(20):
            await backend.subscribe(name)
            assert redis_server.command("PUBLISH", name, "x") == b":1\r\n"


async def test_of_concurrent_calls_for_a_channel_the_last_one_counts(redis_server):
    async with connected(redis_server.url) as backend:
        calls = []
        for name in names(100):
            calls += [backend.subscribe(name), backend.unsubscribe(name), backend.subscribe(name)]
        for name in names(100)[::2]:
            calls.append(backend.unsubscribe(name))
        await gather(*calls)
        await backend.subscribe("last")
        for name in [*names(100), "last"]:
            await backend.publish(name, "")
        assert [event.channel for event in await heard(backend, 51)] == [*names(100)[1::2], "last"]


async def test_after_the_last_channel_is_left_another_can_be_heard(redis_server):
    async with connected(redis_server.url) as backend:
        await backend.subscribe("first")
        await backend.unsubscribe("first")
        await until(lambda: redis_server.command("PUBSUB", "NUMSUB", "first").endswith(b":0\r\n"))
        await backend.subscribe("second")
        await backend.publish("first", "lost")
        await backend.publish("second", "heard")
        assert await heard(backend) == [Event("second", b"heard")]


async def test_a_channel_that_was_left_is_not_heard_even_if_redis_does_not_know_yet(redis_server):
    async with connected(redis_server.url) as backend:
        await gather(backend.subscribe("left"), backend.subscribe("kept"))
        await backend.unsubscribe("left")
        assert redis_server.command("PUBLISH", "left", "x") == b":1\r\n"
        assert redis_server.command("PUBLISH", "kept", "x") == b":1\r\n"
        assert await heard(backend) == [Event("kept", b"x")]


async def test_a_killed_redis_is_noticed_and_its_subscriptions_are_restored(redis_server):
    health = Health()
    async with connected(redis_server.url, on_health_change=health.told.put_nowait) as backend:
        await health.becomes(True)
        await gather(*(backend.subscribe(name) for name in names(20)))
        with capture_logs() as logs:
            redis_server.kill()
            await health.becomes(False)
            assert not backend.healthy
            await wait_for(backend.subscribe("while away"), SUBSCRIBE_WAIT)
            await backend.unsubscribe("channel-0")
            redis_server.start()
            await health.becomes(True)
        assert backend.healthy
        assert backend.reconnects == 1
        assert [entry["event"] for entry in logs] == ["redis_lost", "redis_is_back"]
        for name in [*names(20), "while away"]:
            await backend.publish(name, "")
        assert [event.channel for event in await heard(backend, 20)] == [*names(20)[1:], "while away"]


async def test_it_comes_back_from_one_loss_after_another(redis_server):
    health = Health()
    async with connected(redis_server.url, on_health_change=health.told.put_nowait) as backend:
        await health.becomes(True)
        await backend.subscribe("news")
        for turn in range(3):
            redis_server.kill()
            await health.becomes(False)
            redis_server.start()
            await health.becomes(True)
            await backend.publish("news", str(turn))
            assert await heard(backend) == [Event("news", str(turn).encode())]
        assert backend.reconnects == 3


@pytest.mark.parametrize("kind", ["pubsub", "normal"])
async def test_one_cut_connection_silences_nothing_and_loses_nothing_that_is_queued(redis_server, kind):
    health = Health()
    async with connected(redis_server.url, on_health_change=health.told.put_nowait) as backend:
        await health.becomes(True)
        await backend.subscribe("news")
        assert redis_server.command("CLIENT", "KILL", "TYPE", kind) == b":1\r\n"
        await backend.publish("news", "queued while one connection was cut")
        await health.becomes(False)
        await health.becomes(True)
        await backend.publish("news", "sent afterwards")
        last = None
        while last != b"sent afterwards":  # the first may come twice, or be heard by nobody when it was sent in between
            [event] = await heard(backend)
            last = event.message
        assert backend.published >= 2
        assert backend.dropped == 0


async def test_a_frozen_redis_is_noticed_and_holds_nobody_up(redis_server):
    health = Health()
    async with connected(redis_server.url, on_health_change=health.told.put_nowait) as backend:
        await health.becomes(True)
        await backend.subscribe("news")
        redis_server.freeze()
        for _ in range(1_000):
            await backend.publish("news", b"x" * 10_000)
        assert health.told.empty()  # who publishes does not wait until that is noticed
        await wait_for(backend.subscribe("more news"), PATIENCE)
        await health.becomes(False)
        assert not backend.healthy
        redis_server.thaw()
        await health.becomes(True)
        await backend.publish("more news", "again")
        while (await heard(backend))[0] != Event("more news", b"again"):
            pass


@pytest.mark.parametrize("noticed", [False, True])
async def test_a_frozen_redis_does_not_hold_up_the_end(redis_server, noticed):
    health = Health()
    before, files = asyncio.all_tasks(), open_files()
    backend = RedisBackend(redis_server.url, on_health_change=health.told.put_nowait)
    await backend.connect()
    await health.becomes(True)
    redis_server.freeze()
    for _ in range(1_000):
        await backend.publish("news", b"x" * 100_000)
    if noticed:
        await health.becomes(False)
    await wait_for(backend.disconnect(), PATIENCE)
    assert not backend.healthy
    assert asyncio.all_tasks() == before
    await until(lambda: open_files() <= files)


async def test_a_listening_connection_that_falls_silent_is_replaced(redis_server):
    health = Health()
    async with (
        FallingSilent(redis_server.port) as proxy,
        connected(f"redis://127.0.0.1:{proxy.port}", on_health_change=health.told.put_nowait) as backend,
    ):
        await health.becomes(True)
        await backend.subscribe("news")
        proxy.silence_first_connection()
        await health.becomes(False)
        await health.becomes(True)
        await backend.publish("news", "x")
        assert await heard(backend) == [Event("news", b"x")]


async def test_it_starts_without_redis_and_finds_it_later(absent_redis):
    health = Health()
    async with connected(absent_redis.url, on_health_change=health.told.put_nowait) as backend:
        assert not backend.healthy
        await wait_for(backend.subscribe("news"), SUBSCRIBE_WAIT)
        absent_redis.start()
        await health.becomes(True)
        await backend.publish("news", "there")
        assert await heard(backend) == [Event("news", b"there")]


async def test_while_redis_is_away_messages_are_thrown_away(absent_redis):
    async with connected(absent_redis.url) as backend:
        await backend.publish("news", "lost")
        await until(lambda: backend.dropped == 1)
        assert backend.published == 0


async def test_a_full_queue_drops_its_oldest_messages(redis_server):
    backend = RedisBackend(redis_server.url, queue_limit=100)
    await backend.subscribe("news")
    for number in range(150):
        await backend.publish("news", str(number))
    assert backend.dropped == 50
    await backend.connect()
    assert [int(event.message) for event in await heard(backend, 100)] == list(range(50, 150))
    await backend.disconnect()


async def test_what_nobody_takes_does_not_pile_up(redis_server):
    async with connected(redis_server.url, queue_limit=100) as backend, connected(redis_server.url) as publisher:
        await backend.subscribe("news")
        for number in range(1_000):
            await publisher.publish("news", str(number))
        await until(lambda: backend.dropped == 900)
        assert [int(event.message) for event in await heard(backend, 100)] == list(range(900, 1_000))
        assert backend.healthy


async def test_what_was_published_last_is_still_sent_at_the_end(redis_server):
    async with connected(redis_server.url) as hearing:
        await hearing.subscribe("news")
        async with connected(redis_server.url) as backend:
            for number in range(1_000):
                await backend.publish("news", str(number))
        assert backend.published == 1_000
        assert len(await heard(hearing, 1_000)) == 1_000


async def test_nothing_is_left_behind(redis_server):
    before = asyncio.all_tasks()
    async with connected(redis_server.url) as backend:
        await backend.subscribe("news")
        assert redis_server.command("CLIENT", "LIST").count(b" addr=") - 1 == 2
    await until(lambda: redis_server.command("CLIENT", "LIST").count(b" addr=") - 1 == 0)
    assert asyncio.all_tasks() == before
    await backend.disconnect()


async def test_a_failing_callback_harms_nothing(redis_server):
    failures = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context["exception"]))

    def fail(healthy):
        raise ValueError(healthy)

    async with connected(redis_server.url, on_health_change=fail) as backend:
        await until(lambda: failures)
        await backend.subscribe("news")
        await backend.publish("news", "x")
        assert await heard(backend) == [Event("news", b"x")]
    asyncio.get_running_loop().set_exception_handler(None)
    assert [str(failure) for failure in failures] == ["True"]


@pytest.mark.parametrize(
    ("options", "url"),
    [
        (("--requirepass", "s3cret/word"), "redis://:s3cret%2Fword@127.0.0.1:{port}/2"),
        (("--requirepass", "s3cret", "--unixsocket", "socket"), "unix://{folder}/socket?password=s3cret"),
        ((), "redis://127.0.0.1:{port}?protocol=3&decode_responses=true&socket_timeout=60"),
    ],
    ids=["password and database", "unix socket", "options in the URL"],
)
async def test_it_understands_all_kinds_of_urls(options, url):
    server = RedisServer(*options)
    server.start()
    try:
        async with connected(url.format(port=server.port, folder=server.folder)) as backend:
            assert backend.healthy
            await backend.subscribe("news")
            await backend.publish("news", "x")
            assert await heard(backend) == [Event("news", b"x")]
    finally:
        server.close()


async def test_a_password_is_never_logged():
    server = RedisServer("--rename-command", "AUTH", "")
    server.start()
    try:
        with capture_logs() as logs:
            async with connected(server.url.replace("//", "//:s3cret@")) as backend:
                assert not backend.healthy
        assert [entry["event"] for entry in logs] == ["redis_lost"]
        assert "with args beginning with: `***`" in logs[0]["reason"]
        assert "s3cret" not in str(logs)
    finally:
        server.close()


@pytest.mark.parametrize(
    "url", ["http://:s3cret@x", "redis://:s3cret#@x:port/", "redis://x/?db=s3cret", "redis://:s3cret@x/?nonsense=1"]
)
def test_a_wrong_url_is_refused_without_telling_its_password(url):
    with pytest.raises(SetupError) as refusal:
        RedisBackend(url)
    assert "s3cret" not in "".join(format_exception(refusal.value))


async def test_the_broadcaster_is_memory_without_a_url(redis_server):
    broadcast, backend = make_broadcast("")
    assert backend is None
    async with broadcast, broadcast.subscribe("news") as subscriber:
        await broadcast.publish("news", b"x")
        assert (await wait_for(subscriber.get(), PATIENCE)).message == b"x"


async def test_the_broadcaster_is_redis_with_a_url(redis_server):
    broadcast, backend = make_broadcast(redis_server.url)
    async with broadcast, broadcast.subscribe("news") as subscriber:
        assert backend.healthy
        assert redis_server.command("PUBLISH", "news", "x") == b":1\r\n"
        assert (await wait_for(subscriber.get(), PATIENCE)).message == b"x"
