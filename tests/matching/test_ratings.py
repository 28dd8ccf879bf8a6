"""After the round: who came, and what those who did think of each other."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs import golfers as jobs
from models.matching.golfers import Golfer
from tests.harness import MORNING
from tests.matching.golf import code_of, do, golfer, problem_of
from tests.matching.test_hosted import act, host

STARS = "query($id: ID!) { hostedTeeTime(id: $id) { slots { attended } stars { golferId given received } } }"
START = MORNING + timedelta(days=3)
EVENTS = """subscription($id: ID!, $after: String) { hostedTeeTimeEvents(teeTimeId: $id, after: $after) {
    ... on StreamEvent { type } ... on AttendanceRecorded { golferName attended }
} }"""
SHOWN = """subscription($after: String) { golferEvents(after: $after) {
    ... on StreamEvent { type } ... on RatingShown { golferName stars teeTimeId }
} }"""


@pytest.fixture
async def played(world, clock):
    """A round of Ana, who hosted it, Ben and Eva, that has just begun."""
    known = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, known[0][0])
    for who, _ in known[1:]:
        await act(world, "joinTeeTime", who=who, teeTimeId=made["id"])
    clock.advance(days=3)
    return made["id"], [who for who, _ in known], [golfer_id for _, golfer_id in known]


async def attend(world, host_, tee_time, golfer_id, *, attended=True):
    given = {"teeTimeId": tee_time, "golferId": golfer_id, "attended": attended}
    return await do(world, "recordAttendance", who=host_, selection="hostedTeeTime { id }", **given)


async def rate(world, who, tee_time, golfer_id, stars):
    given = {"teeTimeId": tee_time, "golferId": golfer_id, "stars": stars}
    return await do(world, "rateGolfer", who=who, selection="hostedTeeTime { id }", **given)


async def stars(world, who, tee_time):
    """Give what somebody and the others gave each other, by golfer, as far as that one sees it."""
    found = (await world.server.run(STARS, who=who, id=tee_time)).data["hostedTeeTime"]
    return {one["golferId"]: (one["given"], one["received"]) for one in found["stars"]}


async def counted(world, user):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        return tuple((await session.execute(select(Golfer.ratings, Golfer.stars).where(Golfer.user_id == user))).one())


async def test_a_host_says_who_came_and_those_who_take_part_hear_it(world, played):
    tee_time, (ana, ben, eva), (_, ben_id, eva_id) = played
    query = "query($id: ID!) { hostedTeeTime(id: $id) { cursor } }"
    cursor = (await world.server.run(query, who=eva, id=tee_time)).data["hostedTeeTime"]["cursor"]
    async with world.server.socket(eva) as socket:
        await socket.subscribe(EVENTS, id=tee_time, after=cursor)
        await attend(world, ana, tee_time, ben_id)
        event = await socket.event()
        await attend(world, ana, tee_time, eva_id, attended=False)
    assert (event["type"], event["golferName"], event["attended"]) == ("tee-time:attendance", "Ben", True)
    slots = (await world.server.run(STARS, who=eva, id=tee_time)).data["hostedTeeTime"]["slots"]
    assert [slot["attended"] for slot in slots] == [None, True, False, None]
    given = {"teeTimeId": tee_time, "golferId": ben_id, "attended": True}
    assert await code_of(world, "recordAttendance", who=ben, **given) == "NOT_ALLOWED"
    noa, noa_id = await golfer(world, "noa")
    slots = (await world.server.run(STARS, who=noa, id=tee_time)).data["hostedTeeTime"]["slots"]
    assert {slot["attended"] for slot in slots} == {None}
    refused = await problem_of(world, "recordAttendance", who=ana, **given | {"golferId": noa_id})
    assert refused["code"] == "NOT_A_PARTICIPANT"


async def test_both_are_shown_when_both_have_given_and_then_they_count(world, played):
    tee_time, (ana, ben, _), (ana_id, ben_id, eva_id) = played
    await attend(world, ana, tee_time, ben_id)
    await rate(world, ben, tee_time, ana_id, 5)
    assert await stars(world, ben, tee_time) == {ana_id: (5, None), eva_id: (None, None)}
    assert (await stars(world, ana, tee_time))[ben_id] == (None, None)
    assert await counted(world, "ana") == (0, 0)
    asked = await do(world, "connectGolfers", who=ben, golferId=eva_id)
    async with world.server.socket(ben) as socket:
        await socket.subscribe(SHOWN, after=asked["cursor"])
        await rate(world, ana, tee_time, ben_id, 4)
        event = await socket.event()
    assert (event["type"], event["golferName"], event["stars"]) == ("golfer.rating-shown", "Ana", 4)
    assert (await stars(world, ana, tee_time))[ben_id] == (4, 5)
    assert (await stars(world, ben, tee_time))[ana_id] == (5, 4)
    assert (await counted(world, "ana"), await counted(world, "ben")) == ((1, 5), (1, 4))


async def test_what_only_one_has_given_is_shown_after_fourteen_days_once(world, played, clock):
    tee_time, (ana, ben, _), (ana_id, ben_id, _) = played
    await attend(world, ana, tee_time, ben_id)
    await rate(world, ben, tee_time, ana_id, 3)
    clock.advance(days=14, seconds=-1)
    await jobs.show_ratings(world.server.runtime)
    assert (await stars(world, ana, tee_time))[ben_id] == (None, None)
    clock.advance(seconds=1)
    await asyncio.gather(*(jobs.show_ratings(world.server.runtime) for _ in range(3)))
    assert (await stars(world, ana, tee_time))[ben_id] == (None, 3)
    assert await counted(world, "ana") == (1, 3)
    await rate(world, ana, tee_time, ben_id, 1)  # the last moment is in time
    assert (await counted(world, "ana"), await counted(world, "ben")) == ((1, 3), (1, 1))
    clock.advance(seconds=1)
    late = await problem_of(world, "rateGolfer", who=ben, teeTimeId=tee_time, golferId=ana_id, stars=3)
    assert late["code"] == "ROUND_NOT_OPEN"
    await jobs.show_ratings(world.server.runtime)
    assert (await counted(world, "ana"), await counted(world, "ben")) == ((1, 3), (1, 1))


async def test_who_may_not_rate_is_told_why(world, played, clock):
    tee_time, (ana, ben, eva), (ana_id, ben_id, eva_id) = played
    noa, _ = await golfer(world, "noa")
    given = {"teeTimeId": tee_time, "golferId": ana_id, "stars": 5}
    assert (await problem_of(world, "rateGolfer", who=noa, **given))["code"] == "NOT_A_PARTICIPANT"
    assert (await problem_of(world, "rateGolfer", who=ben, **given))["code"] == "NOT_ATTENDED"
    await attend(world, ana, tee_time, ben_id)
    await attend(world, ana, tee_time, eva_id, attended=False)
    absent = given | {"golferId": eva_id}
    assert (await problem_of(world, "rateGolfer", who=ben, **absent))["code"] == "NOT_ATTENDED"
    assert (await problem_of(world, "rateGolfer", who=eva, **given))["code"] == "NOT_ATTENDED"
    itself = await problem_of(world, "rateGolfer", who=ana, **given)
    assert itself["path"] == ["input", "golferId"]
    for wrong in (0, 6):
        refused = await problem_of(world, "rateGolfer", who=ben, **given | {"stars": wrong})
        assert refused["path"] == ["input", "stars"]
    await rate(world, ben, tee_time, ana_id, 5)
    assert (await problem_of(world, "rateGolfer", who=ben, **given))["code"] == "RATING_GIVEN"
    away = {"teeTimeId": tee_time, "golferId": ben_id, "attended": False}
    assert (await problem_of(world, "recordAttendance", who=ana, **away))["code"] == "RATING_GIVEN"


async def test_before_the_start_nobody_has_come(world):
    (ana, ana_id), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await host(world, ana)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    for operation, who, whose, more in (
        ("recordAttendance", ana, ben_id, {"attended": True}),
        ("rateGolfer", ben, ana_id, {"stars": 5}),
    ):
        refused = await problem_of(world, operation, who=who, teeTimeId=made["id"], golferId=whose, **more)
        assert refused["code"] == "ROUND_NOT_OPEN"


async def test_those_who_have_nothing_to_do_with_each_other_do_not_rate_each_other(world, played):
    tee_time, (ana, ben, _), (ana_id, ben_id, _) = played
    await attend(world, ana, tee_time, ben_id)
    await do(world, "blockGolfer", who=ben, golferId=ana_id)
    for who, whose in ((ana, ben_id), (ben, ana_id)):
        given = {"teeTimeId": tee_time, "golferId": whose, "stars": 1}
        assert await code_of(world, "rateGolfer", who=who, **given) == "NOT_FOUND"
        assert whose not in await stars(world, who, tee_time)


async def test_of_both_who_rate_each_other_many_times_at_once_each_counts_once(world, played):
    tee_time, (ana, ben, _), (ana_id, ben_id, _) = played
    await attend(world, ana, tee_time, ben_id)
    query = """mutation($id: ID!, $of: ID!) {
        rateGolfer(input: {teeTimeId: $id, golferId: $of, stars: 4}) { problems { code } }
    }"""
    asked = [(ana, ben_id), (ben, ana_id)] * 6
    answers = await asyncio.gather(*(world.server.run(query, who=who, id=tee_time, of=of) for who, of in asked))
    refused = Counter(one["code"] for answer in answers for one in answer.data["rateGolfer"]["problems"])
    assert refused == {"RATING_GIVEN": 10}
    assert (await counted(world, "ana"), await counted(world, "ben")) == ((1, 4), (1, 4))


async def test_a_mean_is_shown_from_three_ratings_on(world, clock):
    ana, ana_id = await golfer(world, "ana")
    others = [await golfer(world, name) for name in ("ben", "eva", "noa")]
    made = await host(world, ana)
    for who, _ in others:
        await act(world, "joinTeeTime", who=who, teeTimeId=made["id"])
    clock.advance(days=3)
    seen = []
    for (who, golfer_id), given in zip(others, (5, 4, 5), strict=True):
        await attend(world, ana, made["id"], golfer_id)
        await rate(world, who, made["id"], ana_id, given)
        await rate(world, ana, made["id"], golfer_id, 5)
        query = "query($id: ID!) { golfer(id: $id) { rating } }"
        seen.append((await world.server.run(query, who=who, id=ana_id)).data["golfer"]["rating"])
    assert seen == [None, None, 4.7]
