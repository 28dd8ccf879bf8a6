"""Seats: given, moved, swapped, locked and freed; never above what a table has, whatever happens at once."""

import asyncio
from random import Random

import pytest
from sqlalchemy import text

from tests.guests.party import found_party
from tests.guests.seating.floor import Floor, refusal
from tests.thorough import times


async def test_guests_are_seated_moved_and_unseated(floor):
    assert (await floor.seat("North", "Isla", "Teo"))["tables"][0]["seated"] == 2
    moved = await floor.seat("South", "Isla", "Noa")
    assert [(one["name"], one["seated"]) for one in moved["tables"]] == [("South", 2), ("North", 1)]
    assert await floor.places() == {"Isla": ("South", None), "Noa": ("South", None), "Teo": ("North", None)}
    assert (await floor.do("unseatGuests", "Isla", "Teo"))["problems"] == []
    assert await floor.places() == {"Noa": ("South", None)}
    assert refusal(await floor.do("unseatGuests", "Isla", "Noa"))["guestIds"] == [floor.guest("Isla")]


async def test_a_table_takes_no_more_than_it_has_seats(floor):
    await floor.seat("East", "Isla")
    refused = refusal(await floor.seat("East", "Teo", "Mar"))
    assert (refused["code"], refused["seatsLeft"]) == ("TABLE_FULL", 1)
    assert await floor.places() == {"Isla": ("East", None)}, "all of them, or none"
    assert (await floor.seat("East", "Isla", "Teo"))["problems"] == [], "who sits there already takes no second seat"


async def test_seats_of_a_table_are_one_guests_each(floor):
    await floor.seat("North", guests=floor.wishes({"Isla": 1, "Teo": 2}))
    assert refusal(await floor.seat("North", guests=floor.wishes({"Noa": 1})))["guestId"] == floor.guest("Isla")
    assert refusal(await floor.seat("North", guests=floor.wishes({"Noa": 5})))["code"] == "INVALID_INPUT"
    assert refusal(await floor.seat("North", guests=floor.wishes({"Noa": 3, "Sol": 3})))["code"] == "INVALID_INPUT"
    assert (await floor.seat("North", guests=floor.wishes({"Isla": 2, "Teo": 1})))["problems"] == []
    assert await floor.places() == {"Isla": ("North", 2), "Teo": ("North", 1)}
    await floor.seat("North", "Isla", "Noa")
    assert (await floor.places())["Isla"] == ("North", 2), "who names no other seat keeps the own"


async def test_two_guests_swap_tables_and_seats(floor):
    await floor.seat("North", guests=floor.wishes({"Isla": 1}))
    await floor.seat("East", guests=floor.wishes({"Noa": 1}))
    assert (await floor.swap("Isla", "Noa"))["problems"] == []
    assert await floor.places() == {"Isla": ("East", 1), "Noa": ("North", 1)}
    assert refusal(await floor.swap("Isla", "Isla"))["code"] == "INVALID_INPUT"
    assert refusal(await floor.swap("Isla", "Teo"))["guestIds"] == [floor.guest("Teo")]


async def test_who_is_locked_is_moved_by_nobody_until_unlocked(floor):
    await floor.seat("North", "Isla")
    await floor.seat("South", "Noa")
    assert (await floor.do("lockSeat", "Isla"))["problems"] == []
    locked = [floor.guest("Isla")]
    for refused in (
        await floor.seat("South", "Isla"),
        await floor.seat("North", guests=floor.wishes({"Isla": 2})),
        await floor.swap("Noa", "Isla"),
        await floor.do("unseatGuests", "Isla", "Noa"),
        await floor.do("lockSeat", "Isla"),
    ):
        assert (refusal(refused)["code"], refusal(refused)["guestIds"]) == ("SEAT_LOCKED", locked)
    assert (await floor.seat("North", "Isla", "Teo"))["problems"] == [], "who stays may be named"
    await floor.do("unlockSeat", "Isla")
    assert refusal(await floor.do("unlockSeat", "Isla"))["code"] == "INVALID_INPUT"
    assert (await floor.seat("South", "Isla"))["problems"] == []


