"""The headcount: asked once, polled, and followed as it is."""

from tests.guests.party import found_party

COUNT = """cursor invited taken capacity overCapacity unassigned pendingLate arrived invitedInAll comingInAll
    statuses { status guests } ages { ageGroup guests } meals { meal guests } diets { diet guests }
    needs { need guests } households { household accepted pending }"""
QUERY = f"query($id: ID!, $part: ID) {{ headcount(occasionId: $id, partId: $part) {{ {COUNT} }} }}"
FOLLOW = f"subscription($id: ID!) {{ headcount(occasionId: $id) {{ {COUNT} }} }}"


async def count(party, who=None, part=None):
    answer = await party.server.run(QUERY, who=who or party.planner, id=party.id, part=part)
    return answer.data["headcount"]


async def test_everybody_is_counted_by_what_they_answered_eat_and_need(world):
    party = await found_party(world, capacity=2)
    people = [{"firstName": "Isla", "diets": ["VEGAN"]}, {"firstName": "Teo", "needs": ["WHEELCHAIR"]}]
    await party.invite("Vado", guests=[*people, {"firstName": "Mar", "ageGroup": "INFANT"}])
    await party.invite("Lindero", "Sol", "Noa")
    meal = {"guestId": party.households["Vado"]["guests"][0]["id"], "status": "ACCEPTED", "mealId": "m1"}
    rest = [{"guestId": one["id"], "status": "ACCEPTED"} for one in party.households["Vado"]["guests"][1:]]
    await party.done("submitRsvp", "cursor", who=party.guest("Vado"), guests=[meal, *rest])
    await party.answer("Lindero", only=1)
    found = await count(party)
    assert (found["invited"], found["taken"], found["capacity"], found["overCapacity"]) == (5, 2, 2, 1)
    assert {one["status"]: one["guests"] for one in found["statuses"]} == {
        "ACCEPTED": 3,
        "WAITLISTED": 1,
        "DECLINED": 0,
        "PENDING": 1,
    }
    assert {one["ageGroup"]: one["guests"] for one in found["ages"]} == {"ADULT": 2, "CHILD": 0, "INFANT": 1}
    assert [(one["meal"], one["guests"]) for one in found["meals"]] == [("Fish", 1), ("Risotto", 0), ("", 2)]
    assert found["diets"] == [{"diet": "VEGAN", "guests": 1}]
    assert found["needs"] == [{"need": "WHEELCHAIR", "guests": 1}]
    assert (found["unassigned"], found["arrived"], found["pendingLate"]) == (2, 0, 0)
    assert [one["household"] for one in found["households"]] == ["Lindero", "Vado"]


async def test_parts_are_counted_by_themselves_and_guests_once_in_all(party):
    when = {"startsAt": "2026-06-07T10:00:00Z", "endsAt": "2026-06-07T13:00:00Z"}
    brunch = (await party.done("addPart", "part { id }", occasionId=party.id, part={"name": "Brunch", **when}))["part"]
    await party.invite("Vado", "Isla", "Teo")
    await party.answer("Vado", only=1)
    parts = [{"partId": brunch["id"], "status": "ACCEPTED"}]
    guests = [{"guestId": one["id"], "parts": parts} for one in party.households["Vado"]["guests"]]
    await party.done("submitRsvp", "cursor", who=party.guest("Vado"), guests=guests)
    assert (await count(party))["taken"] == 1
    later = await count(party, part=brunch["id"])
    assert (later["taken"], later["invitedInAll"], later["comingInAll"]) == (2, 2, 2)


async def test_staff_see_numbers_and_no_households_and_guests_see_nothing(party):
    await party.invite("Vado", "Isla")
    assert (await count(party, who=party.world.staff))["households"] == []
    assert (await party.server.run(QUERY, who=party.guest("Vado"), id=party.id)).code == "NOT_ALLOWED"


async def test_who_follows_has_it_at_once_and_then_the_last_of_many_changes(party):
    await party.invite("Vado", *(f"Ana {n}" for n in range(20)))
    async with party.server.socket(party.planner) as socket:
        await socket.subscribe(FOLLOW, id=party.id)
        assert (await socket.event())["taken"] == 0
        for number in range(20):
            guests = [{"guestId": party.households["Vado"]["guests"][number]["id"], "status": "ACCEPTED"}]
            await party.done("submitRsvp", "cursor", who=party.guest("Vado"), guests=guests)
        told = [await socket.event()]
        while told[-1]["taken"] < 20:
            told.append(await socket.event())
    assert len(told) < 20, "each change was told by itself"
    assert told[-1] == await count(party)


async def test_who_has_not_answered_is_late_when_the_deadline_is_over(party, clock):
    await party.invite("Vado", "Isla")
    assert (await count(party))["pendingLate"] == 0
    clock.advance(days=21)
    assert (await count(party))["pendingLate"] == 1
