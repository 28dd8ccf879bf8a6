"""The live feed follows what golfers are to each other: who they are, whom they know, and whom they have blocked."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain.matching import rounds
from domain.matching.hiding import HIDE, HIDE_ALL
from kit.ids import parse_id
from tests.harness import MORNING, Who, World
from tests.matching.crew import work_off
from tests.matching.golf import do, golfer, sent_photo
from tests.matching.test_hosted import act, host, room
from tests.matching.test_live_feed import FEED, SNAPSHOT, Screen, all_follow
from tests.matching.test_messages import say

ROOM_EVENTS = """subscription($id: ID!, $after: String) { hostedTeeTimeEvents(teeTimeId: $id, after: $after) {
    ... on StreamEvent { type }
    ... on MessageSent { text }
} }"""


async def snapshot(world, who):
    answer = await world.server.run(SNAPSHOT, who=who)
    return answer.data["hostedTeeTimes"] if "errors" not in answer else {"nodes": []}


@dataclass
class Watch:
    """A golfer's screen, which events alone keep up to date, but that it is read anew where they say so."""

    world: World
    who: Who
    screen: Screen
    socket: object

    async def hear(self, *expected):
        """Hear events of these kinds, and nothing else, and show by them what a fresh look shows."""
        for kind in expected:
            event = await self.socket.event()
            told = event["type"] if "changes" not in event else (event["changes"], event["inFeed"])
            assert told == kind, event
            if event["type"] == "feed:refresh":
                self.screen = Screen(await snapshot(self.world, self.who))
            else:
                self.screen.apply(event)
        await self.socket.send(type="ping")
        assert (await self.socket.receive())["type"] == "pong"
        fresh = await snapshot(self.world, self.who)
        assert self.screen.rows == {row["teeTimeId"]: row for row in fresh["nodes"]}


ANEW = "feed:refresh"


def changed(*names, in_feed=True):
    return list(names), in_feed


@pytest.fixture
async def three(world):
    """Ana, who hosts; Ben, who watches; and Eva, as players and by their ids."""
    found = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    await host(world, found[0][0])
    return found


@pytest.fixture
async def watch(world, three):
    ben = three[1][0]
    page = await snapshot(world, ben)
    assert len(page["nodes"]) == 1
    async with world.server.socket(ben) as socket:
        await socket.subscribe(FEED, after=page["cursor"])
        await all_follow(world.server, 1)
        yield Watch(world, ben, Screen(page), socket)


async def report(world, who, golfer_id):
    made = await do(world, "reportGolfer", who=who, selection="report { id }", golferId=golfer_id, reason="Rude")
    return made["report"]["id"]


async def suspend(world, who, golfer_id):
    given = {"reportId": await report(world, who, golfer_id), "outcome": "SUSPENDED"}
    await do(world, "answerGolferReport", who=world.admin, selection="report { outcome }", **given)


async def test_what_one_says_of_oneself_has_the_feed_read_anew_where_it_counts(world, three, watch):
    ben = three[1][0]
    for given, expected in (
        ({"headline": "Hello"}, ()),
        ({"industry": "LEGAL"}, (ANEW,)),
        ({"handicapIndex": 30.0}, (ANEW,)),
        ({"handicapIndex": 31.0}, ()),
        ({"city": "Málaga", "country": "ES"}, (ANEW,)),
        ({"latitude": 36.7, "longitude": -4.4}, (ANEW,)),
    ):
        await do(world, "updateGolfer", who=ben, **given)
        await watch.hear(*expected)


async def test_what_a_host_says_of_themselves_is_told_of_the_tee_times_that_they_host(world, three, watch):
    ana = three[0][0]
    await do(world, "updateGolfer", who=ana, name="Ana Ruiz", city="Málaga")
    await watch.hear(changed("hostName", "host"))
    await do(world, "updateGolfer", who=ana, industry="TECH")
    await watch.hear(changed("hostIndustry", "host"))
    await do(world, "updateGolfer", who=ana, headline="Hello", handicapIndex=3.0)
    await watch.hear(changed("host"))
    await do(world, "updateGolfer", who=ana, pictureId=await sent_photo(world, ana))
    await watch.hear(changed("hostPhotoUrl", "host"))
    await do(world, "updateGolfer", who=ana, visibility="MEMBERS", language="es")
    await watch.hear()


