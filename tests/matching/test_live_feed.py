"""The live feed: each hears what passes their filter, or did until now, with a score of their own."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from domain.matching.places import km_between, point_of
from domain.matching.score import industry_points, match_of, wanted_of
from kit.ids import new_id
from models.matching.golfers import Golfer, GolferBlock, GolferConnection
from models.matching.hosted import HostedTeeTime
from models.matching.values import Industry, SkillLevel
from realtime import metrics
from tests.harness import MORNING
from tests.matching.golf import do, golfer
from tests.matching.test_feed import CITIES, a_golfer, as_offered, as_point, seeker_of
from tests.realtime.support import until

MATCH = "match { score industry proximity skill time availability social }"
TEE_TIME = "teeTimeId placeName startsAt places openPlaces industries skillLevel needsApproval notes"
FEED = f"""subscription(
    $industries: [Industry!], $near: NearInput, $dates: StartsInput, $skill: SkillLevel, $after: String
) {{ teeTimeFeed(industries: $industries, near: $near, dates: $dates, skill: $skill, after: $after) {{
    ... on StreamEvent {{ type cursor }}
    ... on NewTeeTimeInFeed {{ {TEE_TIME} hostName {MATCH} }}
    ... on FeedTeeTimeUpdated {{ {TEE_TIME} hostName status changes inFeed {MATCH} }}
    ... on StreamReset {{ reason }}
}} }}"""
HOST, HOSTED = select(Golfer).where(Golfer.user_id == "host"), select(HostedTeeTime)
GOLFERS = 500
START = MORNING + timedelta(days=3)


@dataclass
class State:
    """How a tee time is listed."""

    starts_at: datetime
    named: frozenset[Industry]
    level: SkillLevel | None
    taken_by: frozenset[object]
    is_open: bool = True


def a_filter(random):
    """Make up what somebody wants to hear of, as variables."""
    _, _, latitude, longitude = random.choice(CITIES[:3])
    near = {"latitude": latitude, "longitude": longitude, "radiusKm": random.choice([20.0, 60.0, 150.0])}
    first, last = sorted(MORNING + timedelta(days=random.choice([1, 3, 8, 13, 20])) for _ in range(2))
    dates = {"first": first.isoformat(), "last": last.isoformat()}
    return {
        "industries": random.choice([None, None, *(random.sample([one.value for one in Industry], n) for n in (1, 3))]),
        "near": random.choice([None, None, near]),
        "dates": random.choice([None, None, dates, {"last": last.isoformat()}]),
        "skill": random.choice([None, None, None, *(one.value for one in SkillLevel)]),
    }


def passes(me, wanted, state, host, place):
    """Tell whether a tee time is for somebody, by the words of the guide."""
    if state is None or not state.is_open or me.id in state.taken_by:
        return False
    asked, has = wanted["industries"], wanted_of(state.named, host.industry)
    for_me = (
        bool(has & {Industry(one) for one in asked})
        if asked
        else industry_points(me.industry, state.named, host.industry) > 0
    )
    if (near := wanted["near"]) is not None:
        middle = point_of(near["latitude"], near["longitude"])
        for_me &= km_between(middle, as_point(place)) <= near["radiusKm"]
    for side, value in (wanted["dates"] or {}).items():
        at = datetime.fromisoformat(value)
        for_me &= at <= state.starts_at if side == "first" else state.starts_at <= at
    return for_me and (state.level is None or wanted["skill"] in (None, state.level.value))


async def all_follow(server, count):
    """Wait until so many follow the feed."""
    await until(lambda: sum(map(sum, (rooms.values() for rooms in server.process.fanout.census().values()))) == count)


class Listener:
    """A golfer with a filter, who follows the feed by a socket."""

    def __init__(self, row, wanted, who):
        self.row, self.wanted, self.who = row, wanted, who
        self.expected, self.socket = [], None

    async def follow(self, stack, server):
        self.socket = await stack.enter_async_context(server.socket(self.who))
        await self.socket.subscribe(FEED, **self.wanted)

    async def heard(self):
        return [await self.socket.event() for _ in self.expected]

    async def assert_nothing_more(self):
        await self.socket.send(type="ping")
        assert (await self.socket.receive())["type"] == "pong"


async def test_500_golfers_hear_what_passes_their_filters_each_with_their_own_score(world):
    random, server, tenant_id = Random(11), world.server, world.tenant_id
    host_who, _ = await golfer(world, "host", latitude=36.72, longitude=-4.42)
    rows = [a_golfer(random, tenant_id, number) for number in range(GOLFERS)]
    links = {(a.id, b.id) for a, b in (random.sample(rows, 2) for _ in range(700))}
    links |= {(b, a) for a, b in links}
    async with server.runtime.database.tenant(tenant_id) as session:
        host = (await session.execute(HOST)).scalar_one()
        friends, away = set(), set()
        for one in rows[:40]:
            friends.add(one.id)
            links |= {(host.id, one.id), (one.id, host.id)}
        away = {one.id for one in rows[30:60]}
        ends = {"tenant_id": tenant_id, "created_at": MORNING}
        session.add_all(rows)
        await session.flush()
        session.add_all(
            GolferConnection(id=new_id(), golfer_id=a, other_id=b, made_at=MORNING, **ends) for a, b in links
        )
        pairs = [(host.id, one) if number % 2 else (one, host.id) for number, one in enumerate(sorted(away))]
        session.add_all(GolferBlock(id=new_id(), golfer_id=a, other_id=b, **ends) for a, b in pairs)
        await session.commit()
    near_friends = {b for a, b in links if a in friends}
    people = [Listener(row, a_filter(random), world.player(row.user_id)) for row in rows]
    joiner = people[0]  # a friend of the host's, who wants to hear of everything
    joiner.wanted = dict.fromkeys(joiner.wanted)
    place = {"latitude": 36.6, "longitude": -4.6, "city": "Málaga", "country": "ES", "placeName": "Dunes"}
    async with AsyncExitStack() as stack:
        for first in range(0, GOLFERS, 50):
            await asyncio.gather(*(one.follow(stack, server) for one in people[first : first + 50]))
        await all_follow(server, GOLFERS)
        before = metrics.executions._value.get()
        made = await do(
            world, "hostTeeTime", who=host_who, selection="hostedTeeTime { id }", startsAt=START.isoformat(), places=2,
            industries=["FINANCE", "TECH"], timeZone="Europe/Madrid", **place,
        )  # fmt: skip
        given = {"teeTimeId": made["hostedTeeTime"]["id"], "selection": "hostedTeeTime { id }"}
        later = (START + timedelta(days=9)).isoformat()
        changes = {"startsAt": later, "industries": [], "skillLevel": "ADVANCED"}
        await do(world, "updateHostedTeeTime", who=host_who, **given, **changes)
        await do(world, "joinTeeTime", who=joiner.who, **given)
        await do(world, "cancelHostedTeeTime", who=host_who, **given)
        async with server.runtime.database.snapshot(tenant_id) as session:
            row = (await session.execute(HOSTED)).scalar_one()
        only_host = frozenset({host.id})
        states = [
            State(START, frozenset({Industry.FINANCE, Industry.TECH}), None, only_host),
            State(START + timedelta(days=9), frozenset(), SkillLevel.ADVANCED, only_host),
            State(START + timedelta(days=9), frozenset(), SkillLevel.ADVANCED, only_host | {joiner.row.id}),
            None,
        ]
        shown = [
            {"industries": ["FINANCE", "TECH"], "open": 2, "state": states[0]},
            {"industries": [], "open": 2, "state": states[1]},
            {"industries": [], "open": 1, "state": states[2]},
            {"industries": [], "open": 1, "state": states[2]},
        ]
        for one in people:
            for number, now in enumerate(states):
                was = states[number - 1] if number else None
                hears = [
                    one.row.id not in away and passes(one.row, one.wanted, state, host, row) for state in (now, was)
                ]
                if any(hears):
                    one.expected.append((number, hears[0]))
        told = await asyncio.gather(*(one.heard() for one in people))
        for one, events in zip(people, told, strict=True):
            for (number, in_feed), event in zip(one.expected, events, strict=True):
                state = shown[number]
                row.starts_at, row.open_places = state["state"].starts_at, state["open"]
                row.skill_level = state["state"].level
                offered = as_offered(row, host)
                object.__setattr__(offered, "industries", state["state"].named)
                knows = one.row.id in friends or one.row.id in near_friends
                match = match_of(seeker_of(one.row), offered, connected=knows, now=MORNING)
                assert event["type"] == ("feed:tee-time-updated" if number else "feed:new-tee-time")
                assert event.get("inFeed", True) is in_feed
                assert event["match"] == ({"score": match.score, **asdict(match)} if in_feed else None)
                assert (event["openPlaces"], event["industries"]) == (state["open"], state["industries"])
        await asyncio.gather(*(one.assert_nothing_more() for one in people))
        executed = metrics.executions._value.get() - before
    counts = [sum(number == n for one in people for number, _ in one.expected) for n in range(4)]
    assert all(20 < count < 400 for count in counts), counts
    assert joiner.expected[2] == (2, False)
    assert executed <= 2 * 288, "they share what they are told"


class Screen:
    """A golfer's list of tee times, kept up to date by events alone."""

    def __init__(self, page):
        self.rows = {one["teeTimeId"]: one for one in page["nodes"]}

    def apply(self, event):
        if event.get("inFeed", True):
            shown = (*TEE_TIME.split(), "match")
            self.rows[event["teeTimeId"]] = {name: event[name] for name in shown}
        else:
            self.rows.pop(event["teeTimeId"], None)


