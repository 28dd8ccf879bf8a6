"""Processes that tell each other by a real Redis how many are connected to each."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta
from time import monotonic

import pytest
from structlog.testing import capture_logs

from kit.clock import utc_now
from kit.errors import SetupError
from kit.ids import new_id
from realtime import metrics
from realtime.instances import Instances
from realtime.instances_redis import KEY, SharedInstances
from realtime.presence import Census, SocketLimits, TooManyConnections
from tests.patience import PATIENCE
from tests.realtime.redis_server import RedisServer
from tests.realtime.sockets import SOMEBODY, handshake
from tests.realtime.support import until
from tests.realtime.test_limits_of_sockets import works
from tests.realtime.test_two_processes import two_processes

TENANT = new_id()
ANA, BEN = (TENANT, "ana"), (TENANT, "ben")
LEASE, REFRESH = 1.0, 0.1


class Process:
    """A process as far as it counts and tells."""

    def __init__(self, url, name="one", *, lease=LEASE, refresh=REFRESH, per_user=50, per_address=500):
        self.census = Census(SocketLimits(per_user=per_user, per_address=per_address))
        self.rooms = {}
        parts = {
            "census": self.census,
            "rooms": lambda: self.rooms,
            "broadcaster": lambda: "ok",
            "clock": utc_now,
        }
        self.shared = SharedInstances(name, url, lease=lease, refresh=refresh, **parts)

    def connect(self, address, user=None, *, by="websocket"):
        self.census.enter(address)
        if user:
            self.census.identify(user, by=by)

    def knows(self, address):
        return sum(other.addresses.get(address, 0) for other in self.census.elsewhere)

    async def killed(self):
        """Run until killed: neither a goodbye nor another word."""
        teller = asyncio.create_task(self.shared._keep_telling())
        await until(lambda: self.shared._heard_at)
        teller.cancel()
        with suppress(asyncio.CancelledError):
            await teller


@asynccontextmanager
async def processes(url, *names, **options) -> AsyncIterator[list[Process]]:
    async with AsyncExitStack() as stack:
        made = [Process(url, name, **options) for name in names]
        for process in made:
            await stack.enter_async_context(process.shared.told())
        yield made


def hurried(*servers):
    """Have servers tell and hear of each other as soon as they do it at all."""
    for server in servers:
        server.process.census.doubt.set()
    return True


def known(server):
    """Tell which users' connections to other servers a server knows of."""
    return [there.users for there in server.process.census.elsewhere if there.users]


def keys(redis_server):
    return redis_server.command("KEYS", f"{KEY}*")


async def test_each_process_hears_what_the_others_count(redis_server):
    async with processes(redis_server.url, "one", "other") as (one, other):
        one.connect("a", ANA)
        one.connect("a", ANA, by="sse")
        other.connect("a", BEN)
        other.connect("b")
        one.rooms = {"club:x": {"club:x": 2, "booking:1": 1}}
        await until(lambda: other.knows("a") == 2)
        await until(lambda: (one.knows("a"), one.knows("b")) == (1, 1))
        assert other.census.elsewhere[0].users == {str(TENANT): {"ana": 2}}
        here, there = await other.shared.all()
        assert (here.name, there.name) == ("other", "one")
        assert there.transports == {str(TENANT): {"websocket": 1, "sse": 1}}
        assert there.rooms == {"club:x": {"club:x": 2, "booking:1": 1}}
        assert there.broadcaster == "ok"
        assert set(there.figures) == set(metrics.figures())
        assert abs(there.heard_at - utc_now()) < timedelta(seconds=5)
        assert metrics.instances._value.get() == 2


async def test_limits_hold_over_all_processes(redis_server):
    async with processes(redis_server.url, "one", "other", per_user=3, per_address=4) as (one, other):
        for _ in range(3):
            one.connect("a", ANA)
        await until(lambda: other.knows("a") == 3)
        with pytest.raises(TooManyConnections, match="3 connections of a user; close one, or try again later"):
            other.census.identify(ANA)
        other.connect("a", BEN)
        with pytest.raises(TooManyConnections, match="4 connections from an address; close one, or try again later"):
            other.census.enter("a")
        one.census.leave("a", ANA)
        await until(lambda: other.knows("a") == 2)
        other.connect("a", ANA)


async def test_two_processes_of_the_same_name_are_two(redis_server):
    async with processes(redis_server.url, "same", "same") as (one, other):
        one.connect("a")
        other.connect("a")
        await until(lambda: one.knows("a") == other.knows("a") == 1)
        assert [instance.name for instance in await one.shared.all()] == ["same", "same"]


async def test_a_process_that_ends_is_forgotten_at_once(redis_server):
    async with processes(redis_server.url, "one", lease=60) as (one,):
        async with processes(redis_server.url, "other", lease=60) as (other,):
            other.connect("a", ANA)
            await until(lambda: one.knows("a") == 1)
        await until(lambda: one.knows("a") == 0)
        assert [instance.name for instance in await one.shared.all()] == ["one"]
    assert keys(redis_server) == b"*0\r\n"


