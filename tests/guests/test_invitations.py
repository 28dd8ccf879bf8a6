"""Invitations: opened by whoever has the code, and withdrawn with all that the code had opened."""

import asyncio
from contextlib import contextmanager
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from sqlalchemy import event

from auth.tokens import Authenticator
from auth.viewer import Role
from kit.crockford import grouped
from kit.ids import parse_id
from tests.guests.party import found_party
from tests.harness import MORNING
from tests.house.statements import statements
from tests.realtime.sockets import close_code, server_with

REDEEM = """mutation($input: RedeemInvitationInput!) { redeemInvitation(input: $input) {
    token expiresAt householdId occasionId cursor problems { __typename code message ... on TooManyTries { retryAt } }
} }"""
INVITATION = """query($code: String!) { invitation(code: $code) {
    occasionId occasionName kind status householdId householdName language parts { name startsAt }
} }"""
OWN = "query($id: ID!) { household(id: $id) { name code guests { name checkInCode checkInPicture } } }"
FOLLOW = """subscription($id: ID!, $after: String) { occasionEvents(occasionId: $id, after: $after) {
    ... on HouseholdUpdated { householdId openedAt } ... on StreamEvent { type } } }"""
NOBODY_S = "0" * 13


async def redeem(server, code):
    return (await server.run(REDEEM, input={"code": code})).data["redeemInvitation"]


async def ask(server, token, query, **variables):
    """Ask by a token as it was given."""
    sent = {"json": {"query": query, "variables": variables}, "headers": {"Authorization": f"Bearer {token}"}}
    return (await server.http.post(f"{server.url}/graphql", **sent)).json()


async def test_a_code_is_exchanged_for_a_token_that_opens_the_own_household(party, settings):
    vado, lindero = await party.invite("Vado", "Isla"), await party.invite("Lindero", "Sol")
    given = await redeem(party.server, f" {grouped(vado['code']).lower()} ")
    assert (given["problems"], given["householdId"], given["occasionId"]) == ([], vado["id"], party.id)
    assert given["expiresAt"] == (MORNING + timedelta(hours=2)).isoformat()
    viewer = await Authenticator(settings).authenticate(given["token"], now=MORNING)
    assert (viewer.roles, viewer.club_ids, viewer.household_id) == (
        {Role.GUEST},
        frozenset(),
        parse_id("household", vado["id"]),
    )
    mine = await ask(party.server, given["token"], OWN, id=vado["id"])
    [guest] = mine["data"]["household"]["guests"]
    assert guest["checkInPicture"] == f"/qr/{guest['checkInCode']}.svg"
    assert (await party.server.http.get(party.server.url + guest["checkInPicture"])).status_code == 200
    theirs = await ask(party.server, given["token"], OWN, id=lindero["id"])
    assert theirs["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_that_an_invitation_was_opened_is_told_once(party):
    vado = await party.invite("Vado", "Isla")
    since = (await party.read())["cursor"]
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=since)
        first, second = await redeem(party.server, vado["code"]), await redeem(party.server, vado["code"])
        told, noted = await socket.events(2)
        await party.invite("Lindero", "Sol")
        behind = await socket.event()
    assert told == {"type": "household.update", "householdId": vado["id"], "openedAt": MORNING.isoformat()}
    assert (noted["type"], behind["type"]) == ("activity.create", "household.create")
    assert (first["cursor"] is None, second["cursor"] is None) == (False, True)


async def test_what_an_invitation_says_needs_no_token(world):
    party = await found_party(world)
    brunch = {"name": "Brunch", "startsAt": "2026-06-04T09:00:00Z", "endsAt": "2026-06-04T11:00:00Z"}
    await party.done("addPart", "part { id }", occasionId=party.id, part=brunch)
    vado = await party.invite("Vado", "Isla", language="ES", partIds=[party.main])
    found = (await party.server.run(INVITATION, code=vado["code"])).data["invitation"]
    assert [part["name"] for part in found.pop("parts")] == ["Dinner"]
    assert found == {
        "occasionId": party.id,
        "occasionName": "Summer Wedding",
        "kind": "WEDDING",
        "status": "PUBLISHED",
        "householdId": vado["id"],
        "householdName": "Vado",
        "language": "ES",
    }


