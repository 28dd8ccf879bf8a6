"""Turns as a strict queue: who goes next, who is passed over, how a day begins, and what two do at once."""

from asyncio import gather
from datetime import timedelta
from random import Random

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
from tests.caddies.test_assignments import book
from tests.harness import World
from tests.thorough import times


async def skip(world: World, **more):
    return await done(world, "skipTurn", clubId=world.club, listNumber=1, **more)


async def test_the_head_goes_first_and_comes_back_to_the_tail(world):
    await add_all(world, "Ana Bea Cid")
    before = await board(world, 1)
    turns = [await start(world) for _ in range(3)]
    assert [turn["caddie"]["name"] for turn in turns] == ["Ana", "Bea", "Cid"]
    for number in (1, 0, 2):
        payload = await done(world, "endTurn", turnId=turns[number]["id"])
        assert payload["turn"]["status"] == "ENDED"
    assert await waiting(world) == ["Bea", "Ana", "Cid"]
    await assert_followed(world, before, 1)


async def test_an_empty_queue_says_so(world):
    for number in (1, 3, 7, 1000):
        problem = await refused(world, "startTurn", clubId=world.club, listNumber=number)
        assert problem["code"] == "QUEUE_EMPTY"
    ids = await add_all(world, "Ana")
    await set_status(world, ids["Ana"], "LATE")
    for operation in ("startTurn", "skipTurn"):
        assert (await refused(world, operation, clubId=world.club, listNumber=1))["code"] == "QUEUE_EMPTY"


async def test_who_is_late_is_passed_by_and_keeps_the_place(world):
    ids = await add_all(world, "Ana Bea")
    await set_status(world, ids["Ana"], "LATE")
    await start(world)
    await add(world, "Cid")
    turn = await start(world)
    assert turn["caddie"]["name"] == "Cid"
    await set_status(world, ids["Ana"], "AVAILABLE")
    assert (await start(world))["caddie"]["name"] == "Ana"


async def test_a_named_caddie_needs_a_reason_which_staff_alone_see(world):
    ids = await add_all(world, "Ana Bea Cid")
    wanted = {"clubId": world.club, "listNumber": 1, "caddieId": ids["Cid"]}
    for reason in (None, "  "):
        problem = await refused(world, "startTurn", reason=reason, **wanted)
        assert (problem["code"], problem["nextCaddieId"]) == ("REASON_REQUIRED", ids["Ana"])
    turn = await start(world, caddieId=ids["Cid"], reason="asked for by a guest")
    assert turn["reason"] == "asked for by a guest"
    query = "query($id: ID!) { node(id: $id) { ... on Turn { status reason } } }"
    seen = await world.server.run(query, who=world.caddie(1), id=turn["id"])
    assert seen.data["node"] == {"status": "IN_FIELD", "reason": None}
    assert (await start(world, caddieId=ids["Ana"]))["reason"] is None


async def test_one_who_cannot_go_is_named_with_the_state(world):
    ids = await add_all(world, "Ana Bea")
    other = await add(world, "Dan", 2)
    await set_status(world, ids["Ana"], "ABSENT")
    await set_status(world, ids["Bea"], "LATE")
    wanted = {"clubId": world.club, "listNumber": 1, "reason": "to try"}
    problem = await refused(world, "startTurn", caddieId=ids["Ana"], **wanted)
    assert (problem["code"], problem["caddieStatus"]) == ("CADDIE_NOT_QUEUED", "ABSENT")
    problem = await refused(world, "startTurn", caddieId=ids["Bea"], **wanted)
    assert (problem["code"], problem["status"]) == ("CADDIE_STATUS_REFUSED", "LATE")
    query = "mutation($i: StartTurnInput!) { startTurn(input: $i) { cursor } }"
    assert (await world.server.run(query, who=world.staff, i={"caddieId": other, **wanted})).code == "NOT_FOUND"


async def test_a_turn_ends_once(world):
    await add_all(world, "Ana")
    turn = await start(world)
    await done(world, "endTurn", turnId=turn["id"])
    problem = await refused(world, "endTurn", turnId=turn["id"])
    assert (problem["code"], problem["turnStatus"]) == ("TURN_NOT_IN_FIELD", "ENDED")


async def test_a_repeated_start_sends_nobody_else_out(world):
    await add_all(world, "Ana Bea")
    first = await start(world, idempotencyKey="once")
    assert await start(world, idempotencyKey="once") == first
    assert await waiting(world) == ["Bea"]


