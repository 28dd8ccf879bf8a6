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


IN_ALL = """query($id: ID!) { headcount(occasionId: $id) { inAll {
    invited coming overCapacity unassigned pendingLate arrived statuses { status guests } ages { ageGroup guests }
    meals { partId meals { meal guests } } diets { diet guests } needs { need guests }
    tables { table seated capacity } households { household accepted declined waitlisted pending }
} } }"""


async def in_all(party, who=None):
    return (await party.server.run(IN_ALL, who=who or party.planner, id=party.id)).data["headcount"]["inAll"]


async def test_all_parts_are_counted_together_with_each_guest_once(world, clock):
    party = await found_party(world, capacity=2)
    when = {"startsAt": "2026-06-07T10:00:00Z", "endsAt": "2026-06-07T13:00:00Z"}
    given = {"name": "Brunch", "capacity": 1, "isSeated": True, "meals": [{"name": "Waffles"}], **when}
    brunch = (await party.done("addPart", "part { id }", occasionId=party.id, part=given))["part"]["id"]
    await party.invite("Vado", guests=[{"firstName": "Isla", "diets": ["VEGAN"]}, {"firstName": "Teo"}])
    await party.invite("Lindero", guests=[{"firstName": "Sol", "ageGroup": "CHILD", "needs": ["HIGH_CHAIR"]}])
    await party.invite("Prado", "Ana", "Leo")
    yes, no = {"status": "ACCEPTED", "mealId": "m1"}, {"status": "DECLINED"}
    for name, dinner, later in (
        ("Vado", [yes, no], [{"status": "ACCEPTED"}, no]),
        ("Lindero", [no], [{"status": "ACCEPTED"}]),
        ("Prado", [no], [{}]),
    ):
        rows = zip(party.households[name]["guests"], dinner, later, strict=False)
        guests = [{"guestId": one["id"], **at, "parts": [{"partId": brunch, **too}]} for one, at, too in rows]
        await party.done("submitRsvp", "cursor", who=party.guest(name), guests=guests)
    table = await party.done("addTable", "table { id }", occasionId=party.id, name="One", capacity=4)
    isla = party.households["Vado"]["guests"][0]["id"]
    await party.done("seatGuests", "cursor", tableId=table["table"]["id"], guests=[{"guestId": isla}])
    clock.advance(days=30)
    for part in (party.main, brunch):
        await party.done("checkInGuest", "cursor", occasionId=party.id, guestId=isla, partId=part)
    found = await in_all(party)
    names = ("invited", "coming", "overCapacity", "unassigned", "pendingLate", "arrived")
    assert [found[name] for name in names] == [5, 1, 1, 1, 2, 1]
    assert {one["status"]: one["guests"] for one in found["statuses"]} == {
        "ACCEPTED": 1, "WAITLISTED": 1, "PENDING": 2, "DECLINED": 1,
    }  # fmt: skip
    assert {one["ageGroup"]: one["guests"] for one in found["ages"]} == {"ADULT": 1, "CHILD": 0, "INFANT": 0}
    assert found["meals"] == [
        {"partId": party.main, "meals": [{"meal": "Fish", "guests": 1}, {"meal": "Risotto", "guests": 0}]},
        {"partId": brunch, "meals": [{"meal": "Waffles", "guests": 0}, {"meal": "", "guests": 1}]},
    ]
    assert (found["diets"], found["needs"]) == ([{"diet": "VEGAN", "guests": 1}], [])
    assert found["tables"] == [{"table": "One", "seated": 1, "capacity": 4}]
    assert [tuple(one.values()) for one in found["households"]] == [
        ("Lindero", 0, 0, 1, 0), ("Prado", 0, 0, 0, 2), ("Vado", 1, 1, 0, 0),
    ]  # fmt: skip
    assert (await in_all(party, who=party.world.staff))["households"] == []


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
