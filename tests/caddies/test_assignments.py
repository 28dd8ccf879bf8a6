"""A caddie for a booking: assigning, answering, and what the booking's screens are told."""

from datetime import timedelta

import pytest

from jobs import tasks
from tests.caddies.shack import (
    act,
    add,
    add_all,
    assert_followed,
    board,
    done,
    head,
    heard,
    queue,
    refused,
    set_status,
    start,
    waiting,
)
from tests.caddies.shack import types as types_of
from tests.harness import TEE_TIMES, World, found_world

CADDIES = "query($b: ID!) { bookingCaddies(bookingId: $b) { turnId caddieId name assignedAs answer } }"
FOLLOW = """subscription($b: ID!, $after: String) { bookingEvents(bookingId: $b, after: $after) {
  ... on StreamEvent { type cursor }
  ... on TurnAssigned { turnId caddieId name assignedAs answer bookingId }
  ... on TurnAnswered { turnId caddieId name assignedAs answer bookingId }
} }"""


async def book(world: World, *, name: str = "Eva", on: str | None = None) -> str:
    given = {"teeTimeId": on or world.tee_time(0), "places": 1, "payer": {"firstName": name, "lastName": "Ruiz"}}
    payload = await world.server.mutate("bookSlots", "booking { id }", who=world.player("eva"), **given)
    assert payload["problems"] == []
    return payload["booking"]["id"]


async def assign(world: World, booking: str, **more):
    return (await done(world, "assignTurn", bookingId=booking, **more))["turn"]


async def answer(world: World, turn, accept: bool, **more):
    return await done(world, "answerTurnAssignment", turnId=turn["id"], accept=accept, **more)


async def seen(world: World, booking: str):
    """Read the booking's caddies as who made it."""
    return (await world.server.run(CADDIES, who=world.player("eva"), b=booking)).data["bookingCaddies"]


async def test_the_head_is_assigned_and_waits_for_the_booking(world):
    ids = await add_all(world, "Ana Bea")
    booking, before = await book(world), await board(world, 1)
    turn = await assign(world, booking, listNumber=1)
    assert (turn["status"], turn["answer"], turn["assignedAs"]) == ("ASSIGNED", "PENDING", "GROUP")
    assert (turn["caddie"]["id"], turn["bookingId"]) == (ids["Ana"], booking)
    assert await waiting(world) == ["Ana", "Bea"]
    assert (await start(world))["caddie"]["name"] == "Bea"  # the head is spoken for
    going = await start(world, caddieId=ids["Ana"])
    assert going["id"] == turn["id"]
    await assert_followed(world, before, 1)


async def test_the_booking_s_screens_see_the_assignment_and_the_answer(world):
    await add(world, "Ana", userId="ana")
    booking, since = await book(world), await head(world)
    turn = await assign(world, booking, listNumber=1)
    kept = [{"turnId": turn["id"], "caddieId": turn["caddie"]["id"], "name": "Ana"}]
    kept[0] |= {"assignedAs": "GROUP", "answer": "PENDING"}
    assert await seen(world, booking) == kept
    payload = await answer(world, turn, True, who=world.caddie(1, name="ana"))
    async with world.server.socket(world.player("eva")) as socket:
        await socket.subscribe(FOLLOW, b=booking, after=since)
        found = await socket.events(2)
    assert types_of(found) == ["turn:assigned", "turn:answered"]
    assert found[1]["cursor"] == payload["cursor"]
    for event in found:
        kept = [{name: event[name] for name in kept[0]}]
    assert await seen(world, booking) == kept
    assert types_of(await heard(world, 1, after=since, who=world.caddie(1))) == ["turn:assigned", "turn:answered"]


async def test_who_goes_out_with_the_booking_has_accepted_it(world):
    ids = await add_all(world, "Ana")
    booking = await book(world)
    turn = await assign(world, booking, listNumber=1)
    since = await head(world)
    await set_status(world, ids["Ana"], "IN_FIELD")
    assert [one["answer"] for one in await seen(world, booking)] == ["ACCEPTED"]
    found = await heard(world, 1, after=since)
    assert types_of(found) == ["caddie:status_changed", "turn:started", "turn:answered", "turn:queue_changed"]
    assert (found[1]["turnId"], found[1]["turnBookingId"]) == (turn["id"], booking)


async def test_one_who_declines_keeps_the_place(world):
    await add_all(world, "Ana Bea")
    booking = await book(world)
    turn = await assign(world, booking, listNumber=1)
    assert (await answer(world, turn, False))["turn"]["status"] == "DECLINED"
    assert (await start(world))["caddie"]["name"] == "Ana"
    second = await assign(world, booking, listNumber=1)
    assert second["caddie"]["name"] == "Bea"
    assert [(one["name"], one["answer"]) for one in await seen(world, booking)] == [
        ("Ana", "DECLINED"),
        ("Bea", "PENDING"),
    ]


