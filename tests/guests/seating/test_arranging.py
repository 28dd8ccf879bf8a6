"""Many seats at once: a plan that is taken back, and what is refused as a whole."""

import asyncio

from tests.guests.seating.floor import TABLE, refusal

PLAN = "plan { seats { guestId tableId previousTableId previousSeat } }"


async def arrange(floor, seats, **more):
    rows = [
        {"guestId": floor.guest(name), "tableId": floor.tables.get(at or ""), "seat": seat}
        for name, (at, seat) in seats.items()
    ]
    return await floor.ask("arrangeSeats", f"tables {{ {TABLE} }}", occasionId=floor.party.id, seats=rows, **more)


async def test_a_plan_is_taken_back_at_once(floor):
    await floor.seat("North", guests=floor.wishes({"Isla": 2, "Sol": 1}))
    await floor.seat("South", "Teo")
    await floor.rule("APART", firstGuestId=floor.guest("Isla"), secondGuestId=floor.guest("Sol"))
    before = await floor.places()
    made = await floor.party.done("autoSeat", PLAN, occasionId=floor.party.id, apply=True)
    assert await floor.places() != before
    back = [
        {"guestId": one["guestId"], "tableId": one["previousTableId"], "seat": one["previousSeat"]}
        for one in made["plan"]["seats"]
    ]
    given = {"occasionId": floor.party.id, "seats": back}
    assert refusal(await floor.ask("arrangeSeats", "tables { id }", **given))["code"] == "SEATING_RULE_BROKEN"
    done = await floor.ask("arrangeSeats", f"tables {{ {TABLE} }}", force=True, **given)
    assert done["problems"] == []
    assert await floor.places() == before
    assert all(table["seated"] == len(table["seats"]) for table in (await floor.chart())["tables"])
    again = await floor.ask("arrangeSeats", "tables { id }", force=True, **given)
    assert (again["problems"], again["tables"]) == ([], [])


async def test_guests_change_seats_in_a_ring(floor):
    await floor.seat("North", guests=floor.wishes({"Isla": 1, "Teo": 2, "Mar": 3}))
    assert (await arrange(floor, {"Isla": ("North", 2), "Teo": ("North", 3), "Mar": ("North", 1)}))["problems"] == []
    places = await floor.places()
    assert [places[name] for name in ("Isla", "Teo", "Mar")] == [("North", 2), ("North", 3), ("North", 1)]


async def test_all_of_them_or_nobody(floor):
    await floor.seat("East", "Sol", "Luz")
    await floor.seat("North", guests=floor.wishes({"Noa": 1}))
    before = await floor.places()
    for seats, code in (
        ({"Isla": ("North", None), "Teo": ("East", None)}, "TABLE_FULL"),
        ({"Isla": ("North", 1)}, "SEAT_OCCUPIED"),
        ({"Isla": ("North", 5)}, "INVALID_INPUT"),
        ({"Isla": ("North", 2), "Teo": ("North", 2)}, "INVALID_INPUT"),
        ({"Isla": (None, 2)}, "INVALID_INPUT"),
    ):
        assert refusal(await arrange(floor, seats))["code"] == code
    assert (await arrange(floor, {"Sol": (None, None), "Isla": ("East", 2)}))["problems"] == []
    assert await floor.places() == {"Luz": ("East", None), "Noa": ("North", 1), "Isla": ("East", 2)}
    assert before["Sol"] == ("East", None)
    await floor.do("lockSeat", "Noa")
    assert refusal(await arrange(floor, {"Noa": (None, None)}))["code"] == "SEAT_LOCKED"
    await floor.party.answer("Vado", "DECLINED", only=1)
    assert refusal(await arrange(floor, {"Isla": ("South", None)}))["code"] == "SEAT_NOT_WANTED"


async def test_two_who_arrange_at_once_overfill_no_table(floor):
    ways = [{"Isla": ("East", 1), "Teo": ("East", 2)}, {"Sol": ("East", 1), "Luz": ("East", 2)}]
    done = await asyncio.gather(*(arrange(floor, way) for way in ways * 2))
    assert sum(not one["problems"] for one in done) >= 1
    tables = {table["name"]: table for table in (await floor.chart())["tables"]}
    assert tables["East"]["seated"] == len(tables["East"]["seats"]) == 2
