"""Walks the schema: whoever may not know of a thing gets, by its id, the answer of an id that does not exist."""

import re
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_introspection_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from api.app import create_app
from auth.viewer import Role
from kit.ids import new_id, parse_id, public_id
from resolvers.root import core
from schema.course.cart_events import CART_FACTS
from schema.nodes import finders
from tests.harness import MORNING, HeldClock, Who, found_world, serving
from tests.house.everything import reached
from tests.house.inventory import one_of_each
from tests.realtime.support import until

KINDS = {"entryId": "waitlist_entry", "offerId": "waitlist_offer", "reservationId": "cart_reservation"}
"""The kind of id that an argument takes, where its name does not say it."""
FILL = {
    "after": "no cursor",
    "date": MORNING.date().isoformat(),
    "name": "North",
    "timeZone": "Europe/Madrid",
    "currency": "EUR",
    "firstName": "Ada",
    "lastName": "Byron",
    "priceClass": "PUBLIC",
    "holes": 18,
    "hole": 1,
    "places": 1,
    "partySize": 1,
    "firstStart": "08:00",
    "lastStart": "12:00",
    "intervalMinutes": 10,
    "amountCents": 4000,
    "paidCents": -1,
    "list": 1,
    "listNumber": 1,
    "status": "IN_PREP",
    "accept": True,
    "csv": "name,list\nIsla Vado,1\n",
    "listCount": 5,
    "feeTier": "SINGLE",
    "feeCents": 100,
    "week": MORNING.date().isoformat(),
    "position": 1,
    "kind": "OTHER",
    "localTime": "08:05",
    "minutes": 10,
    "holesPlayed": 9,
    "code": "no code",
    "firstDate": MORNING.date().isoformat(),
    "number": "77",
    "inService": False,
}
"""What the other arguments are filled with, by their names."""
FILL_FOR = {"setCourseStatus": {"status": "CONDITIONAL", "reason": "Wet"}}
"""The same, where one operation means something else by a name."""
BESIDE = {
    "setSheetTemplate(input.courseId)": {"intervalMinutes"},
    "bookSlots(input.players.playerId)": {"teeTimeId"},
    "acceptWaitlistOffer(input.offerId)": {"paidCents"},
    "updateBooking(input.bookingId)": {"paidCents"},
    "updateBooking(input.players.playerId)": {"position"},
    "addBlock(input.courseId)": {"firstStart", "lastStart"},
    "checkOutCart(input.bookingId)": {"cartId"},
    "checkOutCart(input.cartId)": {"bookingId"},
} | {f"{name}({argument})": {"after"} for name, f in core.subscription_type.fields.items() for argument in f.args}
"""Optional arguments that have to be given too. A wrong cursor ends a subscription that has found what it follows,
and a wrong sum keeps the offer that was found from being used up."""
LAST = {"cancelBooking", "reportLightning", "teeOff"}
"""Operations that end what others change: these are walked behind them."""
OF_PEOPLE = {"hold", "booking", "player", "notification", "waitlist_entry", "waitlist_offer", "rain_check"} | {
    *("caddie", "turn", "caddie_draw", "caddie_import")
}
"""Kinds that are their owners' business within a club."""
OF_USERS = {"notification"}
"""Kinds that belong to a user of the tenant, whatever clubs the token names."""
NAMED_BY_ANYBODY = {"bookSlots(input.players.playerId)", "updateBooking(input.players.playerId)"}
"""Where a player may name another player of the club."""
EVERYTHING = (Role.ADMIN, Role.STAFF, Role.PLAYER)
PUBLIC = {"courseConditions", "courseStatusEvents"}
"""Operations that anybody may run, without a token too: they tell of a course of whatever tenant the same to all."""
PUBLIC_TYPES = {
    *("CourseConditions", "CourseStatusStreamEvent", "StreamEvent", "StreamReset", "Weather", "Thresholds"),
    *("CourseStatusChanged", "CourseConditionsChanged", "CourseThresholdsChanged"),
}
"""All that can be reached below them, but for the events of carts. Thresholds and carts are told to staff alone."""

STATS = """{ realtimeStats {
    broadcaster subscriptions rooms { room clubId subscriptions }
    connections { total users byTransport { transport connections } } instances { name connections }
} }"""
"""All that is not a sum over all tenants."""
FOLLOW = "subscription($club: ID!) { clubEvents(clubId: $club) { __typename } }"


@dataclass(frozen=True)
class Spot:
    """A place in the schema that takes an id of some kind."""

    root: GraphQLObjectType
    field: str
    path: tuple[str, ...]
    kind: str

    def __str__(self):
        return f"{self.field}({'.'.join(self.path)})"


def kinds_of(field, argument):
    """Tell which kinds of id an argument takes, by its name."""
    if field == "node":
        return sorted(finders)
    name = field if argument == "id" else re.sub("Ids?$", "", argument)
    return [KINDS.get(argument, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())]


