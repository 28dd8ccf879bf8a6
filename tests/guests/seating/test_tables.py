"""Tables: added, changed, deleted; never with fewer seats than who sits there needs."""

from tests.guests.seating.floor import TABLE, Floor, refusal


async def test_a_table_is_added_shown_changed_and_deleted(floor):
    given = {"tableId": floor.tables["East"], "name": "Garden", "capacity": 3, "x": 4.5, "isVip": True}
    changed = await floor.ask("updateTable", f"table {{ {TABLE} }}", **given)
    assert changed["problems"] == []
    shown = (await floor.chart())["tables"]
    assert [(one["name"], one["capacity"], one["seated"]) for one in shown] == [
        ("North", 4, 0),
        ("South", 4, 0),
        ("Garden", 3, 0),
    ]
    assert (shown[2]["x"], shown[2]["isVip"], shown[2]["shape"]) == (4.5, True, "ROUND")
    assert (await floor.ask("deleteTable", "table { id }", tableId=floor.tables["East"]))["problems"] == []
    assert [one["name"] for one in (await floor.chart())["tables"]] == ["North", "South"]


async def test_a_repeat_with_the_same_key_adds_no_second_table(floor):
    for _ in range(2):
        await floor.set_table("West", idempotencyKey="west")
    assert len((await floor.chart())["tables"]) == 4


async def test_two_tables_of_a_part_have_two_names_and_sensible_numbers(floor):
    bad = [({"name": "North"}, "name"), ({"name": " "}, "name"), ({"capacity": 31}, "capacity"), ({"x": 1e9}, "x")]
    for given, wrong in bad:
        added = await floor.ask("addTable", "table { id }", occasionId=floor.party.id, **{"name": "West"} | given)
        assert refusal(added)["path"] == ["input", wrong]
    renamed = await floor.ask("updateTable", "table { id }", tableId=floor.tables["East"], name="South")
    assert refusal(renamed)["path"] == ["input", "name"]


async def test_a_part_without_seats_has_no_tables(floor):
    await floor.ask("deleteTable", "table { id }", tableId=floor.tables["East"])
    party = floor.party
    dance = (await party.read())["parts"][0] | {"name": "Dance"}
    begins = party.world.server.clock()
    span = {"startsAt": begins.isoformat(), "endsAt": begins.replace(hour=begins.hour + 1).isoformat()}
    made = await party.done("addPart", "part { id }", occasionId=party.id, part={"name": dance["name"], **span})
    where = {"occasionId": party.id, "partId": made["part"]["id"]}
    assert refusal(await floor.ask("addTable", "table { id }", name="West", **where))["code"] == "PART_NOT_SEATED"
    assert refusal(await floor.ask("autoSeat", "plan { cost }", **where))["code"] == "PART_NOT_SEATED"


async def test_no_table_is_made_smaller_than_who_sits_there_needs(floor):
    await floor.seat("North", "Isla", "Teo")
    given = {"tableId": floor.tables["North"]}
    assert refusal(await floor.ask("updateTable", "table { id }", capacity=1, **given))["seated"] == 2
    await floor.seat("North", guests=floor.wishes({"Isla": 4}))
    assert refusal(await floor.ask("updateTable", "table { id }", capacity=3, **given))["seated"] == 4
    assert (await floor.ask("updateTable", "table { id }", capacity=4, name="Nord", **given))["problems"] == []


async def test_who_sat_at_a_deleted_table_has_no_seat_and_each_is_told(floor):
    await floor.seat("North", "Isla", "Teo", "Noa")
    await floor.do("lockSeat", "Isla")
    follow = """subscription($id: ID!, $after: String) {
        occasionEvents(occasionId: $id, after: $after, types: [SEATING_DELETE, TABLE_DELETE]) {
        __typename ... on GuestUnseated { guestName previousTableId } } }"""
    async with floor.party.server.socket(floor.party.planner) as socket:
        await socket.subscribe(follow, id=floor.party.id, after=(await floor.party.read())["cursor"])
        await floor.ask("deleteTable", "table { id seated }", tableId=floor.tables["North"])
        told = await socket.events(4)
    assert [one.get("guestName") for one in told] == ["Isla Vado", "Teo Vado", "Noa Ribera", None]
    assert told[3]["__typename"] == "TableDeleted"
    assert len((await floor.chart())["unseated"]) == 6


async def test_an_occasion_has_no_more_than_two_hundred_tables(floor):
    for number in range(197):
        await floor.set_table(f"Table {number}")
    one_more = await floor.ask("addTable", "table { id }", occasionId=floor.party.id, name="One more")
    assert refusal(one_more)["code"] == "OCCASION_FULL"
    await floor.ask("deleteTable", "table { id }", tableId=floor.tables["East"])
    await Floor(floor.party).set_table("One more")
