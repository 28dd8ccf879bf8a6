"""What two do at once, and what a household's token does not open: nothing fails, and nothing is done by halves."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from kit.ids import new_id, public_id
from models.guests.occasions import Part
from tests.guests.party import Party, found_party
from tests.harness import Who
from tests.thorough import times

NUMBERS = count()
REFUSALS = {"NOT_FOUND", "NOT_ALLOWED"}
COUNTS = """query($id: ID!) { occasion(id: $id) { guestCount parts { id capacity } }
    guests(occasionId: $id) { guests { id householdId takesPlace attendances { partId status } } } }"""


async def ask(party: Party, operation: str, who: Who, **given: Any) -> set[str]:
    """Run a mutation; give the codes of what it was refused for."""
    kind = operation[0].upper() + operation[1:] + "Input"
    query = f"mutation($input: {kind}!) {{ {operation}(input: $input) {{ problems {{ code }} }} }}"
    answer = await party.server.run(query, who=who, input=given)
    if "errors" in answer:
        assert {one["extensions"]["code"] for one in answer["errors"]} <= REFUSALS, answer
        return {one["extensions"]["code"] for one in answer["errors"]}
    return {one["code"] for one in answer["data"][operation]["problems"]}


class Change:
    """What can be done with one household and its first guest, by whom."""

    def __init__(self, party: Party, name: str, other: str) -> None:
        self.party, self.name = party, name
        self.home, self.other = party.households[name], party.households[other]
        self.guest = self.home["guests"][0]["id"]

    def run(self, operation: str) -> Any:
        planner, own = self.party.planner, self.party.guest(self.name)
        answers = [{"guestId": self.guest, "status": "ACCEPTED", "dietNote": "None"}]
        change = {"guestId": self.guest, "ageGroup": "INFANT", "takesPlace": False}
        given: dict[str, tuple[Who, dict[str, Any]]] = {
            "submitRsvp": (own, {"guests": answers}),
            "setRsvpOnBehalf": (planner, {"householdId": self.home["id"], "guests": answers}),
            "setGuestListing": (own, {"guestId": self.guest, "isListed": True}),
            "updateGuests": (planner, {"guests": [change]}),
            "deleteGuests": (planner, {"guestIds": [self.guest]}),
            "eraseGuest": (planner, {"guestId": self.guest}),
            "exportGuest": (own, {"guestId": self.guest}),
            "updateHousehold": (planner, {"householdId": self.home["id"], "plusOnes": 2}),
            "deleteHousehold": (planner, {"householdId": self.home["id"]}),
            "mergeHouseholds": (planner, {"householdId": self.other["id"], "otherId": self.home["id"]}),
            "reissueInvitation": (planner, {"householdId": self.home["id"]}),
            "rotateCheckInCode": (planner, {"guestId": self.guest}),
            "checkInGuest": (planner, {"occasionId": self.party.id, "guestId": self.guest, "accept": True}),
            "createGuestRequest": (own, {"occasionId": self.party.id, "guestId": self.guest, "text": "Wine"}),
        }
        who, arguments = given[operation]
        return ask(self.party, operation, who, **arguments)


ENDS = ["deleteGuests", "eraseGuest", "deleteHousehold", "mergeHouseholds"]
OTHERS = [
    *("submitRsvp", "setRsvpOnBehalf", "setGuestListing", "updateGuests", "exportGuest", "updateHousehold"),
    *("reissueInvitation", "rotateCheckInCode", "checkInGuest", "createGuestRequest"),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("other", [*OTHERS, *ENDS])
async def test_a_guest_who_is_taken_off_the_list_while_something_else_is_done(party, end, other):
    for _ in range(times(4, usually=2)):
        name, second = f"House {next(NUMBERS)}", f"House {next(NUMBERS)}"
        await party.invite(name, "Ana", "Ben")
        await party.invite(second, "Cleo")
        change = Change(party, name, second)
        await asyncio.gather(*(change.run(one) for one in (other, end, other, other)))
        await assert_sound(party)


async def assert_sound(party: Party) -> None:
    """Make sure that what is counted is what there is."""
    found = (await party.server.run(COUNTS, who=party.planner, id=party.id)).data
    guests = found["guests"]["guests"]
    assert found["occasion"]["guestCount"] == len(guests)
    taken = await places_taken(party)
    for part in found["occasion"]["parts"]:
        coming = [
            one
            for one in guests
            for row in one["attendances"]
            if row["partId"] == part["id"] and row["status"] == "ACCEPTED" and one["takesPlace"]
        ]
        assert taken[part["id"]] == len(coming)
        assert part["capacity"] is None or len(coming) <= part["capacity"]


async def places_taken(party: Party) -> dict[str, int]:
    async with party.server.runtime.database.tenant(party.world.tenant_id) as session:
        rows = await session.execute(select(Part.id, Part.taken))
        return {public_id("part", row.id): row.taken for row in rows}


@pytest.mark.parametrize("number", range(times(5, usually=2)))
async def test_the_capacity_is_changed_while_others_accept_and_decline(world, number):
    party = await found_party(world, capacity=6)
    names = [f"House {one}" for one in range(12)]
    for name in names:
        await party.invite(name, "Ana", "Ben")
    acts = [party.answer(name) for name in names]
    acts += [party.mutate("updatePart", "part { capacity }", partId=party.main, capacity=n) for n in (3, 9, 1, 5)]
    acts += [party.answer(name, "DECLINED", only=1) for name in names[::2]]
    await asyncio.gather(*acts)
    await assert_sound(party)


async def test_a_part_is_deleted_while_somebody_answers_for_it(party):
    for _ in range(times(6, usually=3)):
        when = {"startsAt": "2026-06-07T10:00:00Z", "endsAt": "2026-06-07T13:00:00Z"}
        added = await party.done("addPart", "part { id }", occasionId=party.id, part={"name": "Brunch", **when})
        brunch, name = added["part"]["id"], f"House {next(NUMBERS)}"
        await party.invite(name, "Ana")
        answer = [
            {
                "guestId": party.households[name]["guests"][0]["id"],
                "parts": [{"partId": brunch, "status": "ACCEPTED"}],
            }
        ]
        codes = await asyncio.gather(
            ask(party, "deletePart", party.planner, partId=brunch),
            ask(party, "submitRsvp", party.guest(name), guests=answer),
        )
        assert codes in ([set(), {"NOT_FOUND"}], [{"PART_IN_USE"}, set()])
        await assert_sound(party)
        if codes[0]:
            back = [answer[0] | {"parts": [{"partId": brunch, "status": "PENDING"}]}]
            assert await ask(party, "submitRsvp", party.guest(name), guests=back) == set()
            assert await ask(party, "deletePart", party.planner, partId=brunch) == set()


async def test_fifty_answers_of_one_household_at_once_end_as_one_of_them(world):
    party = await found_party(world, capacity=3)
    await party.invite("Vado", "Ana", "Ben", "Cleo")
    states = ["ACCEPTED", "DECLINED", "PENDING"]
    await asyncio.gather(*(party.answer("Vado", states[number % 3]) for number in range(50)))
    assert len(set(await party.statuses("Vado"))) == 1
    await assert_sound(party)


async def test_answers_to_two_questions_at_once_are_both_kept(party):
    """One told by the household, the other by a planner, who each send theirs alone."""
    questions = [{"text": text, "kind": "TEXT"} for text in ("Song?", "Bus?")]
    made = await party.done(
        "updateOccasion", "occasion { questions { questionId } }", occasionId=party.id, questions=questions
    )
    song, bus = [one["questionId"] for one in made["occasion"]["questions"]]
    for _ in range(times(6, usually=3)):
        name = f"House {next(NUMBERS)}"
        await party.invite(name, "Ana")
        guest = party.households[name]["guests"][0]["id"]
        own = {"guestId": guest, "answers": [{"questionId": song, "answer": "Yes"}]}
        other = {"guestId": guest, "answers": [{"questionId": bus, "answer": "No"}]}
        codes = await asyncio.gather(
            ask(party, "submitRsvp", party.guest(name), guests=[own]),
            ask(party, "updateGuests", party.planner, guests=[other]),
        )
        assert codes == [set(), set()]
        query = "query($id: ID!) { node(id: $id) { ... on Guest { answers { answer } } } }"
        kept = (await party.server.run(query, who=party.planner, id=guest)).data["node"]["answers"]
        assert sorted(one["answer"] for one in kept) == ["No", "Yes"]


async def test_a_household_s_token_opens_its_own_household_and_nothing_else(world):
    party, elsewhere = await found_party(world), await found_party(world, name="Another")
    await party.invite("Vado", "Isla")
    await party.invite("Lindero", "Sol")
    await elsewhere.invite("Ribera", "Noa")
    own, other, foreign = (p.households[n] for p, n in ((party, "Vado"), (party, "Lindero"), (elsewhere, "Ribera")))
    who = party.guest("Vado")
    for household in (other, foreign):
        guest = household["guests"][0]["id"]
        answers = [{"guestId": guest, "status": "ACCEPTED"}]
        for operation, given in {
            "submitRsvp": {"guests": answers},
            "setRsvpOnBehalf": {"householdId": household["id"], "guests": answers},
            "setGuestListing": {"guestId": guest, "isListed": True},
            "exportGuest": {"guestId": guest},
            "eraseGuest": {"guestId": guest},
            "updateGuests": {"guests": [{"guestId": guest, "householdId": own["id"]}]},
            "deleteGuests": {"guestIds": [guest]},
            "mergeHouseholds": {"householdId": own["id"], "otherId": household["id"]},
            "rotateCheckInCode": {"guestId": guest},
            "updateHousehold": {"householdId": household["id"], "plusOnes": 9},
        }.items():
            assert await ask(party, operation, who, **given) <= REFUSALS
            assert await ask(party, operation, who, **given), operation
    assert await ask(party, "submitRsvp", who, householdId=other["id"], guests=[]) == {"NOT_FOUND"}
    moved = [{"guestId": own["guests"][0]["id"], "householdId": other["id"]}]
    assert await ask(party, "updateGuests", who, guests=moved) == {"NOT_ALLOWED"}
    assert await party.statuses("Lindero") == ["PENDING"]
    query = "query($id: ID!) { occasion(id: $id) { name } }"
    assert (await party.server.run(query, who=who, id=elsewhere.id)).code == "NOT_FOUND"


async def test_a_token_of_another_tenant_or_of_before_opens_nothing(party, clock):
    await party.invite("Vado", "Isla")
    query = "query($id: ID!) { household(id: $id) { name } }"
    given = {"id": party.households["Vado"]["id"]}
    stranger = replace(party.guest("Vado"), tenant_id=new_id())
    assert (await party.server.run(query, who=stranger, **given)).code == "NOT_FOUND"
    nobody = replace(party.guest("Vado"), household_id=None)
    assert (await party.server.run(query, who=nobody, **given)).code == "NOT_FOUND"
    short = replace(party.guest("Vado"), lifetime=timedelta(hours=2))
    token = short.token(clock())
    clock.advance(hours=3)
    sent = {"Authorization": f"Bearer {token}"}
    answer = await party.server.http.post(
        f"{party.server.url}/graphql", json={"query": query, "variables": given}, headers=sent
    )
    assert answer.status_code == 401


async def test_a_household_tells_of_its_guests_what_is_theirs_to_tell_and_no_more(party):
    """What an answer does not take, it does not take: neither who somebody is, nor where they belong."""
    await party.invite("Vado", "Isla")
    guest = party.households["Vado"]["guests"][0]["id"]
    query = "mutation($input: SubmitRsvpInput!) { submitRsvp(input: $input) { problems { code } } }"
    more = {"isVip": True, "householdId": "x", "groupName": "VIP", "ageGroup": "INFANT", "takesPlace": False}
    more |= {"isListed": True, "occasionId": "x", "checkInNumber": 1}
    for name, value in more.items():
        given = {"guests": [{"guestId": guest, name: value}]}
        answer = await party.server.run(query, who=party.guest("Vado"), input=given)
        assert "errors" in answer, name
    renamed = {"guests": [{"guestId": guest, "firstName": "Somebody"}]}
    answer = await party.server.run(query, who=party.guest("Vado"), input=renamed)
    assert answer.data["submitRsvp"]["problems"][0]["code"] == "INVALID_INPUT"