async def test_what_was_accepted_can_be_declined_later_and_nothing_twice(world):
    await add_all(world, "Ana")
    turn = await assign(world, await book(world), listNumber=1)
    await answer(world, turn, True)
    problem = await refused(world, "answerTurnAssignment", turnId=turn["id"], accept=True)
    assert (problem["code"], problem["answer"]) == ("ASSIGNMENT_ANSWERED", "ACCEPTED")
    await answer(world, turn, False)
    for accept in (True, False):
        problem = await refused(world, "answerTurnAssignment", turnId=turn["id"], accept=accept)
        assert (problem["code"], problem["answer"]) == ("ASSIGNMENT_ANSWERED", "DECLINED")


async def play(world: World, booking: str, *operations: str):
    """Let the pro shop and the starter do what they do with a booking."""
    for operation in operations:
        more = {"teeTimeId": world.tee_time(1)} if operation == "moveBooking" else {}
        holes = range(1, 19) if operation == "recordHole" else [None]
        for given in ({"hole": hole} if hole else more for hole in holes):
            payload = await world.server.mutate(
                operation, "booking { id }", who=world.staff, bookingId=booking, **given
            )
            assert payload["problems"] == [], (operation, payload)


@pytest.mark.parametrize(("end", "undo"), [("markNoShow", "undoNoShow"), ("teeOff", "undoTeeOff")])
async def test_caddies_come_back_with_their_booking_as_far_as_they_can(world, clock, end, undo):
    await add_all(world, "Ana Bea")
    booking, other = await book(world), await book(world)
    clock.advance(hours=1)
    turn, gone = await assign(world, booking, listNumber=1), await assign(world, booking, listNumber=1)
    await play(world, booking, *(["checkIn"] if end == "teeOff" else []), end)
    await assign(world, other, caddieId=gone["caddie"]["id"], assignedAs="MEMBER_REQUEST")
    before, since = await board(world, 1), await head(world)
    await play(world, booking, undo)
    [told] = await heard(world, 1, after=since, who=world.caddie(1))
    assert (told["turnId"], told["answer"], told["assignedBookingId"]) == (turn["id"], "PENDING", booking)
    await assert_followed(world, before, 1)
    assert sorted(one["answer"] for one in await seen(world, booking)) == ["PENDING", "WITHDRAWN"]
    await play(world, booking, "undoCheckIn" if end == "teeOff" else "checkIn")
    assert sorted(one["answer"] for one in await seen(world, booking)) == ["PENDING", "WITHDRAWN"]


@pytest.mark.parametrize("end", ["cancelBooking", "markNoShow", "teeOff", "recordHole"])
async def test_an_assignment_ends_with_its_booking(world, clock, end):
    await add_all(world, "Ana Bea")
    booking, other = await book(world), await book(world)
    clock.advance(hours=1)
    if end == "recordHole":  # who is assigned on the way goes out to the group, or has not when it comes in
        await play(world, booking, "checkIn", "teeOff")
    turn, kept = await assign(world, booking, listNumber=1), await assign(world, other, listNumber=1)
    before, since = await board(world, 1), await head(world)
    assert [place["turn"]["bookingId"] for place in (await queue(world))["queue"]] == [booking, other]
    if end == "cancelBooking":
        clock.advance(hours=-1)
    await play(world, booking, *(["checkIn"] if end == "teeOff" else []), end)
    [told] = await heard(world, 1, after=since, who=world.caddie(1))
    assert (told["turnId"], told["answer"], told["assignedBookingId"]) == (turn["id"], "WITHDRAWN", booking)
    waits = (await queue(world))["queue"]
    assert [(place["caddie"]["name"], place["turn"]) for place in waits[:2]] == [
        ("Ana", None),
        ("Bea", {"id": kept["id"], "bookingId": other}),
    ]
    assert [one["answer"] for one in await seen(world, booking)] == ["WITHDRAWN"]
    await assert_followed(world, before, 1)
    assert (await start(world))["caddie"]["name"] == "Ana"


@pytest.mark.parametrize(
    ("status", "answer", "order"),
    [
        ("ABSENT", "WITHDRAWN", "Bea"),
        ("ON_LEAVE", "WITHDRAWN", "Bea"),
        ("LATE", "PENDING", "Bea Ana"),
        ("IN_PREP", "PENDING", "Ana Bea"),
    ],
)
async def test_an_assignment_ends_with_the_caddie_s_absence(world, status, answer, order):
    ids = await add_all(world, "Ana Bea")
    booking, before = await book(world), await board(world, 1)
    await assign(world, booking, listNumber=1)
    await set_status(world, ids["Ana"], status)
    assert [one["answer"] for one in await seen(world, booking)] == [answer]
    assert await waiting(world) == order.split()
    await set_status(world, ids["Ana"], "AVAILABLE")
    await assert_followed(world, before, 1)
    waits = {place["caddie"]["name"]: place["turn"] for place in (await queue(world))["queue"]}
    assert bool(waits["Ana"]) is (answer == "PENDING")