def ids_in(arguments, path=()):
    """Walk all arguments, and the fields of inputs within them, that hold ids."""
    for name, argument in arguments.items():
        kind = get_named_type(argument.type)
        if isinstance(kind, GraphQLInputObjectType):
            yield from ids_in(kind.fields, (*path, name))
        elif kind.name == "ID":
            yield (*path, name)


def spots():
    for root in (core.query_type, core.mutation_type, core.subscription_type):
        for field, definition in sorted(root.fields.items(), key=lambda item: (item[0] in LAST, item[0])):
            for path in ids_in(definition.args):
                for kind in kinds_of(field, path[-1]):
                    yield Spot(root, field, path, kind)


def filled(spot, arguments, target, ids, path=()):
    """Fill the arguments that are required, lie on the way to the spot, or belong beside it."""
    given = {}
    for name, argument in arguments.items():
        here = (*path, name)
        on_the_way = spot.path[: len(here)] == here
        required = is_required_argument(argument) if not path else is_required_input_field(argument)
        if on_the_way or required or name in BESIDE.get(str(spot), ()):
            given[name] = value_of(spot, argument.type, target, ids, here)
    return given


def value_of(spot, kind, target, ids, here):
    if isinstance(kind, GraphQLNonNull):
        return value_of(spot, kind.of_type, target, ids, here)
    if isinstance(kind, GraphQLList):
        return [value_of(spot, kind.of_type, target, ids, here)]
    if isinstance(kind, GraphQLInputObjectType):
        return filled(spot, kind.fields, target, ids, here)
    if here == spot.path:
        return target
    if kind.name == "ID":
        [wanted] = kinds_of(spot.field, here[-1])
        return ids[wanted]
    fill = FILL | FILL_FOR.get(spot.field, {})
    if here[-1] not in fill:
        pytest.fail(f"say how to fill the argument {spot.field}({'.'.join(here)}), in FILL")
    return fill[here[-1]]


def document(spot, given):
    """Write the operation of a spot, with the arguments that are given as variables."""
    field = spot.root.fields[spot.field]
    shown = get_named_type(field.type)
    selection = "" if is_leaf_type(shown) else "{ __typename }"
    if spot.root is core.mutation_type:
        selection = "{ problems { __typename code message path } }"
    variables = ", ".join(f"${name}: {argument.type}" for name, argument in field.args.items() if name in given)
    passed = ", ".join(f"{name}: ${name}" for name in given)
    if not given:
        return f"{spot.root.name.lower()} {{ {spot.field} {selection} }}"
    return f"{spot.root.name.lower()}({variables}) {{ {spot.field}({passed}) {selection} }}"


@dataclass
class Houses:
    """Two clubs of one tenant and one of another, with a thing of each kind in them."""

    server: object
    viewer: Who
    stranger: Who
    own: dict[str, str]
    other_club: dict[str, str]
    other_tenant: dict[str, str]

    async def ask(self, spot, target, who):
        """Give the whole answer of the spot's operation with an id."""
        variables = filled(spot, spot.root.fields[spot.field].args, target, self.own)
        if spot.root is not core.subscription_type:
            return await self.server.run(document(spot, variables), who=who, **variables)
        async with self.server.socket(who) as socket:
            await socket.subscribe(document(spot, variables), **variables)
            message = await socket.receive()
            assert message["type"] == "error", message
            return {"errors": message["payload"]}


@pytest_asyncio.fixture(scope="module")
async def houses(settings):
    clock = HeldClock()
    async with serving(create_app(settings, with_jobs=False, clock=clock), clock) as server:
        home = await found_world(server)
        sister = await found_world(server, tenant_id=home.tenant_id)
        foreign = await found_world(server)
        viewer = replace(home.staff, roles=EVERYTHING)
        yield Houses(server, viewer, foreign.staff, *[await one_of_each(world) for world in (home, sister, foreign)])


def refused(answer):
    return bool(answer.get("errors") or next(iter(answer["data"].values())).get("problems"))


@pytest.mark.parametrize("spot", list(spots()), ids=lambda spot: f"{spot}-{spot.kind}")
async def test_an_id_that_one_may_not_know_of_is_answered_like_one_that_does_not_exist(houses, spot):
    if spot.kind not in houses.own:
        pytest.fail(f"say how to make a {spot.kind} in tests/house/inventory.py, or name the kind of {spot} in KINDS")
    nowhere, viewer = public_id(spot.kind, new_id()), houses.viewer
    player = replace(viewer, roles=(Role.PLAYER,))
    unseen = [
        (houses.other_tenant, viewer),
        (houses.other_tenant, player),
        (houses.other_tenant, replace(viewer, club_ids=())),
        (houses.other_club, viewer),
        (houses.other_club, player),
    ]
    if spot.kind in OF_USERS:
        unseen = [(ids, who) for ids, who in unseen if ids is not houses.other_club]
    if spot.kind in OF_PEOPLE and str(spot) not in NAMED_BY_ANYBODY:
        unseen.append((houses.own, replace(player, user_id="a stranger")))
    if spot.field in PUBLIC:
        await assert_the_same_for_all(houses, spot, nowhere)
        return
    for ids, who in unseen:
        wanted = await houses.ask(spot, nowhere, who)
        assert await houses.ask(spot, ids[spot.kind], who) == wanted
        assert refused(wanted)
    assert await houses.ask(spot, houses.own[spot.kind], viewer) != await houses.ask(spot, nowhere, viewer), (
        "the answer does not depend on the id: fill the other arguments so that it does"
    )


