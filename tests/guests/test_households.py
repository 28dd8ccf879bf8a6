"""Households and guests: invited, changed, moved, merged, copied, and taken off the list."""

from dataclasses import replace

from tests.guests.party import HOUSEHOLD, found_party

LIST = "query($id: ID!) { guests(occasionId: $id) { cursor guests { id name householdName rsvpStatus } } }"
DIRECTORY = "query($id: ID!) { directory(occasionId: $id) { guests { name groupName householdName } } }"
RECORD = "query($id: ID!) { activity(occasionId: $id) { nodes { kind actor householdName guestNames count } } }"


async def names(party):
    answer = await party.server.run(LIST, who=party.planner, id=party.id)
    return [(one["householdName"], one["name"]) for one in answer.data["guests"]["guests"]]


async def test_a_thousand_guests_are_added_at_once_or_none(party):
    rows = [{"householdName": f"House {n // 4}", "firstName": f"Ana {n}"} for n in range(1_000)]
    rows[700] = {"householdName": "House", "firstName": ""}
    rows[900] = {"firstName": "Nobody's"}
    refused = await party.server.run(
        """mutation($input: AddGuestsInput!) { addGuests(input: $input) {
            problems { __typename ... on GuestsRefused { rows { row field reason } } } } }""",
        who=party.planner,
        input={"occasionId": party.id, "guests": rows},
    )
    [problem] = refused.data["addGuests"]["problems"]
    assert [(one["row"], one["field"]) for one in problem["rows"]] == [(701, "firstName"), (901, "householdId")]
    assert await names(party) == []
    rows[700], rows[900] = rows[0], rows[1]
    made = await party.done("addGuests", "guests { id }", occasionId=party.id, guests=rows)
    assert len(made["guests"]) == 1_000
    assert len(await names(party)) == 1_000
    assert (await party.read())["guestCount"] == 1_000


async def test_an_occasion_has_at_most_two_thousand_guests(party):
    rows = [{"householdName": "Vado", "firstName": f"Ana {n}"} for n in range(1_000)]
    for _ in range(2):
        await party.done("addGuests", "guests { id }", occasionId=party.id, guests=rows)
    refused = await party.mutate("addGuests", "guests { id }", occasionId=party.id, guests=rows[:1])
    assert refused["problems"][0]["code"] == "OCCASION_FULL"


async def test_a_guest_moves_to_another_household_with_the_answer(party):
    vado = await party.invite("Vado", "Isla", "Teo")
    lindero = await party.invite("Lindero", "Sol")
    await party.answer("Vado")
    change = {"guestId": vado["guests"][1]["id"], "householdId": lindero["id"], "lastName": "Lindero"}
    await party.done("updateGuests", "guests { id }", guests=[change])
    assert await names(party) == [("Lindero", "Sol Lindero"), ("Lindero", "Teo Lindero"), ("Vado", "Isla Vado")] or (
        sorted(await names(party)) == [("Lindero", "Sol Lindero"), ("Lindero", "Teo Lindero"), ("Vado", "Isla Vado")]
    )
    assert sorted(await party.statuses("Lindero")) == ["ACCEPTED", "PENDING"]


async def test_merged_households_keep_the_first_code(party):
    vado, lindero = await party.invite("Vado", "Isla"), await party.invite("Lindero", "Sol")
    await party.answer("Lindero")
    merged = await party.done(
        "mergeHouseholds", f"household {{ {HOUSEHOLD} }}", householdId=vado["id"], otherId=lindero["id"]
    )
    assert merged["household"]["code"] == vado["code"]
    assert [one["rsvpStatus"] for one in merged["household"]["guests"]] == ["PENDING", "ACCEPTED"]
    gone = await party.server.run("query($id: ID!) { household(id: $id) { id } }", who=party.planner, id=lindero["id"])
    assert gone.code == "NOT_FOUND"


async def test_households_are_copied_to_another_occasion_with_new_codes_and_no_answers(world):
    first, second = await found_party(world), await found_party(world, name="Next year")
    vado = await first.invite("Vado", "Isla", "Teo", plusOnes=1)
    await first.answer("Vado")
    copied = await second.done(
        "copyGuests", f"households {{ {HOUSEHOLD} }}", occasionId=second.id, householdIds=[vado["id"]]
    )
    [household] = copied["households"]
    assert household["code"] != vado["code"]
    assert [(one["name"], one["rsvpStatus"]) for one in household["guests"]] == [
        ("Isla Vado", "PENDING"),
        ("Teo Vado", "PENDING"),
        ("", "PENDING"),
    ]
    again = await second.done("copyGuests", "households { id }", occasionId=second.id, householdIds=[vado["id"]])
    assert again["households"] == []


async def test_plus_ones_come_and_go_with_the_number_that_may_be_brought(party):
    vado = await party.invite("Vado", "Isla", plusOnes=2)
    assert [one["isPlusOne"] for one in vado["guests"]] == [False, True, True]
    change = {"householdId": vado["id"], "plusOnes": 1}
    fewer = await party.done("updateHousehold", f"household {{ {HOUSEHOLD} }}", **change)
    assert len(fewer["household"]["guests"]) == 2
    named = [{"guestId": fewer["household"]["guests"][1]["id"], "firstName": "Mar", "status": "ACCEPTED"}]
    await party.mutate("submitRsvp", "household { id }", who=party.guest("Vado"), guests=named)
    refused = await party.mutate("updateHousehold", "household { id }", householdId=vado["id"], plusOnes=0)
    assert refused["problems"][0]["code"] == "PLUS_ONES_NAMED"