async def test_a_process_that_is_killed_is_forgotten_when_its_lease_has_run_out(redis_server):
    async with processes(redis_server.url, "one") as (one,):
        other = Process(redis_server.url, "other")
        other.connect("a", ANA)
        await other.killed()
        died = monotonic()
        await until(lambda: one.knows("a") == 1)
        assert f"{KEY}:{other.shared._id}".encode() in keys(redis_server)
        await until(lambda: one.knows("a") == 0)
        assert monotonic() - died >= LEASE * 0.9
        assert len(await one.shared.all()) == 1
        await until(lambda: b"other" not in keys(redis_server))
        await until(lambda: redis_server.command("ZCARD", KEY) == b":1\r\n")


async def test_no_count_ever_stands_without_its_lease(redis_server):
    one = Process(redis_server.url)
    await one.killed()
    left = int(redis_server.command("PTTL", f"{KEY}:{one.shared._id}")[1:])
    assert 0 < left <= LEASE * 1000


async def test_without_redis_a_process_counts_for_itself_and_says_so_once(absent_redis):
    with capture_logs() as logs:
        async with processes(absent_redis.url, "one", per_user=1) as (one,):
            await until(lambda: one.shared._lost)
            assert [instance.name for instance in await one.shared.all()] == ["one"]
            one.connect("a", ANA)
            with pytest.raises(TooManyConnections):
                one.census.identify(ANA)
            absent_redis.start()
            await until(lambda: not one.shared._lost)
    assert [entry["event"] for entry in logs] == [
        "connections are counted for this process alone",
        "other processes are heard of again",
    ]


async def test_over_the_death_and_return_of_redis_the_own_count_goes_on_and_that_of_others_fades(redis_server):
    async with processes(redis_server.url, "one", "other") as (one, other):
        other.connect("a", ANA)
        await until(lambda: one.knows("a") == 1)
        redis_server.kill()
        one.connect("a", BEN)
        await until(lambda: not one.census.elsewhere)
        assert one.census.addresses == {"a": 1}
        assert metrics.instances._value.get() == 1
        assert [instance.name for instance in await one.shared.all()] == ["one"]
        redis_server.start()
        await until(lambda: one.knows("a") == other.knows("a") == 1)


async def test_a_frozen_redis_holds_up_neither_who_connects_nor_who_stops(redis_server):
    async with asyncio.timeout(PATIENCE), processes(redis_server.url, "one", "other") as (one, other):
        other.connect("a")
        await until(lambda: one.knows("a") == 1)
        redis_server.freeze()
        for number in range(1_000):
            one.connect(str(number), (TENANT, str(number)))
    redis_server.thaw()


async def test_others_are_asked_again_soon_when_somebody_is_refused_for_their_counts(redis_server):
    async with processes(redis_server.url, "one", "other", refresh=30, lease=60, per_address=2) as (one, other):
        one.connect("a")
        one.connect("a")
        await until(lambda: other.shared._heard_at)
        other.census.doubt.set()  # the first word of the other one may have come before these were counted
        one.census.doubt.set()
        await until(lambda: other.knows("a") == 2)
        one.census.leave("a", None)
        one.census.doubt.set()
        with pytest.raises(TooManyConnections):
            other.census.enter("a")
        await until(lambda: other.knows("a") == 1 or other.census.doubt.set())
        other.census.enter("a")


async def test_what_another_version_has_told_is_passed_over(redis_server):
    async with processes(redis_server.url, "one") as (one,):
        now = int(utc_now().timestamp() * 1000)
        redis_server.command("HSET", f"{KEY}:newer", "name", '"newer"')
        redis_server.command("ZADD", KEY, str(now), "newer")
        heard = one.shared._heard_at
        await until(lambda: one.shared._heard_at > heard)
        assert [instance.name for instance in await one.shared.all()] == ["one"]


def test_a_url_that_cannot_be_used_is_named_before_anything_is_started():
    with pytest.raises(SetupError, match="REDIS_URL"):
        Process("redis://host:port")


async def test_a_process_without_redis_knows_itself():
    census = Census(SocketLimits())
    alone = Instances("alone", census=census, rooms=dict, broadcaster=lambda: "memory", clock=utc_now)
    census.identify(ANA)
    [own] = await alone.all()
    assert (own.name, own.users, own.broadcaster) == ("alone", {str(TENANT): {"ana": 1}}, "memory")


async def test_a_user_has_so_many_sockets_over_both_servers(settings, clock, redis_server):
    changes = {"redis_url": redis_server.url, "ws_max_connections_per_user": 2}
    async with two_processes(settings, clock, **changes) as (_, one, other):
        async with one.socket(SOMEBODY), one.socket(SOMEBODY):
            await until(lambda: hurried(one, other) and known(other))
            async with handshake(other) as third:
                await third.send(type="connection_init", payload={"token": SOMEBODY.token(clock())})
                assert await third.closed() == (1013, "At most 2 connections of a user; close one, or try again later")
        await until(lambda: hurried(one, other) and not known(other))
        async with other.socket(SOMEBODY) as at_last:
            assert await works(at_last)


async def test_the_log_never_has_the_password():
    redis = RedisServer("--rename-command", "AUTH", '""')  # a server that knows no AUTH says so, with its arguments
    redis.start()
    with capture_logs() as logs:
        async with processes(redis.url.replace("//", "//:s3cret@"), "one") as (one,):
            await until(lambda: one.shared._lost)
    redis.close()
    assert logs
    assert "s3cret" not in repr(logs)
