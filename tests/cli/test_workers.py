"""`fairway serve --workers 2`: one port, one set of figures, one count of who is connected."""

import asyncio
import os
import signal
from collections import Counter
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import replace

import httpx
import pytest
from websockets import ConnectionClosed

from kit.clock import utc_now
from realtime.instances_redis import KEY, LEASE
from realtime.presence import CURE
from tests.harness import SECRET, HeldClock, Server, found_world, http_client
from tests.patience import PATIENCE
from tests.program import open_folder, serving_program
from tests.realtime.redis_server import RedisServer
from tests.realtime.sockets import EVENTS, handshake, rename
from tests.realtime.streams import SSE, EventStream, asking

REST = 0.2
"""Seconds for which none is suspended before some are again: who answers its parent for five no more is replaced."""
STATS = "{ realtimeStats { connections { total users } instances { name connections } } }"


@pytest.fixture(scope="module")
def folder():
    """A folder whose database is made by the first of the programs."""
    with open_folder() as folder:
        yield folder


async def eventually(ask, holds):
    """Ask until it holds; give the answer."""
    async with asyncio.timeout(PATIENCE):
        while not holds(answer := await ask()):  # noqa: ASYNC110 - another process' figures raise no event
            await asyncio.sleep(0.05)
    return answer


async def scrape(server):
    """Give all figures by name and labels, asked of whichever process answers."""
    async with http_client() as http:  # a connection of its own, so that it may be either
        text = (await http.get(f"{server.url}/metrics")).text
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


class Sockets:
    """Sockets to the processes, counted by which of them took each."""

    def __init__(self, stack, world):
        self.stack, self.world = stack, world
        self.instances = Counter()

    async def spread(self, each, *, user=None):
        """Open sockets that follow the club, of different users or of a given one, until each process has so many."""
        opened, found = [], Counter()
        while len(found) < 2 or min(found.values()) < each:
            with suspended(name for name, count in found.items() if count >= each):  # one of them may be faster always
                opened.append(await self._open(user or f"user {len(opened)}", found))
            await asyncio.sleep(REST)
        self.instances += found
        return opened

    async def _open(self, user, found):
        who = replace(self.world.staff, user_id=user)
        socket = await self.stack.enter_async_context(self.world.server.socket(who, acknowledged=False))
        ack = await socket.initialise(who.token(utc_now()))
        found[ack["payload"]["instance"]] += 1
        await socket.subscribe(EVENTS, club=self.world.club)
        return socket


def pid_of(instance):
    return int(instance.rpartition("-")[2])


def lives(instance):
    with suppress(ProcessLookupError):
        os.kill(pid_of(instance), 0)
        return True
    return False


@contextmanager
def suspended(instances):
    """Keep processes from accepting connections."""
    pids = [pid_of(instance) for instance in instances]
    for pid in pids:
        with suppress(ProcessLookupError):  # silent for too long on a slow machine, it has just been replaced
            os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):  # on a slow machine, one that was silent for too long was replaced
                os.kill(pid, signal.SIGCONT)


async def tried(server, who):
    """Connect, and tell how that was refused, if it was."""
    async with handshake(server) as socket:
        await socket.send(type="connection_init", payload={"token": who.token(utc_now())})
        try:
            await socket.receive()
        except ConnectionClosed:
            return await socket.closed()
    return None


async def started(stack, folder, **more):
    running = await stack.enter_async_context(
        serving_program(
            "--workers", "2", folder=folder, data_dir=folder / "data", JWT_SECRET=SECRET, TMPDIR=str(folder), **more
        )
    )
    http = await stack.enter_async_context(http_client())
    server = Server(None, running.url.replace("localhost", "127.0.0.1"), HeldClock(utc_now()), http)
    await two_ready(server)
    return running, await found_world(server)


async def two_ready(server):
    """Wait until two processes answer; give their names."""
    found = set()
    async with asyncio.timeout(PATIENCE):
        while len(found := {one for one in found if lives(one)}) < 2:
            with suspended(found), suppress(httpx.TransportError):  # briefly: who is silent for long is replaced
                async with http_client(timeout=2) as http:
                    found.add((await http.get(f"{server.url}/readyz")).json()["instance"])
            await asyncio.sleep(REST)
    return found


