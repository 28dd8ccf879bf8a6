import asyncio
import json
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from events.cursor import Cursor
from realtime import metrics
from tests.harness import found_world, http_client
from tests.realtime.sockets import EVENTS, ME, rename, room_subscriptions, server_with
from tests.realtime.streams import SSE, EventStream, asking
from tests.realtime.support import until

URQL = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"
COMPLETE = {"event": "complete", "data": ""}


def open_streams():
    return metrics.http_streams.labels("sse")._value.get()


def subscribing(world, query=EVENTS, *, accept=SSE, who=None, **given):
    return asking(world.server, query, accept=accept, who=who or world.staff, **{"club": world.club, **given})


def names(events):
    return [event["name"] for event in events]


async def test_events_come_with_their_cursors_as_ids(world):
    async with subscribing(world) as response:
        stream = await EventStream(response).opened()
        cursor = await rename(world, "One")
        answer, last = await stream.next()
    assert answer == {"data": {"clubEvents": {"__typename": "ClubUpdated", "cursor": cursor, "name": "One"}}}
    assert last == cursor
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["cache-control"] == "no-cache, no-transform"
    assert response.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in response.headers  # though the client would take gzip


async def test_one_who_comes_back_with_the_last_id_misses_nothing(world):
    cursors = [await rename(world, name) for name in ("One", "Two", "Three")]
    async with subscribing(world, headers={"Last-Event-ID": cursors[0]}) as response:
        stream = await EventStream(response).opened()
        await rename(world, "Four")
        assert names(await stream.events(3)) == ["Two", "Three", "Four"]


@pytest.mark.parametrize(("after", "seen"), [(0, 1), (1, 0)])
async def test_of_a_cursor_in_the_operation_and_a_last_id_the_later_counts(world, after, seen):
    cursors = [await rename(world, name) for name in ("One", "Two", "Three")]
    sent = {"after": cursors[after], "headers": {"Last-Event-ID": cursors[seen]}}
    async with subscribing(world, **sent) as response:
        assert names(await EventStream(response).events(1)) == ["Three"]


async def test_a_last_id_that_is_no_cursor_of_the_stream_is_refused(world):
    for wrong in ("7", "x" * 5_000, str(Cursor("club:another", "", 0))):
        async with subscribing(world, headers={"Last-Event-ID": wrong}) as response:
            stream = EventStream(response)
            answer, _ = await stream.next()
            assert "Last-Event-ID" in answer["errors"][0]["message"]
            assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
            assert await stream.end() == [COMPLETE]


async def test_a_query_and_a_mutation_are_answered_and_completed(world):
    rename_it = "mutation($i: UpdateClubInput!) { updateClub(input: $i) { club { name } } }"
    given = {"i": {"clubId": world.club, "name": "New"}}
    for query, variables, data in (
        (ME, {}, {"viewer": {"userId": "admin"}}),
        (rename_it, given, {"updateClub": {"club": {"name": "New"}}}),
    ):
        async with asking(world.server, query, accept=SSE, who=world.admin, **variables) as response:
            stream = EventStream(response)
            assert await stream.next() == ({"data": data}, None)
            assert await stream.end() == [COMPLETE]


async def test_an_operation_that_cannot_run_is_told_so_and_completed(world):
    for query, after, code in (
        ("{ nothing }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        (EVENTS, "7", "INVALID_INPUT"),
    ):
        async with subscribing(world, query, after=after) as response:
            stream = EventStream(response)
            answer, _ = await stream.next()
            assert answer["errors"][0]["extensions"]["code"] == code
            assert "data" not in answer
            assert await stream.end() == [COMPLETE]


async def test_rooms_of_others_and_tokens_in_the_url_open_nothing(world):
    stranger = replace(world.staff, club_ids=())
    async with subscribing(world, who=stranger) as response:
        assert "errors" in (await EventStream(response).next())[0]
    token = world.staff.token(world.server.clock())
    sent = {"query": EVENTS, "variables": json.dumps({"club": world.club})}
    for name in ("token", "access_token", "authorization", "Authorization"):
        parameters = {**sent, name: token}
        url = f"{world.server.url}/graphql"
        async with world.server.http.stream("GET", url, params=parameters, headers={"Accept": SSE}) as response:
            assert "errors" in (await EventStream(response).next())[0]


async def test_bad_requests_and_tokens_are_refused_as_plain_json(world):
    url, headers = f"{world.server.url}/graphql", {"Accept": SSE}
    bad = await world.server.http.post(url, content="{", headers={**headers, "Content-Type": "application/json"})
    assert (bad.status_code, bad.headers["content-type"]) == (400, "application/json")
    other = await world.server.http.post(url, content="{}", headers=headers)
    assert other.status_code == 415
    refused = await world.server.http.post(url, json={"query": ME}, headers={**headers, "Authorization": "Bearer no"})
    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "TOKEN_REFUSED")


