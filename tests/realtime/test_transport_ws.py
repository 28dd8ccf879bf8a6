import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
import websockets

from kit.clock import utc_now
from realtime import metrics
from tests.harness import Answer, found_world
from tests.patience import PATIENCE
from tests.realtime.sockets import (
    EVENTS,
    ME,
    SOMEBODY,
    close_code,
    handshake,
    rename,
    room_subscriptions,
    server_with,
)
from tests.realtime.support import until

RENAME = "mutation($input: UpdateClubInput!) { updateClub(input: $input) { club { name } problems { code } } }"


async def test_the_acknowledgement_says_who_when_and_where(settings, clock):
    async with server_with(settings, clock, instance_name="green") as server:
        async with server.socket(acknowledged=False) as socket:
            message = await socket.initialise(SOMEBODY.token(clock()))
            expected = {"userId": "somebody", "timestamp": "2026-05-04T05:00:00+00:00", "instance": "green"}
            assert message == {"type": "connection_ack", "payload": expected}
        async with server.socket(acknowledged=False) as socket:
            assert (await socket.initialise(None))["payload"]["userId"] is None


async def test_a_subscription_before_the_acknowledgement_is_unauthorized(server):
    async with server.socket(acknowledged=False) as socket:
        await socket.subscribe(ME)
        assert await socket.closed() == (4401, "Unauthorized")


@pytest.mark.parametrize("patience", [True, False])
async def test_a_second_initialisation_is_one_too_many(server, clock, patience):
    async with server.socket(acknowledged=False) as socket:
        init = {"type": "connection_init", "payload": {"token": SOMEBODY.token(clock())}}
        await socket.send(**init)
        if patience:
            await socket.receive()
        await socket.send(**init)
        assert await socket.closed() == (4429, "Too many initialisation requests")


async def test_one_who_says_nothing_is_closed_in_time(settings, clock):
    before = metrics.auth_failures._value.get()
    async with (
        server_with(settings, clock, ws_auth_timeout=100) as server,
        server.socket(SOMEBODY) as in_time,
        server.socket(acknowledged=False) as silent,
    ):
        assert await silent.closed() == (4408, "Connection initialisation timeout")
        await in_time.send(type="ping")
        assert (await in_time.receive())["type"] == "pong"
    assert metrics.auth_failures._value.get() == before + 1


async def test_a_token_that_does_not_count_is_refused(server, clock):
    stale = replace(SOMEBODY, lifetime=timedelta(minutes=10)).token(clock() - timedelta(hours=1))
    changed = SOMEBODY.token(clock())[:-4] + "AAAA"
    for token in ("nonsense", stale, changed):
        async with server.socket(acknowledged=False) as socket:
            await socket.send(type="connection_init", payload={"Authorization": f"Bearer {token}"})
            code, reason = await socket.closed()
            assert code == 4403
            assert "token" in reason.lower()


async def test_a_token_that_expires_ends_the_socket_at_that_second(settings):
    async with server_with(settings, utc_now) as server:
        world = await found_world(server, days=(0,))
        brief = replace(world.staff, lifetime=timedelta(seconds=2))
        async with server.socket(brief) as socket:
            expires_at = server.clock().replace(microsecond=0) + timedelta(seconds=2)
            await socket.subscribe(EVENTS, club=world.club, after=await rename(world, "First"))
            await rename(world, "Second")
            assert (await socket.event())["name"] == "Second"
            assert await socket.closed() == (4403, "Token expired")
            late = (server.clock() - expires_at).total_seconds()
            assert -1.1 < late < 1.0


async def test_an_id_is_taken_until_its_operation_is_complete(server, world):
    start = await rename(world, "First")
    async with server.socket(world.staff) as socket:
        payload = {"query": EVENTS, "variables": {"club": world.club, "after": start}}
        await socket.send(id="a", type="subscribe", payload=payload)
        await rename(world, "Second")
        assert (await socket.event())["name"] == "Second"
        await socket.send(id="a", type="complete")
        await socket.send(id="a", type="subscribe", payload=payload)
        assert (await socket.event())["name"] == "Second"
        await socket.send(id="b", type="subscribe", payload={"query": ME})
        assert [(await socket.receive())["type"] for _ in range(2)] == ["next", "complete"]
        await socket.send(id="b", type="subscribe", payload={"query": ME})
        assert [(await socket.receive())["type"] for _ in range(2)] == ["next", "complete"]
        await socket.send(id="a", type="subscribe", payload=payload)
        assert await socket.closed() == (4409, "Subscriber for a already exists")


