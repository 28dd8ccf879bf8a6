"""One's own tee times: hosted, joined and asked for, still to come and past."""

from datetime import timedelta

from tests.harness import MORNING
from tests.house.statements import statements
from tests.matching.golf import do, golfer
from tests.matching.test_hosted import act, host
from tests.matching.test_messages import say

OWN = """query($past: Boolean! = false, $hosted: Boolean, $first: Int! = 20, $after: String) {
    myTeeTimes(past: $past, hosted: $hosted, first: $first, after: $after) {
        nodes { teeTimeId startsAt status myStatus isHost unreadMessages cancelReason bookingId host { name } }
        pageInfo { hasNextPage endCursor }
    }
}"""


async def own(world, who, **given):
    return (await world.server.run(OWN, who=who, **given)).data["myTeeTimes"]


async def starts(world, who, **given):
    return [one["startsAt"] for one in (await own(world, who, **given))["nodes"]]


async def test_one_s_own_are_listed_with_how_one_stands_to_them(world):
    (ana, _), (ben, ben_id), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    mine = await host(world, ben, startsAt=(MORNING + timedelta(days=1)).isoformat())
    joined = await host(world, ana, startsAt=(MORNING + timedelta(days=2)).isoformat())
    asked = await host(world, ana, startsAt=(MORNING + timedelta(days=3)).isoformat(), needsApproval=True)
    await host(world, eva)  # nothing to do with Ben
    for one in (joined, asked):
        await act(world, "joinTeeTime", who=ben, teeTimeId=one["id"])
    await say(world, ana, joined, "Hello")
    shown = (await own(world, ben))["nodes"]
    names = ("teeTimeId", "myStatus", "isHost", "unreadMessages")
    assert [tuple(one[name] for name in names) for one in shown] == [
        (mine["id"], "JOINED", True, 0),
        (joined["id"], "JOINED", False, 1),
        (asked["id"], "REQUESTED", False, 0),
    ]
    assert [one["teeTimeId"] for one in (await own(world, ben, hosted=True))["nodes"]] == [mine["id"]]
    assert len((await own(world, ben, hosted=False))["nodes"]) == 2
    await act(world, "cancelHostedTeeTime", who=ana, teeTimeId=joined["id"], reason="Ill")
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    shown = (await own(world, ben))["nodes"]
    assert [(one["teeTimeId"], one["cancelReason"]) for one in shown] == [(mine["id"], ""), (joined["id"], "Ill")]
    assert [one["host"]["name"] for one in shown] == ["Ben", "Ana"]


async def test_those_to_come_are_read_forward_and_past_ones_back_page_by_page(world, clock):
    ana, _ = await golfer(world, "ana")
    at = [(MORNING + timedelta(hours=number)).isoformat() for number in range(1, 7)]
    for one in at:
        await host(world, ana, startsAt=one)
    clock.advance(hours=3)
    assert (await starts(world, ana), await starts(world, ana, past=True)) == (at[3:], at[2::-1])
    for past, expected in ((False, at[3:]), (True, at[2::-1])):
        found, after = [], None
        while True:
            page = await own(world, ana, past=past, first=2, after=after)
            found += [one["startsAt"] for one in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert found == expected
    wrong = await world.server.run(OWN, who=ana, past=False, after=after)
    assert wrong.code == "INVALID_INPUT"


async def test_it_costs_as_much_for_many(world):
    ana, _ = await golfer(world, "ana")
    await host(world, ana)
    await own(world, ana)
    with statements(world.server) as few:
        await own(world, ana)
    for _ in range(5):
        await host(world, ana)
    with statements(world.server) as many:
        assert len((await own(world, ana))["nodes"]) == 6
    assert len(many) == len(few)
