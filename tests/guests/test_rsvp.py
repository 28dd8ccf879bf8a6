"""Answers to invitations: who gets a place, who waits, and who moves up."""

import asyncio
from datetime import datetime, timedelta

import pytest

from tests.guests.party import found_party
from tests.thorough import times

FOLLOW = """subscription($id: ID!, $after: String) {
    occasionEvents(occasionId: $id, after: $after, types: [RSVP_UPDATE]) {
    ... on RsvpUpdated { guestId rsvpStatus guestName movedUp directoryEntry { name } }
} }"""


async def test_a_household_accepts_and_the_master_list_shows_it(party):
    await party.invite("Vado", "Isla", "Teo")
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(FOLLOW, id=party.id, after=(await party.read())["cursor"])
        payload = await party.answer("Vado")
        assert payload["problems"] == []
        told = await socket.events(2)
    assert [(one["guestName"], one["rsvpStatus"]) for one in told] == [
        ("Isla Vado", "ACCEPTED"),
        ("Teo Vado", "ACCEPTED"),
    ]
    listed = await party.server.run(
        "query($id: ID!) { guests(occasionId: $id, status: ACCEPTED) { guests { name rsvpStatus householdName } } }",
        who=party.planner,
        id=party.id,
    )
    assert [one["name"] for one in listed.data["guests"]["guests"]] == ["Isla Vado", "Teo Vado"]


async def test_a_household_that_does_not_fit_waits_whole_and_who_declines_lets_it_in(world):
    party = await found_party(world, capacity=3)
    await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol", "Mar")
    await party.invite("Ribera", "Noa")
    for name in ("Vado", "Lindero", "Ribera"):
        await party.answer(name)
    assert await party.statuses("Vado") == ["ACCEPTED", "ACCEPTED"]
    assert await party.statuses("Lindero") == ["WAITLISTED", "WAITLISTED"]
    assert await party.statuses("Ribera") == ["ACCEPTED"], "a smaller party fits"
    assert [one["attendances"][0]["queuePlace"] for one in (await party.household("Lindero"))["guests"]] == [1, 1]
    await party.answer("Vado", "DECLINED", only=1)
    assert await party.statuses("Lindero") == ["WAITLISTED", "WAITLISTED"], "one place is not enough, and is kept free"
    await party.answer("Ribera", "DECLINED")
    assert await party.statuses("Lindero") == ["ACCEPTED", "ACCEPTED"]


async def test_a_household_that_may_be_split_comes_as_far_as_there_is_room(world):
    party = await found_party(world, capacity=3)
    await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol", "Mar")
    await party.answer("Vado")
    await party.answer("Lindero", mayBeSplit=True)
    assert await party.statuses("Lindero") == ["ACCEPTED", "WAITLISTED"]
    refused = await party.answer("Lindero", mayWait=False)
    assert refused["problems"][0]["code"] == "CAPACITY_REACHED"


async def test_a_party_that_is_passed_over_keeps_its_place_and_is_shown_with_it(world):
    party = await found_party(world, capacity=8)
    for name, size in (("Ribera", 8), ("Vado", 8), ("Lindero", 2), ("Prado", 1)):
        await party.invite(name, *(f"Ana {number}" for number in range(size)))
        await party.answer(name)
    await party.answer("Ribera", "DECLINED", only=2)
    assert [await party.statuses(name) for name in ("Vado", "Lindero", "Prado")] == [
        ["WAITLISTED"] * 8, ["ACCEPTED"] * 2, ["WAITLISTED"],
    ]  # fmt: skip
    for name, place in (("Vado", 1), ("Prado", 2)):
        rows = [row for guest in (await party.household(name))["guests"] for row in guest["attendances"]]
        assert {row["queuePlace"] for row in rows} == {place}
    await party.answer("Ribera", "DECLINED")
    await party.answer("Lindero", "DECLINED")
    assert [(await party.statuses(name))[0] for name in ("Vado", "Prado")] == ["WAITLISTED", "ACCEPTED"]


async def test_who_is_in_stays_in_when_the_household_grows_past_what_is_free(world):
    party = await found_party(world, capacity=2)
    await party.invite("Vado", "Isla", "Teo", "Mar")
    await party.answer("Vado", only=2)
    await party.answer("Vado")
    assert await party.statuses("Vado") == ["ACCEPTED", "ACCEPTED", "WAITLISTED"]


async def test_raised_capacity_lets_the_queue_in_and_is_not_lowered_below_what_is_taken(world):
    party = await found_party(world, capacity=1)
    await party.invite("Vado", "Isla", "Teo")
    await party.answer("Vado")
    assert await party.statuses("Vado") == ["WAITLISTED", "WAITLISTED"]
    await party.done("updatePart", "part { capacity }", partId=party.main, capacity=2)
    assert await party.statuses("Vado") == ["ACCEPTED", "ACCEPTED"]
    refused = await party.mutate("updatePart", "part { capacity } ", partId=party.main, capacity=1)
    assert refused["problems"][0]["code"] == "PLACES_TAKEN"