async def test_an_assignment_ends_with_the_day_of_its_booking(server, clock):
    world = await found_world(server, days=(0, 1))
    await add_all(world, "Ana Bea Cid")
    today, tomorrow = await book(world), await book(world, on=await start_of(world, 1))
    for booking in (today, tomorrow):
        await assign(world, booking, listNumber=1)
    before = await board(world, 1)
    clock.advance(days=1)
    await tasks.begin_caddie_days(world.server.runtime)
    assert [one["answer"] for one in await seen(world, today)] == ["WITHDRAWN"]
    assert [one["answer"] for one in await seen(world, tomorrow)] == ["PENDING"]
    assert (await refused(world, "assignTurn", bookingId=today, listNumber=1))["code"] == "BOOKING_NOT_OPEN"
    await assert_followed(world, before, 1)
    assert [bool(place["turn"]) for place in (await queue(world))["queue"][:3]] == [False, True, False]


@pytest.mark.parametrize(("offset", "answer"), [(0, "PENDING"), (1, "WITHDRAWN")])
async def test_an_assignment_follows_a_booking_that_is_moved_within_its_day(server, offset, answer):
    world = await found_world(server, days=(0, 1))
    await add_all(world, "Ana")
    booking = await book(world)
    await assign(world, booking, listNumber=1)
    given = {"bookingId": booking, "teeTimeId": await start_of(world, offset)}
    await world.server.mutate("moveBooking", "booking { id }", who=world.staff, **given)
    assert [one["answer"] for one in await seen(world, booking)] == [answer]


async def start_of(world: World, offset: int) -> str:
    """Give the second start of the sheet of another day."""
    day = (world.day + timedelta(days=offset)).isoformat()
    read = await world.server.run(TEE_TIMES, who=world.staff, c=world.course, d=day)
    return read.data["teeSheet"]["teeTimes"][1]["id"]


async def test_a_turn_under_way_is_assigned_too(world):
    await add_all(world, "Ana")
    going, booking = await start(world), await book(world)
    problem = await refused(world, "answerTurnAssignment", turnId=going["id"], accept=True)
    assert (problem["code"], problem["answer"]) == ("ASSIGNMENT_ANSWERED", None)
    turn = await assign(world, booking, turnId=going["id"])
    assert (turn["id"], turn["status"]) == (going["id"], "IN_FIELD")
    problem = await refused(world, "assignTurn", bookingId=booking, turnId=going["id"])
    assert (problem["code"], problem["turnStatus"]) == ("TURN_NOT_ASSIGNABLE", "IN_FIELD")
    assert (await answer(world, turn, False))["turn"]["status"] == "IN_FIELD"
    await assign(world, booking, turnId=going["id"])
    await done(world, "updateCaddie", caddieId=turn["caddie"]["id"], name="Anna")
    await done(world, "endTurn", turnId=going["id"])
    problem = await refused(world, "assignTurn", bookingId=booking, turnId=going["id"])
    assert (problem["code"], problem["turnStatus"]) == ("TURN_NOT_ASSIGNABLE", "ENDED")
    await done(world, "updateCaddie", caddieId=turn["caddie"]["id"], name="Secret", listNumber=2)
    assert [one["name"] for one in await seen(world, booking)] == ["Anna"]


async def test_somebody_else_than_the_head_is_given_for_a_request_or_a_reason(world):
    ids = await add_all(world, "Ana Bea Cid")
    booking = await book(world)
    problem = await refused(world, "assignTurn", bookingId=booking, caddieId=ids["Bea"])
    assert (problem["code"], problem["nextCaddieId"]) == ("REASON_REQUIRED", ids["Ana"])
    turn = await assign(world, booking, caddieId=ids["Bea"], assignedAs="MEMBER_REQUEST")
    assert turn["caddie"]["name"] == "Bea"
    await assign(world, booking, caddieId=ids["Cid"], reason="speaks the guests' language")
    problem = await refused(world, "assignTurn", bookingId=booking, caddieId=ids["Bea"], reason="r")
    assert (problem["code"], problem["turnId"], problem["bookingId"]) == ("CADDIE_ASSIGNED", turn["id"], booking)


