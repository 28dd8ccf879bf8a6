"""The feed: what PostgreSQL makes of it is what the table says, for golfers and tee times anywhere on earth."""

from datetime import timedelta
from random import Random

import numpy as np
import pytest

from domain.matching.crowd import Crowd, Scored
from domain.matching.facts import mask_of
from domain.matching.feed import FeedFilter, read_feed
from domain.matching.places import Point, city_key, point_of
from domain.matching.score import Offered, Seeker, match_of, social_points
from kit.ids import new_id
from models.matching.golfers import Golfer, GolferBlock, GolferConnection
from models.matching.hosted import HostedTeeTime, Participation
from models.matching.values import HostedStatus, Industry, PartStatus, SkillLevel, Visibility
from tests.harness import MORNING
from tests.matching.golf import do, golfer
from tests.thorough import times

CITIES = [
    *(("Málaga", "ES", 36.72, -4.42), ("Marbella", "ES", 36.51, -4.88), ("Ronda", "ES", 36.74, -5.17)),
    *(("Suva", "FJ", -18.14, 178.44), ("Taveuni", "FJ", -16.85, -179.97), ("Alert", "CA", 82.5, -62.35)),
    *(("Pole", "NO", 89.9, 10.0), ("Pole", "NO", 89.95, -170.0), ("málaga", "ES", 40.0, -4.0), ("", "", 36.6, -4.5)),
]
"""Some near each other, some beyond the date line or the pole from each other, and two of one name far apart."""
GOLFERS, TEE_TIMES = 100, times(10_000, usually=1_500)
FACTORS = ("industry", "proximity", "skill", "time", "availability", "social")


def somewhere(random):
    city, country, latitude, longitude = random.choice(CITIES)
    place = point_of(latitude + random.uniform(-0.3, 0.3) * (abs(latitude) < 89), longitude + random.uniform(-1, 1))
    known = random.random() < 0.85
    spot = dict(zip("xyz", place if known else (None, None, None), strict=True))
    return {"city": city, "country": country, "city_key": city_key(city, country), **spot}


def a_golfer(random, tenant_id, number):
    ratings = random.choice([0, 2, 3, 8])
    return Golfer(
        id=new_id(),
        tenant_id=tenant_id,
        user_id=f"golfer {number}",
        name=f"Golfer {number}",
        headline="",
        employer="",
        hides_employer=False,
        industry=random.choice(list(Industry)),
        time_zone="Europe/Madrid",
        language="en",
        skill_level=random.choice([None, *SkillLevel]),
        is_skill_set=False,
        visibility=Visibility.PUBLIC,
        sort_name="golfer",
        search_text="golfer",
        hosted_rounds=random.randint(0, 5),
        ratings=ratings,
        stars=random.randint(4 * ratings, 5 * ratings),
        created_at=MORNING,
        updated_at=MORNING,
        **somewhere(random),
    )


def a_tee_time(random, host):
    status = random.choice([HostedStatus.OPEN] * 6 + [HostedStatus.FULL, HostedStatus.CANCELLED])
    places = random.randint(1, 3)
    hours = random.choice([-1, 0, 1, 48, 49, 168, 169, 336, 337, 720, 721, random.randint(1, 900)])
    return HostedTeeTime(
        id=new_id(),
        tenant_id=host.tenant_id,
        host_id=host.id,
        place_name="Dunes",
        time_zone="Europe/Madrid",
        starts_at=MORNING + timedelta(hours=hours),
        places=places,
        open_places=0 if status is HostedStatus.FULL else places,
        industry_mask=mask_of(random.sample(list(Industry), random.choice([0, 0, 1, 2, 3]))),
        skill_level=random.choice([None, *SkillLevel]),
        needs_approval=False,
        notes="",
        status=status,
        cancel_reason="",
        created_at=MORNING,
        updated_at=MORNING,
        **somewhere(random),
    )


def pairs_of(random, golfers, count):
    return {tuple(one.id for one in random.sample(golfers, 2)) for _ in range(count)}


