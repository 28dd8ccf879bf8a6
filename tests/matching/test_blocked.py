"""Two golfers of whom one has blocked the other, in every corner, both ways, and without either being told.

The corners are found in the schema: a query, subscription or mutation that is added later fails until it is here.
What is queued to be pushed of the other is `test_what_falls_due`'s.
"""

import json

from graphql import get_named_type

from resolvers.root import core
from tests.matching import test_feed_changes, test_golfers, test_live_feed
from tests.matching.golf import code_of, do, golfer
from tests.matching.test_hosted import act, host, notified, room
from tests.matching.test_messages import say, texts

OF_GOLFERS = {"Golfer", "HostedTeeTime", "MatchedTeeTime", "MyTeeTime", "SuggestedGolfer", "Message", "FellowStars"}
"""Types that show golfers, or what they do."""
QUERIES = {
    "golfer": "query($other: ID!) { golfer(id: $other) { id name } }",
    "golfers": "{ golfers { nodes { id name } } }",
    "connections": "{ connections { nodes { id name } } }",
    "connectionRequests": "{ connectionRequests { nodes { id name } } }",
    "hostedTeeTimes": "{ hostedTeeTimes { nodes { host { id name } } } }",
    "hostedTeeTime": "query($theirs: ID!) { hostedTeeTime(id: $theirs) { host { id name } } }",
    "myTeeTimes": "{ myTeeTimes { nodes { host { id name } } } }",
    "recommendations": "{ recommendations { host { id name } } }",
    "suggestedGolfers": "query($mine: ID!) { suggestedGolfers(teeTimeId: $mine) { golfer { id name } } }",
    "node": "query($other: ID!) { node(id: $other) { id ... on Golfer { name } } }",
}
"""What shows golfers, asked for so that it would show the other."""
OWN = {"blockedGolfers": "who has blocked sees whom, and the other nothing"}
SUBSCRIPTIONS = {
    "teeTimeFeed": test_live_feed.test_who_has_blocked_another_hears_nothing_of_them_from_then_on_nor_they,
    "hostedTeeTimeEvents": test_feed_changes.test_whoever_is_blocked_hears_no_more_of_a_tee_time_and_those_in_it_stay,
    "golferEvents": test_golfers.test_a_block_works_both_ways_and_is_told_to_who_blocks_alone,
}
"""What is heard of golfers, and the tests of it."""
TO_GOLFERS = ("connectGolfers", "disconnectGolfers", "blockGolfer", "unblockGolfer", "eraseGolfer", "reportGolfer")
"""What is done to golfers, whoever one is."""
IN_ROOMS = {"answerJoinRequest", "removeParticipant"}
"""What a host does to golfers in a tee time, who may end what both are in."""
AFTER = {"recordAttendance", "rateGolfer"}
"""What is done to golfers after a round."""
ADMINS = {"reinstateGolfer"}
TO_TEE_TIMES = (
    *("joinTeeTime", "leaveTeeTime", "withdrawJoinRequest", "sendMessage"),
    *("updateHostedTeeTime", "cancelHostedTeeTime"),
)
"""What is done to tee times, of whoever hosts them."""
MORE = {"reportGolfer": {"reason": "Rude"}, "sendMessage": {"text": "Hi"}}


def reached(kind, seen):
    """Give the names of all types that a field of some type may show."""
    for one in [kind, *core.get_possible_types(kind)] if hasattr(kind, "types") else [kind]:
        if one.name not in seen:
            seen.add(one.name)
            for field in getattr(one, "fields", {}).values():
                reached(get_named_type(field.type), seen)
    return seen


def named(mutation):
    return get_named_type(core.mutation_type.fields[mutation].args["input"].type).fields


def test_the_corners_are_those_of_the_schema():
    shows = {
        name
        for name, field in core.query_type.fields.items()
        if reached(get_named_type(field.type), set()) & OF_GOLFERS
    }
    assert shows | {"node"} == QUERIES.keys() | OWN.keys()
    heard = {name for name in core.subscription_type.fields if name.startswith(("golfer", "hosted", "teeTime"))}
    assert heard == SUBSCRIPTIONS.keys()
    assert {name for name in core.mutation_type.fields if "golferId" in named(name)} == {
        *TO_GOLFERS,
        *IN_ROOMS,
        *AFTER,
        *ADMINS,
    }


