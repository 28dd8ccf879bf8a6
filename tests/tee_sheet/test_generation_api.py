"""Making tee sheets from templates, through the API: the calendar, the clock, the formats, the figures."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kit.ids import new_id, public_id
from tests.harness import TEMPLATE, found_world
from tests.tee_sheet.board import SNAPSHOT
from tests.tee_sheet.desk import book, cancel, club_events, done, forbidden, head, hold, refused, sheet

SHEETS = "teeSheets { id date courseId timeZone isOnline groupSizes prices { priceClass holes price { amountCents } } }"


async def set_template(world, course=None, **changes):
    given = {"courseId": course or world.course} | TEMPLATE | changes
    if "intervals" in changes:
        del given["intervalMinutes"]
    return await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, **given)


async def generate(world, day, course=None, **more):
    given = {"courseId": course or world.course, "date": day} | more
    return await done(world.server, "generateTeeSheet", SHEETS, who=world.staff, **given)


async def starts(world, day):
    """Give the local time and the offset from UTC, in hours, of each start."""
    shown = (await sheet(world, day=day))["teeTimes"]
    found = []
    for row in shown:
        local = datetime.fromisoformat(f"{day}T{row['localTime']}+00:00")
        hours = (local - datetime.fromisoformat(row["startsAt"])) / timedelta(hours=1)
        found.append((row["localTime"][:5], hours))
    return found


async def test_a_sheet_has_all_starts_of_the_template_and_is_told_of_once(world, clock):
    before, day = await head(world), "2026-05-06"
    payload = await generate(world, day)
    [made] = payload["teeSheets"]
    prices = [
        {"priceClass": p["priceClass"], "holes": p["holes"], "price": {"amountCents": p["amountCents"]}}
        for p in TEMPLATE["prices"]
    ]
    common = {"date": day, "courseId": world.course, "timeZone": "Europe/Madrid", "isOnline": True}
    assert made == {"id": made["id"], **common, "groupSizes": [1, 2, 3, 4], "prices": prices}
    shown = (await sheet(world, day=day))["teeTimes"]
    assert [row["localTime"] for row in shown[:2]] == ["08:00:00", "08:10:00"]
    assert (len(shown), shown[-1]["localTime"]) == (25, "12:00:00")
    [event] = await club_events(world, after=before, upto=payload["cursor"])
    expected = {"type": "tee-sheet.changed", "sheetId": made["id"], "date": day, "courseId": world.course}
    assert event.items() >= (expected | {"currency": "EUR", "timestamp": clock().isoformat()}).items()
    assert [row["teeTimeId"] for row in event["teeTimes"]] == [row["id"] for row in shown]


async def test_generating_twice_changes_nothing_and_tells_nothing(world):
    first = await generate(world, "2026-05-06")
    await book(world, world.staff)
    before, shown = await head(world), await sheet(world, day="2026-05-06")
    await set_template(world, firstStart="09:00")
    template_set = await head(world)
    second = await generate(world, "2026-05-06")
    assert second["teeSheets"] == first["teeSheets"]
    assert second["cursor"] is None
    assert await head(world) == template_set != before
    assert (await sheet(world, day="2026-05-06")) | {"cursor": ""} == shown | {"cursor": ""}


async def test_a_range_makes_the_days_that_are_missing(world):
    await generate(world, "2026-05-07")
    before = await head(world)
    payload = await generate(world, "2026-05-06", until="2026-05-08")
    assert [row["date"] for row in payload["teeSheets"]] == ["2026-05-06", "2026-05-07", "2026-05-08"]
    events = await club_events(world, after=before, upto=payload["cursor"])
    assert [event["date"] for event in events] == ["2026-05-06", "2026-05-08"]


@pytest.mark.parametrize(
    ("day", "until", "argument"),
    [
        ("2026-05-03", None, "date"),
        ("2026-05-06", "2026-05-05", "until"),
        ("2026-05-06", "2026-07-07", "until"),
    ],
)
async def test_days_that_cannot_be_made(standing, day, until, argument):
    given = {"courseId": standing.course, "date": day, "until": until}
    problem = await refused(standing, "generateTeeSheet", who=standing.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", argument])


async def test_today_is_the_day_at_the_course(world, clock):
    clock.now = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)  # half past midnight in Madrid, on the 5th
    problem = await refused(world, "generateTeeSheet", who=world.staff, courseId=world.course, date="2026-05-04")
    assert "2026-05-05" in problem["message"]
    await generate(world, "2026-05-05")


async def test_a_course_without_a_template(world):
    given = {"clubId": world.club, "name": "Sea", "holes": 9}
    course = (await done(world.server, "createCourse", "course { id }", who=world.admin, **given))["course"]["id"]
    problem = await refused(world, "generateTeeSheet", who=world.staff, courseId=course, date="2026-05-06")
    assert (problem["__typename"], problem["code"]) == ("NoTemplate", "NO_TEMPLATE")


async def test_a_day_whose_clock_jumps_over_an_hour(server, clock):
    clock.now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    world = await found_world(server)
    await set_template(world, firstStart="01:00", lastStart="04:00", intervalMinutes=30)
    await generate(world, "2026-03-29")
    assert await starts(world, "2026-03-29") == [("01:00", 1), ("01:30", 1), ("03:00", 2), ("03:30", 2), ("04:00", 2)]


async def test_a_day_whose_clock_has_an_hour_twice(server, clock):
    clock.now = datetime(2026, 10, 20, 9, tzinfo=UTC)
    world = await found_world(server)
    await set_template(world, firstStart="01:00", lastStart="04:00", intervalMinutes=30)
    await generate(world, "2026-10-25")
    early = [("01:00", 2), ("01:30", 2), ("02:00", 2), ("02:30", 2)]
    assert await starts(world, "2026-10-25") == [*early, ("03:00", 1), ("03:30", 1), ("04:00", 1)]


async def test_a_sheet_keeps_its_wall_clock_over_the_change(server, clock):
    clock.now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    world = await found_world(server)
    await generate(world, "2026-03-28", until="2026-03-29")
    assert (await starts(world, "2026-03-28"))[0] == ("08:00", 1)
    assert (await starts(world, "2026-03-29"))[0] == ("08:00", 2)


async def test_a_crossover_starts_from_two_tees(world):
    await set_template(world, startFormat="CROSSOVER", lastStart="08:10")
    await generate(world, "2026-05-06")
    shown = (await sheet(world, day="2026-05-06"))["teeTimes"]
    expected = [("08:00:00", 1), ("08:00:00", 10), ("08:10:00", 1), ("08:10:00", 10)]
    assert [(row["localTime"], row["tee"]) for row in shown] == expected


async def test_a_crossover_goes_by_the_pace_of_its_course(world):
    given = {"courseId": world.course, "minutesFor18Holes": 180, "timePar": [15] * 9 + [5] * 9}
    await done(world.server, "updateCourse", "course { id }", who=world.admin, **given)
    await set_template(world, startFormat="CROSSOVER", intervalMinutes=45, lastStart="12:30")
    await generate(world, "2026-05-06")
    shown = (await sheet(world, day="2026-05-06"))["teeTimes"]
    starts = [(row["localTime"][:5], row["tee"]) for row in shown]
    # The front nine takes 135 minutes, the back nine 45: those from tee 10 take tee 1 from 08:45 to 11:00.
    assert [at for at, tee in starts if tee == 10] == ["08:00", "08:45", "09:30"]
    assert [at for at, tee in starts if tee == 1] == ["08:00", "11:00", "11:45", "12:30"]


async def test_a_shotgun_starts_from_every_hole_at_once(world):
    await set_template(world, startFormat="SHOTGUN")
    await generate(world, "2026-05-06")
    shown = (await sheet(world, day="2026-05-06"))["teeTimes"]
    assert [(row["localTime"], row["tee"]) for row in shown] == [("08:00:00", hole) for hole in range(1, 19)]


async def test_intervals_by_group_size_and_a_gap_for_the_starter(world):
    intervals = [{"groupSize": size, "minutes": minutes} for size, minutes in ((2, 8), (3, 10))]
    await set_template(world, intervals=intervals, groupSizes=[2, 3], starterGapEveryMinutes=30, lastStart="09:00")
    await generate(world, "2026-05-06")
    shown = (await sheet(world, day="2026-05-06"))["teeTimes"]
    assert [row["localTime"][:5] for row in shown] == ["08:00", "08:10", "08:20", "08:40", "08:50", "09:00"]
    assert {len(row["slots"]) for row in shown} == {3}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"lastStart": "07:50"}, ["lastStart"]),
        ({"firstStart": "08:00:30"}, ["firstStart"]),
        ({"intervalMinutes": 0}, ["intervals"]),
        ({"intervalMinutes": 61}, ["intervals"]),
        ({"intervalMinutes": None}, ["intervalMinutes"]),
        ({"intervals": [{"groupSize": 4, "minutes": 10}]}, ["intervalMinutes"]),
        ({"intervalMinutes": None, "intervals": [{"groupSize": 2, "minutes": 10}]}, ["intervals"]),
        ({"groupSizes": []}, ["groupSizes"]),
        ({"groupSizes": [0, 4]}, ["groupSizes"]),
        ({"groupSizes": [5]}, ["groupSizes"]),
        ({"starterGapEveryMinutes": 5}, ["starterGapEveryMinutes"]),
        ({"starterGapEveryMinutes": 601}, ["starterGapEveryMinutes"]),
        ({"prices": []}, ["prices"]),
        ({"prices": [{"priceClass": "PUBLIC", "holes": 12, "amountCents": 1}]}, ["prices", "0", "holes"]),
        ({"prices": [{"priceClass": "PUBLIC", "holes": 9, "amountCents": -1}]}, ["prices", "0", "amountCents"]),
        ({"prices": [{"priceClass": "PUBLIC", "holes": 9, "amountCents": 1}] * 2}, ["prices", "1"]),
        ({"intervalMinutes": 1, "firstStart": "05:00", "lastStart": "20:00"}, ["intervals"]),
    ],
)
async def test_a_template_that_makes_no_sensible_sheet(standing, changes, where):
    given = {"courseId": standing.course} | TEMPLATE | changes
    problem = await refused(standing, "setSheetTemplate", who=standing.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", *where])


async def test_a_crossover_needs_eighteen_holes(world):
    given = {"clubId": world.club, "name": "Short", "holes": 9}
    course = (await done(world.server, "createCourse", "course { id }", who=world.admin, **given))["course"]["id"]
    template = {"courseId": course, **TEMPLATE, "startFormat": "CROSSOVER"}
    problem = await refused(world, "setSheetTemplate", who=world.staff, **template)
    assert problem["path"] == ["input", "startFormat"]


async def test_a_price_of_a_group_that_plays_nine_holes_on_a_course_of_nine(world):
    given = {"clubId": world.club, "name": "Short", "holes": 9}
    course = (await done(world.server, "createCourse", "course { id }", who=world.admin, **given))["course"]["id"]
    await set_template(world, course=course)
    await generate(world, "2026-05-06", course=course)
    answer = await world.server.run(SNAPSHOT, who=world.staff, c=course, d="2026-05-06")
    tee_time = answer.data["teeSheet"]["teeTimes"][0]
    assert {slot["price"]["amountCents"] for slot in tee_time["slots"]} == {5000}
    wanted = {"teeTimeId": tee_time["id"], "places": 1, "payer": {"firstName": "Ana", "lastName": ""}}
    payload = await done(
        world.server, "bookSlots", "booking { holes price { amountCents } }", who=world.staff, **wanted
    )
    assert payload["booking"] == {"holes": 9, "price": {"amountCents": 5000}}


async def test_the_figures_of_the_day_right_after_a_mix_of_acts(world):
    assert (await sheet(world))["figures"] == figures(available=100)
    await hold(world, world.player("ana"), 0, places=3)
    booked = [await book(world, world.staff, number, places=4) for number in (1, 2)]
    await book(world, world.player("ben"), 3, places=1, holes=9)
    held = await hold(world, world.player("cleo"), 4, places=2)
    await book(world, world.player("cleo"), holdId=held["hold"]["id"])
    await cancel(world, world.staff, booked[0]["booking"]["id"])
    expected = figures(available=90, held=3, booked=7, players=7, cents=4 * 9000 + 5000 + 2 * 9000)
    assert (await sheet(world))["figures"] == expected | {"utilisationPercent": 7.0}


def figures(*, available, held=0, booked=0, players=0, cents=0):
    places = {"AVAILABLE": available, "HELD": held, "BOOKED": booked, "BLOCKED": 0}
    return {
        "places": [{"status": status, "places": count} for status, count in places.items()],
        "players": players,
        "checkedIn": 0,
        "noShows": 0,
        "revenue": [{"amountCents": cents, "currency": "EUR"}] if cents else [],
        "utilisationPercent": 0.0,
    }


async def test_a_day_that_was_never_made_has_no_sheet(world):
    assert await sheet(world, day=date(2027, 1, 1).isoformat()) is None
    unknown = public_id("course", new_id())
    answer = await forbidden(world, "generateTeeSheet", who=world.staff, courseId=unknown, date="2026-05-06")
    assert answer.code == "NOT_FOUND"