def by_the_table(me, golfers, tee_times, connected, away, joined):
    """Score all by the table; best first."""
    hosts = {one.id: one for one in golfers}
    seeker = seeker_of(me)
    for row in tee_times:
        host = hosts[row.host_id]
        is_out = row.status is not HostedStatus.OPEN or row.starts_at <= MORNING or host is me
        if is_out or (me.id, host.id) in away or (row.id, me.id) in joined:
            continue
        offered = as_offered(row, host)
        match = match_of(seeker, offered, connected=(me.id, host.id) in connected, now=MORNING)
        if match.industry:
            yield (-match.score, row.starts_at, row.id), match


def seeker_of(row):
    return Seeker(industry=row.industry, city_key=row.city_key, place=as_point(row), skill_level=row.skill_level)


def as_offered(row, host):
    return Offered(
        industries=frozenset(one for one in Industry if row.industry_mask & mask_of([one])),
        host_industry=host.industry,
        city_key=row.city_key,
        place=as_point(row),
        skill_level=row.skill_level,
        starts_at=row.starts_at,
        open_places=row.open_places,
        host_ratings=host.ratings,
        host_stars=host.stars,
        host_rounds=host.hosted_rounds,
    )


def as_point(row):
    return None if row.x is None else Point(row.x, row.y, row.z)


def by_arrays(golfers, tee_times, connected):
    """Score all of them by arrays; give the matches of each tee time."""
    crowd, hosts, rows = Crowd(), {one.id: one for one in golfers}, np.arange(len(golfers))
    for number, one in enumerate(golfers):
        crowd.put(number, seeker_of(one))
    for row in tee_times:
        offered, host = as_offered(row, hosts[row.host_id]), hosts[row.host_id]
        scored = Scored(
            named=offered.industries,
            host_industry=host.industry,
            city_key=row.city_key,
            place=as_point(row),
            skill_level=row.skill_level,
            starts_at=row.starts_at,
            open_places=row.open_places,
            host_points=social_points(
                connected=False, ratings=host.ratings, stars=host.stars, rounds=host.hosted_rounds
            ),
        )
        knows = np.array([(one.id, host.id) in connected for one in golfers])
        yield row.id, crowd.match(rows, scored, knows, now=MORNING)


async def test_the_feed_of_each_golfer_is_what_the_table_says(world):
    random = Random(20260504)
    tenant_id = world.tenant_id
    golfers = [a_golfer(random, tenant_id, number) for number in range(GOLFERS)]
    tee_times = [a_tee_time(random, random.choice(golfers)) for _ in range(TEE_TIMES)]
    links, blocks = pairs_of(random, golfers, 60), pairs_of(random, golfers, 80)
    joined = {(random.choice(tee_times).id, random.choice(golfers).id) for _ in range(300)}
    both = links | {(other, one) for one, other in links}
    away = blocks | {(other, one) for one, other in blocks}
    connected = both | {(one, end) for one, mid in both for start, end in both if mid == start and one != end}
    database = world.server.runtime.database
    moment = {"created_at": MORNING}
    async with database.tenant(tenant_id) as session:
        session.add_all(golfers)
        await session.flush()
        session.add_all(tee_times)
        ends = {"tenant_id": tenant_id, **moment}
        session.add_all(
            GolferConnection(id=new_id(), golfer_id=one, other_id=other, made_at=MORNING, **ends) for one, other in both
        )
        session.add_all(GolferBlock(id=new_id(), golfer_id=one, other_id=other, **ends) for one, other in blocks)
        await session.flush()
        session.add_all(
            Participation(
                id=new_id(), tee_time_id=row, golfer_id=one, status=PartStatus.REQUESTED, updated_at=MORNING, **ends
            )
            for row, one in joined
        )
        await session.commit()
    seen, arrays = set(), dict(by_arrays(golfers, tee_times, connected))
    async with database.snapshot(tenant_id) as session:
        for number, me in enumerate(golfers):
            viewer = world.player(me.user_id).viewer(MORNING)
            feed = await read_feed(session, viewer=viewer, wanted=FeedFilter(), after=None, limit=100, now=MORNING)
            expected = sorted(by_the_table(me, golfers, tee_times, connected, away, joined), key=lambda one: one[0])
            assert [arrays[place[2]].of(number) for place, _ in expected] == [match for _, match in expected]
            if not feed.is_far and (me.x is not None or any(match.proximity > 2 for _, match in expected)):
                assert [(one.tee_time.id, one.match) for one in feed.found] == [
                    (place[2], match) for place, match in expected[:100]
                ]
            seen |= {(name, getattr(one.match, name)) for one in feed.found for name in FACTORS}
    assert {points for name, points in seen if name == "proximity"} >= {25, 20, 15}
    assert {points for name, points in seen if name == "social"} == {0, 2, 3, 5}


