import asyncio
import json
import random

from structlog.testing import capture_logs

from realtime import metrics
from tests.realtime.sockets import EVENTS, ME, SOMEBODY, close_code, rename, room_subscriptions
from tests.realtime.support import until


async def code_after(server, *frames):
    """Send raw frames on an acknowledged socket; give the code that it is closed with."""
    async with server.socket(SOMEBODY) as socket:
        for frame in frames:
            await socket.raw.send(frame)
        return await close_code(socket)


def subscribe(**changes):
    message = {"id": "1", "type": "subscribe", "payload": {"query": ME}, **changes}
    kept = {name: value for name, value in message.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False)


MALFORMED = (
    "not JSON",
    "",
    "[]",
    "null",
    '"ping"',
    "{}",
    '{"type":null}',
    '{"type":["ping"]}',
    '{"type":{"ping":1}}',
    '{"type":"nonsense"}',
    '{"type":"connection_ack"}',
    '{"type":"ping"',
    '{"type":"ping","payload":"\\ud800"}',
    b"{}",
    b'{"type":"ping"}',
    b"\xff\x00",
    "[" * 5_000,
    '{"a":' * 20_000,
    "x" * 70_000,
    subscribe(id=None),
    subscribe(id=5),
    subscribe(id=""),
    subscribe(id=["1"]),
    subscribe(id="x" * 257),
    subscribe(id="x" * 60_000),
    subscribe(payload=[]),
    subscribe(payload={}),
    subscribe(payload={"query": 5}),
    subscribe(payload={"query": ME, "variables": []}),
    subscribe(payload={"query": ME, "operationName": 5}),
    subscribe(payload={"query": ME, "extensions": []}),
    '{"type":"ping","payload":[]}',
    '{"type":"pong","payload":5}',
    subscribe(type="complete", id=None),
    subscribe(payload={"query": ME, "variables": {"x": "é" * 40_000}}),
)


async def test_a_malformed_message_closes_the_socket_with_a_code_of_the_protocol(server):
    for frame in MALFORMED:
        assert await code_after(server, frame) == 4400, frame


async def test_text_that_is_no_text_closes_the_socket_without_a_trace_in_the_log(server, caplog):
    for fragments in ([b'{"type":"ping\xff"}'], [b'{"type":"pi', b'ng","payload":{"a":"\xe9"}}'], [b"\xc3"]):
        async with server.socket(SOMEBODY) as socket:
            await socket.raw.send(fragments if len(fragments) > 1 else fragments[0], text=True)
            assert await close_code(socket) == 1007, fragments
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR", "CRITICAL"}] == []


async def test_a_character_may_be_cut_between_two_fragments(server):
    async with server.socket(SOMEBODY) as socket:
        await socket.raw.send([b'{"type":"ping","payload":{"a":"\xc3', b'\xa9"}}'], text=True)
        assert await socket.receive() == {"type": "pong"}


async def test_two_thousand_malformed_frames_leave_no_trace(server, world, caplog):
    for who in (world.staff, SOMEBODY):  # from now on the process follows whose tokens their tenants revoke
        async with server.socket(who):
            pass
    dice, tasks_before = random.Random(6), asyncio.all_tasks()

    async def misbehave():
        codes = []
        for _ in range(10):
            frames = [*dice.choices(MALFORMED[:-3], k=8), *dice.choices(MALFORMED, k=2)]
            codes.append(await code_after(server, *frames))
        return codes

    with capture_logs() as logs:
        codes = await asyncio.gather(*(misbehave() for _ in range(20)))
    assert {code for some in codes for code in some} == {4400}
    assert {entry["event"] for entry in logs} == {"socket closed"}
    assert [record for record in caplog.records if record.levelname in {"WARNING", "ERROR", "CRITICAL"}] == []
    async with server.socket(world.staff) as socket:
        await socket.subscribe(ME)
        assert await socket.event() == {"userId": "staff"}
    await until(lambda: asyncio.all_tasks() <= tasks_before)


async def test_sockets_that_are_cut_leave_nothing_behind_and_touch_nobody_else(server, world):
    before, connections = room_subscriptions(), metrics.connections_active._value.get()
    async with server.socket(world.staff) as good:
        start = await rename(world, "First")
        await good.subscribe(EVENTS, club=world.club, after=start)
        await rename(world, "Second")
        await good.event()
        tasks = asyncio.all_tasks()
        async with asyncio.TaskGroup() as group:
            waiting = [group.create_task(_cut(world, start)) for _ in range(50)]
            await until(lambda: room_subscriptions() == before + 51)
            cursors = [await rename(world, f"Club {number}") for number in range(20)]
        assert all(task.result() for task in waiting)
        await until(lambda: room_subscriptions() == before + 1)
        await until(lambda: asyncio.all_tasks() <= tasks)
        assert metrics.connections_active._value.get() == connections + 1
        assert [event["cursor"] for event in await good.events(20)] == cursors
    await until(lambda: not server.process.fanout._groups)
    followers = server.runtime.hub._followers
    assert all(follower.subscribers == 0 for name, follower in followers.items() if not name.startswith("access:"))
    await until(lambda: server.process.census.counted == 0)


async def _cut(world, start):
    """Follow the club, and lose the connection while news is coming."""
    connection = world.server.socket(world.staff)
    socket = await connection.__aenter__()
    await socket.subscribe(EVENTS, club=world.club, after=start)
    events = await socket.events(4)
    socket.raw.transport.abort()
    await socket.raw.wait_closed()
    return events