async def seen(world, who, name, **given):
    answer = await world.server.run(QUERIES[name], who=who, **given)
    return json.dumps(answer, default=str)


async def nothing_is_shown(world, who, ids, other):
    for name, query in QUERIES.items():
        given = {key: value for key, value in ids.items() if f"${key}:" in query}
        shown = await seen(world, who, name, **given)
        assert (other in shown, ids["other"] in shown) == (False, False), (name, shown)
    assert await room(world, who, {"id": ids["theirs"]}) == "NOT_FOUND"


async def nothing_can_be_done(world, who, ids):
    tried = [(one, {"golferId": ids["other"]}) for one in TO_GOLFERS if (one, who.user_id) != ("unblockGolfer", "ana")]
    tried += [(one, {"teeTimeId": ids["theirs"]}) for one in TO_TEE_TIMES]
    own = {"teeTimeId": ids["mine"], "golferId": ids["other"]}
    tried += [("answerJoinRequest", own | {"accept": True}), ("removeParticipant", own)]
    for operation, given in tried:
        code = await code_of(world, operation, who=who, **given, **MORE.get(operation, {}))
        assert code == "NOT_FOUND", operation


async def test_a_blocked_golfer_is_met_nowhere(world, clock):
    near = {"latitude": 36.7, "longitude": -4.4, "city": "Málaga", "country": "ES"}
    (ana, ana_id), (ben, ben_id), (eva, _) = [await golfer(world, name, **near) for name in ("ana", "ben", "eva")]
    where = {name: near[name] for name in ("latitude", "longitude")}
    shared = await host(world, eva, **where)
    for who in (ana, ben):
        await act(world, "joinTeeTime", who=who, teeTimeId=shared["id"])
    own = {"ana": await host(world, ana, **where), "ben": await host(world, ben, **where)}
    for who, other in ((ana, "ben"), (ben, "ana")):  # each asks to join one of the other's
        asked = await host(world, ben if who is ana else ana, needsApproval=True, **where)
        await act(world, "joinTeeTime", who=who, teeTimeId=asked["id"])
        assert other.title() in await seen(world, who, "myTeeTimes")
    await do(world, "connectGolfers", who=ben, golferId=ana_id)
    sides = (
        (ana, {"other": ben_id, "mine": own["ana"]["id"], "theirs": own["ben"]["id"]}, "Ana", "Ben"),
        (ben, {"other": ana_id, "mine": own["ben"]["id"], "theirs": own["ana"]["id"]}, "Ben", "Ana"),
    )
    asks = {"connections", "connectionRequests"}
    for who, ids, _, other in sides:
        for name in QUERIES.keys() - asks:
            given = {key: value for key, value in ids.items() if f"${key}:" in QUERIES[name]}
            assert other in await seen(world, who, name, **given), "this shows nothing unless they are met before"
    assert "Ben" in await seen(world, ana, "connectionRequests")
    told = {who.user_id: len(await notified(world, who)) for who in (ana, ben)}
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    await say(world, ana, shared, "From Ana")
    await say(world, ben, shared, "From Ben")
    for who, ids, me, other in sides:
        await nothing_is_shown(world, who, ids, other)
        await nothing_can_be_done(world, who, ids)
        assert await texts(world, who, shared) == [f"From {me}"]
        assert len(await notified(world, who)) == told[who.user_id]
    assert await texts(world, eva, shared) == ["From Ana", "From Ben"]
    clock.advance(days=4)
    came = {"teeTimeId": shared["id"], "attended": True}
    for golfer_id in (ana_id, ben_id):
        await do(world, "recordAttendance", who=eva, selection="cursor", golferId=golfer_id, **came)
    stars = "query($id: ID!) { hostedTeeTime(id: $id) { stars { golferId } } }"
    for who, ids, _, _ in sides:
        rated = {"teeTimeId": shared["id"], "golferId": ids["other"], "stars": 1}
        assert await code_of(world, "rateGolfer", who=who, **rated) == "NOT_FOUND"
        [fellow] = (await world.server.run(stars, who=who, id=shared["id"])).data["hostedTeeTime"]["stars"]
        assert fellow["golferId"] != ids["other"]
        own_round = {"teeTimeId": ids["mine"], "golferId": ids["other"], "attended": True}
        assert await code_of(world, "recordAttendance", who=who, **own_round) == "NOT_FOUND"
