"""Hosted tee times with a booking behind them: one follows from the other, in both directions, and is told once."""

import asyncio
from collections import Counter

import pytest

from tests.harness import TEMPLATE
from tests.matching.golf import do, golfer, problem_of
from tests.matching.test_hosted import EVENTS, act, notified, room, seated

BOOKING = """query($id: ID!) { booking(id: $id) {
    status priceCents: price { amountCents } players { position firstName lastName playerId }
} }"""


async def book(world, who, *, tee_time=None, players=({"firstName": "Ana", "lastName": "Ruiz"},), places=4):
    wish = {"teeTimeId": tee_time or world.tee_time(), "places": places, "players": list(players)}
    payload = await world.server.mutate(
        "bookSlots", "booking { id }", who=who, payer={"firstName": "Ana", "lastName": "Ruiz"}, **wish
    )
    return payload["booking"]["id"]


async def behind(world, who, booking, **more):
    """Host a tee time with a booking behind it."""
    return await act(world, "hostTeeTime", who=who, **{"bookingId": booking, "places": 3} | more)


async def names(world, booking):
    answer = await world.server.run(BOOKING, who=world.staff, id=booking)
    return [f"{one['firstName']} {one['lastName']}".strip() for one in answer.data["booking"]["players"]]


async def desk(world, operation, booking, **given):
    payload = await world.server.mutate(operation, "booking { id }", who=world.staff, bookingId=booking, **given)
    assert payload["problems"] == [], payload
    return payload


@pytest.fixture
async def hosted(world):
    """Ana's booking of four places, which she hosts; Ben and Eva."""
    (ana, _), (ben, _), (eva, _) = [await golfer(world, name) for name in ("ana", "ben", "eva")]
    booking = await book(world, ana)
    return booking, await behind(world, ana, booking), (ana, ben, eva)


async def test_it_is_where_and_when_the_booking_is_and_joining_names_a_place_there(world, hosted):
    booking, made, (_, ben, eva) = hosted
    assert (made["placeName"], made["startsAt"]) == ("Old", world.tee_times[-1]["startsAt"])
    price = (await world.server.run(BOOKING, who=world.staff, id=booking)).data["booking"]["priceCents"]
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])
    assert await names(world, booking) == ["Ana Ruiz", "Ben", "Eva", ""]
    await act(world, "leaveTeeTime", who=ben, teeTimeId=made["id"])
    assert await names(world, booking) == ["Ana Ruiz", "", "Eva", ""]
    assert (await world.server.run(BOOKING, who=world.staff, id=booking)).data["booking"]["priceCents"] == price
    again = await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert (again["openPlaces"], await names(world, booking)) == (1, ["Ana Ruiz", "Ben", "Eva", ""])


async def test_whom_the_club_knows_plays_as_that_player_and_sees_the_booking(world, hosted):
    booking, made, (_, ben, _) = hosted
    known = {"firstName": "Benito", "lastName": "Vado", "priceClass": "MEMBER", "userId": ben.user_id}
    player = await world.server.mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **known)
    assert "errors" in await world.server.run(BOOKING, who=ben, id=booking)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    seen = (await world.server.run(BOOKING, who=ben, id=booking)).data["booking"]["players"][1]
    assert (seen["firstName"], seen["playerId"]) == ("Benito", player["player"]["id"])


async def test_what_cannot_be_hosted_so_is_refused(world, hosted):
    booking, made, (ana, ben, _) = hosted
    refused = await problem_of(world, "hostTeeTime", who=ana, bookingId=booking, places=1)
    assert (refused["code"], refused["path"]) == ("BOOKING_HOSTED", ["input", "bookingId"])
    other = await book(world, ana, tee_time=world.tee_time(-2), places=2)
    for wrong, path in (
        ({"places": 2}, "places"),
        ({"places": 1, "courseId": world.course}, "courseId"),
        ({"places": 1, "startsAt": made["startsAt"]}, "startsAt"),
    ):
        assert (await problem_of(world, "hostTeeTime", who=ana, bookingId=other, **wrong))["path"] == ["input", path]
    assert (await problem_of(world, "hostTeeTime", who=ana, places=1, courseId=world.course))["path"][1] == "startsAt"
    for who, code in ((ben, "NOT_FOUND"), (world.staff, "PROFILE_MISSING")):
        query = "mutation($id: ID!) { hostTeeTime(input: {bookingId: $id, places: 1}) { problems { code } } }"
        answer = await world.server.run(query, who=who, id=other)
        found = answer.code if "errors" in answer else answer.data["hostTeeTime"]["problems"][0]["code"]
        assert found in {code, "NOT_ALLOWED"}
    await desk(world, "cancelBooking", other)
    late = await problem_of(world, "hostTeeTime", who=ana, bookingId=other, places=1)
    assert late["code"] == "BOOKING_NOT_CHANGEABLE"
    given = {"teeTimeId": made["id"], "startsAt": "2026-05-20T08:00:00Z"}
    assert (await problem_of(world, "updateHostedTeeTime", who=ana, **given))["path"] == ["input", "startsAt"]