async def test_complete_stops_the_events(server, world):
    before = room_subscriptions()
    async with server.socket(world.staff) as socket:
        operation = await socket.subscribe(EVENTS, club=world.club, after=await rename(world, "First"))
        await rename(world, "Second")
        await socket.event()
        assert room_subscriptions() == before + 1
        await socket.send(id=operation, type="complete")
        await until(lambda: room_subscriptions() == before)
        await rename(world, "Third")
        await socket.send(id="unknown", type="complete")
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}


async def test_a_wrong_subprotocol_is_not_acceptable(server):
    for subprotocols in (["graphql-ws"], None):
        async with handshake(server, subprotocols=subprotocols) as socket:
            assert await close_code(socket) == 4406


async def test_pings_are_answered_before_and_after_the_acknowledgement(server, clock):
    async with server.socket(acknowledged=False) as socket:
        await socket.send(type="ping", payload={"anything": 1})
        assert await socket.receive() == {"type": "pong"}
        await socket.send(type="pong")
        await socket.initialise(SOMEBODY.token(clock()))
        await socket.send(type="ping")
        assert await socket.receive() == {"type": "pong"}


async def test_the_server_pings_and_cuts_off_one_who_never_answers(settings, clock):
    async with (
        server_with(settings, clock, ws_heartbeat_interval=100, ws_pong_timeout=1_500) as server,
        server.socket(SOMEBODY) as answering,
        server.socket(SOMEBODY) as silent,
    ):
        began = asyncio.get_running_loop().time()
        for _ in range(5):
            assert json.loads(await answering.raw.recv()) == {"type": "ping"}
            await answering.send(type="pong")
        assert asyncio.get_running_loop().time() - began > 0.4
        async with asyncio.timeout(PATIENCE):
            await silent.raw.wait_closed()
        assert silent.raw.close_code == 1006
        await answering.subscribe(ME)
        assert (await answering.receive())["type"] == "next"


async def test_a_document_that_cannot_run_is_an_error_of_its_operation_alone(server, world):
    async with server.socket(world.staff) as socket:
        for query, code in (("{ nonsense }", "GRAPHQL_VALIDATION_FAILED"), ("{", "GRAPHQL_PARSE_FAILED")):
            operation = await socket.subscribe(query)
            message = await socket.receive()
            assert (message["id"], message["type"]) == (operation, "error")
            assert message["payload"][0]["extensions"]["code"] == code
        for cursor in ("nonsense", ""):
            await socket.subscribe(EVENTS, club=world.club, after=cursor)
            message = await socket.receive()
            assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "INVALID_INPUT")
        await socket.subscribe(ME)
        assert (await socket.event()) == {"userId": "staff"}


async def test_queries_and_mutations_run_over_the_socket_too(server, world):
    async with server.socket(world.admin) as socket:
        given = {"input": {"clubId": world.club, "name": "New Name"}}
        for query, variables, data in (
            (ME, None, {"viewer": {"userId": "admin"}}),
            (RENAME, given, {"updateClub": {"club": {"name": "New Name"}, "problems": []}}),
        ):
            payload = {"query": query, "variables": variables, "operationName": None}
            await socket.send(id="x", type="subscribe", payload=payload)
            assert await socket.receive() == {"id": "x", "type": "next", "payload": {"data": data}}
            assert await socket.receive() == {"id": "x", "type": "complete"}


async def test_one_who_is_not_signed_in_may_connect_but_not_follow_a_club(server, world):
    async with server.socket() as socket:
        await socket.subscribe(EVENTS, club=world.club)
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "UNAUTHENTICATED")
        await socket.subscribe(ME)
        assert Answer((await socket.receive())["payload"]).code == "UNAUTHENTICATED"


async def test_a_socket_has_at_most_a_hundred_operations(server, world):
    before = room_subscriptions()
    async with server.socket(world.staff) as socket:
        for _ in range(100):
            await socket.subscribe(EVENTS, club=world.club)
        await until(lambda: room_subscriptions() == before + 100)
        extra = await socket.subscribe(EVENTS, club=world.club)
        refusal = await socket.receive()
        assert (refusal["type"], refusal["id"]) == ("error", extra)
        assert refusal["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
        assert room_subscriptions() == before + 100
    await until(lambda: room_subscriptions() == before)


async def test_pages_of_other_origins_are_turned_away(settings, clock):
    async with server_with(settings, clock, allowed_origins=("https://club.example",)) as server:
        for origin in (server.url, "https://club.example"):
            async with handshake(server, origin=origin) as socket:
                assert (await socket.initialise(None))["type"] == "connection_ack"
        for origin in ("https://evil.example", "null", "https://club.example.evil.example"):
            with pytest.raises(websockets.InvalidStatus) as refusal:
                async with handshake(server, origin=origin):
                    pass
            assert refusal.value.response.status_code == 403
            assert "ALLOWED_ORIGINS" in refusal.value.response.body.decode()
