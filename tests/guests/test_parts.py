"""The parts of an occasion: each has its own places, seats, meals, count and door, and one may be all that somebody
comes to."""

from typing import Any

import pytest

from tests.guests.followed import Followed, ask, evening, events, mark
from tests.guests.party import OCCASION, Party, found_party
from tests.guests.seating.floor import Floor
from tests.guests.test_door import check_in
from tests.guests.test_headcount import count
from tests.harness import World


@pytest.fixture
async def weekend(world: World) -> tuple[Party, str]:
    """A dinner of two places at tables, and a brunch of one, at tables too, with a meal of its own."""
    party = await found_party(world, capacity=2)
    when = {"startsAt": "2026-06-05T10:00:00Z", "endsAt": "2026-06-05T13:00:00Z"}
    part = {"name": "Brunch", "capacity": 1, "isSeated": True, "meals": [{"name": "Waffles"}], **when}
    brunch = (await party.done("addPart", "part { id }", occasionId=party.id, part=part))["part"]["id"]
    await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol")
    return party, str(brunch)


async def answer(party: Party, name: str, number: int, **parts: Any) -> Any:
    guest = {"guestId": party.households[name]["guests"][number]["id"], **parts}
    return await party.mutate("submitRsvp", "cursor", who=party.guest(name), guests=[guest])


async def test_somebody_comes_to_the_brunch_alone(weekend):
    party, brunch = weekend
    comes = [{"partId": brunch, "status": "ACCEPTED", "mealId": "m1"}]
    assert (await answer(party, "Vado", 0, status="DECLINED", parts=comes))["problems"] == []
    assert (await party.household("Vado"))["guests"][0]["rsvpStatus"] == "DECLINED", "that of the main part"
    assert await party.statuses("Vado", brunch) == ["ACCEPTED", "PENDING"]
    dinner, later = await count(party), await count(party, part=brunch)
    assert (dinner["taken"], later["taken"], later["comingInAll"]) == (0, 1, 1)
    assert [(one["meal"], one["guests"]) for one in later["meals"]] == [("Waffles", 1)]


async def test_places_and_queues_are_each_part_s_own(weekend):
    party, brunch = weekend
    both = {"status": "ACCEPTED", "parts": [{"partId": brunch, "status": "ACCEPTED"}]}
    await answer(party, "Vado", 0, **both)
    await answer(party, "Lindero", 0, **both)
    assert (await party.statuses("Lindero"), await party.statuses("Lindero", brunch)) == (["ACCEPTED"], ["WAITLISTED"])
    await answer(party, "Vado", 1, status="ACCEPTED")
    assert await party.statuses("Vado") == ["ACCEPTED", "WAITLISTED"]
    await answer(party, "Vado", 0, parts=[{"partId": brunch, "status": "DECLINED"}])
    assert await party.statuses("Lindero", brunch) == ["ACCEPTED"], "a place of the brunch came free"
    assert await party.statuses("Vado") == ["ACCEPTED", "WAITLISTED"], "and none of the dinner"


async def test_meals_are_each_part_s_own(weekend):
    party, brunch = weekend
    wrong = {"status": "ACCEPTED", "parts": [{"partId": brunch, "status": "ACCEPTED", "mealId": "m2"}]}
    [problem] = (await answer(party, "Vado", 0, **wrong))["problems"]
    assert problem["path"] == ["input", "guests", "0", "parts", "0", "mealId"]
    assert (await answer(party, "Vado", 0, status="ACCEPTED", mealId="m2"))["problems"] == []


async def test_seats_and_doors_are_each_part_s_own(weekend):
    party, brunch = weekend
    floor = Floor(party)
    await floor.set_table("North")
    await floor.set_table("Terrace", partId=brunch)
    await floor.seat("North", "Isla")
    await floor.seat("Terrace", "Isla")
    await floor.do("lockSeat", "Isla", partId=brunch)
    assert (await floor.seat("North", "Isla", "Teo"))["problems"] == [], "it is locked for the brunch alone"
    plan = await floor.plan(partId=brunch, apply=True)
    assert {one["tableId"] for one in plan["seats"]} == {floor.tables["Terrace"]}
    assert sorted(await floor.places()) == ["Isla", "Teo"]
    isla, both = floor.guest("Isla"), {"status": "ACCEPTED", "parts": [{"partId": brunch, "status": "ACCEPTED"}]}
    await answer(party, "Vado", 0, **both)
    assert (await check_in(party, guestId=isla, partId=brunch))["problems"] == []
    assert ((await count(party))["arrived"], (await count(party, part=brunch))["arrived"]) == (0, 1)


