"""Who shares an answer gets what they would get alone: nothing that all are told depends on who asks."""

import inspect
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
import pytest_asyncio
from graphql import get_named_type, is_composite_type, is_union_type
from structlog.testing import capture_logs

from api.app import create_app
from api.engine import Engine
from api.limits import Limits
from auth.viewer import Role
from domain.clubs.reading import clubs_by_id
from events.base import catalogue
from events.clubs import ClubUpdated
from events.log import Logged
from kit.ids import new_id, public_id
from realtime.feed import SummaryFeed
from realtime.operations import Request
from resolvers.root import core
from schema.carried import carried_in
from schema.context import Context, ViewerUnknown
from schema.describe import field, is_viewer_field, viewer_field, viewer_fields
from tests.harness import MORNING, HeldClock, Who, found_world, serving, settings_for
from tests.house.everything import all_of, answered, example, reached, reset_of, told
from tests.house.inventory import someone_celebrates, someone_meets
from tests.house.small_schema import small_schema
from tests.realtime.support import until

SUBSCRIPTIONS = sorted(core.subscription_type.fields)
FACTS = {fact.__name__: fact for fact in catalogue.values()}
BEN = {"firstName": "Ben", "lastName": "Ruiz", "priceClass": "MEMBER", "userId": "ben"}
NO_LIMITS = {"graphql_max_tokens": 100_000, "graphql_max_fields": 100_000, "graphql_max_aliases": 100_000}


@pytest_asyncio.fixture(scope="module")
async def shared_world(settings):
    """A club on a server that takes documents of any size."""
    clock = HeldClock()
    app = create_app(settings_for(settings, **NO_LIMITS), with_jobs=False, clock=clock)
    async with serving(app, clock) as server:
        yield await found_world(server)


@pytest_asyncio.fixture(scope="module")
async def arguments(shared_world):
    """How each subscription is followed, by people who differ in nothing that it may tell."""
    world = shared_world
    ben = await world.server.mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **BEN)
    booked = await world.server.mutate(
        "bookSlots",
        "booking { id }",
        who=world.clerk("ana"),
        teeTimeId=world.tee_time(),
        places=2,
        players=[{"playerId": ben["player"]["id"]}],
    )
    met = await someone_meets(world)
    for name in ("ana", "ben"):
        known = {"name": name, "industry": "FINANCE", "timeZone": "Europe/Madrid"}
        await world.server.mutate("updateGolfer", "golfer { id }", who=world.player(name), **known)
    celebrated = {"occasionId": (await someone_celebrates(world))["occasion"]}
    return {
        "clubEvents": {"clubId": world.club},
        "teeSheetEvents": {"courseId": world.course, "date": world.day.isoformat()},
        "bookingEvents": {"bookingId": booked["booking"]["id"]},
        "caddieEvents": {"clubId": world.club},
        "playerEvents": {"clubId": world.club},
        "courseStatusEvents": {"courseId": world.course},
        "occasionEvents": celebrated,
        "headcount": celebrated,
        "notifications": {},
        "golferEvents": {},
        "teeTimeFeed": {},
        "hostedTeeTimeEvents": {"teeTimeId": met["hosted_tee_time"]},
    }


def pairs(world, name):
    """Give people who are answered alike, two and two: they differ in all that their audience does not name.

    None is one who shows no token.
    """
    ana = world.player("ana")
    if name in {"notifications", "golferEvents"}:  # a stream of one's own is shared by the tokens of one user alone
        yield ana, replace(ana, roles=(Role.STAFF,), player_id=new_id())
        return
    if name in {"hostedTeeTimeEvents", "teeTimeFeed"}:
        yield ana, world.player("ben")
        return
    if name in {"occasionEvents", "headcount"}:
        yield world.staff, world.admin
        return
    yield world.staff, replace(world.staff, user_id="rosa", player_id=new_id())
    if name == "caddieEvents":
        yield world.caddie(1), world.caddie(1, name="rosa")
    elif name == "courseStatusEvents":
        yield ana, None
        yield None, replace(world.admin, tenant_id=new_id(), club_ids=(world.club_id,))
    elif name != "playerEvents":  # which is for staff alone
        yield ana, world.player("ben")