async def test_who_declines_or_waits_has_no_seat(floor):
    await floor.seat("North", "Isla", "Teo", "Noa")
    await floor.do("lockSeat", "Isla")
    await floor.party.answer("Vado", "DECLINED", only=2)
    assert await floor.places() == {"Noa": ("North", None)}
    assert [one["seated"] for one in (await floor.chart())["tables"]] == [1, 0, 0]
    assert refusal(await floor.seat("North", "Isla"))["rsvpStatus"] == "DECLINED"
    await floor.party.answer("Ribera")
    await floor.party.answer("Ribera", "PENDING")
    assert await floor.places() == {"Noa": ("North", None)}, "who is undecided again keeps the seat"


async def test_an_infant_sits_where_it_was_given_a_seat_and_is_counted_until_it_leaves(floor):
    party = floor.party
    await party.done("updateGuests", "guests { id }", guests=[{"guestId": floor.guest("Mar"), "ageGroup": "INFANT"}])
    assert floor.guest("Mar") not in {one["guestId"] for one in (await floor.chart())["unseated"]}
    await floor.seat("East", "Mar", "Isla")
    assert refusal(await floor.seat("East", "Teo"))["seatsLeft"] == 0
    await party.done("updateGuests", "guests { id }", guests=[{"guestId": floor.guest("Mar"), "takesPlace": True}])
    await party.answer("Vado", "DECLINED")
    assert [one["seated"] for one in (await floor.chart())["tables"]] == [0, 0, 0]


async def test_a_closed_occasion_keeps_its_seats(floor):
    await floor.seat("North", "Isla")
    await floor.party.done("closeOccasion", "occasion { id }", occasionId=floor.party.id)
    for refused in (await floor.seat("South", "Isla"), await floor.do("lockSeat", "Isla")):
        assert refusal(refused)["code"] == "OCCASION_NOT_OPEN"


@pytest.mark.parametrize("number", range(times(5, usually=1)))
async def test_a_hundred_moves_and_swaps_at_once_overfill_no_table_and_wait_for_no_other(world, number):
    floor = Floor(await found_party(world))
    names = [f"G{one}" for one in range(24)]
    for home in range(12):
        await floor.party.invite(f"Home {home}", *names[2 * home : 2 * home + 2])
    for name in ("A", "B", "C", "D", "E"):
        await floor.set_table(name, 5)
    for place, name in enumerate(names):
        await floor.seat("ABCDE"[place % 5], name)
    dice = Random(number)

    async def change(_):
        kind = dice.random()
        if kind < 0.4:
            return await floor.swap(*dice.sample(names, 2))
        if kind < 0.5:
            return await floor.party.answer(f"Home {dice.randrange(12)}", dice.choice(["DECLINED", "PENDING"]))
        return await floor.seat(dice.choice("ABCDE"), *dice.sample(names, dice.choice([1, 2, 3])))

    done = await asyncio.gather(*map(change, range(100)))
    codes = {problem["code"] for payload in done for problem in payload["problems"]}
    assert codes <= {"TABLE_FULL", "INVALID_INPUT", "NOT_SEATED", "SEAT_NOT_WANTED"}
    assert any(not payload["problems"] for payload in done)
    chart = await floor.chart()
    assert all(table["seated"] == len(table["seats"]) <= 5 for table in chart["tables"])
    sitting = [seat["guestId"] for table in chart["tables"] for seat in table["seats"]]
    assert len(sitting) == len(set(sitting))


async def test_the_database_itself_lets_no_table_be_overfilled(floor):
    await floor.seat("East", "Isla")
    with pytest.raises(Exception, match="ck_dining_tables_seated"):
        async with floor.party.server.runtime.database.tenant(floor.party.world.tenant_id) as session:
            await session.execute(text("UPDATE dining_tables SET seated = capacity + 1"))