async def test_of_thirty_who_want_three_places_three_are_in_and_in_the_booking(world, hosted):
    booking, made, (ana, _, _) = hosted
    others = [(await golfer(world, f"golfer {number}"))[0] for number in range(30)]
    query = "mutation($id: ID!) { joinTeeTime(input: {teeTimeId: $id}) { problems { code } } }"
    answers = await asyncio.gather(*(world.server.run(query, who=who, id=made["id"]) for who in others))
    refused = Counter(one["code"] for answer in answers for one in answer.data["joinTeeTime"]["problems"])
    assert refused == {"TEE_TIME_FULL": 27}
    seen = await room(world, ana, made)
    assert sorted(await names(world, booking)) == sorted(["Ana Ruiz", *seated(seen)[1:]])
    assert (seen["status"], seen["openPlaces"]) == ("FULL", 0)


async def test_a_host_who_decides_has_the_place_named_with_the_answer(world):
    (ana, _), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    booking = await book(world, ana)
    made = await behind(world, ana, booking, needsApproval=True)
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    assert await names(world, booking) == ["Ana Ruiz", "", "", ""]
    await act(world, "answerJoinRequest", who=ana, teeTimeId=made["id"], golferId=ben_id, accept=True)
    assert await names(world, booking) == ["Ana Ruiz", "Ben", "", ""]
    await act(world, "removeParticipant", who=ana, teeTimeId=made["id"], golferId=ben_id)
    assert await names(world, booking) == ["Ana Ruiz", "", "", ""]


async def test_a_moved_booking_moves_the_tee_time_and_each_is_told_once(world, hosted):
    booking, made, (ana, ben, eva) = hosted
    known = {"firstName": "Ben", "lastName": "Vado", "priceClass": "MEMBER", "userId": ben.user_id}
    await world.server.mutate("addPlayer", "player { id }", who=world.admin, clubId=world.club, **known)
    for who in (ben, eva):
        last = await act(world, "joinTeeTime", who=who, teeTimeId=made["id"])
    await desk(world, "moveBooking", booking, teeTimeId=world.tee_time(-2))
    assert (await room(world, eva, made))["startsAt"] == world.tee_times[-2]["startsAt"]
    for who in (ana, ben, eva):
        assert [kind for kind, _ in await notified(world, who) if kind.startswith("BOOKING")] == ["BOOKING_MOVED"]
    async with world.server.socket(eva) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=last["cursor"])
        assert (await socket.event())["changes"] == ["startsAt"]


async def test_a_booking_that_moves_to_another_course_takes_the_place_along(world, hosted):
    booking, made, (_, ben, eva) = hosted
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    where = {"latitude": 40.4, "longitude": -3.7, "city": "Madrid", "country": "ES"}
    given = {"clubId": world.club, "name": "New", "holes": 18, **where}
    new = await world.server.mutate("createCourse", "course { id }", who=world.admin, **given)
    sheet = {"courseId": new["course"]["id"], "date": world.day.isoformat()}
    template = TEMPLATE | {"courseId": sheet["courseId"]}
    await world.server.mutate("setSheetTemplate", "template { id }", who=world.staff, **template)
    await world.server.mutate("generateTeeSheet", "teeSheets { id }", who=world.staff, **sheet)
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id startsAt } } }"
    read = await world.server.run(query, who=world.staff, c=sheet["courseId"], d=sheet["date"])
    there = read.data["teeSheet"]["teeTimes"][-1]
    await desk(world, "moveBooking", booking, teeTimeId=there["id"])
    seen = await room(world, ben, made)
    assert (seen["placeName"], seen["startsAt"]) == ("New", there["startsAt"])
    feed = "{ hostedTeeTimes { nodes { placeName city match { proximity } } } }"
    await do(world, "updateGolfer", who=eva, **where)
    [found] = (await world.server.run(feed, who=eva)).data["hostedTeeTimes"]["nodes"]
    assert found == {"placeName": "New", "city": "Madrid", "match": {"proximity": 25}}
    async with world.server.socket(ben) as socket:
        await socket.subscribe(EVENTS, id=made["id"], after=made["cursor"])
        [_, moved] = await socket.events(2)
    assert {"placeName", "startsAt"} >= set(moved["changes"]) >= {"placeName"}


async def test_a_delayed_sheet_delays_the_tee_time(world, hosted):
    _, made, (_, ben, _) = hosted
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "06:00", "minutes": 20}
    await world.server.mutate("delayTeeTimes", "teeSheet { id }", who=world.staff, **given)
    await world.read()
    assert (await room(world, ben, made))["startsAt"] == world.tee_times[-1]["startsAt"] != made["startsAt"]