def subscribe(name, arguments, selection):
    assert name in arguments, f"say in `arguments` how {name} is followed"
    given = ", ".join(f"{argument}: {orjson.dumps(value).decode()}" for argument, value in arguments[name].items())
    return f"subscription {{ {name}{f'({given})' if given else ''} {selection} }}"


def happenings(union, world, stream):
    """Give one of each thing that a subscription may tell; of a conflated room there is the state alone."""
    if not is_union_type(union):
        return [None]
    facts = [FACTS[member.name] for member in union.types if member.name in FACTS]
    assert len(facts) == len(union.types) - 1
    made = [one for fact in facts for one in as_told(example(fact))]
    return [*(told(fact, stream=stream, tenant_id=world.tenant_id) for fact in made), reset_of(stream)]


def as_told(fact):
    """Give a fact, and as it is where players are not told something else: of a place that everybody may have."""
    return [fact, replace(fact, shop_only=False)] if hasattr(fact, "shop_only") else [fact]


def told_by(name):
    """Give the union of what a subscription tells, or the type of the state that it shows."""
    return get_named_type(core.subscription_type.fields[name].type)


def fields_below(union):
    """Give all fields that a subscription reaches: the type's name, the field's name, the field."""
    return [(kind, name, found) for (kind, name), found in reached(core, union).items()]


async def follow(world, query, people):
    viewers = [who and who.viewer(world.server.clock()) for who in people]
    return await open_feeds(world.server.process.engine, query, viewers)


async def open_feeds(engine, query, viewers, **variables):
    return [await engine.open(Request(query, variables), viewer=viewer) for viewer in viewers]


async def rendered(feed, item):
    if isinstance(feed, SummaryFeed):
        return (await feed.read()).body
    if feed.classes and isinstance(item, Logged):
        class_ = feed.classes.classify(item, [feed.member]).get(feed.member)
        assert class_ is not None, f"they are not told of {item.type}: choose people who are"
        body = feed.classes.render(item, class_)
    else:
        body = feed.render(item)
    return await body if inspect.isawaitable(body) else body


async def assert_shared(feeds, items):
    """Make sure that subscribers form one group, and that its answers are those that each would get; give them."""
    assert len({feed.key for feed in feeds}) == 1, "they are not answered together"
    given: list[Any] = []
    for item in items:
        bodies = [await rendered(feed, item) for feed in feeds]
        given.append(orjson.loads(bodies[0]))
        assert "errors" not in given[-1], given[-1]["errors"]
        assert len(set(bodies)) == 1, "an answer depends on who asks"
    return given


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
async def test_all_that_subscribers_share_is_the_same_for_each(name, shared_world, arguments):
    world, union = shared_world, told_by(name)
    query = subscribe(name, arguments, all_of(core, union))
    for pair in pairs(world, name):
        feeds = await follow(world, query, pair)
        answers = await assert_shared(feeds, happenings(union, world, feeds[0].stream))
        executed = set(answered([answer["data"][name] for answer in answers]))
        shared = {f"{kind}__{n}" for kind, n, f in fields_below(union) if not is_viewer_field(f)}
        assert shared - executed == set(), "fields that were not executed: their examples are missing, or DEPTH is low"


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
async def test_who_asks_for_what_depends_on_them_is_answered_alone(name, shared_world, arguments):
    world, union = shared_world, told_by(name)
    for kind, n, asked in fields_below(union):
        if not is_viewer_field(asked) or core.type_map[kind] not in getattr(union, "types", [union]):
            continue
        below = get_named_type(asked.type)
        carried = carried_in(asked)
        selection = all_of(core, below, told=carried and carried.told) if is_composite_type(below) else ""
        query = subscribe(name, arguments, f"{{ ... on {kind} {{ {n} {selection} }} }}")
        for pair in pairs(world, name):
            feeds = await follow(world, query, pair)
            assert len({feed.key for feed in feeds}) == 2, f"{kind}.{n}"
            for feed in feeds:
                for item in happenings(union, world, feed.stream):
                    assert "errors" not in orjson.loads(await rendered(feed, item))


