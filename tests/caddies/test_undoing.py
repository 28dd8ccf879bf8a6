"""The way back from a turn: what was started, ended or skipped by mistake."""

from asyncio import gather
from datetime import timedelta

import pytest

from tests.caddies.shack import (
    act,
    add,
    add_all,
    assert_followed,
    board,
    done,
    queue,
    refused,
    set_status,
    start,
    waiting,
)
from tests.caddies.test_assignments import book

WHEN = {"START": "IN_FIELD", "END": "ENDED", "SKIP": "SKIPPED"}
REPORT = "query($c: ID!, $d: Date!) { caddieReport(clubId: $c, date: $d, span: DAY) { caddies { loops } } }"


async def undo(world, turn, what, **more):
    return (await done(world, "undoTurn", turnId=turn["id"], act=what, **more))["turn"]


async def moved_on(world, turn, what):
    problem = await refused(world, "undoTurn", turnId=turn["id"], act=what)
    assert problem["code"] == "TURN_MOVED_ON"
    return problem["turnStatus"]


async def skip(world, **more):
    return (await done(world, "skipTurn", clubId=world.club, listNumber=1, **more))["turn"]


async def loops(world):
    answer = await world.server.run(REPORT, who=world.staff, c=world.club, d=world.day.isoformat())
    return sum(one["loops"] for one in answer.data["caddieReport"]["caddies"])


async def test_who_was_sent_out_by_mistake_waits_at_the_head_again(world):
    ids = await add_all(world, "Ana Bea Cid")
    await set_status(world, ids["Ana"], "IN_PREP")
    before = await board(world, 1)
    turn = await start(world)
    back = await undo(world, turn, "START")
    assert (back["status"], back["startedAt"], back["caddie"]["status"]) == ("UNDONE", None, "IN_PREP")
    assert await waiting(world) == ["Ana", "Bea", "Cid"]
    assert (await start(world))["caddie"]["name"] == "Ana"
    events = await assert_followed(world, before, 1)
    told = [(one["act"], one["turnStatus"], one["outSince"]) for one in events if one["type"] == "turn:undone"]
    assert told == [("START", "UNDONE", None)]


async def test_whoever_has_come_to_have_the_place_meanwhile_moves_on_by_one(world):
    ids = await add_all(world, "Ana Bea")
    turn = await start(world)
    await set_status(world, ids["Bea"], "ABSENT")
    await add(world, "Cid")
    await add(world, "Dan")
    await undo(world, turn, "START")
    assert await waiting(world) == ["Ana", "Cid", "Dan"]


async def test_a_turn_that_was_ended_by_mistake_goes_on_and_is_no_loop(world):
    await add_all(world, "Ana Bea")
    before = await board(world, 1)
    turn = await start(world)
    await done(world, "endTurn", turnId=turn["id"], feeTier="DOUBLE", tipCents=500)
    assert await loops(world) == 1
    back = await undo(world, turn, "END")
    assert (back["status"], back["endedAt"], back["feeTier"]) == ("IN_FIELD", None, None)
    assert (await loops(world), await waiting(world)) == (0, ["Bea"])
    assert [one["startedAt"] for one in (await queue(world))["inField"]] == [back["startedAt"]]
    events = await assert_followed(world, before, 1)
    assert [one["outSince"] for one in events if one["type"] == "turn:undone"] == [back["startedAt"]]
    await undo(world, turn, "START")  # the start as well, once the end is none
    assert (await waiting(world))[:2] == ["Ana", "Bea"]
    assert await moved_on(world, turn, "START") == "UNDONE"


async def test_who_was_passed_over_by_mistake_has_the_place_and_the_draw_knows_of_no_skip(world):
    await add_all(world, "Ana Bea Cid")
    week = (world.day + timedelta(days=7)).isoformat()
    await done(world, "drawCaddieWeek", clubId=world.club, listNumber=1, week=week)
    before = await board(world, 1)
    turn = await skip(world)
    assert await waiting(world) == ["Bea", "Cid", "Ana"]
    assert (await undo(world, turn, "SKIP"))["status"] == "UNDONE"
    assert await waiting(world) == ["Ana", "Bea", "Cid"]
    events = await assert_followed(world, before, 1)
    drawn = [one["drawn"] for one in events if one["type"] == "caddie:week_drawn"]
    assert [sum(one["wasSkipped"] for one in order) for order in drawn] == [1, 0]


