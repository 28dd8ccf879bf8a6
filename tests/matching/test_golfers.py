"""Golfers: what they say, who knows of them, connections, blocks, reports."""

import asyncio
from dataclasses import replace

import pytest

from auth.viewer import Role
from tests.harness import Who
from tests.matching.golf import EVENTS, code_of, do, golfer, names, problem_of, see


async def test_a_golfer_is_what_was_said_and_keeps_what_is_left_out(world):
    ana, ana_id = await golfer(
        world,
        "ana",
        headline="Early starts",
        employer="Lindero",
        city="Málaga",
        country="ES",
        latitude=36.72,
        longitude=-4.42,
        handicapIndex=9.94,
        language="es",
    )
    shown = (await do(world, "updateGolfer", who=ana, headline="Late starts", employer=None))["golfer"]
    own = {"hidesEmployer": False, "visibility": "PUBLIC", "timeZone": "Europe/Madrid"}
    assert shown == {
        "id": ana_id,
        "name": "Ana",
        "headline": "Late starts",
        "employer": None,
        "industry": "FINANCE",
        "city": "Málaga",
        "country": "ES",
        "handicapIndex": 9.9,
        "skillLevel": "ADVANCED",
        "connection": "NONE",
        "own": own | {"language": "es", "hasPlace": True},
    }
    cleared = (await do(world, "updateGolfer", who=ana, latitude=None, longitude=None, handicapIndex=None))["golfer"]
    assert (cleared["own"]["hasPlace"], cleared["skillLevel"], cleared["city"]) == (False, None, "Málaga")


async def test_who_says_a_language_and_a_zone_is_told_things_by_them(world):
    asked = "{ notificationPreferences { language timeZone } }"
    ana, _ = await golfer(world, "ana", language="es-MX")
    told = lambda language, zone: {"notificationPreferences": {"language": language, "timeZone": zone}}  # noqa: E731
    assert (await world.server.run(asked, who=ana)).data == told("ES", "Europe/Madrid")
    await do(world, "updateGolfer", who=ana, headline="Early", timeZone="America/Mexico_City")
    assert (await world.server.run(asked, who=ana)).data == told("ES", "America/Mexico_City")
    await do(world, "updateGolfer", who=ana, language="fr")
    assert (await world.server.run(asked, who=ana)).data == told("EN", "America/Mexico_City")


@pytest.mark.parametrize(
    ("handicap", "level"), [(-2.5, "ADVANCED"), (10, "INTERMEDIATE"), (19.9, "INTERMEDIATE"), (20, "BEGINNER")]
)
async def test_the_level_follows_from_the_handicap_unless_it_is_set(world, handicap, level):
    ana, _ = await golfer(world, "ana", handicapIndex=handicap)
    assert (await do(world, "updateGolfer", who=ana))["golfer"]["skillLevel"] == level
    set_ = (await do(world, "updateGolfer", who=ana, skillLevel="BEGINNER", handicapIndex=1))["golfer"]
    assert set_["skillLevel"] == "BEGINNER"
    assert (await do(world, "updateGolfer", who=ana, skillLevel=None))["golfer"]["skillLevel"] == "ADVANCED"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": " "}, "name"),
        ({"timeZone": "Mars/Olympus"}, "timeZone"),
        ({"country": "es"}, "country"),
        ({"latitude": 91, "longitude": 0}, "latitude"),
        ({"latitude": 9}, "longitude"),
        ({"longitude": 9}, "latitude"),
        ({"handicapIndex": 54.1}, "handicapIndex"),
        ({"language": "English"}, "language"),
        ({"city": "x" * 101}, "city"),
    ],
)
async def test_what_cannot_be_used_is_refused_by_its_name(world, wrong, path):
    ana, _ = await golfer(world, "ana")
    problem = await problem_of(world, "updateGolfer", who=ana, **wrong)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", path])


@pytest.mark.parametrize("missing", ["name", "industry", "timeZone"])
async def test_at_first_name_work_and_zone_are_needed(world, missing):
    given = {"name": "Ana", "industry": "TECH", "timeZone": "Europe/Madrid"}
    del given[missing]
    problem = await problem_of(world, "updateGolfer", who=world.player("ana"), **given)
    assert problem["path"] == ["input", missing]
    assert await see(world, world.player("ana"), (await golfer(world, "ben"))[1]) == "PROFILE_MISSING"


async def test_who_says_who_they_are_twice_at_once_is_one_golfer(world):
    made = await asyncio.gather(*(golfer(world, "ana") for _ in range(8)))
    assert len({golfer_id for _, golfer_id in made}) == 1


async def test_a_hidden_employer_is_shown_to_nobody_else(world):
    ana, ana_id = await golfer(world, "ana", employer="Lindero", hidesEmployer=True)
    ben, _ = await golfer(world, "ben")
    assert (await see(world, ana, ana_id))["employer"] == "Lindero"
    seen = await see(world, ben, ana_id)
    assert (seen["employer"], seen["own"]) == (None, None)


