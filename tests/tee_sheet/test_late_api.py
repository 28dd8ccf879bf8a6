"""What staff do at a start and after it, and bookings that are restored, through the API."""

from asyncio import gather
from datetime import datetime, timedelta

import pytest

from tests.tee_sheet.desk import (
    book,
    booking_events,
    cancel,
    club_events,
    done,
    forbidden,
    hold,
    play,
    refused,
    sheet,
    types,
)
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.test_telling_parties import kinds
from tests.tee_sheet.waiting import join, offers


async def restore(world, booking_id, **more):
    return await done(
        world.server,
        "restoreBooking",
        "booking { id status players { slotId } }",
        who=world.staff,
        bookingId=booking_id,
        **more,
    )


async def test_walk_ups_are_booked_moved_and_sent_off_after_the_start(world, clock):
    clock.advance(hours=3)
    before = await sheet(world)
    booking_id = (await book(world, world.staff, 0, places=2))["booking"]["id"]
    given = {"bookingId": booking_id, "teeTimeId": world.tee_time(1)}
    await done(world.server, "moveBooking", "booking { id }", who=world.staff, **given)
    added = {"bookingId": booking_id, "players": [{"firstName": "Late"}]}
    await done(world.server, "updateBooking", "booking { id }", who=world.staff, **added)
    await play(world, "checkIn", booking_id)
    assert (await play(world, "teeOff", booking_id))["booking"]["status"] == "ON_COURSE"
    await assert_followed(world, before)


async def test_walk_ups_are_taken_until_the_day_is_over(world, clock):
    clock.now = datetime.fromisoformat("2026-05-04T21:59:59+00:00")  # a second before midnight in Madrid
    await book(world, world.staff, 0)
    clock.advance(seconds=1)
    problem = await refused(world, "bookSlots", who=world.staff, teeTimeId=world.tee_time(0), places=1)
    assert problem["code"] == "START_IN_THE_PAST"


async def test_a_cancelled_booking_holds_again(world, clock):
    ana = world.player("ana")
    booking_id = (await book(world, ana, 2, places=3))["booking"]["id"]
    await play(world, "checkIn", booking_id)
    await cancel(world, world.staff, booking_id)
    await book(world, world.player("ben"), 2)
    before = await sheet(world)
    payload = await restore(world, booking_id)
    assert payload["booking"]["status"] == "CONFIRMED"
    shown = (await sheet(world))["teeTimes"][2]["slots"]
    assert {slot["id"] for slot in shown if slot["bookingId"] == booking_id} == {
        player["slotId"] for player in payload["booking"]["players"]
    }
    events = await booking_events(world, booking_id, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["booking.restored", *["slot.booked"] * 3]
    assert [player["checkedInAt"] for player in events[0]["players"]] == [None] * 3
    assert await kinds(world, "ana") == [["BOOKING_RESTORED", "BOOKING_CANCELLED"]]
    await assert_followed(world, before)
    await play(world, "checkIn", booking_id)


async def test_what_cannot_be_restored(world, clock):
    booking_id = (await book(world, world.staff, -1, places=2))["booking"]["id"]
    given = {"who": world.staff, "bookingId": booking_id}
    problem = await refused(world, "restoreBooking", **given)
    assert (problem["code"], problem["bookingStatus"]) == ("BOOKING_NOT_CANCELLED", "CONFIRMED")
    await cancel(world, world.staff, booking_id)
    await book(world, world.staff, -1, places=2)
    await hold(world, world.player("ben"), -1)
    problem = await refused(world, "restoreBooking", **given)
    assert (problem["code"], problem["placesLeft"]) == ("SLOTS_UNAVAILABLE", 1)
    clock.advance(minutes=10)
    deadline = clock() - timedelta(minutes=10) + timedelta(hours=24)
    clock.now = deadline + timedelta(microseconds=1)
    problem = await refused(world, "restoreBooking", **given)
    assert (problem["code"], problem["deadline"]) == ("RESTORE_TOO_LATE", deadline.isoformat())


async def test_a_booking_whose_day_is_over_is_not_restored(world, clock):
    booking_id = (await book(world, world.staff, -1))["booking"]["id"]
    await cancel(world, world.staff, booking_id)
    clock.now = datetime.fromisoformat("2026-05-04T22:00:00+00:00")
    problem = await refused(world, "restoreBooking", who=world.staff, bookingId=booking_id)
    assert problem["code"] == "START_IN_THE_PAST"


async def test_who_was_offered_the_places_keeps_them(world):
    booking_id = (await book(world, world.staff, -1, places=4))["booking"]["id"]
    await join(world, world.player("ana"))
    await cancel(world, world.staff, booking_id)
    [offer] = await offers(world)
    problem = await refused(world, "restoreBooking", who=world.staff, bookingId=booking_id)
    assert (problem["code"], problem["placesLeft"]) == ("SLOTS_UNAVAILABLE", 3)
    assert [live["id"] for live in await offers(world)] == [offer["id"]]


async def test_nothing_is_restored_on_a_sheet_that_is_offline(world):
    booking_id = (await book(world, world.staff, -1))["booking"]["id"]
    await cancel(world, world.staff, booking_id)
    day = {"courseId": world.course, "date": world.day.isoformat()}
    await done(world.server, "takeTeeSheetOffline", "teeSheet { id }", who=world.staff, **day)
    problem = await refused(world, "restoreBooking", who=world.staff, bookingId=booking_id)
    assert problem["code"] == "SHEET_OFFLINE"


async def test_restoring_is_for_the_desk(world):
    ana = world.player("ana")
    booking_id = (await book(world, ana, -1))["booking"]["id"]
    await cancel(world, world.staff, booking_id)
    assert (await forbidden(world, "restoreBooking", who=ana, bookingId=booking_id)).code == "NOT_ALLOWED"


@pytest.mark.parametrize("rival", ["bookSlots", "restoreBooking"])
async def test_restored_places_are_sold_once(world, rival):
    booking_id = (await book(world, world.staff, -1, places=3))["booking"]["id"]
    before = await sheet(world)
    await cancel(world, world.staff, booking_id)
    given = {"bookingId": booking_id}
    other = (
        given
        if rival == "restoreBooking"
        else {"teeTimeId": world.tee_time(-1), "places": 2, "payer": {"firstName": "A", "lastName": "B"}}
    )
    answers = await gather(
        world.server.mutate("restoreBooking", "booking { id }", who=world.staff, **given),
        world.server.mutate(rival, "booking { id }", who=world.staff, **other),
    )
    refusal = {"bookSlots": "SLOTS_UNAVAILABLE", "restoreBooking": "BOOKING_NOT_CANCELLED"}[rival]
    assert codes(answers) == {"DONE": 1, refusal: 1}
    await assert_followed(world, before)
    events = await club_events(world, after=before["cursor"], upto=(await sheet(world))["cursor"])
    assert types(events).count("booking.restored") <= 1
