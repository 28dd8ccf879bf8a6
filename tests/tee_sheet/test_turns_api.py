"""Rounds of 18 holes on a course of nine: they come by their start once more, and have places there, too."""

from asyncio import gather
from dataclasses import replace

import pytest_asyncio

from kit.ids import parse_id
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
    ask,
    book,
    cancel,
    delay,
    done,
    head,
    hold,
    refused,
    sheet,
    squeeze,
    types,
)
from tests.tee_sheet.desk import club_events as told_club
from tests.tee_sheet.test_blocks_api import places
from tests.tee_sheet.test_snapshot_and_events import assert_followed

PRICES = [{"priceClass": "PUBLIC", "holes": holes, "amountCents": cents} for holes, cents in ((9, 3000), (18, 5000))]
DAY = {"firstStart": "08:00", "lastStart": "12:00", "intervalMinutes": 20, "prices": PRICES}


async def course_of(world, holes, **template):
    given = {"clubId": world.club, "name": f"The {holes}", "holes": holes}
    made = await done(world.server, "createCourse", "course { id minutesFor9Holes }", who=world.admin, **given)
    where = {"courseId": made["course"]["id"]}
    await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, **where | DAY | template)
    day = {"date": world.day.isoformat()}
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, **where | day)
    there = replace(world, course_id=parse_id("course", made["course"]["id"]))
    await there.read()
    return there


@pytest_asyncio.fixture
async def nine(world):
    """The same club on a course of nine holes, where groups turn after 110 minutes."""
    return await course_of(world, 9, turnMinutes=110)


async def test_a_round_of_two_laps_has_places_at_its_turn_and_pays_once(nine):
    before = await sheet(nine)
    sold = (await book(nine, nine.staff, 0, places=3, holes=18))["booking"]
    assert sold["price"]["amountCents"] == 3 * 5000
    shown = await sheet(nine)
    # 110 minutes behind 08:00 no start lies: it turns at the next one.
    at = next(row for row in shown["teeTimes"] if row["localTime"] == "10:00:00")
    assert [slot["status"] for slot in at["slots"]] == ["BOOKED"] * 3 + ["AVAILABLE"]
    assert [slot["price"] for slot in at["slots"][:3]] == [None] * 3
    assert {slot["bookingId"] for slot in at["slots"][:3]} == {sold["id"]}
    assert [row["turnTeeTimeId"] for row in shown["bookings"]] == [at["id"]]
    assert shown["figures"]["players"] == 3
    await assert_followed(nine, before)
    await cancel(nine, nine.staff, sold["id"])
    shown = await sheet(nine)
    assert (places(shown, 0), places(shown, 6)) == (["AVAILABLE"] * 4, ["AVAILABLE"] * 4)
    await assert_followed(nine, before)
    wanted = "booking { id turnTeeTimeId }"
    again = await done(nine.server, "restoreBooking", wanted, who=nine.staff, bookingId=sold["id"])
    assert again["booking"]["turnTeeTimeId"] == at["id"]
    assert places(await sheet(nine), 6) == ["BOOKED"] * 3 + ["AVAILABLE"]
    await assert_followed(nine, before)


async def test_it_turns_when_nine_holes_should_be_played_if_nothing_else_is_said(world):
    there = await course_of(world, 9)
    wanted = "booking { turnTeeTimeId }"
    given = {"teeTimeId": there.tee_time(0), "places": 1, "holes": 18, "payer": PAYER}
    made = await done(there.server, "bookSlots", wanted, who=there.staff, **given)
    assert made["booking"]["turnTeeTimeId"] == there.tee_time(6)
    late = given | {"teeTimeId": there.tee_time(-1)}
    assert (await done(there.server, "bookSlots", wanted, who=there.staff, **late))["booking"]["turnTeeTimeId"] is None
    short = given | {"teeTimeId": there.tee_time(1), "holes": 9}
    assert (await done(there.server, "bookSlots", wanted, who=there.staff, **short))["booking"]["turnTeeTimeId"] is None


