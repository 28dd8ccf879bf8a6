"""What the desk does, and the waitlist: what comes free goes to who waits first, and nothing that is blocked does."""

from asyncio import gather

from tests.tee_sheet.desk import (
    ask,
    block,
    book,
    cancel,
    club_events,
    done,
    head,
    refused,
    sheet,
    squeeze,
    types,
    unblock,
)
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.waiting import fill, free, join, offers


async def statuses(world, number=-1):
    return [slot["status"] for slot in (await sheet(world))["teeTimes"][number]["slots"]]


async def offered(world, places=1):
    """Have somebody wait, and be offered places of the last start; give the offer."""
    await join(world, world.player("ana"), size=places)
    await free(world, await fill(world, places=places))
    [offer] = await offers(world)
    return offer


async def test_a_block_ends_an_offer_and_what_is_left_of_it_goes_to_the_next(world):
    await fill(world, places=2)
    offer = await offered(world, places=2)
    await join(world, world.player("ben"), size=1)
    before, slots = await sheet(world), world.tee_times[-1]["slots"]
    payload = await block(world, slotIds=[slots[2]["id"]], kind="LEAGUE")
    assert await statuses(world) == ["BOOKED", "BOOKED", "BLOCKED", "HELD"]
    [ended] = [
        row
        for row in await club_events(world, after=before["cursor"], upto=payload["cursor"])
        if row["type"] == "waitlist.offer-expired"
    ]
    assert (ended["offerId"], ended["offerStatus"]) == (offer["id"], "WITHDRAWN")
    [new] = await offers(world)
    assert new["id"] != offer["id"]
    await assert_followed(world, before)
    problem = await refused(world, "acceptWaitlistOffer", who=world.player("ana"), offerId=offer["id"])
    assert problem["code"] == "OFFER_ENDED"


async def test_what_is_blocked_is_offered_to_nobody_until_the_block_is_lifted(world):
    booking = await fill(world)
    blocked = (await block(world, keepBookings=True))["block"]["id"]
    await join(world, world.player("ana"), size=2)
    await free(world, booking)
    assert (await statuses(world), await offers(world)) == (["BLOCKED"] * 4, [])
    before = await sheet(world)
    lifted = await unblock(world, blocked)
    assert await statuses(world) == ["HELD", "HELD", "AVAILABLE", "AVAILABLE"]
    events = await club_events(world, after=before["cursor"], upto=lifted["cursor"])
    wanted = ["block.removed", *["slot.available"] * 4, "slot.held", "slot.held", "waitlist.offer-created"]
    assert types(events) == wanted
    await assert_followed(world, before)


async def test_what_a_moved_booking_leaves_is_offered(world):
    booking = await fill(world)
    await join(world, world.player("ana"), size=3)
    before = await sheet(world)
    given = {"bookingId": booking, "teeTimeId": world.tee_time(0)}
    await done(world.server, "moveBooking", "booking { id }", who=world.staff, **given)
    assert await statuses(world) == ["HELD"] * 3 + ["AVAILABLE"]
    await assert_followed(world, before)


async def test_places_that_a_booking_gives_up_are_offered(world):
    booking = await fill(world)
    await join(world, world.player("ana"), size=1)
    before = await sheet(world)
    given = {"bookingId": booking, "removePositions": [2]}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **given)
    assert sorted(await statuses(world)) == ["BOOKED"] * 3 + ["HELD"]
    await assert_followed(world, before)


async def test_squeezed_places_are_offered(world):
    await join(world, world.player("ana"), None, size=2)
    before = await sheet(world)
    await squeeze(world, "08:05")
    [added] = [row for row in (await sheet(world))["teeTimes"] if row["localTime"].startswith("08:05")]
    assert [slot["status"] for slot in added["slots"]] == ["HELD", "HELD", "AVAILABLE", "AVAILABLE"]
    await assert_followed(world, before)


async def test_a_block_meets_the_acceptance_of_an_offer_and_one_wins(world):
    for number in range(6):
        await join(world, world.player(f"golfer {number}"), number, size=4)
        await free(world, await fill(world, number))
        [offer] = await offers(world)
        before, start = await sheet(world), world.tee_times[number]["localTime"]
        given = {"courseId": world.course, "date": world.day.isoformat(), "kind": "OTHER"}
        acts = [
            ask(world.server, "acceptWaitlistOffer", who=world.staff, offerId=offer["id"]),
            ask(world.server, "addBlock", who=world.staff, firstStart=start, lastStart=start, **given),
        ]
        answers = await gather(*acts)
        outcome = codes([next(iter(answer.data.values())) for answer in answers])
        assert outcome in ({"DONE": 1, "OFFER_ENDED": 1}, {"DONE": 1, "PLACES_BOOKED": 1})
        assert set(await statuses(world, number)) in ({"BOOKED"}, {"BLOCKED"})
        assert await offers(world) == []
        await assert_followed(world, before)
        for row in (await sheet(world))["bookings"]:
            if row["status"] == "CONFIRMED":
                await cancel(world, world.staff, row["id"])


async def test_a_sheet_that_goes_offline_meets_a_move_and_nothing_is_sold_on_it(world):
    booking = (await book(world, world.staff, 0, places=2))["booking"]["id"]
    before, given = await sheet(world), {"courseId": world.course, "date": world.day.isoformat()}
    moving = ask(world.server, "moveBooking", who=world.staff, bookingId=booking, teeTimeId=world.tee_time(1))
    closing = ask(world.server, "takeTeeSheetOffline", who=world.staff, **given)
    moved, _ = await gather(moving, closing)
    await assert_followed(world, before)
    problems = moved.data["moveBooking"]["problems"]
    assert [problem["code"] for problem in problems] in ([], ["SHEET_OFFLINE"])
    before = await head(world)
    for operation, more in (("moveBooking", {"teeTimeId": world.tee_time(2)}), ("updateBooking", {"players": [{}]})):
        problem = await refused(world, operation, who=world.staff, bookingId=booking, **more)
        assert problem["code"] == "SHEET_OFFLINE"
    assert await head(world) == before