async def test_members_know_of_those_who_play_at_a_club_of_theirs(world):
    _, ana_id = await golfer(world, "ana", visibility="MEMBERS")
    ben, _ = await golfer(world, "ben")
    assert await see(world, ben, ana_id) == "NOT_FOUND"
    assert await names(world, ben) == []
    for name in ("ana", "ben"):
        given = {"clubId": world.club, "firstName": name, "lastName": "Ruiz", "priceClass": "MEMBER", "userId": name}
        player = await do(world, "addPlayer", who=world.staff, selection="player { id }", **given)
    assert (await see(world, ben, ana_id))["name"] == "Ana"
    assert await names(world, ben) == ["Ana"]
    await do(world, "deactivatePlayer", who=world.staff, selection="player { id }", playerId=player["player"]["id"])
    assert await see(world, ben, ana_id) == "NOT_FOUND"


async def test_a_private_golfer_is_known_to_whom_they_have_asked(world):
    ana, ana_id = await golfer(world, "ana", visibility="PRIVATE")
    ben, ben_id = await golfer(world, "ben")
    assert await see(world, ben, ana_id) == "NOT_FOUND"
    assert await code_of(world, "connectGolfers", who=ben, golferId=ana_id) == "NOT_FOUND"
    await do(world, "connectGolfers", who=ana, golferId=ben_id)
    assert (await see(world, ben, ana_id))["connection"] == "ASKING"
    assert await names(world, ben, "connectionRequests") == ["Ana"]
    await do(world, "disconnectGolfers", who=ana, golferId=ben_id)
    assert await see(world, ben, ana_id) == "NOT_FOUND"


async def test_golfers_are_found_by_parts_of_names_a_page_at_a_time(world):
    ana, _ = await golfer(world, "ana")
    for name in ("Álvaro Núñez", "Alba Prado", "Bruno Nunez"):
        await golfer(world, name, industry="TECH" if name.startswith("B") else "LEGAL")
    assert await names(world, ana) == ["Alba Prado", "Álvaro Núñez", "Bruno Nunez"]
    assert await names(world, ana, arguments='(search: "NUN al")') == ["Álvaro Núñez"]
    assert await names(world, ana, arguments="(industry: TECH)") == ["Bruno Nunez"]
    page = "query($a: String) { golfers(first: 2, after: $a) { nodes { name } pageInfo { endCursor hasNextPage } } }"
    first = (await world.server.run(page, who=ana)).data["golfers"]
    assert first["pageInfo"]["hasNextPage"]
    rest = (await world.server.run(page, who=ana, a=first["pageInfo"]["endCursor"])).data["golfers"]
    assert rest["nodes"] == [{"name": "Bruno Nunez"}]


async def test_a_connection_is_made_when_both_have_asked_and_both_are_told(world):
    (ana, ana_id), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    asked = await do(world, "connectGolfers", who=ana, golferId=ben_id)
    assert asked["golfer"]["connection"] == "ASKED"
    again = await problem_of(world, "connectGolfers", who=ana, golferId=ben_id)
    assert again["code"] == "CONNECTION_EXISTS"
    assert await names(world, ana, "connections") == await names(world, ana, "connectionRequests") == []
    known = (await world.server.run("{ notifications { cursor } }", who=ben)).data["notifications"]["cursor"]
    async with world.server.socket(ben) as socket:
        await socket.subscribe(EVENTS, after=known)
        made = await do(world, "connectGolfers", who=ben, golferId=ana_id)
        event = await socket.event()
    assert (event["type"], event["golferId"], event["connection"]) == ("golfer.connected", ana_id, "CONNECTED")
    assert made["golfer"]["connection"] == "CONNECTED"
    async with world.server.socket(ana) as socket:
        await socket.subscribe(EVENTS, after=asked["cursor"])
        told = await socket.event()
    assert (told["type"], told["golferId"], told["connection"]) == ("golfer.connected", ben_id, "CONNECTED")
    assert await names(world, ana, "connections") == ["Ben"]
    assert await names(world, ben, "connections") == ["Ana"]
    await do(world, "disconnectGolfers", who=ben, golferId=ana_id)
    assert await names(world, ana, "connections") == await names(world, ben, "connections") == []
    none = await problem_of(world, "disconnectGolfers", who=ana, golferId=ben_id)
    assert none["path"] == ["input", "golferId"]


async def test_two_who_ask_each_other_at_once_are_connected(world):
    (ana, ana_id), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    done = await asyncio.gather(
        do(world, "connectGolfers", who=ana, golferId=ben_id), do(world, "connectGolfers", who=ben, golferId=ana_id)
    )
    assert sorted(one["golfer"]["connection"] for one in done) == ["ASKED", "CONNECTED"]
    assert await names(world, ana, "connections") == ["Ben"]
    assert await names(world, ben, "connections") == ["Ana"]


@pytest.mark.parametrize("operation", ["connectGolfers", "disconnectGolfers", "blockGolfer"])
async def test_nobody_is_another_to_themselves(world, operation):
    ana, ana_id = await golfer(world, "ana")
    assert (await problem_of(world, operation, who=ana, golferId=ana_id))["path"] == ["input", "golferId"]


