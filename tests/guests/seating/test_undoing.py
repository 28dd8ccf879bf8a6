"""The last plan that was saved is taken back as a whole, once, and not where anything has moved since."""

import asyncio

import pytest

from tests.guests.seating.floor import TABLE, refusal

REFUSED = "problems { code message ... on SeatingMoved { guestIds } ... on SeatLocked { guestIds } }"
UNDO = f"mutation($i: UndoAutoSeatInput!) {{ undoAutoSeat(input: $i) {{ tables {{ {TABLE} }} {REFUSED} }} }}"


async def undo(floor, **more):
    given = {"occasionId": floor.party.id} | more
    return (await floor.party.server.run(UNDO, who=floor.party.planner, i=given)).data["undoAutoSeat"]


@pytest.fixture
async def planned(floor):
    """Isla and Sol had seats of their own at tables that the plan has them leave, three had none; Noa is locked."""
    await floor.seat("South", guests=floor.wishes({"Isla": 3}))
    await floor.seat("North", guests=floor.wishes({"Sol": 1}))
    await floor.seat("East", "Noa")
    await floor.do("lockSeat", "Noa")
    floor.before = await floor.places()
    await floor.plan(apply=True)
    homes = {"North": ("Isla", "Teo", "Mar"), "South": ("Sol", "Luz"), "East": ("Noa",)}
    assert {name: table for name, (table, _) in (await floor.places()).items()} == {
        name: table for table, names in homes.items() for name in names
    }
    return floor


async def test_all_sit_again_where_they_sat_with_their_seats(planned):
    done = await undo(planned)
    assert done["problems"] == []
    assert await planned.places() == planned.before
    assert {one["name"]: one["seated"] for one in done["tables"]} == {"North": 1, "South": 1}
    assert all(one["seated"] == len(one["seats"]) for one in (await planned.chart())["tables"])
    assert refusal(await undo(planned))["code"] == "NO_PLAN_SAVED", "once"
    await planned.plan(apply=True)
    assert (await undo(planned))["problems"] == [], "and again, when it was saved again"


async def test_a_plan_that_changes_nothing_leaves_the_one_before_to_be_taken_back(planned):
    await planned.plan(apply=True)
    await planned.plan()
    assert (await undo(planned))["problems"] == []
    assert await planned.places() == planned.before


async def test_what_was_never_planned_is_not_taken_back(floor):
    await floor.seat("North", "Isla")
    await floor.plan()
    assert refusal(await undo(floor))["code"] == "NO_PLAN_SAVED"
    assert await floor.places() == {"Isla": ("North", None)}


async def move(floor):
    await floor.seat("South", "Teo", force=True)
    return "SEATING_MOVED", ["Teo"]


async def give_a_seat(floor):
    await floor.seat("North", guests=floor.wishes({"Teo": 2}))
    return "SEATING_MOVED", ["Teo"]


async def lock(floor):
    await floor.do("lockSeat", "Isla")
    return "SEAT_LOCKED", ["Isla"]


async def decline(floor):
    await floor.party.answer("Vado", "DECLINED", only=2)
    return "SEATING_MOVED", ["Isla", "Teo"]


async def remove_a_table(floor):
    await floor.party.done("deleteTable", "table { id }", tableId=floor.tables.pop("South"))
    return "SEATING_MOVED", ["Isla", "Sol", "Luz"]


async def make_a_table_smaller(floor):
    await floor.party.done("updateTable", "table { id }", tableId=floor.tables["South"], capacity=2)
    return "SEATING_MOVED", ["Isla"]


async def take_an_old_seat(floor):
    await floor.party.invite("Arce", "Ona")
    await floor.seat("South", guests=floor.wishes({"Ona": 3}))
    return "SEATING_MOVED", ["Isla"]


async def fill_an_old_table(floor):
    await floor.party.invite("Arce", "Ona", "Pia", "Rui")
    await floor.party.done("updateTable", "table { id }", tableId=floor.tables["South"], capacity=5)
    await floor.seat("South", "Ona", "Pia", "Rui")
    await floor.party.done("deleteGuests", "guestIds", guestIds=[floor.guest("Luz")])
    await floor.party.done("updateTable", "table { id }", tableId=floor.tables["South"], capacity=4)
    return None, []


CHANGES = [move, give_a_seat, lock, decline, remove_a_table, make_a_table_smaller, take_an_old_seat, fill_an_old_table]


@pytest.mark.parametrize("change", CHANGES)
async def test_where_something_has_moved_since_nobody_is_moved(planned, change):
    code, names = await change(planned)
    between = await planned.places()
    done = await undo(planned)
    if code is None:
        assert done["problems"] == [], "there is room for all that are left"
        return
    assert refusal(done)["code"] == code
    assert sorted(refusal(done)["guestIds"]) == sorted(map(planned.guest, names))
    assert await planned.places() == between


async def test_who_was_taken_off_the_list_since_is_passed_over(planned):
    await planned.party.done("deleteGuests", "guestIds", guestIds=[planned.guest("Sol")])
    assert (await undo(planned))["problems"] == []
    assert await planned.places() == {name: at for name, at in planned.before.items() if name != "Sol"}


async def test_of_many_who_take_it_back_at_once_one_does_and_moves_at_once_overfill_no_table(planned):
    moves = [planned.seat(table, "Teo", force=True) for table in ("North", "South", "North")]
    done = await asyncio.gather(*(undo(planned) for _ in range(4)), *moves)
    codes = [refusal(one)["code"] for one in done[:4] if one["problems"]]
    assert len(codes) >= 3
    assert set(codes) <= {"NO_PLAN_SAVED", "SEATING_MOVED"}
    assert all(one["seated"] == len(one["seats"]) <= one["capacity"] for one in (await planned.chart())["tables"])