PART = "query($id: ID!) { node(id: $id) { ... on Part { name } } }"


async def names(party: Party, who: Any) -> list[str]:
    return [part["name"] for part in (await ask(party, OCCASION, who, party.id))["parts"]]


async def test_a_household_knows_of_the_parts_that_it_is_invited_to_and_of_no_others(weekend):
    party, brunch = weekend
    await party.done("updateHousehold", "cursor", householdId=party.households["Lindero"]["id"], partIds=[brunch])
    lindero = party.guest("Lindero")
    assert await names(party, lindero) == ["Brunch"]
    assert await names(party, party.guest("Vado")) == await names(party, party.planner) == ["Dinner", "Brunch"]
    hidden = await party.server.run(PART, who=lindero, id=party.main)
    gone = await party.server.run(PART, who=lindero, id=party.main[:-4] + "0000")
    assert (hidden.code, hidden.message) == (gone.code, gone.message) == ("NOT_FOUND", gone.message)
    assert (await party.server.run(PART, who=lindero, id=brunch)).data["node"] == {"name": "Brunch"}


async def test_a_household_answers_for_its_parts_and_for_no_others(weekend):
    party, brunch = weekend
    await party.done("updateHousehold", "cursor", householdId=party.households["Lindero"]["id"], partIds=[brunch])
    sol = {"guestId": party.households["Lindero"]["guests"][0]["id"]}
    query = "mutation($i: SubmitRsvpInput!) { submitRsvp(input: $i) { problems { code } } }"
    for part in (party.main, party.main[:-4] + "0000"):
        wish = sol | {"parts": [{"partId": part, "status": "ACCEPTED"}]}
        answer = await party.server.run(query, who=party.guest("Lindero"), i={"guests": [wish]})
        assert (answer.code, answer.message) == ("NOT_FOUND", "There is no such part, or you may not know of it.")
    given = {"who": party.guest("Lindero"), "guests": [sol | {"status": "ACCEPTED", "mealId": "m1"}]}
    await party.done("submitRsvp", "cursor", **given)
    assert await party.statuses("Lindero", brunch) == ["ACCEPTED"], "one part needs no name"


async def test_a_household_hears_of_its_parts_and_of_no_others(weekend):
    party, brunch = weekend
    await party.done("updateHousehold", "cursor", householdId=party.households["Lindero"]["id"], partIds=[brunch])
    since = (await party.read())["cursor"]
    drinks = {"name": "Drinks", **evening(party)}
    more = (await party.done("addPart", "part { id }", occasionId=party.id, part=drinks))["part"]["id"]
    await party.done("updatePart", "cursor", partId=more, place="Bar")
    await party.done("updatePart", "cursor", partId=brunch, place="Terrace")
    await party.done("deletePart", "cursor", partId=more)
    await party.done("updateOccasion", "cursor", occasionId=party.id, name="Weekend")
    upto = (await party.read())["cursor"]
    await mark(party, party.planner)
    told = {}
    for name in ("Lindero", "Vado"):
        heard = await events(party, party.guest(name), after=since, upto=upto)
        changes = [one for one in heard if one["__typename"] == "OccasionUpdated"]
        told[name] = [(one["changes"], [part["name"] for part in one["parts"]]) for one in changes]
    assert told["Lindero"] == [(["place"], ["Brunch"]), (["name"], ["Brunch"])]
    assert [changes for changes, _ in told["Vado"]] == [["parts"], ["place"], ["place"], ["parts"], ["name"]]
    assert told["Vado"][0][1] == ["Dinner", "Brunch", "Drinks"]


async def test_a_household_is_told_that_it_is_invited_to_a_part_and_that_it_is_no_more(weekend):
    party, brunch = weekend
    home, one = party.households["Vado"]["id"], Followed(party, "Vado")
    for parts in ([brunch], None, [party.main], [brunch, party.main]):
        await one.follow("updateHousehold", householdId=home, partIds=parts)
    await party.done("updateHousehold", "cursor", householdId=home, partIds=[brunch])
    await one.follow("updatePart", partId=brunch, name="Late breakfast")
    await one.follow("updateOccasion", occasionId=party.id, language="ES")
