"""Notes on bookings, starts and days: shown, or for the staff alone."""

from asyncio import gather

import pytest

from tests.tee_sheet.desk import book, booking_events, done, forbidden, head, refused, sheet, sheet_events
from tests.tee_sheet.test_snapshot_and_events import assert_followed

BOOKING = "query($id: ID!) { booking(id: $id) { note staffNote } }"
OWN = """subscription($b: ID!, $after: String) { bookingEvents(bookingId: $b, after: $after) {
  ... on BookingUpdated { note staffNote own { note } } } }"""


async def note_day(world, **more):
    given = {"courseId": world.course, "date": world.day.isoformat()} | more
    return await done(world.server, "setTeeSheetNote", "teeSheet { note staffNote }", who=world.staff, **given)


async def note_start(world, number=-1, **more):
    given = {"teeTimeId": world.tee_time(number)} | more
    return await done(world.server, "setTeeTimeNote", "teeTime { note staffNote }", who=world.staff, **given)


async def note_booking(world, booking, **more):
    given = {"bookingId": booking} | more
    return await done(world.server, "setBookingNote", "booking { note staffNote }", who=world.staff, **given)


async def test_notes_are_set_changed_and_taken_off_and_screens_follow(world):
    booking = (await book(world, world.staff, -1))["booking"]["id"]
    steps = [
        {"note": "Cup at noon", "staffNote": "Ask for handicaps"},
        {"note": "Cup at one"},
        {"note": "", "staffNote": ""},
    ]
    before = await sheet(world)
    for step in steps:
        await note_day(world, **step)
        await note_start(world, **step)
        await note_booking(world, booking, **step)
        await assert_followed(world, before)
        shown = await sheet(world)
        expected = (step["note"], step.get("staffNote", "Ask for handicaps"))
        for noted in (shown, shown["teeTimes"][-1], shown["bookings"][0]):
            assert (noted["note"], noted["staffNote"]) == expected


async def test_what_is_for_the_staff_alone_is_told_to_nobody_else(world):
    ana, ben = world.player("ana"), world.player("ben")
    booking = (await book(world, world.clerk("ana"), -1))["booking"]["id"]
    since = await head(world)
    await note_day(world, note="Cup at noon", staffNote="Ask for handicaps")
    last = await note_booking(world, booking, note="Cart 7 is yours", staffNote="Pays late")
    day, updated = await sheet_events(world, after=since, upto=last["cursor"], who=ben)
    assert (day["note"], day["staffNote"]) == ("Cup at noon", None), "as the query says it"
    assert (updated["note"], updated["staffNote"]) == ("", None)
    assert (await booking_events(world, booking, after=since, upto=last["cursor"]))[0]["staffNote"] == "Pays late"
    async with world.server.socket(ana) as socket:
        await socket.subscribe(OWN, b=booking, after=since)
        event = await socket.event()
        assert event["own"] == {"note": "Cart 7 is yours"}
        assert event["staffNote"] is None
    for who, staff_note in ((ana, None), (world.staff, "Pays late")):
        shown = (await world.server.run(BOOKING, who=who, id=booking)).data["booking"]
        assert shown == {"note": "Cart 7 is yours", "staffNote": staff_note}
    shown = await sheet(world, who=ben)
    assert (shown["note"], shown["staffNote"]) == ("Cup at noon", None)


async def test_players_note_nothing_and_nobody_notes_nothing(world):
    booking = (await book(world, world.clerk("ana"), -1))["booking"]["id"]
    answer = await forbidden(world, "setBookingNote", who=world.player("ana"), bookingId=booking, note="Hello")
    assert answer.code == "NOT_ALLOWED"
    for wish, path in (({}, ["input"]), ({"note": "a" * 501}, ["input", "note"])):
        problem = await refused(world, "setBookingNote", who=world.staff, bookingId=booking, **wish)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", path)
    given = {"courseId": world.course, "date": "2030-01-01", "note": "Hello"}
    assert (await refused(world, "setTeeSheetNote", who=world.staff, **given))["code"] == "NO_TEE_SHEET"


async def test_what_is_noted_twice_is_told_once_and_two_at_once_both_stay(world):
    booking = (await book(world, world.staff, -1))["booking"]["id"]
    first, again = [await note_booking(world, booking, note="Late") for _ in range(2)]
    assert first["cursor"]
    assert again["cursor"] is None
    await gather(note_booking(world, booking, note="Early"), note_booking(world, booking, staffNote="Twice"))
    shown = (await world.server.run(BOOKING, who=world.staff, id=booking)).data["booking"]
    assert shown == {"note": "Early", "staffNote": "Twice"}


@pytest.mark.parametrize(("even", "stays"), [(False, True), (True, False)])
async def test_a_start_with_a_note_stays_when_its_sheet_is_made_anew(world, even, stays):
    noted = world.tee_times[1]
    await note_start(world, 1, staffNote="For the president")
    template = {"firstStart": "10:00", "lastStart": "11:00", "intervalMinutes": 10, "courseId": world.course}
    template["prices"] = [{"priceClass": "PUBLIC", "holes": 18, "amountCents": 9000}]
    await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, **template)
    given = {"courseId": world.course, "date": world.day.isoformat(), "evenByHand": even}
    await done(world.server, "regenerateTeeSheets", "days { date }", who=world.staff, **given)
    shown = await sheet(world)
    assert (noted["id"] in {row["id"] for row in shown["teeTimes"]}) is stays
