"""The same start every week: set, made when booking opens, skipped where it cannot be, changed and ended."""

from asyncio import gather
from datetime import timedelta

import pytest
import pytest_asyncio

from jobs import tasks
from tests.harness import found_world
from tests.notifications.desk import told
from tests.tee_sheet.desk import (
    PAYER,
    add_player,
    block,
    book,
    club_events,
    done,
    forbidden,
    head,
    refused,
    sheet,
    types,
)
from tests.tee_sheet.waiting import fill

STANDING = """standingBooking {
  id weekday localTime places holes payer { firstName lastName } firstDate until nextDate
  setBy endedAt endedBy endReason
  players { playerId firstName lastName } dates { date bookingId reason message }
}"""


@pytest_asyncio.fixture
async def world(server):
    """A club with sheets of the next three Mondays: the public books seven days ahead, members fourteen."""
    return await found_world(server, days=(0, 7, 14))


async def look_at(world, days):
    """Look at the sheet of a day to come, from now on."""
    world.day += timedelta(days=days)
    await world.read()


async def standing(world, number=3, **more):
    given = {"courseId": world.course, "weekday": "MONDAY", "localTime": world.tee_times[number]["localTime"]}
    given |= {"until": (world.day + timedelta(days=60)).isoformat(), "payer": PAYER, "places": 2} | more
    return (await done(world.server, "setStandingBooking", STANDING, who=world.staff, **given))["standingBooking"]


async def made(world, row):
    """Let the worker look; give the standing booking by then."""
    await tasks.make_standing_bookings(world.server.runtime)
    query = (
        f"query($id: ID!) {{ node(id: $id) {{ ... on StandingBooking {STANDING.removeprefix('standingBooking')} }} }}"
    )
    return (await world.server.run(query, who=world.staff, id=row["id"])).data["node"]


def days(row):
    return [one["date"] for one in row["dates"]]


async def sold(world, number=3):
    return [slot["status"] for slot in (await sheet(world))["teeTimes"][number]["slots"]].count("BOOKED")


async def test_a_start_is_booked_every_week_shortly_before_booking_opens(world, clock):
    row = await standing(world)
    assert (row["weekday"], row["nextDate"], row["dates"]) == ("MONDAY", world.day.isoformat(), [])
    before = await head(world)
    row = await made(world, row)
    assert days(row) == ["2026-05-11", "2026-05-04"], "what is open to the public is made at once"
    assert types(await club_events(world, after=before, upto=await head(world))) == [
        *["booking.created", "slot.booked", "slot.booked", "standing-booking.made"] * 2
    ]
    clock.advance(days=6, hours=16, minutes=57)  # to three minutes before the day on which booking opens
    assert (await made(world, row))["nextDate"] == "2026-05-18"
    clock.advance(minutes=1)
    row = await made(world, row)
    assert (days(row)[0], row["nextDate"]) == ("2026-05-18", "2026-05-25")
    await look_at(world, 14)
    assert await sold(world) == 2
    again = await made(world, row)
    assert days(again) == days(row)


async def test_a_member_s_is_made_when_booking_opens_to_members_and_told_to_who_plays(world):
    eva = await add_player(world, "Eva", "MEMBER", "eva")
    row = await made(world, await standing(world, players=[{"playerId": eva}], payer=None))
    assert days(row) == ["2026-05-18", "2026-05-11", "2026-05-04"]
    assert (row["payer"], row["players"][0]["playerId"]) == ({"firstName": "Eva", "lastName": "Pérez"}, eva)
    assert [one["kind"] for one in await told(world, world.player("eva"))] == ["BOOKED_FOR_YOU"] * 3


async def test_what_cannot_be_booked_is_skipped_and_told(world, clock):
    eva = await add_player(world, "Eva", "PUBLIC", "eva")
    await fill(world, 3, 3)
    await look_at(world, 7)
    await block(world, 3)
    before = await head(world)
    row = await made(world, await standing(world, players=[{"playerId": eva}], firstDate="2026-05-04"))
    reasons = [(one["date"], one["reason"], one["bookingId"]) for one in row["dates"]]
    assert reasons == [("2026-05-11", "SLOTS_UNAVAILABLE", None), ("2026-05-04", "SLOTS_UNAVAILABLE", None)]
    assert all(one["message"] for one in row["dates"])
    found = types(await club_events(world, after=before, upto=await head(world)))
    assert found == ["standing-booking.set", "standing-booking.skipped", "standing-booking.skipped"]
    for who in (world.player("eva"), world.staff):
        [first, _] = await told(world, who)
        assert (first["kind"], first["title"]) == ("STANDING_BOOKING_SKIPPED", "Your standing booking was skipped")


