"""Suggestions, and whom a new tee time is told to: near by, once, and the next ones together."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from domain.journeys.sense import still_makes_sense
from domain.matching.facts import INDUSTRIES, mask_of
from domain.matching.places import chord2_of_km
from domain.matching.score import match_of
from domain.matching.suggestions import best_for, whom_to_tell
from domain.matching.telling import FIND_WHOM, TELL_NEW, TELL_PLACE, TELL_TOGETHER
from kit.ids import new_id
from models.matching.golfers import Golfer, GolferBlock, GolferConnection
from models.matching.values import HostedStatus, Industry, Visibility
from models.notifications import Notification, NotificationKind
from tests.harness import MORNING
from tests.house.statements import listed, statements
from tests.matching.crew import work_off
from tests.matching.golf import do, golfer, problem_of
from tests.matching.test_feed import a_golfer, a_tee_time, as_offered, pairs_of, seeker_of
from tests.notifications.desk import told
from tests.thorough import times

THOUSANDS = times(5_000, usually=450)
HERE = {"latitude": 36.7, "longitude": -4.4}
FIRST, NEXT = (FIND_WHOM, TELL_NEW), (TELL_TOGETHER,)
SUGGESTED = """query($id: ID!) { suggestedGolfers(teeTimeId: $id) { golfer { id name connection } match {
    score industry proximity skill time availability social
} } }"""


def is_near(one, other):
    if one.x is None or other.x is None:
        return one.city_key is not None and one.city_key == other.city_key
    return sum((getattr(one, name) - getattr(other, name)) ** 2 for name in "xyz") <= chord2_of_km(100)


async def test_suggestions_and_whom_to_tell_are_what_the_table_says(world):
    random, tenant_id = Random(7), world.tenant_id
    golfers = [a_golfer(random, tenant_id, number) for number in range(400)]
    for one in golfers[::7]:
        one.visibility = random.choice([Visibility.PRIVATE, Visibility.MEMBERS])
    hosts = golfers[:40]
    tee_times = [a_tee_time(random, host) for host in hosts]
    links, blocks = pairs_of(random, golfers, 900), pairs_of(random, golfers, 600)
    both, away = links | {(b, a) for a, b in links}, blocks | {(b, a) for a, b in blocks}
    friends = {one.id: {b for a, b in both if a == one.id} for one in golfers}
    async with world.server.runtime.database.tenant(tenant_id) as session:
        ends = {"tenant_id": tenant_id, "created_at": MORNING}
        session.add_all(golfers)
        await session.flush()
        session.add_all(tee_times)
        rows = [GolferConnection(id=new_id(), golfer_id=a, other_id=b, made_at=MORNING, **ends) for a, b in both]
        session.add_all([*rows, *(GolferBlock(id=new_id(), golfer_id=a, other_id=b, **ends) for a, b in blocks)])
        await session.commit()
    found = 0
    async with world.server.runtime.database.snapshot(tenant_id) as session:
        for host, row in zip(hosts, tee_times, strict=True):
            known = {one.golfer_id for one in await whom_to_tell(session, row, host)}
            others = [one for one in golfers if one is not host and (host.id, one.id) not in away and is_near(one, row)]
            named = {one for one in INDUSTRIES if row.industry_mask & mask_of([one])}
            same = named or {host.industry} - {Industry.OTHER}
            assert known == {one.id for one in others if one.industry in same}
            expected = []
            for one in others if row.status is HostedStatus.OPEN else ():
                is_friend = one.id in friends[host.id] or bool(friends[one.id] & friends[host.id])
                match = match_of(seeker_of(one), as_offered(row, host), connected=is_friend, now=MORNING)
                if match.industry and (one.visibility is Visibility.PUBLIC or one.id in friends[host.id]):
                    expected.append((-match.score, one.id, match))
            shown = await best_for(session, row, host, most=50, now=MORNING)
            assert [(one.known.golfer.id, one.match) for one in shown] == [tuple(e[1:]) for e in sorted(expected)[:50]]
            found += len(shown)
    assert found > 300


async def hosted(world, who, *, days=3, **more):
    given = {"placeName": "Dunes", "timeZone": "Europe/Madrid", "places": 3, **HERE} | more
    starts = (MORNING + timedelta(days=days)).isoformat()
    made = await do(world, "hostTeeTime", who=who, selection="hostedTeeTime { id }", startsAt=starts, **given)
    return made["hostedTeeTime"]["id"]


async def test_a_host_sees_whom_the_tee_time_suits_and_nobody_else_does(world):
    ana, _ = await golfer(world, "ana", **HERE)
    ben, _ = await golfer(world, "ben", **HERE)
    for name, more in (
        ("eva", {"industry": "LEGAL"}),
        ("far", {"latitude": 40, "longitude": -4}),
        ("sly", {"visibility": "PRIVATE"}),
    ):
        await golfer(world, name, **HERE | more)
    made = await hosted(world, ana, industries=["FINANCE"])
    answer = await world.server.run(SUGGESTED, who=ana, id=made)
    assert [(one["golfer"]["name"], one["match"]["score"]) for one in answer.data["suggestedGolfers"]] == [
        ("Ben", 30 + 20 + 12 + 12 + 10 + 2),
        ("Eva", 20 + 20 + 12 + 12 + 10 + 2),
    ]
    assert (await world.server.run(SUGGESTED, who=ben, id=made)).code == "NOT_ALLOWED"
    await do(world, "joinTeeTime", who=ben, selection="hostedTeeTime { id }", teeTimeId=made)
    answer = await world.server.run(SUGGESTED, who=ana, id=made)
    assert [one["golfer"]["name"] for one in answer.data["suggestedGolfers"]] == ["Eva"]


async def news(world, who):
    return [(one["title"], one["body"]) for one in await told(world, who) if one["kind"] == "NEW_TEE_TIMES"]


async def test_the_first_is_told_at_once_and_the_next_ones_together(world):
    ana, _ = await golfer(world, "ana", **HERE)
    (ben, _), (law, _) = await golfer(world, "ben", **HERE), await golfer(world, "law", industry="LEGAL", **HERE)
    await hosted(world, ana)
    await work_off(world, *FIRST, twice=True)
    first = ("New tee time in Finance!", "Dunes, Thu 07:00 — 3 places open.")
    assert (await news(world, ben), await news(world, law), await news(world, ana)) == ([first], [], [])
    gone = await hosted(world, ana, days=5)
    await hosted(world, ana, days=6)
    await hosted(world, ana, days=4, places=1)
    await work_off(world, *FIRST, twice=True)
    assert await news(world, ben) == [first]
    await do(world, "cancelHostedTeeTime", who=ana, selection="hostedTeeTime { id }", teeTimeId=gone)
    world.server.clock.advance(minutes=15)
    await work_off(world, *NEXT, twice=True)
    together = ("2 new tee times in Finance!", "The first: Dunes, Fri 07:00 — 1 place open.")
    assert await news(world, ben) == [together, first]
    await hosted(world, ana)  # the window has ended, so this is a first one again
    await work_off(world, *FIRST)
    assert await news(world, ben) == [first, together, first]
    world.server.clock.advance(minutes=15)
    await work_off(world, *NEXT)
    assert len(await news(world, ben)) == 3


async def test_a_window_that_nobody_ends_is_over_in_time(world):
    ana, _ = await golfer(world, "ana", **HERE)
    ben, _ = await golfer(world, "ben", **HERE)
    for minutes in (0, 1, 30):
        world.server.clock.advance(minutes=minutes)
        await hosted(world, ana)
        await work_off(world, *FIRST)
    assert len(await news(world, ben)) == 2
    world.server.clock.advance(minutes=15)
    await work_off(world, *NEXT)
    assert len(await news(world, ben)) == 3, "that which waited is not forgotten"


async def test_who_is_blocked_or_takes_part_hears_nothing_of_it(world):
    ana, _ = await golfer(world, "ana", **HERE)
    (ben, ben_id), (eva, _), (sol, _) = [await golfer(world, name, **HERE) for name in ("ben", "eva", "sol")]
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    made = await hosted(world, ana)
    await work_off(world, FIND_WHOM)
    await do(world, "joinTeeTime", who=eva, selection="hostedTeeTime { id }", teeTimeId=made)
    await work_off(world, TELL_NEW)
    assert [len(await news(world, who)) for who in (ana, ben, eva, sol)] == [0, 0, 0, 1]


async def test_to_host_costs_as_much_where_thousands_are_concerned(world):
    ana, _ = await golfer(world, "ana", **HERE)
    await hosted(world, ana)  # what a process learns once
    with statements(world.server) as few:
        await hosted(world, ana)
    random = Random(1)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        host = await session.scalar(select(Golfer).where(Golfer.user_id == "ana"))
        place = {name: getattr(host, name) for name in "xyz"}
        for number in range(THOUSANDS):
            row = a_golfer(random, world.tenant_id, number)
            row.industry = Industry.FINANCE
            for name, value in place.items():
                setattr(row, name, value)
            session.add(row)
        await session.commit()
    await work_off(world, *FIRST)
    with statements(world.server) as many:
        await hosted(world, ana)
    assert len(many) == len(few), listed(many)
    [found] = await work_off(world, FIND_WHOM)
    assert list(found) == ["id"]
    jobs = await work_off(world, TELL_NEW)
    assert sorted(len(one["ids"]) for one in jobs) == sorted(
        [200] * (THOUSANDS // 200) + [50] * (THOUSANDS % 200 == 50)
    )
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        kinds = select(Notification.user_id).where(Notification.kind == NotificationKind.NEW_TEE_TIMES)
        assert len(set(await session.scalars(kinds))) == THOUSANDS


async def test_a_place_that_comes_free_is_told_to_those_whom_it_suits_best(world):
    ana, _ = await golfer(world, "ana", **HERE)
    (ben, _), (eva, _) = [await golfer(world, name, **HERE) for name in ("ben", "eva")]
    made = await hosted(world, ana, places=1)
    for operation in ("joinTeeTime", "leaveTeeTime"):
        await do(world, operation, who=ben, selection="hostedTeeTime { id }", teeTimeId=made)
    await work_off(world, TELL_PLACE, twice=True)
    assert [one["kind"] for one in await told(world, eva)] == ["SLOT_OPEN"]
    assert [one["kind"] for one in await told(world, ben)] == []


async def test_who_asks_for_suggestions_of_what_is_over_is_told_so(world):
    ana, _ = await golfer(world, "ana", **HERE)
    made = await hosted(world, ana)
    await do(world, "cancelHostedTeeTime", who=ana, selection="hostedTeeTime { id }", teeTimeId=made)
    assert "errors" in await world.server.run(SUGGESTED, who=ana, id=made)


@pytest.mark.parametrize("what", ["joinTeeTime", "cancelHostedTeeTime", "blockGolfer", "nothing"])
async def test_what_can_be_joined_no_more_is_not_pushed(world, what):
    (ana, _), (ben, ben_id) = [await golfer(world, name, **HERE) for name in ("ana", "ben")]
    made = await hosted(world, ana)
    await work_off(world, *FIRST)
    if what == "blockGolfer":
        await do(world, what, who=ana, golferId=ben_id)
    elif what != "nothing":
        who = ben if what == "joinTeeTime" else ana
        await do(world, what, who=who, selection="hostedTeeTime { id }", teeTimeId=made)
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        wanted = select(Notification).where(Notification.kind == NotificationKind.NEW_TEE_TIMES)
        row = (await session.scalars(wanted)).one()
        assert await still_makes_sense(session, row, now=world.server.clock()) is (what == "nothing")
        assert not await still_makes_sense(session, row, now=MORNING + timedelta(days=3))


async def test_where_a_place_is_unknown_those_of_the_city_are_near(world):
    nowhere, city = {"latitude": None, "longitude": None}, {"city": "MÁLAGA", "country": "ES"}
    ana, _ = await golfer(world, "ana")
    placed, _ = await golfer(world, "placed", **HERE, **city)
    named, _ = await golfer(world, "named", city="Málaga", country="ES")
    abroad, _ = await golfer(world, "abroad", city="Málaga", country="CO")
    for where, expected in (
        (nowhere | city, [1, 1, 0]),
        (HERE | city, [1, 1, 0]),
        (HERE, [1, 0, 0]),
        (nowhere, [0, 0, 0]),
        ({"latitude": 40.4, "longitude": -3.7} | city, [0, 1, 0]),
    ):
        before = [len(await news(world, who)) for who in (placed, named, abroad)]
        made = await hosted(world, ana, **where)
        answer = await world.server.run(SUGGESTED, who=ana, id=made)
        shown = {one["golfer"]["name"]: one["match"]["proximity"] for one in answer.data["suggestedGolfers"]}
        assert sorted(shown) == [name for name, here in zip(("Named", "Placed"), expected[1::-1], strict=True) if here]
        assert set(shown.values()) <= ({20} if "city" not in where else {25})
        await work_off(world, *FIRST, twice=True)
        world.server.clock.advance(hours=1)  # each is a first one
        await work_off(world, *NEXT)
        now = [len(await news(world, who)) for who in (placed, named, abroad)]
        assert [after - earlier for earlier, after in zip(before, now, strict=True)] == expected, where


async def test_a_tee_time_at_a_course_is_in_the_city_of_the_course(world):
    ana, _ = await golfer(world, "ana")
    ben, _ = await golfer(world, "ben", city="Málaga", country="ES")
    given = {"courseId": world.course, "city": " Málaga ", "country": "ES"}
    wrong = await problem_of(world, "updateCourse", who=world.admin, **given | {"country": "Spain"})
    assert wrong["path"] == ["input", "country"]
    await do(world, "updateCourse", who=world.admin, selection="course { city country }", **given)
    starts = (MORNING + timedelta(days=3)).isoformat()
    at_course = {"courseId": world.course, "places": 3, "startsAt": starts}
    await do(world, "hostTeeTime", who=ana, selection="hostedTeeTime { id city }", **at_course)
    await work_off(world, *FIRST)
    assert len(await news(world, ben)) == 1
    feed = "{ hostedTeeTimes { nodes { city country match { proximity } } } }"
    [found] = (await world.server.run(feed, who=ben)).data["hostedTeeTimes"]["nodes"]
    assert found == {"city": "Málaga", "country": "ES", "match": {"proximity": 25}}