SNAPSHOT = f"{{ hostedTeeTimes {{ cursor nodes {{ {TEE_TIME} {MATCH} }} }} }}"


async def test_a_snapshot_and_the_events_after_it_are_a_fresh_snapshot(world):
    (ana, _), (ben, ben_id), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    hosted = {"selection": "hostedTeeTime { id }"}
    place = {"placeName": "Dunes", "timeZone": "Europe/Madrid", "startsAt": START.isoformat()}

    async def host(**more):
        made = await do(world, "hostTeeTime", who=ana, **hosted, **place, **{"places": 1} | more)
        return {"teeTimeId": made["hostedTeeTime"]["id"], **hosted}

    async def snapshot():
        return (await world.server.run(SNAPSHOT, who=ben)).data["hostedTeeTimes"]

    one, two = await host(), await host(needsApproval=True)
    page = await snapshot()
    screen, fresh = Screen(page), page
    assert len(screen.rows) == 2
    three = await host(industries=["LEGAL"], places=3)
    steps = [
        ("updateHostedTeeTime", ana, one | {"notes": "Walking"}, 1),
        ("updateHostedTeeTime", ana, three | {"industries": ["FINANCE"]}, 1),
        ("joinTeeTime", eva, one, 1),
        ("leaveTeeTime", eva, one, 1),
        ("joinTeeTime", ben, one, 1),
        ("leaveTeeTime", ben, one, 1),
        ("joinTeeTime", eva, two, 0),
        ("joinTeeTime", ben, two, 1),
        ("withdrawJoinRequest", ben, two, 1),
        ("joinTeeTime", ben, two, 1),
        ("answerJoinRequest", ana, two | {"golferId": ben_id, "accept": False}, 1),
        ("joinTeeTime", ben, three, 1),
        ("removeParticipant", ana, three | {"golferId": ben_id}, 1),
        ("updateHostedTeeTime", ana, three | {"industries": ["EDUCATION"]}, 1),
        ("cancelHostedTeeTime", ana, two, 1),
    ]
    async with world.server.socket(ben) as socket:
        await socket.subscribe(FEED, after=page["cursor"])
        screen.apply(await socket.event())  # LEGAL is related to FINANCE
        for operation, who, given, count in steps:
            await do(world, operation, who=who, **given)
            for event in await socket.events(count):
                screen.apply(event)
            fresh = await snapshot()
            assert screen.rows == {row["teeTimeId"]: row for row in fresh["nodes"]}, operation
    assert list(screen.rows) == [one["teeTimeId"]]