@pytest.mark.parametrize("what", ["START", "END", "SKIP"])
async def test_what_has_gone_on_since_is_not_taken_back(world, what):
    ids = await add_all(world, "Ana Bea")
    turn = await skip(world) if what == "SKIP" else await start(world)
    if what == "END":
        await done(world, "endTurn", turnId=turn["id"])
    for other in WHEN:
        if other != what:
            assert await moved_on(world, turn, other) == WHEN[what]
    if what == "START":
        await done(world, "endTurn", turnId=turn["id"])
        assert await moved_on(world, turn, what) == "ENDED"
    else:
        await set_status(world, ids["Ana"], "LATE")
        assert await moved_on(world, turn, what) == WHEN[what]
        await set_status(world, ids["Ana"], "AVAILABLE")
        assert await moved_on(world, turn, what) == WHEN[what], "they came back to the tail"


async def test_a_day_that_is_over_keeps_its_turns(world):
    await add_all(world, "Ana Bea")
    turn = await start(world)
    world.server.clock.advance(hours=24)
    await done(world, "addCaddie", clubId=world.club, name="Cid", listNumber=1)
    assert await moved_on(world, turn, "START") == "IN_FIELD"


async def test_two_who_take_back_at_once_do_it_once(world):
    await add_all(world, "Ana Bea Cid")
    turn = await start(world)
    both = await gather(*(act(world, "undoTurn", turnId=turn["id"], act="START") for _ in range(4)))
    codes = sorted(problem["code"] for payload in both for problem in payload["problems"])
    assert codes == ["TURN_MOVED_ON"] * 3
    assert await waiting(world) == ["Ana", "Bea", "Cid"]


async def test_who_went_out_with_a_booking_waits_for_it_again(world):
    await add_all(world, "Ana Bea")
    booking = await book(world)
    assigned = await done(world, "assignTurn", bookingId=booking, listNumber=1)
    before = await board(world, 1)
    turn = await start(world, caddieId=assigned["turn"]["caddie"]["id"])
    assert turn["id"] == assigned["turn"]["id"]
    back = await undo(world, turn, "START")
    assert (back["status"], back["answer"], back["bookingId"]) == ("ASSIGNED", "PENDING", booking)
    assert (await queue(world))["queue"][0]["turn"] == {"id": turn["id"], "bookingId": booking}
    events = await assert_followed(world, before, 1)
    assert [one["answer"] for one in events if one["type"] == "turn:assigned"] == ["PENDING"]


async def test_who_got_a_booking_while_out_waits_for_it_unless_it_is_over(world):
    await add_all(world, "Ana Bea")
    booking = await book(world)
    turn = await start(world)
    await done(world, "assignTurn", bookingId=booking, turnId=turn["id"])
    assert (await undo(world, turn, "START"))["status"] == "ASSIGNED"
    turn = await start(world, caddieId=turn["caddie"]["id"])
    await world.server.mutate("cancelBooking", "cursor", who=world.staff, bookingId=booking)
    back = await undo(world, turn, "START")
    assert (back["status"], back["answer"]) == ("WITHDRAWN", "WITHDRAWN")
    assert [place["turn"] for place in (await queue(world))["queue"]] == [None, None]


async def test_who_was_given_to_another_booking_does_not_go_out_again(world):
    await add_all(world, "Ana")
    turn = await start(world)
    await done(world, "endTurn", turnId=turn["id"])
    assigned = await done(world, "assignTurn", bookingId=await book(world), listNumber=1)
    problem = await refused(world, "undoTurn", turnId=turn["id"], act="END")
    assert (problem["code"], problem["turnId"]) == ("CADDIE_ASSIGNED", assigned["turn"]["id"])


async def test_caddies_take_nothing_back_and_strangers_know_of_no_turn(world):
    await add_all(world, "Ana")
    turn = await start(world)
    query = "mutation($i: UndoTurnInput!) { undoTurn(input: $i) { cursor } }"
    given = {"turnId": turn["id"], "act": "START"}
    assert (await world.server.run(query, who=world.caddie(1), i=given)).code == "NOT_ALLOWED"
    for who in (world.caddie(2), world.player("ana")):
        assert (await world.server.run(query, who=who, i=given)).code == "NOT_FOUND"
