"""Adding, changing, moving and deleting caddies, and what each viewer is told of it."""

import pytest

from tests.caddies.shack import (
    add,
    add_all,
    assert_followed,
    board,
    done,
    head,
    heard,
    read,
    refused,
    set_status,
    start,
    waiting,
)
from tests.caddies.shack import types as types_of


async def test_a_caddie_is_added_to_the_tail_and_everybody_of_the_list_is_told(world):
    await add(world, "Ana Vega")
    since = await head(world)
    added = await add(world, "  Iker   Solano ", 1, phoneNumber="+34 600 111 222")
    [told, queue] = await heard(world, 1, after=since, who=world.caddie(1))
    moment = "2026-05-04T05:00:00+00:00"
    assert {name: told[name] for name in told if name not in {"cursor", "clubId", "__typename"}} == {
        "type": "caddie:added",
        "timestamp": moment,
        "caddieId": added,
        "name": "Iker Solano",
        "listNumber": 1,
        "status": "AVAILABLE",
        "createdAt": moment,
        "updatedAt": moment,
        "phoneNumber": None,
    }
    assert [place["name"] for place in queue["queue"]] == ["Ana Vega", "Iker Solano"]


async def test_a_phone_number_is_the_admins_business_alone(world):
    added = await add(world, "Ana Vega", phoneNumber="600 111 222")
    shown = {
        name: [row["phoneNumber"] for row in (await read(world, who=who))["caddies"]]
        for name, who in {"admin": world.admin, "staff": world.staff, "caddie": world.caddie(1)}.items()
    }
    assert shown == {"admin": ["600 111 222"], "staff": [None], "caddie": [None]}

    since, before = await head(world), (await read(world))["caddies"]
    await done(world, "updateCaddie", who=world.admin, caddieId=added, phoneNumber="600 999 999")
    assert (await read(world))["caddies"] == before
    [told] = await heard(world, 1, after=since, who=world.admin)
    assert (told["type"], told["phoneNumber"], told["newName"]) == ("caddie:updated", "600 999 999", None)
    assert await heard(world, 1, after=since, who=world.staff) != []
    for who in (world.staff, world.caddie(1), world.caddie(1, 2)):
        assert types_of(await heard(world, 1, after=since, who=who))[:2] == ["caddie:added", "turn:queue_changed"]


async def test_a_new_name_and_phone_at_once_tell_everybody_the_name(world):
    added = await add(world, "Ana Vega")
    since = await head(world)
    await done(world, "updateCaddie", who=world.admin, caddieId=added, name="Ana Luz", phoneNumber="600 999 999")
    for who, phone in ((world.admin, "600 999 999"), (world.staff, None), (world.caddie(1), None)):
        told = (await heard(world, 1, after=since, who=who))[0]
        assert (told["type"], told["newName"], told["phoneNumber"]) == ("caddie:updated", "Ana Luz", phone)


async def test_a_phone_number_that_is_removed_is_told_as_empty(world):
    added = await add(world, "Ana Vega", phoneNumber="600 111 222")
    before = await board(world, 1, who=world.admin)
    await done(world, "updateCaddie", who=world.admin, caddieId=added, phoneNumber=None)
    [told, *_] = await assert_followed(world, before, 1, who=world.admin)
    assert told["phoneNumber"] == ""


@pytest.mark.parametrize("who", ["staff", "caddie"])
async def test_only_admins_set_phone_numbers(world, who):
    added = await add(world, "Ana Vega")
    person = world.staff if who == "staff" else world.caddie(1)
    query = "mutation($i: UpdateCaddieInput!) { updateCaddie(input: $i) { cursor } }"
    for phone in ("600 111 222", None):
        answer = await world.server.run(query, who=person, i={"caddieId": added, "phoneNumber": phone})
        assert answer.code == "NOT_ALLOWED"


async def test_a_move_is_a_delete_an_add_and_an_update_for_staff(world):
    ids = await add_all(world, "Ana Bea Cid") | await add_all(world, "Dan", 2)
    since = await head(world)
    await done(world, "updateCaddie", caddieId=ids["Ana"], listNumber=2)
    staff = await heard(world, 1, 2, after=since)
    assert types_of(staff) == ["caddie:deleted", "caddie:added", "caddie:updated"] + ["turn:queue_changed"] * 2
    assert [event["listNumber"] for event in staff] == [1, 2, 2, 1, 2]
    assert staff[2]["previousListNumber"] == 1
    assert {event["caddieId"] for event in staff[:3]} == {ids["Ana"]}
    of_one = await heard(world, 1, after=since, who=world.caddie(1))
    assert types_of(of_one)[:2] == ["caddie:deleted", "turn:queue_changed"]
    assert {event["listNumber"] for event in of_one} == {1}
    of_two = await heard(world, 2, after=since, who=world.caddie(2))
    assert types_of(of_two)[:2] == ["caddie:added", "turn:queue_changed"]
    assert {event["listNumber"] for event in of_two} == {2}
    assert (await waiting(world, 1))[:2] == ["Bea", "Cid"]
    assert (await waiting(world, 2))[:2] == ["Dan", "Ana"]