async def test_after_the_deadline_planners_alone_answer(party, clock):
    await party.invite("Vado", "Isla")
    clock.advance(days=21)
    assert (await party.answer("Vado"))["problems"][0]["code"] == "DEADLINE_PASSED"
    guests = [{"guestId": party.households["Vado"]["guests"][0]["id"], "status": "ACCEPTED"}]
    await party.done("setRsvpOnBehalf", "household { id }", householdId=party.households["Vado"]["id"], guests=guests)
    assert await party.statuses("Vado") == ["ACCEPTED"]


UNTIL = "query($id: ID!) { household(id: $id) { guests { attendances { declineUntil } } } }"


async def until(party, name):
    answer = await party.server.run(UNTIL, who=party.guest(name), id=party.households[name]["id"])
    [found] = {one["attendances"][0]["declineUntil"] for one in answer.data["household"]["guests"]}
    return found and datetime.fromisoformat(found)


async def test_who_moves_up_behind_the_deadline_may_decline_for_two_days_and_do_nothing_else(world, clock):
    party = await found_party(world, capacity=1)
    for name in ("Ribera", "Vado", "Lindero"):
        await party.invite(name, "Ana")
        await party.answer(name)
    clock.advance(days=21)
    assert (await party.answer("Vado", "DECLINED"))["problems"][0]["code"] == "DEADLINE_PASSED", "it waits still"
    await party.done("updatePart", "cursor", partId=party.main, capacity=2)
    assert await party.statuses("Vado") == ["ACCEPTED"]
    assert await until(party, "Vado") == clock() + timedelta(days=2)
    assert await until(party, "Ribera") is None
    isla = {"guestId": party.households["Vado"]["guests"][0]["id"]}
    no = {"status": "DECLINED"}
    for wish in (
        isla | {"mealId": "m1"},
        isla | {"status": "PENDING"},
        isla | no | {"dietNote": "No celery"},
        isla | {"needs": ["OTHER"]},
    ):
        refused = await party.mutate("submitRsvp", "cursor", who=party.guest("Vado"), guests=[wish])
        assert refused["problems"][0]["code"] == "DEADLINE_PASSED", wish
    assert (await party.answer("Ribera", "DECLINED"))["problems"][0]["code"] == "DEADLINE_PASSED"
    clock.advance(days=1, hours=23)
    declined = await party.mutate(
        "submitRsvp", "cursor", who=party.guest("Vado"), guests=[isla | no | {"mealId": None}]
    )
    assert declined["problems"] == []
    assert [await party.statuses(name) for name in ("Vado", "Lindero")] == [["DECLINED"], ["ACCEPTED"]]
    assert await until(party, "Vado") is None
    clock.advance(days=2, minutes=1)
    assert (await party.answer("Lindero", "DECLINED"))["problems"][0]["code"] == "DEADLINE_PASSED"
    assert (await party.answer("Vado"))["problems"][0]["code"] == "DEADLINE_PASSED"


async def test_who_moves_up_when_the_part_begins_soon_may_decline_until_it_does(world, clock):
    party = await found_party(world, capacity=1)
    begins = clock() + timedelta(days=30)
    for name in ("Ribera", "Vado"):
        await party.invite(name, "Ana")
        await party.answer(name)
    clock.advance(days=29, hours=12)
    await party.done("updatePart", "cursor", partId=party.main, capacity=2)
    assert await until(party, "Vado") == begins


async def test_what_cannot_be_answered_is_refused_by_where_it_stands(party):
    await party.invite("Vado", "Isla", "Teo")
    isla, teo = (one["id"] for one in party.households["Vado"]["guests"])
    yes = {"guestId": isla, "status": "ACCEPTED"}
    for wrong, where in (
        ({"status": "WAITLISTED"}, ["1", "status"]),
        ({"status": "ACCEPTED", "mealId": "m9"}, ["1", "mealId"]),
        ({"status": "DECLINED", "mealId": "m1"}, ["1", "mealId"]),
        ({"parts": [{"partId": party.main, "status": "WAITLISTED"}]}, ["1", "parts", "0", "status"]),
    ):
        given = {"who": party.guest("Vado"), "guests": [yes, {"guestId": teo} | wrong]}
        [problem] = (await party.mutate("submitRsvp", "cursor", **given))["problems"]
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "guests", *where])
    assert await party.statuses("Vado") == ["PENDING", "PENDING"], "all of it, or nothing"


@pytest.mark.parametrize("number", range(times(5, usually=2)))
async def test_fifty_households_at_once_never_get_more_places_than_there_are(world, number):
    party = await found_party(world, capacity=10)
    names = [f"Household {one}" for one in range(50)]
    for name in names:
        await party.invite(name, "Ana")
    await asyncio.gather(*(party.answer(name) for name in names))
    found = [(await party.statuses(name))[0] for name in names]
    assert (found.count("ACCEPTED"), found.count("WAITLISTED")) == (10, 40)
    inside = [name for name, status in zip(names, found, strict=True) if status == "ACCEPTED"]
    places = {name: (await party.household(name))["guests"][0]["attendances"][0]["queuePlace"] for name in names}
    line = sorted((name for name in names if places[name]), key=lambda name: places[name])
    assert sorted(places[name] for name in line) == list(range(1, 41))
    await party.answer(inside[0], "DECLINED")
    assert await party.statuses(line[0]) == ["ACCEPTED"], "the first of the queue moves up"
    assert await party.statuses(line[1]) == ["WAITLISTED"]
