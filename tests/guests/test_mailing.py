"""Letters to households: invitations, reminders, and what is told of them."""

from datetime import timedelta

from jobs import tasks
from jobs.worker import SCHEDULES
from tests.guests.party import found_party

LETTERS = "query($id: ID!) { household(id: $id) { invitedAt letters { kind sentAt } } }"
SEND = "households { name invitedAt } unreachable { name }"


async def letters(party, name, who=None):
    answer = await party.server.run(LETTERS, who=who or party.planner, id=party.households[name]["id"])
    return [one["kind"] for one in answer.data["household"]["letters"]]


async def test_invitations_go_once_to_who_has_an_address(party):
    await party.invite("Vado", "Isla", email="vado@example.com")
    await party.invite("Lindero", "Sol")
    sent = await party.done("sendInvitations", SEND, occasionId=party.id)
    assert [one["name"] for one in sent["households"]] == ["Vado"]
    assert sent["households"][0]["invitedAt"]
    assert [one["name"] for one in sent["unreachable"]] == ["Lindero"]
    again = await party.done("sendInvitations", SEND, occasionId=party.id)
    assert again["households"] == []
    wanted = {"householdIds": [party.households["Vado"]["id"]]}
    assert (await party.done("sendInvitations", SEND, occasionId=party.id, **wanted))["households"]
    assert await letters(party, "Vado") == ["INVITATION", "INVITATION"]
    assert await letters(party, "Vado", party.guest("Vado")) == [], "when it was written is the planners' business"


async def test_a_draft_writes_to_nobody(world):
    party = await found_party(world, publish=False)
    await party.invite("Vado", "Isla", email="vado@example.com")
    refused = await party.mutate("sendInvitations", SEND, occasionId=party.id)
    assert refused["problems"][0]["code"] == "OCCASION_NOT_OPEN"


async def test_who_has_not_answered_is_reminded_once_three_days_before_the_deadline(party, clock):
    for name in ("Vado", "Lindero"):
        await party.invite(name, "Ana", email=f"{name}@example.com")
    await party.done("sendInvitations", SEND, occasionId=party.id)
    await party.invite("Ribera", "Noa", email="ribera@example.com")
    await party.answer("Lindero")
    for days, found in (
        (16, ["INVITATION"]),
        (1, ["RSVP_REMINDER", "INVITATION"]),
        (1, ["RSVP_REMINDER", "INVITATION"]),
    ):
        clock.advance(days=days, minutes=1)
        await tasks.remind_guests(party.server.runtime)
        assert await letters(party, "Vado") == found
    assert await letters(party, "Lindero") == ["INVITATION"]
    assert await letters(party, "Ribera") == [], "who was not invited is not reminded"
    assert SCHEDULES["remind_guests"] == ("* * * * *", tasks.remind_guests)


async def test_who_moves_up_is_written_to(world):
    """Where there is an address to write to; the answer and the record say so either way."""
    party = await found_party(world, capacity=1)
    for name, more in (("Vado", {}), ("Lindero", {"email": "lindero@example.com"}), ("Ribera", {})):
        await party.invite(name, "Ana", **more)
        await party.answer(name)
    await party.answer("Vado", "DECLINED")
    assert await letters(party, "Lindero") == ["RSVP_ACCEPTED"]
    await party.answer("Lindero", "DECLINED")
    assert await party.statuses("Ribera") == ["ACCEPTED"]
    assert await letters(party, "Ribera") == []


async def test_a_deadline_that_is_moved_is_reminded_of_again(party, clock):
    await party.invite("Vado", "Isla", email="vado@example.com")
    await party.done("sendInvitations", SEND, occasionId=party.id)
    clock.advance(days=17, minutes=1)
    await tasks.remind_guests(party.server.runtime)
    later = (clock() + timedelta(days=8)).isoformat()
    await party.done("updateOccasion", "cursor", occasionId=party.id, rsvpDeadline=later)
    await tasks.remind_guests(party.server.runtime)
    assert await letters(party, "Vado") == ["RSVP_REMINDER", "INVITATION"], "it is not time yet"
    clock.advance(days=6)
    await tasks.remind_guests(party.server.runtime)
    assert await letters(party, "Vado") == ["RSVP_REMINDER", "RSVP_REMINDER", "INVITATION"]