async def test_whoever_resumes_after_a_move_has_the_board_of_a_fresh_client(world):
    ids = await add_all(world, "Ana Bea Cid") | await add_all(world, "Dan Eva", 2)
    viewers = [(1,), (2,), (1, 2)]
    people = [(who, lists) for lists in viewers for who in (world.caddie(*lists), world.staff, world.admin)]
    before = [await board(world, *lists, who=who) for who, lists in people]
    await set_status(world, ids["Bea"], "LATE")
    await done(world, "updateCaddie", caddieId=ids["Ana"], listNumber=2, name="Ana Luz")
    await done(world, "updateCaddie", caddieId=ids["Dan"], listNumber=1)
    await done(world, "updateCaddie", caddieId=ids["Ana"], listNumber=1)
    for (who, lists), kept in zip(people, before, strict=True):
        await assert_followed(world, kept, *lists, who=who)


async def test_one_who_is_away_moves_without_a_place(world):
    ids = await add_all(world, "Ana Bea")
    await set_status(world, ids["Ana"], "ABSENT")
    before = await board(world, 1, 2)
    await done(world, "updateCaddie", caddieId=ids["Ana"], listNumber=2)
    found = await assert_followed(world, before, 1, 2)
    assert types_of(found)[:3] == ["caddie:deleted", "caddie:added", "caddie:updated"]
    assert await waiting(world, 2) == []


async def test_a_caddie_is_deleted(world):
    ids = await add_all(world, "Ana Bea")
    before = await board(world, 1)
    payload = await done(world, "deleteCaddie", caddieId=ids["Ana"])
    assert payload["caddie"]["isActive"] is False
    found = await assert_followed(world, before, 1)
    assert types_of(found)[:2] == ["caddie:deleted", "turn:queue_changed"]
    query = "mutation($i: DeleteCaddieInput!) { deleteCaddie(input: $i) { cursor } }"
    assert (await world.server.run(query, who=world.staff, i={"caddieId": ids["Ana"]})).code == "NOT_FOUND"


@pytest.mark.parametrize(("operation", "more"), [("deleteCaddie", {}), ("updateCaddie", {"listNumber": 2})])
async def test_one_who_is_out_stays_on_the_list(world, operation, more):
    ids = await add_all(world, "Ana")
    await start(world)
    problem = await refused(world, operation, caddieId=ids["Ana"], **more)
    assert problem["code"] == "CADDIE_IN_FIELD"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"listNumber": 0}, "listNumber"),
        ({"listNumber": 4}, "listNumber"),
        ({"phoneNumber": "call me"}, "phoneNumber"),
        ({"phoneNumber": "+1"}, "phoneNumber"),
        ({"userId": "\x00"}, "userId"),
    ],
)
async def test_wrong_input_is_refused_with_its_place(world, given, path):
    wanted = {"clubId": world.club, "name": "Ana", "listNumber": 1} | given
    problem = await refused(world, "addCaddie", who=world.admin, **wanted)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", path])


async def test_a_user_is_one_caddie_of_a_club(world):
    await add(world, "Ana", userId="ana")
    bea = await add(world, "Bea")
    wanted = {"clubId": world.club, "name": "Cid", "listNumber": 1, "userId": "ana"}
    assert (await refused(world, "addCaddie", **wanted))["path"] == ["input", "userId"]
    assert (await refused(world, "updateCaddie", caddieId=bea, userId="ana"))["path"] == ["input", "userId"]


async def test_a_repeat_with_the_same_key_adds_nobody(world):
    first = await add(world, "Ana", idempotencyKey="once")
    assert await add(world, "Ana", idempotencyKey="once") == first
    assert await waiting(world) == ["Ana"]


async def test_nothing_that_stays_as_it_is_is_told(world):
    added = await add(world, "Ana")
    payload = await done(world, "updateCaddie", caddieId=added, name="Ana", listNumber=1)
    assert payload["cursor"] is None


async def test_lists_and_fees_are_settings(world):
    await add(world, "Ana", 3)
    given = {"clubId": world.club, "who": world.admin}
    problem = await refused(world, "setCaddieSettings", listCount=2, **given)
    assert (problem["code"], problem["highestList"]) == ("LIST_IN_USE", 3)
    fees = [{"feeTier": "DOUBLE", "feeCents": 9000}]
    payload = await done(world, "setCaddieSettings", listCount=5, fees=fees, **given)
    assert payload["settings"] == {
        "listCount": 5,
        "fees": [
            {"feeTier": "SINGLE", "feeCents": 0},
            {"feeTier": "DOUBLE", "feeCents": 9000},
            {"feeTier": "FORECADDIE", "feeCents": 0},
        ],
    }
    assert (await done(world, "setCaddieSettings", listCount=5, **given))["cursor"] is None
    await add(world, "Bea", 5)
    for wrong in ({"listCount": 0}, {"listCount": 21}, {"fees": [{"feeTier": "DOUBLE", "feeCents": -1}]}):
        assert (await refused(world, "setCaddieSettings", **wrong, **given))["code"] == "INVALID_INPUT"