@pytest.mark.parametrize(
    ("operation", "given", "reason"),
    [
        ("takeTeeSheetOffline", {"date": "2026-05-04"}, "SHEET_OFFLINE"),
        ("setCourseStatus", {"status": "CLOSED", "reason": "Frost"}, "COURSE_CLOSED"),
    ],
)
async def test_a_start_that_is_closed_is_skipped(world, operation, given, reason):
    await done(world.server, operation, "cursor", who=world.staff, courseId=world.course, **given)
    row = await made(world, await standing(world, until="2026-05-04"))
    assert [(one["date"], one["reason"]) for one in row["dates"]] == [("2026-05-04", reason)]
    assert row["nextDate"] is None


async def test_a_day_without_such_a_start_is_skipped_and_one_without_a_sheet_is_waited_for(world, clock):
    row = await made(world, await standing(world, localTime="08:05", until="2026-05-04"))
    assert [one["reason"] for one in row["dates"]] == ["NO_SUCH_START"]
    row = await made(world, await standing(world, weekday="TUESDAY"))
    assert (row["dates"], row["nextDate"]) == ([], "2026-05-05")
    given = {"courseId": world.course, "date": "2026-05-05"}
    await done(world.server, "generateTeeSheet", "cursor", who=world.staff, **given)
    clock.advance(minutes=10)
    assert days(await made(world, row)) == ["2026-05-05"]


async def test_a_start_that_has_been_is_not_booked(world, clock):
    clock.advance(hours=3)
    row = await made(world, await standing(world, 3, until="2026-05-04"))
    assert [one["reason"] for one in row["dates"]] == ["START_IN_THE_PAST"]


async def test_two_workers_book_each_date_once_and_nothing_is_missed(world, clock):
    rows = [await standing(world, number) for number in range(4)]
    clock.advance(days=7)
    await gather(*(tasks.make_standing_bookings(world.server.runtime) for _ in range(3)))
    for row in rows:
        assert days(await made(world, row)) == ["2026-05-18", "2026-05-11", "2026-05-04"]
    await look_at(world, 14)
    assert [await sold(world, number) for number in range(4)] == [2] * 4


async def test_a_standing_booking_is_changed_for_what_is_not_decided_and_ended(world, clock):
    row = await made(world, await standing(world))
    changed = await standing(world, 5, standingBookingId=row["id"], places=1)
    assert (changed["id"], changed["places"], changed["nextDate"]) == (row["id"], 1, "2026-05-18")
    clock.advance(days=7)
    row = await made(world, row)
    await look_at(world, 14)
    assert (await sold(world, 3), await sold(world, 5)) == (0, 1)
    ended = await done(world.server, "endStandingBooking", STANDING, who=world.staff, standingBookingId=row["id"])
    assert (ended["standingBooking"]["nextDate"], bool(ended["standingBooking"]["endedAt"])) == (None, True)
    assert (ended["standingBooking"]["endedBy"], ended["standingBooking"]["endReason"]) == ("staff", "BY_STAFF")
    assert await sold(world, 5) == 1, "what was booked stays"
    for operation, more in (("endStandingBooking", {}), ("setStandingBooking", wish(world))):
        problem = await refused(world, operation, who=world.staff, standingBookingId=row["id"], **more)
        assert problem["path"] == ["input", "standingBookingId"]
    query = "query($c: ID!, $e: Boolean!) { standingBookings(clubId: $c, ended: $e) { nodes { id } } }"
    for shown, count in ((False, 0), (True, 1)):
        answer = await world.server.run(query, who=world.staff, c=world.club, e=shown)
        assert len(answer.data["standingBookings"]["nodes"]) == count


BOOKED = "query($id: ID!) { booking(id: $id) { createdBy players { playerId firstName } } }"


async def booked(world, row, who=None):
    """Read what was booked last."""
    return await world.server.run(BOOKED, who=who or world.staff, id=row["dates"][0]["bookingId"])