def test_a_name_means_in_all_that_is_told_either_what_all_are_told_or_what_depends_on_who_asks():
    names = viewer_fields(core)
    assert names >= {"own"}
    found = {(k, n, is_viewer_field(f)) for name in SUBSCRIPTIONS for k, n, f in fields_below(told_by(name))}
    assert [(kind, n) for kind, n, marked in found if n in names and not marked] == []


SMALL = "subscription { news { ... on Happened { number whose } } }"
PEOPLE = [Who(new_id(), (Role.PLAYER,), user_id=name) for name in ("ana", "ben")]


def context_of(viewer):
    return Context(
        whereabouts=None, viewer=viewer, now=MORNING, database=None, work=None, instances=None, settings=None
    )


def engine_for(schema, make_context=context_of):
    limits = Limits(tokens=2_000, depth=15, fields=2_000, aliases=50)
    return Engine(schema, make_context=make_context, introspection=False, suggestions=False, limits=limits)


async def small_feeds(schema, query=SMALL, people=PEOPLE, **variables):
    viewers = [who.viewer(MORNING) for who in people]
    return await open_feeds(engine_for(schema), query, viewers, **variables)


def news(**given):
    fact = ClubUpdated(**{"club_id": public_id("club", new_id()), "name": "A", "changes": (), **given})
    return told(fact, stream="s", tenant_id=PEOPLE[0].tenant_id)


async def asks_viewer(context, _club_id):
    return context.viewer.user_id


async def asks_whether_there_is_a_viewer(context, _club_id):
    return "somebody" if context.maybe_viewer else "nobody"


async def asks_for_the_rows_of_its_own(context, _club_id):
    return str(context.tenant_id)


@pytest.mark.parametrize("ask", [asks_viewer, asks_whether_there_is_a_viewer])
async def test_a_field_that_depends_on_who_asks_and_does_not_say_so_fails_at_once(ask):
    feeds = await small_feeds(small_schema(field, ask))
    with capture_logs() as logs, pytest.raises(AssertionError, match="INTERNAL"):
        await assert_shared(feeds, [news()])
    assert {type(entry["exc_info"]) for entry in logs} == {ViewerUnknown}
    assert "viewer_field" in str(logs[0]["exc_info"])


async def test_a_field_that_says_so_is_answered_for_each():
    feeds = await small_feeds(small_schema(viewer_field, asks_viewer))
    answers = [orjson.loads(await rendered(feed, news()))["data"]["news"] for feed in feeds]
    assert answers == [{"number": 1, "whose": "ana"}, {"number": 1, "whose": "ben"}]
    with pytest.raises(AssertionError, match="not answered together"):
        await assert_shared(feeds, [news()])


@pytest.mark.parametrize(
    "query",
    [
        SMALL,
        "subscription { news { ... on Happened { number: whose } } }",
        "subscription { news { ... on Fact { whose } } }",
        "subscription { news { ... on Happened { below { ... on Happened { below { whose } } } } } }",
        "subscription { news { ...A } } fragment A on Happened { ...B } fragment B on Fact { whose }",
        "subscription { ...A } fragment A on Subscription { news { ... on Happened { whose } } }",
        "subscription($no: Boolean = false) { news { ... on Happened { number whose @include(if: $no) } } }",
        "subscription { news { ... on Happened { number whose @skip(if: true) } } }",
        "subscription { news { ... on Happened @include(if: false) { whose } } }",
    ],
)
async def test_wherever_it_is_selected_it_is_found(query):
    feeds = await small_feeds(small_schema(viewer_field, asks_viewer), query)
    assert len({feed.key for feed in feeds}) == 2