async def test_where_others_start_nobody_can_turn(nine):
    await book(nine, nine.staff, 6, places=2, holes=9)
    ana = nine.player("ana")
    given = {"teeTimeId": nine.tee_time(0), "places": 3, "holes": 18, "payer": PAYER}
    problem = await refused(nine, "bookSlots", who=ana, **given)
    assert (problem["code"], problem["left_at_turn"], problem["turnTeeTimeId"]) == ("TURN_TAKEN", 2, nine.tee_time(6))
    held = await hold(nine, ana, 0, places=3)
    problem = await refused(nine, "bookSlots", who=ana, holdId=held["hold"]["id"], holes=18, payer=PAYER)
    assert problem["code"] == "TURN_TAKEN"
    await book(nine, ana, holdId=held["hold"]["id"], holes=9)


async def test_twenty_groups_that_want_the_same_turn_get_no_more_than_its_places(nine):
    """Those who start there and those who turn there share four places."""
    turning = {"teeTimeId": nine.tee_time(0), "places": 1, "holes": 18, "payer": PAYER}
    starting = {"teeTimeId": nine.tee_time(6), "places": 1, "holes": 9, "payer": PAYER}
    wishes = [turning, starting] * 10
    answers = await gather(*(ask(nine.server, "bookSlots", who=nine.staff, **wish) for wish in wishes))
    problems = [answer.data["bookSlots"]["problems"] for answer in answers]
    assert sum(not found for found in problems) == 4
    assert {found[0]["code"] for found in problems if found} <= {"SLOTS_UNAVAILABLE", "TURN_TAKEN"}
    assert places(await sheet(nine), 6) == ["BOOKED"] * 4


async def test_a_group_takes_its_starts_and_their_turns_or_none(nine):
    before, organiser = await sheet(nine), {"firstName": "Ana", "lastName": "Gil"}
    given = {"name": "Acme", "organiser": organiser, "holes": 18}
    starts = [{"teeTimeId": nine.tee_time(number), "places": 3} for number in (0, 1)]
    wanted = "bookingGroup { id bookings { id turnTeeTimeId } }"
    made = (await done(nine.server, "bookGroup", wanted, who=nine.staff, starts=starts, **given))["bookingGroup"]
    assert [row["turnTeeTimeId"] for row in made["bookings"]] == [nine.tee_time(6), nine.tee_time(7)]
    assert [places(await sheet(nine), number).count("BOOKED") for number in (0, 1, 6, 7)] == [3, 3, 3, 3]
    wishes = [(0, 1, None), (2, 2, None), (8, 3, "SLOTS_UNAVAILABLE"), (9, 2, None), (3, 3, "TURN_TAKEN")]
    for number, size, code in wishes:
        wish = {"groupId": made["id"], "holes": 18, "starts": [{"teeTimeId": nine.tee_time(number), "places": size}]}
        payload = (await ask(nine.server, "updateBookingGroup", who=nine.staff, **wish)).data["updateBookingGroup"]
        found = [(one["code"], one["path"][:3]) for one in payload["problems"]]
        assert found == ([(code, ["input", "starts", "0"])] if code else []), (number, size)
    late = {"starts": [{"teeTimeId": nine.tee_time(-1), "places": 2}], **given}
    await done(nine.server, "bookGroup", "cursor", who=nine.staff, **late)
    await assert_followed(nine, before)
    await done(nine.server, "cancelBookingGroup", "cursor", who=nine.staff, groupId=made["id"])
    assert {status for number in range(10) for status in places(await sheet(nine), number)} == {"AVAILABLE"}
    await assert_followed(nine, before)


async def test_groups_that_want_each_other_s_turns_get_no_more_than_its_places(nine):
    """One begins where the other turns: they lock the same starts, in one order."""
    before, organiser = await sheet(nine), {"firstName": "Ana", "lastName": "Gil"}
    wishes = [[0, 1], [6, 7], [1, 0], [7, 6]] * 2
    asked = [
        ask(nine.server, "bookGroup", who=nine.staff, name="Acme", organiser=organiser, holes=18, starts=starts)
        for starts in ([{"teeTimeId": nine.tee_time(n), "places": 2} for n in numbers] for numbers in wishes)
    ]
    problems = [answer.data["bookGroup"]["problems"] for answer in await gather(*asked)]
    assert {found[0]["code"] for found in problems if found} <= {"SLOTS_UNAVAILABLE", "TURN_TAKEN"}
    assert places(await sheet(nine), 6) == places(await sheet(nine), 7) == ["BOOKED"] * 4
    await assert_followed(nine, before)