@contextmanager
def looks(server):
    """Note what the role for work across tenants asks meanwhile."""
    sent, engine = [], server.runtime.database.system.sync_engine

    def note(_connection, _cursor, statement, *_more):
        if "households" in statement:
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_unknown_and_withdrawn_codes_and_drafts_are_answered_alike(world):
    party, draft = await found_party(world), await found_party(world, publish=False)
    vado, hidden = await party.invite("Vado", "Isla"), await draft.invite("Lindero", "Sol")
    gone = await party.invite("Ribera", "Noa")
    await party.done("deleteHousehold", "householdId", householdId=gone["id"])
    reissued = await party.done("reissueInvitation", "household { code }", householdId=vado["id"])
    assert reissued["household"]["code"] != vado["code"]
    codes = (NOBODY_S, vado["code"], hidden["code"], gone["code"], "no code at all", "")
    answers = [await redeem(world.server, code) for code in codes]
    assert all(answer == answers[0] for answer in answers)
    [problem] = answers[0]["problems"]
    assert (problem["code"], answers[0]["token"]) == ("CODE_UNKNOWN", None)
    asked = [await world.server.run(INVITATION, code=code) for code in codes]
    assert {(answer.code, answer.message) for answer in asked} == {("NOT_FOUND", problem["message"])}
    well_formed = codes[:4]
    with statements(world.server) as sent, looks(world.server) as looked:
        for code in well_formed:
            await redeem(world.server, code)
    assert (len(looked), len(set(looked)), sent) == (4, 1, []), "one statement finds them all, or not"
    await draft.done("publishOccasion", "occasion { id }", occasionId=draft.id)
    assert (await redeem(world.server, hidden["code"]))["problems"] == []


async def test_a_new_code_ends_what_the_old_one_opened_at_once(party):
    vado = await party.invite("Vado", "Isla")
    old = (await redeem(party.server, vado["code"]))["token"]
    since = (await party.read())["cursor"]
    async with party.server.socket(acknowledged=False) as socket, party.server.socket(party.planner) as planner:
        await planner.subscribe(FOLLOW, id=party.id, after=since)
        assert (await socket.initialise(old))["type"] == "connection_ack"
        await socket.subscribe(FOLLOW, id=party.id, after=since)
        await party.done("updateOccasion", "occasion { id }", occasionId=party.id, name="Autumn Wedding")
        assert (await socket.event())["type"] == "occasion.update"
        chosen = "household { code openedAt cursor } cursor"
        done = await party.done("reissueInvitation", chosen, householdId=vado["id"])
        assert done["cursor"] == done["household"].pop("cursor") == (await party.read())["cursor"]
        assert await close_code(socket) == 4403
        types = [(await planner.event())["type"] for _ in range(4)]
    assert types == ["occasion.update", "activity.create", "household.update", "activity.create"]
    refused = await ask(party.server, old, OWN, id=vado["id"])
    assert refused["errors"][0]["extensions"]["code"] == "TOKEN_REVOKED"
    assert done["household"]["openedAt"] is None
    new = await redeem(party.server, done["household"]["code"])
    assert (await ask(party.server, new["token"], OWN, id=vado["id"]))["data"]["household"]["name"] == "Vado"


@pytest.mark.parametrize("operation", ["deleteHousehold", "mergeHouseholds"])
async def test_a_household_that_is_gone_is_let_in_no_more(party, operation):
    vado, lindero = await party.invite("Vado", "Isla"), await party.invite("Lindero", "Sol")
    given = await redeem(party.server, vado["code"])
    async with party.server.socket(acknowledged=False) as socket:
        assert (await socket.initialise(given["token"]))["type"] == "connection_ack"
        await socket.subscribe(FOLLOW, id=party.id, after=(await party.read())["cursor"])
        if operation == "deleteHousehold":
            await party.done(operation, "householdId", householdId=vado["id"])
        else:
            await party.done(operation, "household { id }", householdId=lindero["id"], otherId=vado["id"])
        assert await close_code(socket) == 4403
    refused = await ask(party.server, given["token"], OWN, id=lindero["id"])
    assert refused["errors"][0]["extensions"]["code"] == "TOKEN_REVOKED"


async def test_another_process_hears_of_a_new_code(party, settings, clock):
    vado = await party.invite("Vado", "Isla")
    given = await redeem(party.server, vado["code"])
    async with server_with(settings, clock) as other, other.socket(acknowledged=False) as socket:
        assert (await socket.initialise(given["token"]))["type"] == "connection_ack"
        assert "errors" not in await ask(other, given["token"], OWN, id=vado["id"])
        done = await party.done("reissueInvitation", "household { code }", householdId=vado["id"])
        assert await close_code(socket) == 4403
        refused = await ask(other, given["token"], OWN, id=vado["id"])
        assert refused["errors"][0]["extensions"]["code"] == "TOKEN_REVOKED"
        again = await redeem(other, done["household"]["code"])
        assert "errors" not in await ask(other, again["token"], OWN, id=vado["id"])


