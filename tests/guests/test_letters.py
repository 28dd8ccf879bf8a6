"""Letters to households, sent: in whose words, to whom no more, and what planners see of it."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.guests.followed import evening
from tests.guests.party import found_party
from tests.notifications.mail_server import mail_server
from tests.notifications.post import post

MADRID = ZoneInfo("Europe/Madrid")
SEEN = "query($id: ID!) { household(id: $id) { unsubscribedAt letters { kind status sentAt failedAt } } }"


async def seen(party, name):
    answer = await party.server.run(SEEN, who=party.planner, id=party.households[name]["id"])
    return answer.data["household"]


async def send(party, server):
    await post(party.world, server.carrier(party.server.clock))


async def test_an_invitation_is_sent_with_its_code_in_the_language_of_the_household(party):
    await party.invite("Vado", "Isla", email="vado@example.com", language="ES")
    await party.done("sendInvitations", "cursor", occasionId=party.id)
    async with mail_server() as server:
        await send(party, server)
    [message] = server.taken
    query, asked = "query($id: ID!) { household(id: $id) { code } }", {"id": party.households["Vado"]["id"]}
    code = (await party.server.run(query, who=party.planner, **asked)).data["household"]["code"]
    text = message.get_body("plain").get_content()
    assert message["To"] == "vado@example.com"
    assert message["Subject"].startswith("Tienes una invitación")
    assert code in text.replace("-", "")
    [letter] = (await seen(party, "Vado"))["letters"]
    assert (letter["kind"], letter["status"], letter["failedAt"]) == ("INVITATION", "SENT", None)
    assert letter["sentAt"] == party.server.clock().isoformat()


async def test_planners_see_what_was_refused(party):
    await party.invite("Vado", "Isla", email="vado@example.com")
    await party.done("sendInvitations", "cursor", occasionId=party.id)
    async with mail_server(RCPT="550 5.1.1 nobody") as server:
        await send(party, server)
    [letter] = (await seen(party, "Vado"))["letters"]
    assert (letter["status"], letter["sentAt"]) == ("FAILED", None)
    assert letter["failedAt"]


async def test_a_household_ends_its_letters_by_a_link_until_it_has_another_address(party):
    await party.invite("Vado", "Isla", email="vado@example.com")
    wanted = {"occasionId": party.id, "householdIds": [party.households["Vado"]["id"]]}
    await party.done("sendInvitations", "cursor", **wanted)
    async with mail_server() as server:
        await send(party, server)
        path = re.search(r"/unsubscribe/(\S+)", server.taken[0].get_body("plain").get_content())[1]
        query = "mutation($input: UnsubscribeInput!) { unsubscribe(input: $input) { problems { code } } }"
        for _ in range(2):
            ended = await party.server.run(query, input={"token": path})
            assert ended.data["unsubscribe"]["problems"] == []
        assert (await seen(party, "Vado"))["unsubscribedAt"]
        await party.done("sendInvitations", "cursor", **wanted)
        await send(party, server)
        assert len(server.taken) == 1
        assert [one["status"] for one in (await seen(party, "Vado"))["letters"]] == ["SKIPPED", "SENT"]
        given = {"householdId": party.households["Vado"]["id"], "email": "isla@example.com"}
        await party.done("updateHousehold", "cursor", **given)
        await party.done("sendInvitations", "cursor", **wanted)
        await send(party, server)
    assert [one["To"] for one in server.taken] == ["vado@example.com", "isla@example.com"]


async def test_what_is_answered_meanwhile_is_not_reminded_of(party):
    await party.invite("Vado", "Isla", email="vado@example.com")
    await party.done("sendInvitations", "cursor", occasionId=party.id, kind="RSVP_REMINDER")
    await party.answer("Vado")
    async with mail_server() as server:
        await send(party, server)
    assert server.taken == []
    assert [one["status"] for one in (await seen(party, "Vado"))["letters"]] == ["SKIPPED"]


async def test_who_moves_up_is_told_when_it_is_and_until_when_the_household_may_decline(world, clock):
    party = await found_party(world, capacity=1)
    brunch = {"name": "Brunch", "capacity": 1, "place": "Terrace", **evening(party, 31)}
    part = (await party.done("addPart", "part { id }", occasionId=party.id, part=brunch))["part"]["id"]
    for name, more in (("Ribera", {}), ("Vado", {"email": "vado@example.com", "partIds": [part]})):
        await party.invite(name, "Ana", **more)
        guests = [{"guestId": one["id"], "parts": [{"partId": part, "status": "ACCEPTED"}]} for one in
                  party.households[name]["guests"]]  # fmt: skip
        await party.done("submitRsvp", "cursor", who=party.guest(name), guests=guests)
    clock.advance(days=21)
    await party.done("updatePart", "cursor", partId=part, capacity=2)
    async with mail_server() as server:
        await send(party, server)
    [message] = server.taken
    text = " ".join(message.get_body("plain").get_content().split())
    begins, until = ((clock() + timedelta(days=days)).astimezone(MADRID) for days in (10, 2))
    assert "Terrace" in text
    assert re.search(rf"seeing you on [^.]*\b{begins.day}\b", text)
    assert re.search(rf"please say so by [^.]*\b{until.day}\b", text)
