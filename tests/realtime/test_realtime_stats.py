"""How the engine does, as admins may see it."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from auth.viewer import Role
from tests.harness import found_world
from tests.patience import PATIENCE
from tests.realtime.sockets import EVENTS, rename
from tests.realtime.streams import MULTIPART, SSE, EventStream, Parts, asking
from tests.realtime.support import until
from tests.realtime.test_instances import hurried
from tests.realtime.test_two_processes import two_processes

STATS = """query($first: Int! = 100) { realtimeStats {
    broadcaster subscriptions rooms(first: $first) { room clubId subscriptions }
    connections { total users byTransport { transport connections } }
    instances { name connections broadcaster heardAt }
    engine { events executions deliveries slowClients replays holesRepaired }
} }"""
SHEET = """subscription($course: ID!, $date: Date!) {
  teeSheetEvents(courseId: $course, date: $date) { __typename }
}"""


async def stats(server, who, **given):
    return (await server.run(STATS, who=who, **given)).data["realtimeStats"]


def club_admin(world):
    return replace(world.admin, club_ids=(world.club_id,))


def sheet_of(world):
    return f"course:{world.course}:{world.day.isoformat()}"


def by_transport(told):
    return {one["transport"]: one["connections"] for one in told["connections"]["byTransport"]}


@asynccontextmanager
async def followers(world, *, server=None):
    """A socket that follows the club and the sheet, another one of the same user, a stream of each kind."""
    server = server or world.server
    on_server = {"who": world.staff, "club": world.club}
    async with (
        server.socket(world.staff) as socket,
        server.socket(world.staff),
        asking(server, EVENTS, accept=SSE, **on_server) as sse,
        asking(server, EVENTS, accept=MULTIPART, who=world.player("ann"), club=world.club) as multipart,
    ):
        kept = [await EventStream(sse).opened(), await Parts(multipart).opened()]
        await socket.subscribe(EVENTS, club=world.club)
        await socket.subscribe(SHEET, course=world.course, date=world.day.isoformat())
        await until(lambda: followed(server, world) == 4)
        yield kept


def followed(server, world):
    return sum(server.process.fanout.census().get(f"club:{world.club}", {}).values())


async def test_an_admin_of_the_tenant_sees_who_is_connected_and_what_is_followed(world):
    server = world.server
    async with followers(world):
        told = await stats(server, world.admin)
        assert told["broadcaster"] == "MEMORY"
        assert told["subscriptions"] == 4
        assert told["rooms"] == [
            {"room": f"club:{world.club}", "clubId": world.club, "subscriptions": 3},
            {"room": sheet_of(world), "clubId": world.club, "subscriptions": 1},
        ]
        assert (told["connections"]["total"], told["connections"]["users"]) == (4, 2)
        assert by_transport(told) == {"WEBSOCKET": 2, "SSE": 1, "MULTIPART": 1}
        [own] = told["instances"]
        assert (own["name"], own["connections"], own["broadcaster"]) == (server.runtime.instance, 4, "MEMORY")
        assert own["heardAt"] == server.clock().isoformat()
    await until(lambda: followed(server, world) == 0)
    told = await stats(server, world.admin)
    assert (told["subscriptions"], told["rooms"], told["connections"]["users"]) == (0, [], 0)


async def test_what_the_engine_does_is_added_up(world):
    before = (await stats(world.server, world.admin))["engine"]
    async with followers(world) as (stream, parts):
        await rename(world, "New")
        await stream.events(1)
        await parts.events(1)
        after = (await stats(world.server, world.admin))["engine"]
    assert after["events"] == before["events"] + 1
    assert after["executions"] >= before["executions"] + 1
    assert after["deliveries"] >= before["deliveries"] + 2


async def test_an_admin_of_a_club_sees_its_rooms_alone(world):
    sister = await found_world(world.server, tenant_id=world.tenant_id)
    async with followers(world), followers(sister):
        told = await stats(world.server, club_admin(world))
        assert {room["clubId"] for room in told["rooms"]} == {world.club}
        assert told["subscriptions"] == 4
        assert told["connections"] is told["instances"] is told["engine"] is None
        both = await stats(world.server, world.admin)
        assert {room["clubId"] for room in both["rooms"]} == {world.club, sister.club}
        assert both["subscriptions"] == 8


async def test_the_rooms_that_most_follow_come_first_and_no_more_than_wanted(world):
    async with followers(world):
        told = await stats(world.server, world.admin, first=1)
        assert [room["subscriptions"] for room in told["rooms"]] == [3]
        assert told["subscriptions"] == 4
    for wrong in (0, 501):
        assert (await world.server.run(STATS, who=world.admin, first=wrong)).code == "INVALID_INPUT"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_nobody_else_may_see_it(world, role):
    other = replace(world.staff, roles=(role,))
    assert (await world.server.run(STATS, who=other)).code == "NOT_ALLOWED"
    assert (await world.server.run(STATS)).code == "UNAUTHENTICATED"


async def test_it_is_never_kept_ready_for_clients_that_poll(world):
    headers = {"Authorization": f"Bearer {world.admin.token(world.server.clock())}", "GraphQL-Require-Preflight": "1"}
    response = await world.server.http.get(f"{world.server.url}/graphql", params={"query": STATS}, headers=headers)
    assert response.json()["data"]
    assert "etag" not in response.headers


async def test_every_process_tells_of_all(settings, clock, redis_server):
    async with (
        two_processes(settings, clock, redis_url=redis_server.url) as (world, one, other),
        followers(world, server=one),
        followers(world, server=other),
    ):
        told = await told_when(other, world, lambda told: hurried(one, other) and told["connections"]["total"] == 8)
        assert told["subscriptions"] == 8
        assert told["connections"]["users"] == 2
        assert by_transport(told) == {"WEBSOCKET": 4, "SSE": 2, "MULTIPART": 2}
        assert [(i["name"], i["connections"], i["broadcaster"]) for i in told["instances"]] == [
            ("other", 4, "OK"),
            ("one", 4, "OK"),
        ]
        redis_server.kill()
        told = await told_when(other, world, lambda told: told["broadcaster"] == "AWAY")
        assert (told["connections"]["total"], told["subscriptions"]) == (4, 4)
        assert [i["name"] for i in told["instances"]] == ["other"]


async def told_when(server, world, condition):
    """Ask until it is so: what other processes count is known a moment later."""
    async with asyncio.timeout(PATIENCE):
        while not condition(told := await stats(server, world.admin)):
            pass
    return told