async def test_two_new_codes_within_a_moment_leave_the_last_one_alone(party):
    vado = await party.invite("Vado", "Isla")
    first = await party.done("reissueInvitation", "household { code }", householdId=vado["id"])
    given = await redeem(party.server, first["household"]["code"])
    second = await party.done("reissueInvitation", "household { code }", householdId=vado["id"])
    refused = await ask(party.server, given["token"], OWN, id=vado["id"])
    assert refused["errors"][0]["extensions"]["code"] == "TOKEN_REVOKED"
    good = await redeem(party.server, second["household"]["code"])
    assert "errors" not in await ask(party.server, good["token"], OWN, id=vado["id"])


async def test_a_code_that_is_withdrawn_while_it_is_redeemed_opens_nothing_that_lasts(party):
    vado = await party.invite("Vado", "Isla")
    given, _ = await asyncio.gather(
        redeem(party.server, vado["code"]),
        party.done("reissueInvitation", "household { code }", householdId=vado["id"]),
    )
    if given["token"] is not None:
        refused = await ask(party.server, given["token"], OWN, id=vado["id"])
        assert refused["errors"][0]["extensions"]["code"] == "TOKEN_REVOKED"


async def test_a_household_gives_itself_no_code(party):
    vado = await party.invite("Vado", "Isla")
    answer = await party.server.run(
        "mutation($id: ID!) { reissueInvitation(input: {householdId: $id}) { cursor } }",
        who=party.guest("Vado"),
        id=vado["id"],
    )
    assert answer.code == "NOT_ALLOWED"


@pytest.fixture
async def limited(settings, clock):
    async with server_with(settings, clock, rate_limit_codes="3/minute") as server:
        yield server


def refused_by(what):
    labels = {"operations": "codes", "by": what}
    return REGISTRY.get_sample_value("fairway_rate_limited_total", labels) or 0


async def test_wrong_codes_are_limited_by_address_and_right_ones_are_not(party, limited, clock):
    codes = [(await party.invite(name, "Ana"))["code"] for name in ("Vado", "Lindero", "Ribera", "Sotillo", "Arce")]
    assert [(await redeem(limited, code))["problems"] for code in codes] == [[]] * 5
    wrong = [f"{number:013}" for number in range(3)]
    assert [(await redeem(limited, code))["problems"][0]["code"] for code in wrong] == ["CODE_UNKNOWN"] * 3
    before = refused_by("address")
    [problem] = (await redeem(limited, codes[0]))["problems"]
    assert (problem["code"], problem["retryAt"]) == ("TOO_MANY_TRIES", (clock() + timedelta(seconds=20)).isoformat())
    asked = await limited.run(INVITATION, code=codes[0])
    assert asked.code == "TOO_MANY_TRIES"
    assert refused_by("address") == before + 2
    clock.advance(seconds=20)
    assert (await redeem(limited, codes[0]))["problems"] == []


async def test_one_code_is_limited_wherever_it_is_tried(party, limited, clock):
    vado = await party.invite("Vado", "Isla")
    before = refused_by("code")
    found = [(await redeem(limited, vado["code"]))["problems"] for _ in range(4)]
    assert [len(problems) for problems in found] == [0, 0, 0, 1]
    assert refused_by("code") == before + 1
    clock.advance(minutes=1)
    assert (await redeem(limited, vado["code"]))["problems"] == []


async def test_one_occasion_is_limited_whichever_of_its_codes_are_used(party, settings, clock):
    codes = [(await party.invite(f"Household {number}", "Ana"))["code"] for number in range(4)]
    limits = {"rate_limit_codes": "3/minute", "rate_limit_address_factor": 1}
    before = refused_by("occasion")
    async with server_with(settings, clock, **limits) as server:
        found = [len((await redeem(server, code))["problems"]) for code in codes]
    assert found == [0, 0, 0, 1]
    assert refused_by("occasion") == before + 1


async def test_without_a_key_for_guests_it_is_said_what_is_missing(party, settings, clock):
    vado = await party.invite("Vado", "Isla")
    keys = {"jwt_secret": SecretStr(""), "jwt_jwks_url": "http://127.0.0.1:9/keys", "jwt_algorithm": "ES256"}
    async with server_with(settings, clock, **keys) as server:
        answer = await server.run(REDEEM, input={"code": vado["code"]})
    assert (answer.code, "GUEST_TOKEN_SECRET" in answer.message) == ("UNAVAILABLE", True)


async def test_a_query_that_has_to_be_run_by_the_reference_too_counts_once(party, settings, clock):
    code = (await party.invite("Vado", "Ana"))["code"]
    async with server_with(settings, clock, rate_limit_codes="3/minute", compare_answers=True) as server:
        found = [await server.run(INVITATION, code=wrong) for wrong in ("0" * 13, "1" * 13, "2" * 13)]
        assert [answer.code for answer in found] == ["NOT_FOUND"] * 3
        before = refused_by("address")
        assert (await server.run(INVITATION, code=code)).code == "TOO_MANY_TRIES"
        assert refused_by("address") == before + 1
