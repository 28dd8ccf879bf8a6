"""Recommendations: the best of the feed, kept while they are right."""

from datetime import timedelta

import pytest

from tests.harness import MORNING
from tests.house.statements import statements
from tests.matching.golf import do, golfer
from tests.matching.test_suggestions import hosted

RECOMMENDED = "{ recommendations { teeTimeId placeName openPlaces match { score } } }"
FEED = "{ hostedTeeTimes(first: 50) { nodes { teeTimeId placeName openPlaces match { score } } } }"
SELECTION = "hostedTeeTime { id }"


async def recommended(world, who):
    """Give the recommendations, and whether they were worked out anew."""
    with statements(world.server) as sent:
        answer = await world.server.run(RECOMMENDED, who=who)
    return answer.data["recommendations"], any("is_any_near" in one for one in sent)


async def two_golfers(world):
    (ana, ana_id), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = [await hosted(world, ana, days=days, placeName=f"Day {days}") for days in (3, 4)]
    return (ana, ana_id), ben, made


async def test_they_are_the_best_of_the_feed_and_kept_for_five_minutes(world):
    _, ben, made = await two_golfers(world)
    first, is_new = await recommended(world, ben)
    assert (first, is_new) == ((await world.server.run(FEED, who=ben)).data["hostedTeeTimes"]["nodes"], True)
    assert [one["teeTimeId"] for one in first] == made
    world.server.clock.advance(minutes=4, seconds=59)
    assert await recommended(world, ben) == (first, False)
    world.server.clock.advance(seconds=1)
    assert await recommended(world, ben) == (first, True)


@pytest.mark.parametrize(
    ("who", "operation", "given", "is_new"),
    [
        ("eva", "joinTeeTime", {"teeTimeId": 0}, True),
        ("ben", "joinTeeTime", {"teeTimeId": 0}, True),
        ("ana", "updateHostedTeeTime", {"teeTimeId": 1, "notes": "Walking"}, True),
        ("ana", "cancelHostedTeeTime", {"teeTimeId": 1}, True),
        ("ana", "hostTeeTime", {"startsAt": (MORNING + timedelta(days=20)).isoformat(), "places": 1}, True),
        ("ben", "updateGolfer", {"industry": "TECH"}, True),
        ("ben", "blockGolfer", {"golferId": "ana"}, True),
        ("eva", "updateGolfer", {"industry": "TECH"}, False),
        ("eva", "hostTeeTime", {"industries": ["MEDIA_ENTERTAINMENT"], "places": 1}, True),
    ],
)
async def test_they_are_dropped_when_they_may_be_others(world, who, operation, given, is_new):
    (ana, ana_id), ben, made = await two_golfers(world)
    eva, _ = await golfer(world, "eva")
    await recommended(world, ben)
    assert not (await recommended(world, ben))[1]
    place = {"placeName": "Dunes", "timeZone": "Europe/Madrid", "startsAt": (MORNING + timedelta(days=9)).isoformat()}
    more = place if operation == "hostTeeTime" else {}
    known = {**more, **given}
    if "teeTimeId" in known:
        known["teeTimeId"] = made[known["teeTimeId"]]
    if known.get("golferId") == "ana":
        known["golferId"] = ana_id
    shown = "golfer { id }" if "Golfer" in operation else SELECTION
    await do(world, operation, who={"ana": ana, "ben": ben, "eva": eva}[who], selection=shown, **known)
    found, was_new = await recommended(world, ben)
    assert was_new is is_new
    assert found == (await world.server.run(FEED, who=ben)).data["hostedTeeTimes"]["nodes"]


async def test_a_tee_time_that_suits_less_than_the_last_of_fifty_changes_nothing(world):
    ana, _ = await golfer(world, "ana")
    ben, _ = await golfer(world, "ben")
    for _ in range(50):
        await hosted(world, ana)
    first, _ = await recommended(world, ben)
    await hosted(world, ana, days=300, industries=["TECH"])
    await hosted(world, ana, days=300)  # 45 points at the most, where the last of the fifty has 61
    assert await recommended(world, ben) == (first, False)
    best = await hosted(world, ana, days=1)
    found, is_new = await recommended(world, ben)
    assert (found[0]["teeTimeId"], is_new) == (best, True)


async def test_what_has_started_is_recommended_no_more(world):
    _, ben, made = await two_golfers(world)
    world.server.clock.advance(days=3, minutes=-1)
    await recommended(world, ben)
    world.server.clock.advance(minutes=1)
    found, _ = await recommended(world, ben)
    assert [one["teeTimeId"] for one in found] == made[1:]


async def test_who_is_no_golfer_has_none(world):
    answer = await world.server.run(RECOMMENDED, who=world.player("nobody"))
    assert answer.code == "PROFILE_MISSING"