def let_the_lease_run_out(redis, instance):
    """See that a dead process' counts have a lease, and have Redis end it now instead of after its fifteen seconds."""
    [key] = redis.command("KEYS", f"{KEY}:{instance}/*").split(b"\r\n")[2:-1:2]
    assert 0 < int(redis.command("PTTL", key.decode())[1:]) <= LEASE * 1000
    assert redis.command("PEXPIRE", key.decode(), "1") == b":1\r\n"


def figures(folder):
    return [*folder.glob("fairway-figures-*")]


@pytest.mark.slow
async def test_one_scrape_says_the_sum_over_the_workers_and_forgets_a_dead_one(folder):
    async with AsyncExitStack() as stack:
        running, world = await started(stack, folder)
        sockets = Sockets(stack, world)
        opened = await sockets.spread(2)
        stream = await EventStream(
            await stack.enter_async_context(asking(world.server, EVENTS, accept=SSE, who=world.staff, club=world.club))
        ).opened()
        count = len(opened)
        told = await eventually(
            lambda: scrape(world.server), lambda told: told["teesheet_ws_room_subscriptions"] == count + 1
        )
        assert told["teesheet_ws_connections_active"] == count
        assert told["teesheet_ws_connections_total"] == count
        assert told['teesheet_ws_messages_sent_total{type="connection_ack"}'] == count
        assert told['fairway_http_streams_active{protocol="sse"}'] == 1
        assert told["fairway_broadcaster_healthy"] == 0
        assert told["fairway_instances"] == 1

        await rename(world, "New")
        for client in (*opened, stream):
            await client.events(1) if isinstance(client, EventStream) else await client.event()
        told = await eventually(
            lambda: scrape(world.server), lambda told: told["fairway_deliveries_total"] == count + 1
        )
        assert told["fairway_commit_to_send_seconds_count"] == 2  # each worker had its clients to tell
        assert await eventually(lambda: scrape(world.server), lambda told: told["fairway_events_per_second"] > 0)
        assert len({name: 0 for name in told if name.startswith("fairway_executions")}) == 1

        victim, lost = sockets.instances.most_common()[0]
        os.kill(pid_of(victim), signal.SIGKILL)
        told = await eventually(
            lambda: scrape(world.server),
            lambda told: told.get("teesheet_ws_connections_active") == count - lost,
        )
        assert told["teesheet_ws_connections_total"] == count
        assert len(figures(folder)) == 1
        assert victim not in await two_ready(world.server)
        again = Sockets(stack, world)
        await again.spread(1)
        expected = count - lost + again.instances.total()
        await eventually(lambda: scrape(world.server), lambda told: told["teesheet_ws_connections_active"] == expected)
    assert running.process.returncode == 0
    assert figures(folder) == []
    assert not any("Traceback" in line for line in running.lines), running.lines
    (told,) = [line for line in running.lines if "a process died and was replaced" in line]
    assert f"process={pid_of(victim)}" in told


@pytest.mark.slow
async def test_with_redis_the_workers_count_together_who_is_connected(folder):
    redis = RedisServer()
    redis.start()
    try:
        async with AsyncExitStack() as stack:
            _, world = await started(stack, folder, REDIS_URL=redis.url, WS_MAX_CONNECTIONS_PER_USER="4")
            sockets = Sockets(stack, world)
            ana = replace(world.staff, user_id="ana")
            await sockets.spread(1)
            await sockets.spread(2, user="ana")
            total = sockets.instances.total()

            async def stats():
                async with http_client() as http:  # a connection of its own: the one that had it may be dead
                    answer = await replace(world.server, http=http).run(STATS, who=world.admin)
                return answer.data["realtimeStats"]

            told = await eventually(stats, lambda told: told["connections"]["total"] == total)
            assert told["connections"]["users"] == total - 3
            assert {one["name"]: one["connections"] for one in told["instances"]} == dict(sockets.instances)
            assert await eventually(lambda: scrape(world.server), lambda told: told["fairway_instances"] == 2)
            refusal = await eventually(lambda: tried(world.server, ana), bool)
            assert refusal == (1013, f"At most 4 connections of a user; {CURE}")

            victim, lost = sockets.instances.most_common()[0]
            os.kill(pid_of(victim), signal.SIGKILL)
            let_the_lease_run_out(redis, victim)
            told = await eventually(stats, lambda told: victim not in {one["name"] for one in told["instances"]})
            assert told["connections"]["total"] == total - lost
    finally:
        redis.close()