async def test_the_turn_goes_along_when_a_booking_moves_grows_and_shrinks(nine):
    booking = (await book(nine, nine.staff, 0, places=2, holes=18))["booking"]["id"]
    before = await sheet(nine)
    given = {"bookingId": booking, "teeTimeId": nine.tee_time(2)}
    await done(nine.server, "moveBooking", "booking { id }", who=nine.staff, **given)
    shown = await sheet(nine)
    assert [places(shown, n).count("BOOKED") for n in (0, 2, 6, 8)] == [0, 2, 0, 2]
    more = {"bookingId": booking, "players": [{"firstName": "Luis"}], "payer": {"firstName": "Eva", "lastName": "Gil"}}
    await done(nine.server, "updateBooking", "booking { id }", who=nine.staff, **more)
    shown = await sheet(nine)
    assert [places(shown, n).count("BOOKED") for n in (2, 8)] == [3, 3]
    assert {slot["payer"]["lastName"] for slot in shown["teeTimes"][8]["slots"][:3]} == {"Gil"}
    fewer = {"bookingId": booking, "removePositions": [1, 2]}
    await done(nine.server, "updateBooking", "booking { id }", who=nine.staff, **fewer)
    shown = await sheet(nine)
    assert [places(shown, n).count("BOOKED") for n in (2, 8)] == [1, 1]
    # To where it turned itself, and back: what it leaves is not in its own way.
    for number, turn in ((8, None), (2, 8)):
        given = {"bookingId": booking, "teeTimeId": nine.tee_time(number)}
        await done(nine.server, "moveBooking", "booking { id }", who=nine.staff, **given)
        assert places(await sheet(nine), number).count("BOOKED") == 1
        assert turn is None or places(await sheet(nine), turn).count("BOOKED") == 1
    await assert_followed(nine, before)


async def test_the_turn_is_split_and_merged_with_its_booking(nine):
    booking = (await book(nine, nine.staff, 0, places=3, holes=18))["booking"]["id"]
    before = await sheet(nine)
    split = {"bookingId": booking, "positions": [2, 3], "payer": {"firstName": "Eva", "lastName": "Gil"}}
    made = await done(nine.server, "splitBooking", "newBooking { id }", who=nine.staff, **split)
    new = made["newBooking"]["id"]
    owners = [slot["bookingId"] for slot in (await sheet(nine))["teeTimes"][6]["slots"]]
    assert (owners.count(booking), owners.count(new)) == (1, 2)
    given = {"bookingId": new, "otherBookingIds": [booking]}
    await done(nine.server, "mergeBookings", "booking { id }", who=nine.staff, **given)
    owners = [slot["bookingId"] for slot in (await sheet(nine))["teeTimes"][6]["slots"]]
    assert owners.count(new) == 3
    await assert_followed(nine, before)
    other = (await book(nine, nine.staff, 1, places=2, holes=18))["booking"]["id"]
    swap = {"bookingId": new, "otherBookingId": other}
    assert (await refused(nine, "swapBookings", who=nine.staff, **swap))["code"] == "INVALID_INPUT"


async def test_who_waits_gets_the_turn_with_the_offer_s_places(nine):
    await add_player(nine, "Eva", "PUBLIC", user_id="eva")
    sold = (await book(nine, nine.staff, 0, places=4, holes=9))["booking"]["id"]
    eva = nine.player("eva")
    at = {"courseId": nine.course, "date": nine.day.isoformat(), "earliest": "08:00", "latest": "08:00"}
    await done(nine.server, "joinWaitlist", "waitlistEntry { id }", who=eva, **at, partySize=2)
    after = await head(nine)
    await cancel(nine, nine.staff, sold)
    events = await told_club(nine, after=after, upto=await head(nine))
    assert "waitlist.offer-created" in types(events)
    offer = next(event["offerId"] for event in events if event["type"] == "waitlist.offer-created")
    taken = await done(
        *(nine.server, "acceptWaitlistOffer", "booking { turnTeeTimeId }"), who=eva, offerId=offer, holes=18
    )
    assert taken["booking"]["turnTeeTimeId"] == nine.tee_time(6)