async def test_a_host_who_has_hosted_three_rounds_is_new_no_more(world, clock):
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    soon = (MORNING + timedelta(hours=1)).isoformat()
    played = [(await host(world, ana, startsAt=soon))["id"] for _ in range(3)]
    for one in played:
        await act(world, "joinTeeTime", who=eva, teeTimeId=one)
    clock.advance(hours=8)
    await host(world, ana)
    page = await snapshot(world, ben)
    assert [one["match"]["social"] for one in page["nodes"]] == [2]
    async with world.server.socket(ben) as socket:
        await socket.subscribe(FEED, after=page["cursor"])
        await all_follow(world.server, 1)
        watch = Watch(world, ben, Screen(page), socket)
        async with world.server.runtime.work.change(world.tenant_id) as change:
            for one in played:
                key = parse_id("hosted_tee_time", one)
                await rounds.complete(change.session, tee_time_id=key, now=clock())
        await watch.hear(changed("match"))
    assert [one["match"]["social"] for one in watch.screen.rows.values()] == [0]


async def test_who_is_connected_scores_more_also_by_way_of_another(world, three, watch):
    (ana, ana_id), (ben, ben_id), (eva, eva_id) = three
    await do(world, "connectGolfers", who=ben, golferId=eva_id)
    await watch.hear()
    await do(world, "connectGolfers", who=eva, golferId=ben_id)
    await watch.hear(ANEW)
    for who, other in ((eva, ana_id), (ana, eva_id)):
        await do(world, "connectGolfers", who=who, golferId=other)
    await watch.hear(ANEW)
    assert [one["match"]["social"] for one in watch.screen.rows.values()] == [5]
    await do(world, "disconnectGolfers", who=eva, golferId=ana_id)
    await watch.hear(ANEW)
    assert [one["match"]["social"] for one in watch.screen.rows.values()] == [2]


@pytest.mark.parametrize("by_host", [True, False])
async def test_a_block_takes_the_others_tee_times_away_at_once_whoever_blocks(world, three, watch, by_host):
    (ana, ana_id), (ben, ben_id), _ = three
    who, other = (ana, ben_id) if by_host else (ben, ana_id)
    await do(world, "blockGolfer", who=who, golferId=other)
    await watch.hear(ANEW)
    assert watch.screen.rows == {}
    await do(world, "unblockGolfer", who=who, golferId=other)
    await watch.hear(ANEW)
    assert len(watch.screen.rows) == 1


async def test_a_suspended_host_s_tee_times_go_and_come_back(world, three, watch):
    _, (ben, ben_id), (eva, _) = three
    await suspend(world, ben, three[0][1])
    await watch.hear(changed(in_feed=False))
    assert watch.screen.rows == {}
    await do(world, "reinstateGolfer", who=world.admin, golferId=three[0][1])
    await watch.hear(changed())
    assert len(watch.screen.rows) == 1
    await suspend(world, eva, ben_id)
    await watch.hear(ANEW)
    assert watch.screen.rows == {}


async def test_which_lines_of_work_are_related_is_told_to_golfers_of_these(world, three, watch):
    relation = {"selection": "relations { industry }", "strength": "LOW"}
    await do(world, "setIndustryRelation", who=world.admin, industry="TECH", otherIndustry="LEGAL", **relation)
    await watch.hear()
    await do(world, "setIndustryRelation", who=world.admin, industry="FINANCE", otherIndustry="LEGAL", **relation)
    await watch.hear(ANEW)


async def test_who_hears_of_one_line_of_work_alone_is_told_to_read_anew_as_well(world, three):
    (_, ana_id), (ben, _), (eva, _) = three
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(who)) for who in (ben, eva)]
        for socket in sockets:
            await socket.subscribe(FEED, industries=["TECH"])
        await all_follow(world.server, 2)
        await do(world, "blockGolfer", who=ben, golferId=ana_id)
        assert (await sockets[0].event())["type"] == ANEW
        await do(world, "updateGolfer", who=eva, industry="MEDIA_ENTERTAINMENT")
        assert (await sockets[1].event())["type"] == ANEW
        await sockets[0].send(type="ping")
        assert (await sockets[0].receive())["type"] == "pong", "others' feeds are what they were"