async def test_a_block_works_both_ways_and_is_told_to_who_blocks_alone(world):
    (ana, ana_id), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    await do(world, "connectGolfers", who=ana, golferId=ben_id)
    made = await do(world, "connectGolfers", who=ben, golferId=ana_id)
    await do(world, "blockGolfer", who=ana, golferId=ben_id)
    assert await see(world, ana, ben_id) == await see(world, ben, ana_id) == "NOT_FOUND"
    assert await names(world, ana) == await names(world, ben) == await names(world, ben, "connections") == []
    for operation in ("connectGolfers", "disconnectGolfers", "blockGolfer", "unblockGolfer", "reportGolfer"):
        more = {"reason": "Rude"} if operation == "reportGolfer" else {}
        assert await code_of(world, operation, who=ben, golferId=ana_id, **more) == "NOT_FOUND"
    blocked = "{ blockedGolfers { id } }"
    assert (await world.server.run(blocked, who=ana)).data == {"blockedGolfers": [{"id": ben_id}]}
    assert (await world.server.run(blocked, who=ben)).data == {"blockedGolfers": []}
    async with world.server.socket(ben) as socket:
        await socket.subscribe(EVENTS, after=made["cursor"])
        assert (await socket.event())["type"] == "golfer.disconnected"
        await do(world, "unblockGolfer", who=ana, golferId=ben_id)
        await do(world, "connectGolfers", who=ana, golferId=ben_id)
        assert (await socket.event())["type"] == "golfer.connection-asked"  # and nothing of the block between them
    assert (await see(world, ben, ana_id))["connection"] == "ASKING"


async def test_who_blocks_and_who_connects_at_once_end_without_a_connection(world):
    (ana, ana_id), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    await do(world, "connectGolfers", who=ana, golferId=ben_id)
    query = "mutation($id: ID!) { connectGolfers(input: {golferId: $id}) { cursor } }"
    await asyncio.gather(
        do(world, "blockGolfer", who=ana, golferId=ben_id), world.server.run(query, who=ben, id=ana_id)
    )
    await do(world, "unblockGolfer", who=ana, golferId=ben_id)
    assert (await see(world, ana, ben_id))["connection"] == "NONE"


REPORTS = "{ golferReports(isOpen: true) { nodes { id golferName golferId reason outcome } } }"


async def test_a_report_reaches_admins_who_may_suspend_and_reinstate(world):
    (ana, _), (ben, ben_id) = await golfer(world, "ana"), await golfer(world, "ben")
    given = {"golferId": ben_id, "reason": "Plays through", "idempotencyKey": "one"}
    made = [await do(world, "reportGolfer", who=ana, selection="report { id }", **given) for _ in range(2)]
    assert made[0] == made[1]
    [report] = (await world.server.run(REPORTS, who=world.admin)).data["golferReports"]["nodes"]
    assert report == {
        "id": made[0]["report"]["id"],
        "golferName": "Ben",
        "golferId": ben_id,
        "reason": "Plays through",
        "outcome": None,
    }
    assert (await world.server.run(REPORTS, who=world.staff)).code == "NOT_ALLOWED"
    answer = {"reportId": report["id"], "outcome": "SUSPENDED"}
    assert await code_of(world, "answerGolferReport", who=world.staff, **answer) == "NOT_ALLOWED"
    await do(world, "answerGolferReport", who=world.admin, selection="report { outcome }", **answer)
    again = await problem_of(world, "answerGolferReport", who=world.admin, **answer)
    assert again["code"] == "REPORT_ANSWERED"
    assert await see(world, ana, ben_id) == "NOT_FOUND"
    assert (await problem_of(world, "updateGolfer", who=ben, headline="Hi"))["code"] == "GOLFER_SUSPENDED"
    assert (await world.server.run("{ golfers { nodes { id } } }", who=ben)).code == "GOLFER_SUSPENDED"
    await do(world, "reinstateGolfer", who=world.admin, golferId=ben_id)
    assert (await see(world, ana, ben_id))["name"] == "Ben"


@pytest.mark.parametrize("role", [Role.CADDIE, Role.DEVICE, Role.PLANNER, Role.GUEST])
async def test_golfers_are_for_players_and_staff(world, role):
    who = replace(world.player("ana"), roles=(role,))
    given = {"name": "Ana", "industry": "TECH", "timeZone": "Europe/Madrid"}
    assert await code_of(world, "updateGolfer", who=who, **given) == "NOT_ALLOWED"


async def test_golfers_are_the_tenant_s_whatever_club_a_token_names(world):
    _, ana_id = await golfer(world, "ana")
    ben = Who(world.tenant_id, (Role.PLAYER,), user_id="ben")
    await do(world, "updateGolfer", who=ben, name="Ben", industry="TECH", timeZone="Europe/Madrid")
    assert (await see(world, ben, ana_id))["name"] == "Ana"