async def test_a_cancelled_booking_cancels_the_tee_time_and_a_restored_one_brings_it_back(world, hosted):
    booking, made, (ana, ben, eva) = hosted
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await desk(world, "cancelBooking", booking)
    over = await room(world, ben, made)
    assert (over["status"], over["cancelReason"]) == ("CANCELLED", "The booking was cancelled.")
    assert (await notified(world, ben))[0] == ("TEE_TIME_CANCELLED", "Tee time cancelled")
    assert Counter(kind for kind, _ in await notified(world, ana)) == {"SLOT_JOINED": 1, "BOOKING_CANCELLED": 1}
    assert (await problem_of(world, "joinTeeTime", who=eva, teeTimeId=made["id"]))["code"] == "TEE_TIME_OVER"
    await desk(world, "restoreBooking", booking)
    back = await room(world, ben, made)
    assert (back["status"], back["openPlaces"], back["cancelReason"]) == ("OPEN", 2, "")
    await act(world, "joinTeeTime", who=eva, teeTimeId=made["id"])
    assert await names(world, booking) == ["Ana Ruiz", "Ben", "Eva", ""]


async def test_a_cancelled_tee_time_leaves_the_booking_without_the_others_names(world, hosted):
    booking, made, (ana, ben, _) = hosted
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    await act(world, "cancelHostedTeeTime", who=ana, teeTimeId=made["id"])
    assert await names(world, booking) == ["Ana Ruiz", "", "", ""]
    assert (await behind(world, ana, booking))["openPlaces"] == 3


async def test_who_is_taken_off_the_booking_is_off_the_tee_time_and_its_places_are_those_without_a_name(world, hosted):
    booking, made, (ana, ben, eva) = hosted
    for who in (ben, eva):
        await act(world, "joinTeeTime", who=who, teeTimeId=made["id"])
    await desk(world, "updateBooking", booking, removePositions=[2])
    seen = await room(world, ana, made)
    assert (seated(seen), seen["places"], seen["openPlaces"]) == (["Ana", None, "Eva"], 2, 1)
    assert ("SLOT_LEFT", "Ben left your tee time") in await notified(world, ben)
    await desk(world, "updateBooking", booking, players=[{"position": 4, "firstName": "Noa", "lastName": "Prado"}])
    seen = await room(world, ana, made)
    assert (seen["status"], seen["places"], seen["openPlaces"]) == ("FULL", 1, 0)
    await desk(world, "updateBooking", booking, removePositions=[3])
    assert (await room(world, ana, made))["cancelReason"] == "Its places were given to others."


async def test_a_closing_course_tells_each_who_plays_once(world, hosted):
    _, made, (ana, ben, eva) = hosted
    await act(world, "joinTeeTime", who=ben, teeTimeId=made["id"])
    elsewhere = await act(
        world, "hostTeeTime", who=eva, courseId=world.course, places=1, startsAt=world.tee_times[-3]["startsAt"]
    )
    for status in ("CLOSED", "CLOSED"):
        given = {"courseId": world.course, "status": status, "reason": "Fog"}
        await world.server.mutate("setCourseStatus", "course { id }", who=world.staff, **given)
    for who in (ana, ben, eva):
        assert [kind for kind, _ in await notified(world, who)].count("COURSE_CLOSED") == 1
    assert (await room(world, ben, made))["status"] == (await room(world, eva, elsewhere))["status"] == "OPEN"


async def test_a_booking_that_moves_while_somebody_joins_is_what_both_made_of_it(world, hosted):
    booking, made, (ana, _, _) = hosted
    others = [(await golfer(world, f"golfer {number}"))[0] for number in range(3)]
    join = "mutation($id: ID!) { joinTeeTime(input: {teeTimeId: $id}) { problems { code } } }"
    move = "mutation($id: ID!, $to: ID!) { moveBooking(input: {bookingId: $id, teeTimeId: $to}) { problems { code } } }"
    await asyncio.gather(
        *(world.server.run(join, who=who, id=made["id"]) for who in others),
        *(world.server.run(move, who=world.staff, id=booking, to=world.tee_time(-n)) for n in (2, 3, 4)),
    )
    seen = await room(world, ana, made)
    assert sorted(await names(world, booking)) == sorted(["Ana Ruiz", *seated(seen)[1:]])
    query = "query($id: ID!) { booking(id: $id) { teeTime { startsAt } } }"
    start = (await world.server.run(query, who=world.staff, id=booking)).data["booking"]["teeTime"]["startsAt"]
    assert seen["startsAt"] == start
    assert (await do(world, "leaveTeeTime", who=others[0], selection="cursor", teeTimeId=made["id"]))["cursor"]