async def test_one_who_does_not_select_it_shares_as_ever():
    query = "subscription($n: Int) { news(number: $n) { ... on Happened { number below { number } } } }"
    schema = small_schema(viewer_field, asks_viewer)
    feeds = [*await small_feeds(schema, query, n=1), *await small_feeds(schema, query, n=2)]
    await assert_shared(feeds, [news()])


@pytest.mark.parametrize("change", [{"user_id": "eva"}, {"player_id": new_id()}, {"roles": (Role.CADDIE,)}, {}])
async def test_it_is_shared_by_the_sockets_of_one_person_alone(change):
    people = [PEOPLE[0], replace(PEOPLE[0], **change, lifetime=timedelta(hours=1))]
    feeds = await small_feeds(small_schema(viewer_field, asks_viewer), people=people)
    assert len({feed.key for feed in feeds}) == (2 if change else 1)


async def test_the_expiry_of_a_token_is_no_part_of_an_answer():
    async def asks_for_the_end(context, _club_id):
        return context.viewer.expires_at.isoformat()

    people = [PEOPLE[0], replace(PEOPLE[0], lifetime=timedelta(hours=1))]
    await assert_shared(await small_feeds(small_schema(viewer_field, asks_for_the_end), people=people), [news()])


async def test_who_is_not_signed_in_is_told_so_where_it_depends_on_that():
    schema = small_schema(viewer_field, asks_viewer)
    feed = await engine_for(schema).open(Request(SMALL), viewer=None)
    answer = orjson.loads(await rendered(feed, news()))
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_rows_are_those_of_the_event_s_tenant_whoever_shares_it():
    people = [*PEOPLE, replace(PEOPLE[0], tenant_id=new_id())]
    feeds = await small_feeds(small_schema(field, asks_for_the_rows_of_its_own), people=people)
    [answer] = await assert_shared(feeds, [news()])
    assert answer["data"]["news"]["whose"] == str(PEOPLE[0].tenant_id)


async def test_rows_are_read_anew_for_each_event_and_let_go_with_it(shared_world):
    async def asks_the_database(context, club_id):
        return (await context.load(clubs_by_id, club_id)).name

    world, server = shared_world, shared_world.server
    engine = engine_for(small_schema(field, asks_the_database), server.process.engine._make_context)
    [feed] = await open_feeds(engine, SMALL, [world.staff.viewer(server.clock())])
    item = told(news(club_id=world.club).event, stream="s", tenant_id=world.tenant_id)
    pool, names = server.runtime.database.app.sync_engine.pool, []
    for name in ("Before", "After"):
        await server.mutate("updateClub", "club { id }", who=world.admin, clubId=world.club, name=name)
        await until(lambda: pool.checkedout() == 0)
        names.append(orjson.loads(await rendered(feed, item))["data"]["news"]["whose"])
        assert pool.checkedout() == 0
    assert names == ["Before", "After"]


async def test_a_failing_read_lets_its_session_go_too(shared_world):
    async def fails_after_reading(context, club_id):
        await context.load(clubs_by_id, club_id)
        raise ValueError("a fault")

    world, server = shared_world, shared_world.server
    engine = engine_for(small_schema(field, fails_after_reading), server.process.engine._make_context)
    [feed] = await open_feeds(engine, SMALL, [world.staff.viewer(server.clock())])
    item = told(news(club_id=world.club).event, stream="s", tenant_id=world.tenant_id)
    pool = server.runtime.database.app.sync_engine.pool
    await until(lambda: pool.checkedout() == 0)
    with capture_logs() as logs:
        assert "errors" in orjson.loads(await rendered(feed, item))
    assert {entry["event"] for entry in logs} == {"something went wrong"}  # at the event, and at the reset in its place
    assert pool.checkedout() == 0