async def test_a_skip_keeps_the_place_for_the_next_round(world):
    await add_all(world, "Ana Bea Cid")
    before = await board(world, 1)
    first = await start(world)
    await done(world, "endTurn", turnId=first["id"])
    assert await waiting(world) == ["Bea", "Cid", "Ana"]
    payload = await skip(world)
    assert (payload["turn"]["status"], payload["turn"]["caddie"]["name"]) == ("SKIPPED", "Bea")
    assert await waiting(world) == ["Cid", "Ana", "Bea"]  # behind all who can go out now
    second = await start(world)
    await done(world, "endTurn", turnId=second["id"])
    assert await waiting(world) == ["Ana", "Bea", "Cid"]  # as if she had gone: nobody has overtaken her
    await assert_followed(world, before, 1)


@pytest.mark.parametrize("away", ["LATE", "ASSIGNED"])
async def test_one_who_has_missed_rounds_is_skipped_behind_all_who_can_go_out(world, away):
    ids = await add_all(world, "Ana Bea Cid Dan")
    if away == "LATE":
        await set_status(world, ids["Bea"], "LATE")
    else:
        booking = await book(world)
        given = {"bookingId": booking, "caddieId": ids["Bea"], "assignedAs": "MEMBER_REQUEST"}
        assigned = (await done(world, "assignTurn", **given))["turn"]["id"]
    for _ in range(7):  # two rounds of the others, and a turn of the third
        turn = await start(world)
        await done(world, "endTurn", turnId=turn["id"])
    if away == "LATE":
        await set_status(world, ids["Bea"], "AVAILABLE")
    else:
        refusal = await refused(world, "skipTurn", clubId=world.club, listNumber=1, caddieId=ids["Bea"])
        assert (refusal["code"], refusal["turnId"]) == ("CADDIE_ASSIGNED", assigned)
        await done(world, "answerTurnAssignment", turnId=assigned, accept=False)
    assert (await skip(world))["turn"]["caddie"]["name"] == "Bea"
    assert await waiting(world) == ["Cid", "Dan", "Ana", "Bea"]
    assert (await start(world))["caddie"]["name"] == "Cid"


async def test_skips_in_a_row_keep_their_order_and_lead_somewhere(world):
    await add_all(world, "Ana Bea Cid")
    await skip(world)
    await skip(world)
    assert await waiting(world) == ["Cid", "Ana", "Bea"]
    await skip(world)
    assert await waiting(world) == ["Ana", "Bea", "Cid"]


async def test_who_comes_back_goes_behind_those_who_were_skipped(world):
    ids = await add_all(world, "Ana Bea Cid")
    turn = await start(world)
    for _ in range(2):
        await skip(world, caddieId=ids["Bea"])
    await done(world, "endTurn", turnId=turn["id"])
    assert await waiting(world) == ["Cid", "Bea", "Ana"]


async def test_only_who_could_go_is_skipped(world):
    ids = await add_all(world, "Ana Bea")
    await set_status(world, ids["Ana"], "LATE")
    given = {"clubId": world.club, "listNumber": 1, "caddieId": ids["Ana"]}
    assert (await refused(world, "skipTurn", **given))["code"] == "CADDIE_NOT_QUEUED"


async def test_two_starters_at_once_get_two_caddies_again_and_again(world):
    names = [f"C{number}" for number in range(6)]
    await add_all(world, " ".join(names))
    order = list(names)
    for _ in range(times(100, usually=30)):
        one, two = await gather(start(world), start(world))
        assert {one["caddie"]["name"], two["caddie"]["name"]} == set(order[:2])
        assert await waiting(world) == order[2:]
        for turn in (one, two):
            await done(world, "endTurn", turnId=turn["id"])
        order = [*order[2:], one["caddie"]["name"], two["caddie"]["name"]]
    assert await waiting(world) == order


async def test_a_crowd_of_starters_empties_the_queue_and_no_more(world):
    ids = await add_all(world, "A B C D E")
    payloads = await gather(*(act(world, "startTurn", clubId=world.club, listNumber=1) for _ in range(12)))
    started = [payload["turn"]["caddie"]["id"] for payload in payloads if payload["turn"]]
    assert sorted(started) == sorted(ids.values())
    assert {p["problems"][0]["code"] for p in payloads if p["problems"]} == {"QUEUE_EMPTY"}


async def test_a_start_by_status_and_one_from_the_queue_do_not_send_one_caddie_twice(world):
    ids = await add_all(world, "Ana Bea")
    for _ in range(times(20, usually=8)):
        by_status, by_queue = await gather(
            act(world, "setCaddieStatus", caddieId=ids["Ana"], status="IN_FIELD", reason="r"),
            act(world, "startTurn", clubId=world.club, listNumber=1),
        )
        out = [turn["caddie"]["name"] for turn in (await queue(world))["inField"]]
        assert by_queue["problems"] == []
        refusals = [problem["code"] for problem in by_status["problems"]]
        assert (sorted(out), refusals) in [(["Ana", "Bea"], []), (["Ana"], ["CADDIE_STATUS_REFUSED"])]
        for caddie in out:
            await set_status(world, ids[caddie], "AVAILABLE")
        while (await waiting(world))[0] != "Ana":
            await skip(world)