async def test_a_deleted_household_frees_its_places_for_who_waits(world):
    party = await found_party(world, capacity=2)
    vado = await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol", "Mar")
    await party.answer("Vado")
    await party.answer("Lindero")
    await party.done("deleteHousehold", "householdId", householdId=vado["id"])
    assert await party.statuses("Lindero") == ["ACCEPTED", "ACCEPTED"]
    assert (await party.read())["guestCount"] == 2


async def test_a_guest_comes_to_the_brunch_alone(party):
    when = {"startsAt": "2026-06-07T10:00:00Z", "endsAt": "2026-06-07T13:00:00Z"}
    added = await party.done("addPart", "part { id }", occasionId=party.id, part={"name": "Brunch", **when})
    brunch = added["part"]["id"]
    vado = await party.invite("Vado", "Isla", partIds=[brunch])
    assert [one["name"] for one in vado["parts"]] == ["Brunch"]
    parts = [{"partId": brunch, "status": "ACCEPTED"}]
    guests = [{"guestId": vado["guests"][0]["id"], "parts": parts}]
    payload = await party.mutate("submitRsvp", "household { id }", who=party.guest("Vado"), guests=guests)
    assert payload["problems"] == []
    assert await party.statuses("Vado", brunch) == ["ACCEPTED"]
    on_behalf = {"householdId": vado["id"], "guests": [{"guestId": vado["guests"][0]["id"], "status": "ACCEPTED"}]}
    refused = await party.mutate("setRsvpOnBehalf", "household { id }", **on_behalf)
    assert refused["problems"][0]["code"] == "NOT_INVITED"


async def test_the_directory_shows_who_comes_and_agreed_themselves_and_nothing_else(party):
    await party.invite("Vado", "Isla", "Teo")
    await party.invite("Lindero", "Sol")
    isla = party.households["Vado"]["guests"][0]["id"]
    refused = await party.server.run(
        "mutation($input: SetGuestListingInput!) { setGuestListing(input: $input) { guest { id } } }",
        who=party.planner,
        input={"guestId": isla, "isListed": True},
    )
    assert refused.code == "NOT_ALLOWED"
    await party.done("setGuestListing", "guest { id }", who=party.guest("Vado"), guestId=isla, isListed=True)

    async def shown():
        answer = await party.server.run(DIRECTORY, who=party.guest("Lindero"), id=party.id)
        return answer.data["directory"]["guests"]

    assert await shown() == [], "who has not accepted is not listed yet"
    await party.answer("Vado")
    assert await shown() == [{"name": "Isla Vado", "groupName": "", "householdName": "Vado"}]
    await party.done("setGuestListing", "guest { id }", who=party.guest("Vado"), guestId=isla, isListed=False)
    assert await shown() == []


async def test_the_record_names_who_did_what(party):
    await party.invite("Vado", "Isla")
    await party.answer("Vado")
    record = await party.server.run(RECORD, who=party.planner, id=party.id)
    newest = record.data["activity"]["nodes"][:2]
    assert newest == [
        {"kind": "RSVP_SUBMITTED", "actor": None, "householdName": "Vado", "guestNames": ["Isla Vado"], "count": 1},
        {
            "kind": "HOUSEHOLD_ADDED",
            "actor": "planner",
            "householdName": "Vado",
            "guestNames": ["Isla Vado"],
            "count": 1,
        },
    ]


async def test_a_draft_is_nothing_to_its_guests_and_a_closed_occasion_does_not_change(world):
    party = await found_party(world, publish=False)
    await party.invite("Vado", "Isla")
    query = "query($id: ID!) { occasion(id: $id) { name } }"
    assert (await party.server.run(query, who=party.guest("Vado"), id=party.id)).code == "NOT_FOUND"
    await party.done("publishOccasion", "occasion { status }", occasionId=party.id)
    assert (await party.server.run(query, who=party.guest("Vado"), id=party.id)).data["occasion"]["name"]
    await party.done("closeOccasion", "occasion { status }", occasionId=party.id)
    assert (await party.answer("Vado"))["problems"][0]["code"] == "OCCASION_NOT_OPEN"
    refused = await party.mutate("addHousehold", "household { id }", occasionId=party.id, name="Late")
    assert refused["problems"][0]["code"] == "OCCASION_NOT_OPEN"
    await party.done("publishOccasion", "occasion { status }", occasionId=party.id)
    assert (await party.answer("Vado"))["problems"] == []


async def test_a_planner_who_is_named_no_more_may_not_know_of_it(party):
    other = replace(party.planner, user_id="rosa")
    query = "query($id: ID!) { occasion(id: $id) { name planners } }"
    assert (await party.server.run(query, who=other, id=party.id)).code == "NOT_FOUND"
    await party.done("updateOccasion", "occasion { id }", occasionId=party.id, planners=["planner", "rosa"])
    seen = (await party.server.run(query, who=other, id=party.id)).data["occasion"]
    assert seen["planners"] == ["planner", "rosa"]
    await party.done("updateOccasion", "occasion { id }", occasionId=party.id, planners=["planner"])
    assert (await party.server.run(query, who=other, id=party.id)).code == "NOT_FOUND"


async def test_households_that_would_bring_too_many_together_are_not_merged(party):
    vado, lindero = await party.invite("Vado", "Isla", plusOnes=15), await party.invite("Lindero", "Sol", plusOnes=6)
    refused = await party.mutate("mergeHouseholds", "household { id }", householdId=vado["id"], otherId=lindero["id"])
    assert refused["problems"][0]["code"] == "INVALID_INPUT"
    assert "21" in refused["problems"][0]["message"]