async def test_a_delay_that_parts_a_group_from_its_turn_asks_first(nine):
    booking = (await book(nine, nine.staff, 0, places=2, holes=18))["booking"]["id"]
    day = {"courseId": nine.course, "date": nine.day.isoformat()}
    given = day | {"firstStart": "09:00", "minutes": 15}
    problem = await refused(nine, "delayTeeTimes", who=nine.staff, **given)
    assert (problem["code"], problem["turning"]) == ("TURNS_IN_THE_WAY", [booking])
    before = await sheet(nine)
    await delay(nine, "08:00", 15)  # start and turn shift together
    await delay(nine, "09:00", 15, evenIfTurning=True)
    await assert_followed(nine, before)


async def test_a_crossover_keeps_free_where_groups_turn(world):
    prices = [row | {"holes": 18} for row in PRICES[1:]]
    there = await course_of(world, 18, startFormat="CROSSOVER", lastStart="14:00", prices=prices)
    day = {"courseId": there.course, "date": there.day.isoformat()}
    problem = await refused(there, "squeezeTeeTime", who=there.staff, **day, localTime="11:10", tee=1)
    assert problem["code"] == "TURNS_IN_THE_WAY"
    await squeeze(there, "08:10", tee=1)
    await squeeze(there, "11:10", tee=1, evenIfTurning=True)
    late = day | {"firstStart": "09:40", "minutes": 40}
    problem = await refused(there, "delayTeeTimes", who=there.staff, **late)
    assert (problem["code"], len(problem["turningAt"]) > 0) == ("TURNS_IN_THE_WAY", True)
    await delay(there, "08:00", 40)


async def test_nine_holes_from_the_tenth_tee_where_no_group_turns(world):
    there = await course_of(world, 18)
    day = {"courseId": there.course, "date": there.day.isoformat()}
    asked = {"tees": [10], "holes": 9}
    early, late = [{"localTime": at, "tee": 10} for at in ("08:20", "10:40")]
    wanted = "differences { addedStarts { localTime tee } }"
    given = day | {"addStarts": [early, late]}
    problem = await refused(there, "updateTeeSheet", who=there.staff, **given)
    assert (problem["code"], problem["path"]) == ("TURNS_IN_THE_WAY", ["input", "addStarts"])
    given = day | {"addStarts": [early], "restrictions": [asked]}
    await done(there.server, "updateTeeSheet", wanted, who=there.staff, **given)
    shown = (await sheet(there))["teeTimes"]
    tenth = next(row["id"] for row in shown if row["localTime"] == "08:20:00" and row["tee"] == 10)
    ana = there.player("ana")
    problem = await refused(there, "bookSlots", who=ana, teeTimeId=tenth, places=2, holes=18, payer=PAYER)
    assert (problem["code"], problem["rule"]) == ("START_RESTRICTED", "HOLES")
    given = {"teeTimeId": tenth, "places": 2, "holes": 9, "payer": PAYER}
    await done(there.server, "bookSlots", "booking { id }", who=ana, **given)


SEARCH = """query($c: ID!, $d: Date!, $holes: Int) {
  availableTeeTimes(courseId: $c, firstDate: $d, holes: $holes, players: 3) { nodes { teeTime { localTime } } }
}"""


async def test_a_search_finds_starts_with_room_at_their_turn(nine):
    await book(nine, nine.staff, 6, places=2, holes=9)
    found = {}
    for holes in (9, 18):
        day = {"c": nine.course, "d": nine.day.isoformat(), "holes": holes}
        nodes = (await nine.server.run(SEARCH, who=nine.player("ana"), **day)).data["availableTeeTimes"]["nodes"]
        found[holes] = {node["teeTime"]["localTime"][:5] for node in nodes}
    assert len(found[9]) == 12
    assert found[9] - found[18] == {"08:00"}
