"""A block that staff sell from: a league's players fill the league's starts, which stay the league's."""

from asyncio import gather

import pytest

from kit.ids import new_id, public_id
from tests.tee_sheet.desk import PAYER, ask, block, book, cancel, done, forbidden, hold, refused, sheet, unblock
from tests.tee_sheet.test_blocks_api import places
from tests.tee_sheet.test_snapshot_and_events import assert_followed


async def league(world, number=2, **more):
    return (await block(world, number, kind="LEAGUE", reason="Thursday league", **more))["block"]["id"]


async def test_a_league_s_players_fill_its_starts_and_leave_them_blocked(world):
    block_id = await league(world)
    before = await sheet(world)
    one = (await book(world, world.staff, 2, places=2, blockId=block_id))["booking"]["id"]
    await book(world, world.staff, 2, places=1, blockId=block_id)
    shown = await sheet(world)
    assert places(shown, 2) == ["BOOKED"] * 3 + ["BLOCKED"]
    assert len(shown["blocks"]) == 1
    await assert_followed(world, before)
    await cancel(world, world.staff, one)
    assert places(await sheet(world), 2) == ["BLOCKED", "BLOCKED", "BOOKED", "BLOCKED"]
    # What was sold stays sold when the block is lifted; the rest is free then.
    await unblock(world, block_id)
    assert places(await sheet(world), 2) == ["AVAILABLE", "AVAILABLE", "BOOKED", "AVAILABLE"]
    await assert_followed(world, before)


async def test_a_booking_moves_into_a_block_and_out_of_it(world):
    block_id = await league(world)
    booking = (await book(world, world.staff, 5, places=2))["booking"]["id"]
    before = await sheet(world)
    given = {"bookingId": booking, "teeTimeId": world.tee_time(2), "blockId": block_id}
    await done(world.server, "moveBooking", "booking { id }", who=world.staff, **given)
    shown = await sheet(world)
    assert (places(shown, 2), places(shown, 5)) == (["BOOKED"] * 2 + ["BLOCKED"] * 2, ["AVAILABLE"] * 4)
    given = {"bookingId": booking, "teeTimeId": world.tee_time(5)}
    await done(world.server, "moveBooking", "booking { id }", who=world.staff, **given)
    shown = await sheet(world)
    assert (places(shown, 2), places(shown, 5)) == (["BLOCKED"] * 4, ["BOOKED"] * 2 + ["AVAILABLE"] * 2)
    await assert_followed(world, before)


async def test_ten_clerks_fill_the_four_places_of_a_block(world):
    given = {"teeTimeId": world.tee_time(2), "places": 1, "payer": PAYER, "blockId": await league(world)}
    answers = await gather(*(ask(world.server, "bookSlots", who=world.staff, **given) for _ in range(10)))
    problems = [answer.data["bookSlots"]["problems"] for answer in answers]
    assert sum(not found for found in problems) == 4
    assert {found[0]["code"] for found in problems if found} == {"SLOTS_UNAVAILABLE"}


async def test_only_staff_sell_from_a_block(world):
    given = {"teeTimeId": world.tee_time(2), "places": 1, "blockId": await league(world)}
    answer = await forbidden(world, "bookSlots", who=world.player("ana"), **given)
    assert answer.code == "NOT_ALLOWED"
    answer = await forbidden(world, "bookSlots", who=world.staff, **given | {"blockId": public_id("block", new_id())})
    assert answer.code == "NOT_FOUND"


@pytest.mark.parametrize(("number", "lifted"), [(3, False), (2, True)])
async def test_a_block_that_does_not_cover_the_start(world, number, lifted):
    block_id = await league(world)
    if lifted:
        await unblock(world, block_id)
    given = {"teeTimeId": world.tee_time(number), "places": 1, "blockId": block_id, "payer": PAYER}
    problem = await refused(world, "bookSlots", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "blockId"])


async def test_what_another_block_covers_too_is_not_the_league_s_to_sell(world):
    block_id = await league(world)
    await block(world, 2, kind="MAINTENANCE")
    given = {"teeTimeId": world.tee_time(2), "places": 1, "blockId": block_id, "payer": PAYER}
    problem = await refused(world, "bookSlots", who=world.staff, **given)
    assert (problem["code"], problem["placesLeft"]) == ("SLOTS_UNAVAILABLE", 0)


async def test_what_is_held_is_in_no_block(world):
    block_id = await league(world)
    held = await hold(world, world.staff, 3)
    given = {"holdId": held["hold"]["id"], "blockId": block_id, "payer": PAYER}
    problem = await refused(world, "bookSlots", who=world.staff, **given)
    assert problem["path"] == ["input", "blockId"]


async def test_a_booking_of_a_block_grows_within_it(world):
    block_id = await league(world)
    booking = (await book(world, world.staff, 2, places=2, blockId=block_id))["booking"]["id"]
    before = await sheet(world)
    more = {"bookingId": booking, "players": [{"firstName": "Eva"}]}
    problem = await refused(world, "updateBooking", who=world.staff, **more)
    assert problem["code"] == "SLOTS_UNAVAILABLE"
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **more, blockId=block_id)
    assert places(await sheet(world), 2) == ["BOOKED"] * 3 + ["BLOCKED"]
    await assert_followed(world, before)
    given = {"bookingId": booking, "removePositions": [1], "blockId": block_id}
    problem = await refused(world, "updateBooking", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "blockId"])
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, bookingId=booking, removePositions=[1])
    assert places(await sheet(world), 2).count("BLOCKED") == 2
