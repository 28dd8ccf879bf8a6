"""What a class is shown: as its audience, and by fields of its own; over sockets, event streams, and from the log."""

import inspect
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import orjson
import pytest
import strawberry

from api.engine import Engine
from api.limits import Limits
from api.process import hold, http_of
from domain.clubs.clubs import update_club
from events.base import catalogue
from events.clubs import ClubUpdated, club_room
from events.seen import ForStaff
from kit.ids import parse_id, public_id
from realtime import metrics
from realtime.operations import Request
from resolvers.streams import follow
from schema.context import Info
from schema.events import TYPES, StreamReset, shows
from schema.feeds import Classes
from schema.sight import EVERYBODY, Audience
from tests.harness import found_world
from tests.house.everything import reset_of, told
from tests.realtime.streams import SSE, EventStream, asking


@dataclass(frozen=True, kw_only=True)
class Scored(ClubUpdated):
    """A fact that is worth more to some than to others."""

    type: ClassVar[str] = "club.scored"
    note: ForStaff[str] = "dear"
    """What the staff say of it."""


def match_of(fact: Scored, points: int | None) -> int | None:
    """How many points it has for those who hear it."""
    return None if points is None else points + len(fact.name)


@pytest.fixture(scope="module", autouse=True)
def _shown():
    """Have the fact known while these tests run."""
    catalogue[Scored.type] = Scored
    shows(Scored, by_class={"match": match_of})
    yield
    del catalogue[Scored.type], TYPES[Scored]


def points(logged, members):
    """Give the members whose initial a club's name has the points that they say; those of nobody else hear of it."""
    return {member: member[1] for member in members if logged.event.name.startswith(member[0])}


def points_audience(number):
    """Show those with many points what the staff see."""
    return Audience(staff=number > 10)


CLASSES: Classes[tuple[str, int], int] = Classes(classify=points, audience=points_audience)


def schema_of(club_id, shown):
    told_of: Any = Annotated[shown | StreamReset, strawberry.union("News")]

    @strawberry.type
    class Query:
        ok: bool

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def news(
            self, info: Info, initial: str = "", points: int = 0, plain: bool = False, after: str | None = None
        ) -> AsyncGenerator[told_of, None]:
            stream = club_room(public_id("club", club_id))
            apart: dict[str, Any] = {} if plain else {"classes": CLASSES, "member": (initial, points)}
            return await follow(info, stream=stream, room=stream, audience=EVERYBODY, types=None, after=after, **apart)

    return strawberry.Schema(query=Query, subscription=Subscription)._schema


def follows(server, club_id, kind):
    """Have a server answer by this schema instead of its own."""
    process, limits = server.process, Limits(tokens=2_000, depth=15, fields=2_000, aliases=50)
    engine = Engine(
        schema_of(club_id, TYPES[kind]),
        make_context=process.engine._make_context,
        introspection=False,
        suggestions=False,
        limits=limits,
    )
    http = http_of(process.runtime, engine, door=process.door, fanout=process.fanout, census=process.census)
    hold(server.app, replace(process, engine=engine, http=http))
    return engine


SCORED = """subscription($initial: String!, $points: Int!, $plain: Boolean! = false) {
  news(initial: $initial, points: $points, plain: $plain) {
    ... on Scored { name note match }
    ... on StreamReset { reason }
  }
}"""


async def answer(feed, item, *, as_=None):
    body = feed.render(item) if as_ is None else feed.classes.render(item, as_)
    return orjson.loads(await body if inspect.isawaitable(body) else body)["data"]["news"]


async def test_a_class_is_shown_what_its_audience_sees_and_its_own_fields(server, clock):
    world = await found_world(server)
    engine, viewer = follows(server, world.club_id, Scored), world.staff.viewer(clock())
    fact = Scored(club_id=world.club, name="Ana's", changes=())
    item = told(fact, stream=club_room(world.club), tenant_id=world.tenant_id)

    async def open_as(initial, number, **more):
        return await engine.open(Request(SCORED, {"initial": initial, "points": number, **more}), viewer=viewer)

    few, many, others = [await open_as(*member) for member in (("A", 5), ("A", 20), ("B", 1))]
    plain = await open_as("A", 5, plain=True)
    assert few.key == many.key == others.key != plain.key
    members = [feed.member for feed in (few, many, others)]
    assert few.classes.classify(item, members) == {("A", 5): 5, ("A", 20): 20}
    for feed in (few, many):
        assert await answer(feed, item, as_=5) == {"name": "Ana's", "note": "", "match": 10}
        assert await answer(feed, item, as_=20) == {"name": "Ana's", "note": "dear", "match": 25}
        assert await answer(feed, reset_of(item.stream)) == {"reason": "TOO_OLD"}
    assert plain.classes is None
    assert await answer(plain, item) == {"name": "Ana's", "note": "", "match": None}


async def test_an_event_that_cannot_be_shown_to_a_class_is_told_it_as_a_reset(server, clock):
    world = await found_world(server)
    engine, viewer = follows(server, world.club_id, Scored), world.staff.viewer(clock())
    feed = await engine.open(Request(SCORED, {"initial": "A", "points": 5}), viewer=viewer)
    fact = Scored(club_id=world.club, name="Ana's", changes=())
    item = told(fact, stream=club_room(world.club), tenant_id=world.tenant_id)
    unreadable = replace(item, data={"club_id": world.club})
    assert await answer(feed, unreadable, as_=5) == {"reason": "UNREADABLE"}
    assert await answer(feed, item, as_="no number") == {"reason": "UNREADABLE"}


NEWS = """subscription($initial: String!, $points: Int!, $after: String) {
  news(initial: $initial, points: $points, after: $after) { ... on ClubUpdated { name cursor } }
}"""


async def rename(server, world, *names):
    """Change the club by the domain; give the cursors."""
    cursors = []
    for name in names:
        async with server.runtime.work.change(world.tenant_id) as change:
            viewer = world.admin.viewer(server.clock())
            await update_club(
                change.session, viewer=viewer, club_id=parse_id("club", world.club), now=server.clock(), name=name
            )
        cursors += [str(logged.cursor) for logged in change.logged]
    return cursors


async def test_by_each_transport_a_member_hears_its_own_live_and_from_the_log(server):
    world = await found_world(server)
    follows(server, world.club_id, ClubUpdated)
    [start] = await rename(server, world, "Start")
    ana, ben = {"initial": "A", "points": 5}, {"initial": "B", "points": 5}
    async with server.socket(world.staff) as socket, server.socket(world.staff) as other:
        await socket.subscribe(NEWS, **ana, after=start)
        await other.subscribe(NEWS, **ben, after=start)
        async with asking(server, NEWS, accept=SSE, who=world.staff, **ana, after=start) as response:
            stream = await EventStream(response).opened()
            before = metrics.executions._value.get()
            cursors = await rename(server, world, "A1", "B1", "C1", "A2", "B2")
            for events in (socket.events, stream.events):
                assert await events(2) == [{"name": f"A{n}", "cursor": cursors[3 * n - 3]} for n in (1, 2)]
            assert [event["name"] for event in await other.events(2)] == ["B1", "B2"]
            assert metrics.executions._value.get() - before == 4
        seen = {"Last-Event-ID": cursors[0]}
        async with asking(server, NEWS, accept=SSE, who=world.staff, headers=seen, **ana, after=start) as response:
            stream = await EventStream(response).opened()
            await rename(server, world, "B3", "A3")
            assert [event["name"] for event in await stream.events(2)] == ["A2", "A3"]