async def test_it_is_the_club_s_and_not_whose_who_has_set_it(world):
    luis = await add_player(world, "Luis", "PUBLIC", "luis")
    row = await made(world, await standing(world, players=[{"playerId": luis}], until="2026-05-04"))
    assert row["setBy"] == "staff"
    found = (await booked(world, row)).data["booking"]
    assert (found["createdBy"], found["players"][0]["playerId"]) == (None, luis)
    gone = world.player("staff")  # who set it has left, and plays here
    assert (await booked(world, row, gone)).code == "NOT_FOUND"
    assert (await booked(world, row, world.player("luis"))).data
    given = {"bookingId": row["dates"][0]["bookingId"], "teeTimeId": world.tee_time(5)}
    await done(world.server, "moveBooking", "cursor", who=world.clerk("another"), **given)
    assert [one["kind"] for one in await told(world, gone)] == []
    assert {one["kind"] for one in await told(world, world.player("luis"))} == {"BOOKED_FOR_YOU", "BOOKING_MOVED"}


async def test_it_ends_with_the_player_whose_it_is_and_goes_on_without_another(world, clock):
    luis, eva = [await add_player(world, name, "PUBLIC", name.lower()) for name in ("Luis", "Eva")]
    row = await standing(world, players=[{"playerId": luis}, {"playerId": eva}])
    await done(world.server, "deactivatePlayer", "cursor", who=world.staff, playerId=eva)
    row = await made(world, row)
    assert (await booked(world, row)).data["booking"]["players"] == [
        {"playerId": luis, "firstName": "Luis"},
        {"playerId": None, "firstName": ""},
    ]
    before, clerk = await head(world), world.clerk("clerk")
    await done(world.server, "deactivatePlayer", "cursor", who=clerk, playerId=luis)
    events = await club_events(world, after=before, upto=await head(world))
    assert types(events) == ["standing-booking.ended"]
    clock.advance(days=7)
    row = await made(world, row)
    assert (days(row), row["nextDate"], row["endedBy"]) == (["2026-05-11", "2026-05-04"], None, "clerk")
    assert row["endReason"] == "PLAYER_DEACTIVATED"


async def test_it_follows_to_the_entry_of_a_player_that_stays(world, clock):
    kept, other = [await add_player(world, name, "PUBLIC") for name in ("Ana", "Anna")]
    row = await standing(world, players=[{"playerId": other}])
    both = await standing(world, 4, players=[{"playerId": kept}, {"playerId": other}])
    await done(world.server, "mergePlayers", "cursor", who=world.staff, playerId=kept, otherPlayerId=other)
    row, both = await made(world, row), await made(world, both)
    assert [one["playerId"] for one in row["players"]] == [kept]
    assert [one["playerId"] for one in both["players"]] == [kept, None]
    assert days(row) == days(both) == ["2026-05-11", "2026-05-04"]


def wish(world, **more):
    given = {"courseId": world.course, "weekday": "MONDAY", "localTime": "08:30", "until": "2026-06-30"}
    return given | {"payer": PAYER} | more


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"until": "2026-05-03"}, ["until"]),
        ({"until": "2029-05-03"}, ["until"]),
        ({"firstDate": "2026-07-01"}, ["until"]),
        ({"places": 5}, ["places"]),
        ({"players": [{"firstName": "A"}, {"firstName": "B"}]}, ["players"]),
        ({"holes": 12}, ["holes"]),
        ({"payer": None}, ["payer"]),
    ],
)
async def test_what_nobody_can_book_every_week_is_refused(world, given, path):
    problem = await refused(world, "setStandingBooking", who=world.staff, **wish(world, **given))
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", *path])


async def test_standing_bookings_are_for_the_staff(world):
    ana, before = world.player("ana"), await head(world)
    row = await standing(world)
    assert (await forbidden(world, "setStandingBooking", who=ana, **wish(world))).code == "NOT_ALLOWED"
    answer = await forbidden(world, "endStandingBooking", who=ana, standingBookingId=row["id"])
    assert answer.code == "NOT_FOUND"
    [event] = await club_events(world, after=before, upto=await head(world), who=ana)
    assert event["type"] == "standing-booking.set"
    await book(world, ana, 5)