async def test_a_browsers_event_source_needs_no_header_but_the_right_origin(world):
    parameters = {"query": EVENTS, "variables": json.dumps({"club": world.club})}
    token = {"Authorization": f"Bearer {world.staff.token(world.server.clock())}"}
    url = f"{world.server.url}/graphql"
    for origin in ({}, {"Origin": world.server.url}):
        sent = {"Accept": SSE, **token, **origin}
        async with world.server.http.stream("GET", url, params=parameters, headers=sent) as response:
            await EventStream(response).opened()
    foreign = {"Accept": SSE, "Origin": "https://elsewhere.example"}
    refused = await world.server.http.get(url, params=parameters, headers=foreign)
    assert refused.status_code == 400


async def test_a_client_that_takes_many_kinds_has_queries_as_json_and_subscriptions_as_events(world):
    async with subscribing(world, ME, accept=URQL) as response:
        assert response.headers["content-type"] == "application/graphql-response+json"
    async with subscribing(world, accept=URQL) as response:
        await EventStream(response).opened()


async def test_a_subscription_without_a_way_names_all_three(world):
    for accept in ("application/json", "*/*", "multipart/mixed", ""):
        async with subscribing(world, accept=accept) as response:
            refused = json.loads(await response.aread())
        assert response.status_code == 400
        for way in ("graphql-transport-ws", "text/event-stream", "multipart/mixed;subscriptionSpec=1.0"):
            assert way in refused["errors"][0]["message"]


async def test_a_quiet_stream_shows_that_it_lives(settings, clock):
    async with server_with(settings, clock, ws_heartbeat_interval=100) as server:
        world = await found_world(server)
        async with subscribing(world) as response:
            stream = await EventStream(response).opened()
            assert [await stream.message() for _ in range(3)] == [{}, {}, {}]


async def test_a_stream_ends_when_its_token_expires_and_goes_on_with_another(world):
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with subscribing(world, who=replace(world.staff, lifetime=timedelta(seconds=1))) as response:
        stream = await EventStream(response).opened()
        await rename(world, "One")
        _, last = await stream.next()
        assert await stream.end() == []  # no `complete`, after which nobody would come back
    assert 0.9 < loop.time() - begun < 2
    await rename(world, "Two")
    async with subscribing(world, headers={"Last-Event-ID": last}) as response:
        assert names(await EventStream(response).events(1)) == ["Two"]


async def test_a_server_that_stops_ends_its_streams_at_once(settings, clock):
    async with http_client() as http, AsyncExitStack() as stack:
        async with server_with(settings, clock, ws_stop_spread=0) as server:
            world = await found_world(server)
            response = await stack.enter_async_context(subscribing(world, http=http))
            stream = await EventStream(response).opened()
            begun = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - begun < 0.9  # the harness would cut what is left after a second
        assert await stream.end() == []


async def test_twenty_streams_that_are_cut_leave_nothing(world):
    await world.server.run(
        "{ viewer { userId } }", who=world.staff
    )  # from now on the tenant's revocations are followed
    before, tasks = room_subscriptions(), len(asyncio.all_tasks())
    async with AsyncExitStack() as stack:
        streams = []
        for _ in range(20):
            response = await stack.enter_async_context(subscribing(world))
            streams.append(await EventStream(response).opened())
        assert room_subscriptions() == before + 20
        assert open_streams() == 20
    await until(lambda: room_subscriptions() == before)
    await until(lambda: len(asyncio.all_tasks()) <= tasks + 2)  # one follows the stream, one hears it
    assert open_streams() == 0
    assert not world.server.process.fanout._groups
