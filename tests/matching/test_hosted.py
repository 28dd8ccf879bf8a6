"""Hosted tee times: hosting, joining, answering, leaving, and what each hears of it."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.notifications.texts import text_of
from models.clubs.values import Language
from models.notifications import Notification
from tests.harness import MORNING
from tests.matching.golf import code_of, do, golfer, problem_of, see

HOSTED = """hostedTeeTime {
    id host { name } placeName startsAt places openPlaces industries skillLevel needsApproval notes status
    cancelReason myStatus slots { slotNumber isOpen golfer { name } } requests { golfer { name } }
}"""
START = (MORNING + timedelta(days=3)).isoformat()
EVENTS = """subscription($id: ID!, $after: String) { hostedTeeTimeEvents(teeTimeId: $id, after: $after) {
    ... on StreamEvent { type cursor }
    ... on SlotJoined { slotNumber openPlaces golferId golferName }
    ... on SlotLeft { slotNumber openPlaces golferName }
    ... on JoinRequested { golferName }
    ... on JoinAnswered { golferName isAccepted }
    ... on HostedTeeTimeUpdated { changes places status }
    ... on HostedTeeTimeCancelled { reason }
} }"""


async def act(world, operation, /, *, who, **given):
    payload = await do(world, operation, who=who, selection=HOSTED, **given)
    return payload["hostedTeeTime"] | {"cursor": payload["cursor"]}


async def host(world, who, **more):
    """Host a tee time; give it as its host sees it, with its cursor."""
    return await act(world, "hostTeeTime", who=who, **{"courseId": world.course, "startsAt": START, "places": 3} | more)


async def room(world, who, tee_time):
    query = f"query($id: ID!) {{ {HOSTED.replace('hostedTeeTime {', 'hostedTeeTime(id: $id) { cursor', 1)} }}"
    answer = await world.server.run(query, who=who, id=tee_time["id"])
    return answer.code if "errors" in answer else answer.data["hostedTeeTime"]


async def told(world, who, tee_time, after, count):
    async with world.server.socket(who) as socket:
        await socket.subscribe(EVENTS, id=tee_time["id"], after=after)
        return await socket.events(count)


async def notified(world, who):
    answer = await world.server.run("{ notifications { nodes { kind title } } }", who=who)
    return [(one["kind"], one["title"]) for one in answer.data["notifications"]["nodes"]]


def seated(shown):
    return [slot["golfer"] and slot["golfer"]["name"] for slot in shown["slots"]]


async def test_a_hosted_tee_time_is_what_its_host_said(world):
    ana, _ = await golfer(world, "ana")
    made = await host(world, ana, places=2, industries=["TECH", "FINANCE"], skillLevel="ADVANCED", notes="Walking")
    assert made["placeName"] == "Old"
    assert (made["places"], made["openPlaces"], made["status"]) == (2, 2, "OPEN")
    assert made["industries"] == ["FINANCE", "TECH"]
    assert (made["skillLevel"], made["notes"], made["myStatus"], made["requests"]) == (
        "ADVANCED",
        "Walking",
        "JOINED",
        [],
    )
    assert made["slots"] == [
        {"slotNumber": 0, "isOpen": False, "golfer": {"name": "Ana"}},
        {"slotNumber": 1, "isOpen": True, "golfer": None},
        {"slotNumber": 2, "isOpen": True, "golfer": None},
    ]


async def test_hosting_twice_by_one_key_is_done_once(world):
    ana, _ = await golfer(world, "ana")
    made = [await host(world, ana, idempotencyKey="one") for _ in range(2)]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"startsAt": MORNING.isoformat()}, "startsAt"),
        ({"startsAt": (MORNING + timedelta(days=366)).isoformat()}, "startsAt"),
        ({"places": 0}, "places"),
        ({"places": 4}, "places"),
        ({"courseId": None}, "placeName"),
        ({"courseId": None, "placeName": "Dunes"}, "timeZone"),
        ({"latitude": 91, "longitude": 0}, "latitude"),
        ({"country": "Spain"}, "country"),
    ],
)
async def test_what_cannot_be_hosted_is_refused_by_its_name(world, wrong, path):
    ana, _ = await golfer(world, "ana")
    given = {"courseId": world.course, "startsAt": START, "places": 3} | wrong
    assert (await problem_of(world, "hostTeeTime", who=ana, **given))["path"] == ["input", path]


async def test_who_joins_has_a_place_and_all_are_told_as_far_as_they_may_know(world):
    (ana, _), (ben, ben_id), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana)
    joined = await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert (joined["myStatus"], joined["openPlaces"], seated(joined)) == ("JOINED", 2, ["Ana", "Ben", None, None])
    [among] = await told(world, ana, made, made["cursor"], 1)
    assert (among["type"], among["slotNumber"], among["openPlaces"]) == ("tee-time:slot-joined", 1, 2)
    assert (among["golferId"], among["golferName"]) == (ben_id, "Ben")
    [outside] = await told(world, eva, made, made["cursor"], 1)
    assert (outside["openPlaces"], outside["golferId"], outside["golferName"]) == (2, None, None)
    assert await notified(world, ana) == [("SLOT_JOINED", "Ben joined your tee time")]
    assert (await problem_of(world, "joinTeeTime", who=ben, teeTimeId=made["id"]))["code"] == "ALREADY_JOINED"


async def test_a_place_that_was_given_up_is_taken_by_the_next(world):
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana, places=1)
    full = await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert (full["status"], full["openPlaces"]) == ("FULL", 0)
    assert (await problem_of(world, "joinTeeTime", who=eva, teeTimeId=made["id"]))["code"] == "TEE_TIME_FULL"
    left = await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
    assert (left["status"], left["myStatus"], seated(left)) == ("OPEN", "LEFT", ["Ana", None])
    assert (await problem_of(world, "leaveTeeTime", who=ben, teeTimeId=made["id"]))["code"] == "NOT_A_PARTICIPANT"
    assert (await problem_of(world, "leaveTeeTime", who=ana, teeTimeId=made["id"]))["code"] == "HOST_STAYS"
    assert seated(await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])) == ["Ana", "Eva"]
    assert ("SLOT_LEFT", "Ben left your tee time") in await notified(world, ana)


async def test_who_leaves_hears_it_and_nothing_after(world):
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    cursor = (await room(world, ben, made))["cursor"]
    async with world.server.socket(ben) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=cursor)
        await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])
        assert (await socket.event())["golferName"] == "Eva"  # it is followed by now
        left = await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
        assert (await socket.event())["type"] == "tee-time:slot-left"
        await act(world, "leaveTeeTime", who=eva, teeTimeId=made["id"])
        await act(world, "updateHostedTeeTime", who=ana, teeTimeId=made["id"], places=2)
        await socket.subscribe(EVENTS, id=made["id"], after=left["cursor"])  # as all may: without names
        events = await socket.events(2)
    assert [event["type"] for event in events] == ["tee-time:slot-left", "tee-time:updated"]
    assert events[0]["golferName"] is None


async def test_a_host_may_decide_who_joins(world):
    (ana, _), (ben, ben_id), (eva, eva_id) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana, places=1, needsApproval=True)
    assert (await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"]))["myStatus"] == "REQUESTED"
    assert (await problem_of(world, "joinTeeTime", who=ben, teeTimeId=made["id"]))["code"] == "JOIN_REQUEST_PENDING"
    await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])
    seen = await room(world, ana, made)
    assert (seen["openPlaces"], [one["golfer"]["name"] for one in seen["requests"]]) == (1, ["Ben", "Eva"])
    assert (await room(world, ben, made))["requests"] is None
    answer = {"teeTimeId": made["id"], "golferId": ben_id, "accept": True}
    assert await code_of(world, "answerJoinRequest", who=eva, **answer) == "NOT_ALLOWED"
    assert seated(await act(world, "answerJoinRequest", who=ana, **answer)) == ["Ana", "Ben"]
    assert (await problem_of(world, "answerJoinRequest", who=ana, **answer))["code"] == "JOIN_NOT_REQUESTED"
    late = answer | {"golferId": eva_id}
    assert (await problem_of(world, "answerJoinRequest", who=ana, **late))["code"] == "TEE_TIME_FULL"
    await act(world, "answerJoinRequest", who=ana, **late | {"accept": False})
    assert (await room(world, eva, made))["myStatus"] is None
    events = await told(world, ana, made, made["cursor"], 5)
    assert [event["type"].removeprefix("tee-time:") for event in events] == [
        *("join-requested", "join-requested", "join-answered", "slot-joined", "join-answered")
    ]
    assert await notified(world, ben) == [("JOIN_ANSWERED", "Your request was accepted")]
    assert await notified(world, eva) == [("JOIN_ANSWERED", "Your request was declined")]
    assert Counter(kind for kind, _ in await notified(world, ana)) == {"JOIN_REQUESTED": 2}


async def test_a_question_can_be_taken_back(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await host(world, ana, needsApproval=True)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await act(world, "withdrawJoinRequest", who=ben, teeTimeId=made["id"])
    assert (await room(world, ana, made))["requests"] == []
    again = await problem_of(world, "withdrawJoinRequest", who=ben, teeTimeId=made["id"])
    assert again["code"] == "JOIN_NOT_REQUESTED"
    assert (await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"]))["myStatus"] == "REQUESTED"


async def test_a_host_may_take_somebody_off(world):
    (ana, ana_id), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await host(world, ana)
    remove = {"teeTimeId": made["id"], "golferId": ben_id}
    assert (await problem_of(world, "removeParticipant", who=ana, **remove))["code"] == "NOT_A_PARTICIPANT"
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert await code_of(world, "removeParticipant", who=ben, **remove) == "NOT_ALLOWED"
    assert seated(await act(world, "removeParticipant", who=ana, **remove)) == ["Ana", None, None, None]
    assert ("SLOT_LEFT", "Ben left your tee time") in await notified(world, ben)
    itself = await problem_of(world, "removeParticipant", who=ana, **remove | {"golferId": ana_id})
    assert itself["code"] == "HOST_STAYS"


async def test_a_change_keeps_who_has_joined_and_tells_what_changed(world):
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana, skillLevel="BEGINNER")
    for who in (ben, eva):
        last = await act(world, "joinTeeTime", who=who, teeTimeId=made["id"])
    given = {"teeTimeId": made["id"]}
    assert (await problem_of(world, "updateHostedTeeTime", who=ana, places=1, **given))["path"] == ["input", "places"]
    changed = await act(world, "updateHostedTeeTime", who=ana, places=2, skillLevel=None, **given)
    assert (changed["status"], changed["openPlaces"], changed["skillLevel"]) == ("FULL", 0, None)
    [event] = await told(world, ben, made, last["cursor"], 1)
    assert event["changes"] == ["places", "openPlaces", "skillLevel", "status"]
    assert await code_of(world, "updateHostedTeeTime", who=ben, places=3, **given) == "NOT_ALLOWED"


async def test_what_is_cancelled_is_over_and_all_concerned_are_told(world):
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made = await host(world, ana)
    last = await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await act(world, "updateHostedTeeTime", who=ana, teeTimeId=made["id"], needsApproval=True)
    await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])
    given = {"teeTimeId": made["id"]}
    assert await code_of(world, "cancelHostedTeeTime", who=ben, **given) == "NOT_ALLOWED"
    gone = await act(world, "cancelHostedTeeTime", who=ana, reason="Storm", **given)
    assert (gone["status"], gone["cancelReason"]) == ("CANCELLED", "Storm")
    assert (await told(world, ben, made, last["cursor"], 2))[-1]["reason"] == "Storm"
    for who in (ben, eva):
        assert (await notified(world, who))[0] == ("TEE_TIME_CANCELLED", "Tee time cancelled")
    for operation in ("joinTeeTime", "leaveTeeTime"):
        assert (await problem_of(world, operation, who=ben, **given))["code"] == "TEE_TIME_OVER"
    for operation in ("cancelHostedTeeTime", "updateHostedTeeTime"):
        assert (await problem_of(world, operation, who=ana, **given))["code"] == "TEE_TIME_OVER"


async def test_what_has_started_is_joined_and_left_no_more(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await host(world, ana)
    world.server.clock.advance(days=3)
    for operation, who in (("joinTeeTime", ben), ("cancelHostedTeeTime", ana)):
        assert (await problem_of(world, operation, who=who, teeTimeId=made["id"]))["code"] == "TEE_TIME_OVER"


async def test_of_thirty_who_join_at_once_three_get_the_places(world):
    ana, _ = await golfer(world, "ana")
    others = [(await golfer(world, f"golfer {number}"))[0] for number in range(30)]
    made = await host(world, ana)
    query = """mutation($id: ID!) { joinTeeTime(input: {teeTimeId: $id}) {
        hostedTeeTime { myStatus } problems { code }
    } }"""
    answers = await asyncio.gather(*(world.server.run(query, who=who, id=made["id"]) for who in others))
    payloads = [answer.data["joinTeeTime"] for answer in answers]
    refused = Counter(problem["code"] for payload in payloads for problem in payload["problems"])
    assert refused == {"TEE_TIME_FULL": 27}
    seen = await room(world, ana, made)
    assert (seen["status"], seen["openPlaces"], len([name for name in seated(seen) if name])) == ("FULL", 0, 4)


async def test_one_who_joins_many_times_at_once_has_one_place(world):
    (ana, _), (ben, _) = await golfer(world, "ana"), await golfer(world, "ben")
    made = await host(world, ana)
    query = "mutation($id: ID!) { joinTeeTime(input: {teeTimeId: $id}) { problems { code } } }"
    answers = await asyncio.gather(*(world.server.run(query, who=ben, id=made["id"]) for _ in range(8)))
    refused = Counter(one["code"] for answer in answers for one in answer.data["joinTeeTime"]["problems"])
    assert refused == {"ALREADY_JOINED": 7}
    assert (await room(world, ana, made))["openPlaces"] == 2


async def test_fellow_players_know_of_each_other_however_private(world):
    (ana, _), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben", visibility="PRIVATE")
    eva, _ = await golfer(world, "eva")
    made = await host(world, ana)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert (await see(world, ana, ben_id))["name"] == "Ben"
    assert seated(await room(world, ana, made))[1] == "Ben"
    assert await see(world, eva, ben_id) == "NOT_FOUND"
    assert seated(await room(world, eva, made))[1] is None
    await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
    assert await see(world, ana, ben_id) == "NOT_FOUND"


async def test_who_is_blocked_finds_no_tee_time_of_the_other(world):
    (ana, _), (ben, ben_id), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    made, joined = await host(world, ana), await host(world, ana)
    for who in (ben, eva):
        await act(world, "joinTeeTime", who=who, teeTimeId=joined["id"])
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    assert await room(world, ben, made) == "NOT_FOUND"
    assert await code_of(world, "joinTeeTime", who=ben, teeTimeId=made["id"]) == "NOT_FOUND"
    assert seated(await room(world, ben, joined)) == ["Ana", "Ben", "Eva", None]  # who is in it stays until either goes
    await act(world, "leaveTeeTime", who=ben, teeTimeId=joined["id"])
    assert await room(world, ben, joined) == "NOT_FOUND"


async def test_what_is_told_of_a_golfer_names_the_employer_unless_that_is_hidden(world):
    ana, _ = await golfer(world, "ana")
    made = await host(world, ana)
    for name, hides in (("john dee", False), ("jane roe", True)):
        who, _ = await golfer(world, name, employer="Larkspur", hidesEmployer=hides)
        await act(world, "joinTeeTime", who=who, teeTimeId=made["id"])
    query = "{ notifications { nodes { body } } }"
    told = [one["body"] for one in (await world.server.run(query, who=ana)).data["notifications"]["nodes"]]
    assert [body.partition(" joined your tee time at ")[0] for body in told] == ["Jane R.", "John D. from Larkspur"]
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        rows = list(
            await session.scalars(select(Notification).where(Notification.user_id == "ana").order_by(Notification.id))
        )
    spanish = [text_of(row.kind, row.data, Language.ES)[1].partition(" se une a tu salida")[0] for row in rows]
    assert [body for body in spanish if body.startswith("J")] == ["John D. de Larkspur", "Jane R."]
