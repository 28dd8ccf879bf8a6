"""Conflated rooms on the program's own server: by each transport, with and without Redis, from one snapshot."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from api.app import create_app
from auth.viewer import Role
from domain.clubs.clubs import update_club
from events.clubs import club_room
from events.cursor import Cursor
from kit.ids import new_id
from realtime import metrics
from realtime.operations import Request
from realtime.summaries import NOWHERE
from tests.harness import found_world, serving, settings_for
from tests.realtime.streams import MULTIPART, SSE, EventStream, Parts, asking
from tests.realtime.summary_schema import shows_clubs
from tests.realtime.support import until
from tests.realtime.test_two_processes import broadcaster

STATE = "subscription($after: String) { clubState(after: $after) { cursor name again after } }"


class Shown:
    """A club, and the servers that show how it is."""

    def __init__(self, world, *servers):
        self.world, self.servers = world, servers
        self.engines = [shows_clubs(server, world.club_id) for server in servers]

    async def rename(self, name, *, by=0):
        """Have a server of these change the club; give the cursor of that."""
        server, world = self.servers[by], self.world
        async with server.runtime.work.change(world.tenant_id) as change:
            viewer = world.admin.viewer(server.clock())
            await update_club(change.session, viewer=viewer, club_id=world.club_id, now=server.clock(), name=name)
        return str(change.logged[-1].cursor)


@pytest.fixture
async def shown(server):
    return Shown(await found_world(server), server)


@asynccontextmanager
async def by_socket(shown, **variables) -> AsyncIterator[Any]:
    async with shown.servers[0].socket(shown.world.staff) as socket:
        await socket.subscribe(STATE, **variables)
        yield socket.event


@asynccontextmanager
async def by_sse(shown, **variables) -> AsyncIterator[Any]:
    async with asking(shown.servers[0], STATE, accept=SSE, who=shown.world.staff, **variables) as response:
        stream = await EventStream(response).opened()

        async def event():
            answer, at = await stream.next()
            assert at == answer["data"]["clubState"]["cursor"]
            return answer["data"]["clubState"]

        yield event


@asynccontextmanager
async def by_multipart(shown, **variables) -> AsyncIterator[Any]:
    async with asking(shown.servers[0], STATE, accept=MULTIPART, who=shown.world.staff, **variables) as response:
        parts = await Parts(response).opened()

        async def event():
            return (await parts.events(1))[0]

        yield event


@pytest.mark.parametrize("following", [by_socket, by_sse, by_multipart])
async def test_by_each_transport_the_state_comes_at_once_and_then_when_it_has_changed(shown, following):
    async with following(shown) as event:
        first = await event()
        assert (first["name"], first["after"]) == ("Test Club", "part 1")
        moved = await shown.rename("Renamed")
        second = await event()
        assert (second["name"], second["again"], second["cursor"]) == ("Renamed", "Renamed", moved)
    async with following(shown, after=moved) as event:
        moved = await shown.rename("Renamed Again")
        assert (await event())["cursor"] == moved
    async with following(shown, after=first["cursor"]) as event:
        assert (await event())["name"] == "Renamed Again"


async def test_a_browser_that_comes_back_by_itself_is_told_what_is_news_to_it(shown):
    moved = await shown.rename("Renamed")
    before = metrics.executions._value.get()
    seen = {"Last-Event-ID": moved}
    async with asking(shown.servers[0], STATE, accept=SSE, who=shown.world.staff, headers=seen) as response:
        stream = await EventStream(response).opened()
        await until(shown.servers[0].process.fanout.census)
        assert metrics.executions._value.get() == before
        moved = await shown.rename("Renamed Again")
        answer, at = await stream.next()
        assert (answer["data"]["clubState"]["name"], at) == ("Renamed Again", moved)


async def test_each_answer_is_of_one_snapshot_and_the_last_is_right(shown):
    clients, before = 5, metrics.executions._value.get()
    answers = [[] for _ in range(clients)]

    async def read(event, into):
        while not into or into[-1]["name"] != "Name 199":
            into.append(await event())

    async def rename():
        for number in range(200):
            await shown.rename(f"Name {number}")

    began = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as tasks:

        async def follow(into):
            async with by_socket(shown) as event:
                await read(event, into)

        for into in answers:
            tasks.create_task(follow(into))
        await until(lambda: all(answers))
        tasks.create_task(rename())
    took = asyncio.get_running_loop().time() - began
    assert all(state["name"] == state["again"] for into in answers for state in into)
    assert metrics.executions._value.get() - before <= took + 2
    assert all(len(into) <= took + 2 for into in answers)


@pytest.mark.parametrize("after", ["nonsense", str(Cursor("club:other", "", 0))])
async def test_a_cursor_that_is_none_of_the_stream_is_refused(shown, after):
    async with shown.servers[0].socket(shown.world.staff) as socket:
        await socket.subscribe(STATE, after=after)
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "INVALID_INPUT")


async def feeds(shown, query, *people):
    now = shown.servers[0].clock()
    return [await shown.engines[0].open(Request(query), viewer=who.viewer(now)) for who in people]


async def test_who_asks_for_the_same_is_answered_by_the_same_whoever_it_is(shown):
    world = shown.world
    people = [world.staff, world.admin, world.player("ana")]
    shared = await feeds(shown, "subscription { clubState { name again } }", *people)
    assert len({feed.key for feed in shared}) == 1
    assert len({(await feed.read()).body for feed in shared}) == 1
    others = [
        *await feeds(shown, "subscription { clubState(part: 2) { name again } }", world.staff),
        *await feeds(shown, "subscription { clubState { name } }", world.staff),
        *await feeds(shown, "subscription { clubState { name again } }", replace(world.staff, tenant_id=new_id())),
    ]
    assert len({feed.key for feed in (*shared, *others)}) == 4


async def test_what_depends_on_who_asks_is_read_for_each(shown):
    ana, ben = shown.world.player("ana"), replace(shown.world.player("ben"), roles=(Role.STAFF,))
    each = await feeds(shown, "subscription { clubState { whose } }", ana, ben)
    assert len({feed.key for feed in each}) == 2
    told = [orjson.loads((await feed.read()).body)["data"]["clubState"]["whose"] for feed in each]
    assert told == ["ana", "ben"]


async def test_a_field_that_depends_on_who_asks_and_does_not_say_so_is_told_as_a_fault(shown):
    with capture_logs() as logs:
        async with shown.servers[0].socket(shown.world.staff) as socket:
            await socket.subscribe("subscription { clubState { unmarked } }")
            answer = (await socket.receive())["payload"]
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "viewer_field" in str(logs[0]["exc_info"])


@pytest.mark.parametrize(
    ("part", "code", "lost"),
    [(7, "UNAVAILABLE", True), (8, "UNAVAILABLE", True), (9, "NOT_FOUND", False)],
)
async def test_a_state_that_cannot_be_read_is_told_as_an_error_and_is_lost_unless_that_is_the_answer(
    shown, part, code, lost
):
    query = f"subscription {{ clubState(part: {part}) {{ name }} }}"
    [feed] = await feeds(shown, query, shown.world.staff)
    summary = await feed.read()
    assert orjson.loads(summary.body)["errors"][0]["extensions"]["code"] == code
    assert (summary.lost, summary.cursor.epoch) == (lost, NOWHERE)  # whose cursor nobody can take for the state's


async def test_no_session_is_kept_between_two_answers(shown):
    pool = shown.servers[0].runtime.database.app.sync_engine.pool
    async with by_socket(shown) as event:
        for name in ("One", "Two"):
            await event()
            await until(lambda: pool.checkedout() == 0)
            await shown.rename(name)
        assert (await event())["name"] == "Two"


async def heard(event, name):
    while (await event())["name"] != name:
        pass


async def test_what_another_process_has_changed_is_told_with_redis_and_without(settings, clock, redis_server):
    changes = {"redis_url": redis_server.url}
    one, other = [
        create_app(settings_for(settings, instance_name=name, **changes), with_jobs=False, clock=clock)
        for name in ("one", "other")
    ]
    async with serving(one, clock) as here, serving(other, clock) as there:
        shown = Shown(await found_world(here), here, there)
        async with by_socket(shown) as event:
            await event()
            await shown.rename("With Redis", by=1)
            await heard(event, "With Redis")
            redis_server.kill()
            await shown.rename("Without", by=1)
            await heard(event, "Without")
            assert await broadcaster(here) == "away: the log is swept instead"
            redis_server.start()
            await until(lambda: here.runtime.hub.healthy and there.runtime.hub.healthy)
            await shown.rename("With It Again", by=1)
            await heard(event, "With It Again")
            room = club_room(shown.world.club)
            assert here.process.fanout.census() == {room: {room: 1}}
