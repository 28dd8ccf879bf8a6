"""Walks the schema: whoever may not know of a thing gets, by its id, the answer of an id that does not exist."""

from dataclasses import replace

import pytest
from graphql import GraphQLObjectType, get_named_type, is_introspection_type
from strawberry.schema.schema_converter import GraphQLCoreConverter

from auth.viewer import Role
from kit.ids import new_id, parse_id, public_id
from resolvers.root import core
from schema.carts import events as carts
from tests.house.everything import reached
from tests.house.walk import is_refused, places_of, roots, spots
from tests.realtime.support import until

OF_PEOPLE = {
    "buddy",
    "player_import",
    "hold",
    "booking",
    "player",
    "notification",
    "waitlist_entry",
    "ballot_entry",
    "waitlist_offer",
    "rain_check",
    "deposit",
} | {
    "push_device",
    *("caddie", "turn", "caddie_draw", "caddie_import"),
    *("occasion", "part", "household", "guest", "guest_import", "table", "seating_rule"),
}
"""Kinds that are their owners' business within a club."""
PREFIXES = {"photo": "picture"}
"""How ids begin, where that is not the kind's own name."""
OF_USERS = {"notification", "push_device", "golfer", "golfer_report", "hosted_tee_time", "message", "photo"}
"""Kinds that belong to a user of the tenant, whatever clubs the token names."""
PUBLIC = {"courseConditions", "courseStatusEvents", "invitation", "redeemInvitation", "confirmEmail", "unsubscribe"}
"""Operations that anybody may run, without a token too: they tell of a course of whatever tenant the same to all, and
of an invitation to whoever has its code."""
PUBLIC_TYPES = {
    *("CourseConditions", "StreamItem", "StreamEvent", "StreamReset"),
    *("Weather", "Thresholds"),
    *("Invitation", "Part", "OfferedMeal"),
    *("CourseStatusChanged", "CourseConditionsChanged", "CourseThresholdsChanged"),
}
"""All that can be reached below them, but for the events of carts. Thresholds and carts are told to staff alone."""

STATS = """{ realtimeStats {
    broadcaster subscriptions rooms { room clubId subscriptions }
    connections { total users byTransport { transport connections } } instances { name connections }
} }"""
"""All that is not a sum over all tenants."""
FOLLOW = "subscription($club: ID!) { clubEvents(clubId: $club) { __typename } }"


@pytest.mark.parametrize("spot", list(spots()), ids=lambda spot: f"{spot}-{spot.kind}")
async def test_an_id_that_one_may_not_know_of_is_answered_like_one_that_does_not_exist(houses, spot):
    if spot.kind not in houses.own:
        pytest.fail(f"say how to make a {spot.kind} in tests/house/inventory.py, or name the kind of {spot} in KINDS")
    nowhere, viewer = public_id(PREFIXES.get(spot.kind, spot.kind), new_id()), houses.viewer
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
    if spot.kind in OF_PEOPLE:
        unseen.append((houses.own, replace(player, user_id="a stranger")))
    if spot.field in PUBLIC:
        await assert_the_same_for_all(houses, spot, nowhere)
        return
    for ids, who in unseen:
        wanted = await houses.ask(spot, nowhere, who)
        assert await houses.ask(spot, ids[spot.kind], who) == wanted
        assert is_refused(wanted)
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
    assert {kind for kind, _ in below} - {fact.__name__ for fact in carts.FACTS} == PUBLIC_TYPES
    resolved = {f"{kind}.{name}" for (kind, name), field in below.items() if is_resolved(field)}
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
        await until(lambda: f"club:{foreign['club']}" in server.process.fanout.census())
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
        f"{t.name}.{name}"
        for t in objects
        if t not in roots
        for name, f in t.fields.items()
        if [*places_of(f.args, {"ID"})]
    ]
    assert deeper == [], "walk these fields too"
    assert len(list(spots())) > 20
