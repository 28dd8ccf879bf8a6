"""Two golfers of whom one has blocked the other, in every corner, both ways, and without either being told."""

from tests.matching.golf import code_of, do, golfer, names, see
from tests.matching.test_hosted import act, host, notified, room
from tests.matching.test_messages import say, texts

FEED = "{ hostedTeeTimes { nodes { host { name } } } }"
SUGGESTED = "query($id: ID!) { suggestedGolfers(teeTimeId: $id) { golfer { name } } }"


async def hosts_seen(world, who):
    """Name the hosts whom somebody meets in the feed."""
    found = (await world.server.run(FEED, who=who)).data
    return {one["host"]["name"] for pages in found.values() for one in pages["nodes"]}


async def test_a_blocked_golfer_is_met_nowhere(world):
    near = {"latitude": 36.7, "longitude": -4.4, "city": "Málaga", "country": "ES"}
    known = [await golfer(world, name, **near) for name in ("ana", "ben", "eva")]
    (ana, ana_id), (ben, ben_id), (eva, _) = known
    where = {name: near[name] for name in ("latitude", "longitude")}
    shared = await host(world, eva, **where)
    for who in (ana, ben):
        await act(world, "joinTeeTime", who=who, teeTimeId=shared["id"])
    own = {"ana": await host(world, ana, **where), "ben": await host(world, ben, **where)}
    assert await hosts_seen(world, ana) == {"Ben"}
    told = {name: len(await notified(world, who)) for name, who in (("ana", ana), ("ben", ben))}
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    await say(world, ana, shared, "From Ana")
    await say(world, ben, shared, "From Ben")
    for who, other_id, mine, theirs in ((ana, ben_id, "ana", "ben"), (ben, ana_id, "ben", "ana")):
        assert await hosts_seen(world, who) == set()
        assert await names(world, who) == ["Eva"]
        assert await see(world, who, other_id) == "NOT_FOUND"
        assert await room(world, who, own[theirs]) == "NOT_FOUND"
        assert await code_of(world, "joinTeeTime", who=who, teeTimeId=own[theirs]["id"]) == "NOT_FOUND"
        suggested = (await world.server.run(SUGGESTED, who=who, id=own[mine]["id"])).data["suggestedGolfers"]
        assert [one["golfer"]["name"] for one in suggested] == ["Eva"]
        assert await texts(world, who, shared) == [f"From {mine.title()}"]
        for operation, more in (("connectGolfers", {}), ("reportGolfer", {"reason": "Rude"})):
            assert await code_of(world, operation, who=who, golferId=other_id, **more) == "NOT_FOUND"
        assert len(await notified(world, who)) == told[mine]
    assert await texts(world, eva, shared) == ["From Ana", "From Ben"]