async def test_a_move_and_a_start_at_once_agree(world):
    ids = await add_all(world, "Ana Bea")
    await add(world, "Dan", 2)
    for number in (2, 1) * 8:
        moved, started = await gather(
            act(world, "updateCaddie", caddieId=ids["Ana"], listNumber=number),
            act(world, "setCaddieStatus", caddieId=ids["Ana"], status="IN_FIELD", reason="r"),
        )
        assert started["problems"] == []
        assert [p["code"] for p in moved["problems"]] in ([], ["CADDIE_IN_FIELD"])
        await set_status(world, ids["Ana"], "AVAILABLE")
        if moved["problems"]:
            await done(world, "updateCaddie", caddieId=ids["Ana"], listNumber=number)


async def test_a_day_begins_as_the_day_before_ended(world, clock):
    ids = await add_all(world, "Ana Bea Cid Dan")
    turn = await start(world)
    await done(world, "endTurn", turnId=turn["id"])
    await skip(world, caddieId=ids["Cid"])
    await set_status(world, ids["Dan"], "ABSENT")
    ended = await waiting(world)
    before, since = await board(world, 1), await head(world)
    assert before[0].days == {1: "2026-05-04"}
    clock.now += timedelta(hours=17)  # midnight in Madrid
    assert (await queue(world))["day"] == "2026-05-04"
    await tasks.begin_caddie_days(world.server.runtime)
    assert ((await queue(world))["day"], await waiting(world)) == ("2026-05-05", ended)
    await tasks.begin_caddie_days(world.server.runtime)
    assert types_of(await heard(world, 1, after=since))[:1] == ["turn:queue_changed"]
    await assert_followed(world, before, 1)
    await start(world)
    await set_status(world, ids["Dan"], "AVAILABLE")
    assert (await waiting(world))[-1] == "Dan"


async def test_whoever_acts_first_begins_the_day(world, clock):
    await add_all(world, "Ana Bea")
    before = await board(world, 1)
    clock.now += timedelta(days=3)
    turn = await start(world)
    assert turn["caddie"]["name"] == "Ana"
    assert (await queue(world))["day"] == "2026-05-07"
    found = await assert_followed(world, before, 1)
    assert types_of(found)[:2] == ["turn:queue_changed", "caddie:status_changed"]


async def test_who_is_out_over_midnight_joins_the_new_day_s_second_round(world, clock):
    await add_all(world, "Ana Bea")
    turn = await start(world)
    clock.now += timedelta(days=1)
    await done(world, "endTurn", turnId=turn["id"])
    assert await waiting(world) == ["Bea", "Ana"]


@pytest.mark.parametrize("seed", [1, 2, 3][: times(3, usually=2)])
async def test_after_forty_acts_at_random_each_screen_shows_what_a_fresh_one_does(world, clock, seed):
    random = Random(seed)
    ids = list((await add_all(world, "Ana Bea Cid Dan")).values()) + list((await add_all(world, "Eva Fin", 2)).values())
    screens = [(world.caddie(1), (1,)), (world.caddie(2), (2,)), (world.caddie(1, 2), (1, 2)), (world.admin, (1, 2))]
    before = [await board(world, *lists, who=who) for who, lists in screens]
    for _ in range(40):
        caddie, number = random.choice(ids), random.choice([1, 2])
        of_list = {"clubId": world.club, "listNumber": number}
        match random.randrange(7):
            case 0 | 1:
                status = random.choice(["AVAILABLE", "IN_PREP", "IN_FIELD", "LATE", "ABSENT", "ON_LEAVE"])
                await act(world, "setCaddieStatus", caddieId=caddie, status=status, reason="r")
            case 2:
                await act(world, "startTurn", **of_list)
            case 3:
                await act(world, "skipTurn", **of_list)
            case 4:
                await act(world, "updateCaddie", caddieId=caddie, listNumber=number)
            case 5:
                name, phone = f"N{random.random()}", random.choice(["600 100 200", None])
                await act(world, "updateCaddie", who=world.admin, caddieId=caddie, name=name, phoneNumber=phone)
            case 6:
                clock.advance(hours=random.choice([1, 1, 30]))
    for (who, lists), kept in zip(screens, before, strict=True):
        await assert_followed(world, kept, *lists, who=who)
