"""Seats by themselves, through the API: planned, saved, repeated; around who is locked."""

import asyncio

from tests.guests.seating.floor import refusal


async def test_a_plan_is_shown_and_saved_only_where_that_is_wanted(floor):
    plan = await floor.plan()
    assert (plan["isApplied"], plan["seatingProblems"], len(plan["seats"])) == (False, [], 6)
    assert await floor.places() == {}
    saved = await floor.plan(apply=True)
    assert saved == plan | {"isApplied": True}
    planned = {one["guestId"]: one["tableId"] for one in plan["seats"]}
    chart = await floor.chart()
    assert {one["guestId"]: one["tableId"] for table in chart["tables"] for one in table["seats"]} == planned
    assert (chart["unseated"], chart["seatingProblems"]) == ([], [])
    assert all(table["seated"] == len(table["seats"]) for table in chart["tables"])


async def test_the_plan_does_not_depend_on_who_sits_where_but_on_who_is_locked(floor):
    plan = await floor.plan()
    for name in ("Isla", "Teo", "Mar"):
        await floor.seat("South", name)
    again = await floor.plan()
    assert [one["tableId"] for one in again["seats"]] == [one["tableId"] for one in plan["seats"]]
    await floor.seat("East", "Isla", guests=floor.wishes({"Isla": 2}))
    await floor.do("lockSeat", "Isla")
    await floor.plan(apply=True)
    assert (await floor.places())["Isla"] == ("East", 2), "a locked seat is never touched"
    again = await floor.plan(apply=True)
    assert all(one["tableId"] == one["previousTableId"] for one in again["seats"]), "nothing is left to be moved"


async def test_a_plan_keeps_to_the_rules_and_tells_what_it_could_not_keep(floor):
    home, other = (floor.party.households[name]["id"] for name in ("Vado", "Lindero"))
    await floor.rule("APART", firstHouseholdId=home, secondHouseholdId=other)
    plan = await floor.plan(apply=True)
    assert plan["seatingProblems"] == []
    for name in ("South", "East"):
        await floor.ask("deleteTable", "table { id }", tableId=floor.tables[name])
    flaws = [problem["flaw"] for problem in (await floor.plan(apply=True))["seatingProblems"]]
    assert flaws.count("UNSEATED") == 2
    assert len((await floor.chart())["unseated"]) == 2


async def test_each_guest_whom_a_plan_moves_is_told_of(floor):
    await floor.seat("East", "Noa")
    follow = """subscription($id: ID!, $after: String) {
        occasionEvents(occasionId: $id, after: $after, types: [SEATING_CREATE, SEATING_UPDATE]) {
        ... on GuestSeated { guestId tableId } ... on SeatChanged { guestId tableId previousTableId } } }"""
    async with floor.party.server.socket(floor.party.planner) as socket:
        await socket.subscribe(follow, id=floor.party.id, after=(await floor.party.read())["cursor"])
        plan = await floor.plan(apply=True)
        moved = [one for one in plan["seats"] if one["tableId"] != one["previousTableId"]]
        told = await socket.events(len(moved))
    assert {one["guestId"]: one["tableId"] for one in told} == {one["guestId"]: one["tableId"] for one in moved}


async def test_plans_that_are_saved_at_once_with_moves_overfill_no_table(floor):
    plans = [floor.plan(apply=True) for _ in range(4)]
    moves = [floor.seat(table, name) for table, name in (("North", "Isla"), ("South", "Sol"), ("East", "Noa"))]
    await asyncio.gather(*plans, *moves)
    chart = await floor.chart()
    assert all(table["seated"] == len(table["seats"]) <= table["capacity"] for table in chart["tables"])


async def test_a_closed_occasion_is_planned_and_not_changed(floor):
    await floor.party.done("closeOccasion", "occasion { id }", occasionId=floor.party.id)
    assert len((await floor.plan())["seats"]) == 6
    saved = await floor.ask("autoSeat", "plan { cost }", occasionId=floor.party.id, apply=True)
    assert refusal(saved)["code"] == "OCCASION_NOT_OPEN"