async def assert_the_same_for_all(houses, spot, nowhere):
    """Make sure that what is public depends on the course alone, and what does not exist is the same for all."""
    player = replace(houses.viewer, roles=(Role.PLAYER,))
    for target in (nowhere, houses.own[spot.kind], houses.other_tenant[spot.kind]):
        answers = [await houses.ask(spot, target, who) for who in (None, player, houses.viewer, houses.stranger)]
        assert answers == [answers[0]] * 4
        code = answers[0]["errors"][0]["extensions"]["code"] if "errors" in answers[0] else None
        assert (code == "NOT_FOUND") == (target == nowhere)


def roots():
    """Give each operation once, with an id where it takes one."""
    seen = {spot.field: spot for spot in spots()}
    for root in (core.query_type, core.mutation_type, core.subscription_type):
        for name in root.fields:
            yield seen.get(name) or Spot(root, name, (), "")


@pytest.mark.parametrize("spot", list(roots()), ids=lambda spot: spot.field)
async def test_without_a_token_nothing_is_answered_but_what_is_public(houses, spot):
    target = houses.own.get(spot.kind)
    assert target or not spot.kind
    answer = await houses.ask(spot, target, None)
    unauthenticated = "errors" in answer and answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert unauthenticated != (spot.field in PUBLIC), answer


def test_nothing_private_can_be_reached_from_what_is_public():
    below = {}
    for root in (core.query_type, core.subscription_type):
        for name in PUBLIC & set(root.fields):
            below |= reached(core, get_named_type(root.fields[name].type))
    assert set(below) - {fact.__name__ for fact in CART_FACTS} == PUBLIC_TYPES
    resolved = {
        f"{kind.name}.{name}"
        for kind in below.values()
        for name, field in getattr(kind, "fields", {}).items()
        if is_resolved(field)
    }
    assert resolved == {"CourseConditions.cursor"}, "a field that looks something up: who may know it?"


def is_resolved(field):
    """Tell whether a function of ours finds the answer, rather than an attribute of what was found."""
    return field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].base_resolver is not None


async def test_one_public_document_may_mix_tenants_and_nothing_else_comes_along(houses):
    query = """query($a: ID!, $b: ID!) {
        own: courseConditions(courseId: $a) { courseId cursor }
        other: courseConditions(courseId: $b) { courseId cursor }
        clubs { id }
    }"""
    given = {"a": houses.own["course"], "b": houses.other_tenant["course"]}
    answer = await houses.server.run(query, **given)
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["clubs"], "UNAUTHENTICATED")
    ]
    told = (await houses.server.run(query.replace("clubs { id }", ""), **given)).data
    assert [told["own"]["courseId"], told["other"]["courseId"]] == list(given.values())
    seen = (await houses.server.run(query, who=houses.stranger, **given)).data
    assert seen == told | {"clubs": [{"id": houses.other_tenant["club"]}]}


async def test_an_admin_hears_nothing_of_who_follows_what_elsewhere(houses):
    server, own, foreign = houses.server, houses.own, houses.other_tenant
    stranger = replace(houses.stranger, user_id="a stranger")
    admin = replace(houses.viewer, roles=(Role.ADMIN,), club_ids=())
    mingled = replace(admin, club_ids=tuple(parse_id("club", ids["club"]) for ids in (own, foreign)))
    before = {who: await server.run(STATS, who=who) for who in (admin, mingled)}
    async with server.socket(stranger) as socket, server.socket(stranger):
        await socket.subscribe(FOLLOW, club=foreign["club"])
        await until(lambda: f"club:{foreign['club']}" in server.app.state.fanout.census())
        for who, wanted in before.items():
            told = await server.run(STATS, who=who)
            assert told == wanted, "somebody of another tenant connected and followed a room, and it shows"
            assert foreign["club"] not in repr(told)
        theirs = (await server.run(STATS, who=replace(stranger, roles=(Role.ADMIN,), club_ids=()))).data
        assert [room["clubId"] for room in theirs["realtimeStats"]["rooms"]] == [foreign["club"]]
        assert theirs["realtimeStats"]["connections"]["users"] == 1


def test_only_operations_take_ids():
    roots = {core.query_type, core.mutation_type, core.subscription_type}
    objects = [t for t in core.type_map.values() if isinstance(t, GraphQLObjectType) and not is_introspection_type(t)]
    deeper = [
        f"{t.name}.{name}" for t in objects if t not in roots for name, f in t.fields.items() if [*ids_in(f.args)]
    ]
    assert deeper == [], "walk these fields too"
    assert len(list(spots())) > 20