async def test_who_has_blocked_another_hears_nothing_of_them_from_then_on_nor_they(world):
    (ana, ana_id), (ben, ben_id), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    place = {"placeName": "Dunes", "timeZone": "Europe/Madrid", "startsAt": START.isoformat(), "places": 3}

    async def host(who, name):
        await do(world, "hostTeeTime", who=who, selection="hostedTeeTime { id }", **place | {"placeName": name})

    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(who)) for who in (ana, ben, eva)]
        for socket in sockets:
            await socket.subscribe(FEED)
        await all_follow(world.server, 3)
        await host(eva, "First")
        assert [(await socket.event())["placeName"] for socket in sockets[:2]] == ["First", "First"]
        await do(world, "blockGolfer", who=ana, golferId=ben_id)
        for who, name in ((ana, "Ana's"), (ben, "Ben's"), (eva, "Last")):
            await host(who, name)
        anew = "feed:refresh"
        for socket in sockets[:2]:
            told = await socket.events(2)
            assert [event.get("placeName", event["type"]) for event in told] == [anew, "Last"]
        assert [event["placeName"] for event in await sockets[2].events(2)] == ["Ana's", "Ben's"]
        await do(world, "unblockGolfer", who=ana, golferId=ben_id)
        await host(ana, "Again")
        told = await sockets[1].events(2)
        assert [event.get("placeName", event["type"]) for event in told] == [anew, "Again"]
        await do(world, "updateGolfer", who=ben, industry="EDUCATION")
        await do(world, "connectGolfers", who=ben, golferId=ana_id)
        await do(world, "connectGolfers", who=ana, golferId=ben_id)
        await host(ana, "Of a friend")
        assert [event["type"] for event in await sockets[1].events(2)] == [anew, anew]
        match = (await sockets[1].event())["match"]
        assert (match["industry"], match["social"]) == (10, 5), "they are scored as they are by now"


async def test_a_feed_is_followed_from_a_cursor_on_with_the_score_of_the_one_who_comes_back(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben", industry="LEGAL")
    page = (await world.server.run(SNAPSHOT, who=ben)).data["hostedTeeTimes"]
    place = {"placeName": "Dunes", "timeZone": "Europe/Madrid", "startsAt": START.isoformat(), "places": 3}
    await do(world, "hostTeeTime", who=ana, selection="hostedTeeTime { id }", **place)
    async with world.server.socket(ben) as socket:
        await socket.subscribe(FEED, after=page["cursor"], industries=["FINANCE"])
        event = await socket.event()
        assert (event["type"], event["match"]["industry"]) == ("feed:new-tee-time", 20)


async def test_who_is_no_golfer_follows_no_feed_and_a_wrong_span_is_refused(world):
    ana, _ = await golfer(world, "ana")
    wrong = {"dates": {"first": START.isoformat(), "last": MORNING.isoformat()}}
    for who, variables in ((world.player("nobody"), {}), (ana, wrong)):
        async with world.server.socket(who) as socket:
            await socket.subscribe(FEED, **variables)
            assert (await socket.receive())["type"] == "error"