FEED = """query($first: Int! = 20, $after: String, $near: NearInput, $industries: [Industry!]) {
    hostedTeeTimes(first: $first, after: $after, near: $near, industries: $industries) {
        isFar nodes { placeName host { name } openPlaces match { score proximity } } pageInfo { endCursor hasNextPage }
    }
}"""


async def hosted(world, who, name, *, days=3, **more):
    given = {"placeName": name, "timeZone": "Europe/Madrid", "places": 3} | more
    starts = (MORNING + timedelta(days=days)).isoformat()
    made = await do(world, "hostTeeTime", who=who, selection="hostedTeeTime { id }", startsAt=starts, **given)
    return made["hostedTeeTime"]["id"]


async def feed(world, who, **variables):
    return (await world.server.run(FEED, who=who, **variables)).data["hostedTeeTimes"]


def names(page):
    return [one["placeName"] for one in page["nodes"]]


async def test_pages_go_on_as_of_the_first_one(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    for days in (1, 2, 3, 4):
        await hosted(world, ana, f"Day {days}", days=days)
    first = await feed(world, ben, first=2)
    assert (names(first), first["pageInfo"]["hasNextPage"]) == (["Day 1", "Day 2"], True)
    world.server.clock.advance(hours=36)  # day 3 would have more points by now
    rest = await feed(world, ben, first=2, after=first["pageInfo"]["endCursor"])
    assert (names(rest), rest["pageInfo"]["hasNextPage"]) == (["Day 3", "Day 4"], False)
    assert names(await feed(world, ben)) == ["Day 2", "Day 3", "Day 4"]


async def test_where_nothing_is_near_the_nearest_are_shown(world):
    here = {"latitude": 36.7, "longitude": -4.4}
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben", **here)
    await hosted(world, ana, "Suva", latitude=-18, longitude=178)
    await hosted(world, ana, "Oslo", latitude=60, longitude=10, days=20)
    far = await feed(world, ben, first=1)
    assert (far["isFar"], names(far), far["pageInfo"]["hasNextPage"]) == (True, ["Oslo"], False)
    await hosted(world, ana, "Ronda", latitude=36.74, longitude=-5.17, days=10)
    near = await feed(world, ben)
    assert (near["isFar"], names(near)) == (False, ["Ronda", "Suva", "Oslo"])
    circle = {"latitude": 60, "longitude": 10.1, "radiusKm": 10}
    assert names(await feed(world, ben, near=circle)) == ["Oslo"]


async def test_lines_of_work_that_give_no_points_are_asked_for_by_name(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben", industry="EDUCATION")
    await hosted(world, ana, "For lawyers", industries=["LEGAL"])
    await hosted(world, ana, "For all")
    assert names(await feed(world, ben)) == ["For all"]
    assert names(await feed(world, ben, industries=["LEGAL"])) == ["For lawyers"]


@pytest.mark.parametrize("operation", ["joinTeeTime", "cancelHostedTeeTime"])
async def test_what_is_joined_or_cancelled_leaves_the_feed(world, operation):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await hosted(world, ana, "Dunes")
    who = ben if operation == "joinTeeTime" else ana
    assert names(await feed(world, ben)) == ["Dunes"]
    await do(world, operation, who=who, selection="hostedTeeTime { id }", teeTimeId=made)
    assert names(await feed(world, ben)) == names(await feed(world, ana)) == []


async def test_who_is_blocked_has_nothing_of_the_other_in_the_feed(world):
    (ana, _), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    await hosted(world, ana, "Ana's")
    await hosted(world, ben, "Ben's")
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    assert names(await feed(world, ana)) == names(await feed(world, ben)) == []
