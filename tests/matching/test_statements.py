"""How much matching says to the database: exact numbers, so that no statement creeps back."""

from datetime import timedelta

import pytest

from tests.harness import MORNING
from tests.house.statements import listed, statements
from tests.matching.golf import golfer

START = (MORNING + timedelta(days=3)).isoformat()
FEED = "{ hostedTeeTimes { nodes { teeTimeId host { name } match { score } } } }"


async def counted(world, operation, /, *, who, **given):
    with statements(world.server) as sent:
        payload = await world.server.mutate(operation, "hostedTeeTime { id openPlaces }", who=who, **given)
    assert payload["problems"] == []
    return payload["hostedTeeTime"]["id"], sent


@pytest.mark.parametrize("fellows", [0, 2])
async def test_to_host_join_and_leave_costs_the_same_however_many_take_part(world, fellows):
    ana, _ = await golfer(world, "ana")
    ben, _ = await golfer(world, "ben")
    others = [(await golfer(world, f"fellow {number}"))[0] for number in range(fellows)]
    made, hosted = await counted(world, "hostTeeTime", who=ana, courseId=world.course, startsAt=START, places=3)
    for other in others:
        await counted(world, "joinTeeTime", who=other, teeTimeId=made)
    _, joined = await counted(world, "joinTeeTime", who=ben, teeTimeId=made)
    _, left = await counted(world, "leaveTeeTime", who=ben, teeTimeId=made)
    assert [len(hosted), len(joined), len(left)] == [9, 10, 7], "\n\n".join(map(listed, (hosted, joined, left)))


async def test_a_page_of_the_feed_costs_the_same_however_long_it_is(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    for count in (1, 6):
        for _ in range(count):
            await counted(world, "hostTeeTime", who=ana, courseId=world.course, startsAt=START, places=3)
        with statements(world.server) as sent:
            await world.server.run(FEED, who=ben)
        assert len(sent) == 5, listed(sent)