async def test_whoever_is_blocked_hears_no_more_of_a_tee_time_and_those_in_it_stay(world, three):
    (ana, _), (ben, ben_id), (eva, _) = three
    (noa, noa_id) = await golfer(world, "noa")
    hosted = await host(world, ana)
    await act(world, "joinTeeTime", who=noa, teeTimeId=hosted["id"])
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(who)) for who in (ben, eva, noa)]
        for socket in sockets:
            await socket.subscribe(ROOM_EVENTS, id=hosted["id"])
        await all_follow(world.server, 3)
        for blocked in (ben_id, noa_id):
            await do(world, "blockGolfer", who=ana, golferId=blocked)
        assert (await sockets[0].event())["type"] == "tee-time:hidden"
        await act(world, "updateHostedTeeTime", who=ana, teeTimeId=hosted["id"], notes="Walking")
        for socket in sockets[1:]:
            assert (await socket.event())["type"] == "tee-time:updated"
        await sockets[0].send(type="ping")
        assert (await sockets[0].receive())["type"] == "pong", "nothing more"
    assert await room(world, ben, hosted) == "NOT_FOUND"
    assert (await room(world, noa, hosted))["notes"] == "Walking"


async def test_who_is_suspended_hears_no_more_of_what_is_written_and_others_nothing_of_what_they_host(world, three):
    (ana, ana_id), (ben, ben_id), (eva, _) = three
    hosted = await host(world, ana)
    await act(world, "joinTeeTime", who=ben, teeTimeId=hosted["id"])
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(who)) for who in (ana, ben, eva)]
        for socket in sockets:
            await socket.subscribe(ROOM_EVENTS, id=hosted["id"])
        await all_follow(world.server, 3)
        await suspend(world, ana, ben_id)
        assert (await sockets[1].event())["type"] == "tee-time:hidden"
        await say(world, ana, hosted, "Secret")
        assert (await sockets[0].event())["text"] == "Secret"
        await suspend(world, eva, ana_id)
        assert (await sockets[0].event())["type"] == "tee-time:hidden"
        assert (await sockets[2].event())["type"] == "tee-time:hidden"
        await sockets[1].send(type="ping")
        assert (await sockets[1].receive())["type"] == "pong", "nothing of the message"


@pytest.mark.parametrize("how", ["suspended", "erased"])
async def test_who_is_out_hears_no_more_of_tee_times_that_they_only_look_at(world, three, how):
    (ana, _), (ben, ben_id), (eva, _) = three
    hosted = await host(world, ana)
    await act(world, "joinTeeTime", who=eva, teeTimeId=hosted["id"])
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(world.server.socket(who)) for who in (ben, eva)]
        for socket in sockets:
            await socket.subscribe(ROOM_EVENTS, id=hosted["id"])
        await all_follow(world.server, 2)
        if how == "suspended":
            await suspend(world, ana, ben_id)
        else:
            await do(world, "eraseGolfer", who=ben, selection="golferId")
        await work_off(world, HIDE_ALL, HIDE, twice=True)
        assert (await sockets[0].event())["type"] == "tee-time:hidden"
        await act(world, "updateHostedTeeTime", who=ana, teeTimeId=hosted["id"], notes="Walking")
        assert (await sockets[1].event())["type"] == "tee-time:updated", "others hear nothing of whom it is hidden from"
        await sockets[0].send(type="ping")
        assert (await sockets[0].receive())["type"] == "pong", "nothing more"


@pytest.mark.parametrize("what", ["host blocks", "golfer blocks", "suspended"])
async def test_a_question_whether_one_may_join_is_taken_back_by_a_block_and_a_suspension(world, three, what):
    (ana, ana_id), (ben, ben_id), _ = three
    hosted = await host(world, ana, needsApproval=True)
    last = await act(world, "joinTeeTime", who=ben, teeTimeId=hosted["id"])
    async with world.server.socket(ana) as socket:
        await socket.subscribe(ROOM_EVENTS, id=hosted["id"], after=last["cursor"])
        if what == "suspended":
            await suspend(world, ana, ben_id)
        else:
            who, other = (ana, ben_id) if what == "host blocks" else (ben, ana_id)
            await do(world, "blockGolfer", who=who, golferId=other)
        assert (await socket.event())["type"] == "tee-time:join-withdrawn"
    assert (await room(world, ana, hosted))["requests"] == []
    query = "mutation($input: AnswerJoinRequestInput!) { answerJoinRequest(input: $input) { problems { code } } }"
    given = {"teeTimeId": hosted["id"], "golferId": ben_id, "accept": True}
    answer = await world.server.run(query, who=ana, input=given)
    assert answer.code == "NOT_FOUND", "whoever is out is answered like who does not exist"