async def test_one_who_is_assigned_is_neither_moved_nor_deleted(world):
    ids = await add_all(world, "Ana")
    turn = await assign(world, await book(world), listNumber=1)
    for operation, more in (("deleteCaddie", {}), ("updateCaddie", {"listNumber": 2})):
        problem = await refused(world, operation, caddieId=ids["Ana"], **more)
        assert (problem["code"], problem["turnId"]) == ("CADDIE_ASSIGNED", turn["id"])


async def test_who_is_away_is_not_assigned(world):
    ids = await add_all(world, "Ana")
    await set_status(world, ids["Ana"], "ON_LEAVE")
    given = {"bookingId": await book(world), "assignedAs": "MEMBER_REQUEST"}
    problem = await refused(world, "assignTurn", caddieId=ids["Ana"], **given)
    assert (problem["code"], problem["caddieStatus"]) == ("CADDIE_NOT_QUEUED", "ON_LEAVE")
    for number in (1, 2):
        assert (await refused(world, "assignTurn", listNumber=number, **given))["code"] == "QUEUE_EMPTY"


async def test_a_cancelled_booking_gets_no_caddie(world):
    await add_all(world, "Ana")
    booking = await book(world)
    await world.server.mutate("cancelBooking", "booking { id }", who=world.staff, bookingId=booking)
    assert (await refused(world, "assignTurn", bookingId=booking, listNumber=1))["code"] == "BOOKING_NOT_OPEN"


async def test_a_booking_that_is_cancelled_releases_who_waits_for_it(world):
    await add_all(world, "Ana Bea Cid")
    booking, other = await book(world), await book(world)
    first = await assign(world, booking, listNumber=1)
    await answer(world, first, True)
    out = await assign(world, booking, listNumber=1)
    await start(world, caddieId=out["caddie"]["id"])
    kept = await assign(world, other, listNumber=1)
    notice = {"clubId": world.club, "cancellationNoticeHours": 0}
    await world.server.mutate("updateClub", "club { id }", who=world.admin, **notice)
    before, since = await board(world, 1), await head(world)
    payload = await world.server.mutate("cancelBooking", "booking { id }", who=world.player("eva"), bookingId=booking)
    assert payload["problems"] == []
    [told] = await heard(world, 1, after=since, who=world.caddie(1))
    assert (told["turnId"], told["answer"]) == (first["id"], "WITHDRAWN")
    assert [(one["name"], one["answer"]) for one in await seen(world, booking)] == [
        ("Ana", "WITHDRAWN"),
        ("Bea", "ACCEPTED"),
    ]
    assert [one["answer"] for one in await seen(world, other)] == ["PENDING"]
    assert (await start(world))["caddie"]["name"] == "Ana"
    await assert_followed(world, before, 1)
    assert kept["caddie"]["name"] == "Cid"


@pytest.mark.parametrize("given", [{}, {"listNumber": 1, "turnId": "turn_01h455vb4pex5vsknk084sn02q"}])
async def test_one_turn_is_meant(world, given):
    problem = await refused(world, "assignTurn", bookingId=await book(world), **given)
    assert problem["code"] == "INVALID_INPUT"


async def test_only_the_caddie_and_staff_answer(world):
    await add(world, "Ana", userId="ana")
    turn = await assign(world, await book(world), listNumber=1)
    query = "mutation($i: AnswerTurnAssignmentInput!) { answerTurnAssignment(input: $i) { turn { answer } } }"
    wanted = {"turnId": turn["id"], "accept": True}
    for who, code in ((world.caddie(1), "NOT_ALLOWED"), (world.caddie(2, name="ana"), "NOT_FOUND")):
        assert (await world.server.run(query, who=who, i=wanted)).code == code
    answered = await world.server.run(query, who=world.caddie(1, name="ana"), i=wanted)
    assert answered.data["answerTurnAssignment"]["turn"]["answer"] == "ACCEPTED"


async def test_strangers_do_not_see_a_booking_s_caddies(world):
    booking = await book(world)
    assert (await world.server.run(CADDIES, who=world.player("nobody"), b=booking)).code == "NOT_FOUND"
    assert (await world.server.run(CADDIES, who=world.caddie(1), b=booking)).code == "NOT_FOUND"


async def test_a_repeat_with_the_same_key_assigns_nobody_else(world):
    await add_all(world, "Ana Bea")
    booking = await book(world)
    first = await assign(world, booking, listNumber=1, idempotencyKey="once")
    assert await assign(world, booking, listNumber=1, idempotencyKey="once") == first
    assert len(await seen(world, booking)) == 1
    payload = await act(world, "assignTurn", bookingId=booking, listNumber=1, idempotencyKey="twice")
    assert payload["turn"]["caddie"]["name"] == "Bea"
