"""The pace of groups on the course, through the API and the job that watches them."""

from asyncio import gather
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from auth.viewer import Role
from jobs import tasks
from jobs.worker import SCHEDULES
from tests.harness import TEMPLATE
from tests.tee_sheet.desk import (
    book,
    booking_events,
    club_events,
    done,
    forbidden,
    head,
    play,
    refused,
    send_off,
    sheet,
    sheet_events,
    types,
    unchanged,
)

pytestmark = pytest.mark.lone  # what it runs looks at all clubs

SUSPENDED = "query($c: ID!) { course(id: $c) { playSuspendedSince } }"


async def watch(world):
    await tasks.watch_pace(world.server.runtime)


async def pace_of(world, booking_id):
    return next(row["pace"] for row in (await sheet(world))["bookings"] if row["id"] == booking_id)


async def alerts(world, after):
    """Give the level and the minutes of each alert since a cursor, in order."""
    events = await club_events(world, after=after, upto=await head(world))
    return [(event["level"], event["minutesBehind"]) for event in events if event["type"] == "pace.alert"]


async def test_a_group_on_its_pace_is_told_of_hole_by_hole(world, clock):
    booking_id = await send_off(world, holes=9)
    before = await head(world)
    for hole in range(1, 10):
        clock.advance(seconds=800)  # 120 minutes for nine holes
        payload = await play(world, "recordHole", booking_id, hole=hole)
        await watch(world)
    assert payload["booking"] | {"players": []} == {
        "id": booking_id,
        "status": "COMPLETED",
        "players": [],
        "pace": {"holesCompleted": 9, "level": None, "minutesBehind": 0},
    }
    events = await booking_events(world, booking_id, after=before, upto=payload["cursor"])
    assert types(events) == ["booking.pace-updated"] * 9
    assert [event["holesCompleted"] for event in events] == list(range(1, 10))
    assert [event["bookingStatus"] for event in events] == ["ON_COURSE"] * 8 + ["COMPLETED"]
    assert events[-1].items() >= {"hole": 9, "completedAt": clock().isoformat(), "minutesBehind": 0}.items()
    assert (await pace_of(world, booking_id))["completedAt"] == clock().isoformat()


async def test_a_slow_group_goes_through_all_levels_and_clears(world, clock):
    booking_id = await send_off(world, expectedMinutes=180)
    before = await head(world)
    clock.advance(minutes=10)
    await play(world, "recordHole", booking_id, hole=1)
    for _ in range(26):  # the second hole was due after 20 minutes
        clock.advance(minutes=1)
        await watch(world)
    assert await alerts(world, before) == [("INFO", 5), ("WARNING", 10), ("CRITICAL", 15)]
    await play(world, "recordHole", booking_id, hole=2)
    clock.advance(minutes=1)
    await play(world, "recordHole", booking_id, hole=3)
    assert (await pace_of(world, booking_id))["minutesBehind"] == 7
    clock.advance(minutes=7)
    await play(world, "recordHole", booking_id, hole=4)
    found = await alerts(world, before)
    assert found[3:] == [("INFO", 7), (None, 4)]
    events = await sheet_events(world, after=before, upto=await head(world))
    assert [e["holesCompleted"] for e in events if e["type"] == "pace.alert"] == [1, 1, 1, 3, 4]
    last = [event for event in events if event["type"] == "pace.alert"][-1]
    assert last.items() >= {"bookingId": booking_id, "bookingStatus": "ON_COURSE", "gapMinutes": None}.items()


async def test_the_last_hole_clears_the_alert(world, clock):
    booking_id = await send_off(world, holes=9)
    clock.advance(minutes=120)
    await play(world, "recordHole", booking_id, hole=8)
    assert (await pace_of(world, booking_id))["level"] == "WARNING"
    before = await head(world)
    clock.advance(minutes=20)
    payload = await play(world, "recordHole", booking_id, hole=9)
    events = await club_events(world, after=before, upto=payload["cursor"])
    assert types(events) == ["booking.pace-updated", "pace.alert"]
    assert [(event["level"], event["minutesBehind"]) for event in events] == [(None, 20)] * 2
    async with unchanged(world):
        clock.advance(hours=5)
        await watch(world)


async def test_a_round_that_nobody_reported_to_its_end_is_left_at_last(world, clock):
    booking_id = await send_off(world)
    await play(world, "recordHole", booking_id, hole=1)
    clock.advance(hours=48)
    async with unchanged(world):
        await watch(world)
    clock.advance(seconds=-1)
    before = await head(world)
    await watch(world)
    assert [level for level, _ in await alerts(world, before)] == ["CRITICAL"]


async def test_a_group_that_nobody_reports_has_no_known_pace(world, clock):
    booking_id = await send_off(world)
    clock.advance(hours=4)
    async with unchanged(world):
        await watch(world)
    assert (await pace_of(world, booking_id))["minutesBehind"] is None


async def test_a_group_on_its_pace_is_not_flagged_between_two_holes(world, clock):
    par = [9, 13, 20, 9, 13, 20, 9, 13, 14] * 2  # 240 minutes in all
    await done(world.server, "updateCourse", "course { id }", who=world.admin, courseId=world.course, timePar=par)
    await send_off(world)
    booking_id = (await sheet(world))["bookings"][0]["id"]
    before = await head(world)
    for hole in range(1, 5):
        for _ in range(par[hole - 1]):
            clock.advance(minutes=1)
            await watch(world)
        await play(world, "recordHole", booking_id, hole=hole)
    assert await alerts(world, before) == []
    assert (await pace_of(world, booking_id))["minutesBehind"] == 0


async def test_suspended_play_does_not_count(world, clock):
    booking_id = await send_off(world, expectedMinutes=180)
    clock.advance(minutes=10)
    await play(world, "recordHole", booking_id, hole=1)
    suspended = await done(world.server, "suspendPlay", "course { playSuspendedSince }", **at(world))
    assert suspended["course"] == {"playSuspendedSince": clock().isoformat()}
    clock.advance(hours=1)
    async with unchanged(world):
        await watch(world)
    resumed = await done(world.server, "resumePlay", "course { playSuspendedSince }", **at(world))
    assert resumed["course"] == {"playSuspendedSince": None}
    clock.advance(minutes=22)
    await watch(world)
    assert await alerts(world, resumed["cursor"]) == [("WARNING", 12)]
    payload = await play(world, "recordHole", booking_id, hole=2)
    assert payload["booking"]["pace"] == {"holesCompleted": 2, "level": "WARNING", "minutesBehind": 12}


def at(world):
    return {"who": world.staff, "courseId": world.course}


async def test_a_suspension_is_told_to_club_and_sheet(world, clock):
    before, since = await head(world), clock().isoformat()
    await done(world.server, "suspendPlay", "course { id }", **at(world))
    clock.advance(minutes=30)
    last = await done(world.server, "resumePlay", "course { id }", **at(world))
    events = await sheet_events(world, after=before, upto=last["cursor"])
    assert types(events) == ["play.suspended", "play.resumed"]
    assert {event["suspendedAt"] for event in events} == {since}
    assert events[1]["resumedAt"] == clock().isoformat()
    assert await club_events(world, after=before, upto=last["cursor"]) == events


async def test_play_is_suspended_once_and_resumed_once(world, clock):
    problem = await refused(world, "resumePlay", **at(world))
    assert problem["__typename"] == "PlayNotSuspended"
    answers = await gather(*(world.server.mutate("suspendPlay", "course { id }", **at(world)) for _ in range(4)))
    codes = sorted(answer["problems"][0]["code"] if answer["problems"] else "DONE" for answer in answers)
    assert codes == ["DONE", *["PLAY_ALREADY_SUSPENDED"] * 3]
    problem = await refused(world, "suspendPlay", **at(world))
    assert problem["suspendedAt"] == clock().isoformat()


async def test_a_start_on_hole_ten(world, clock):
    given = {"courseId": world.course} | TEMPLATE | {"startFormat": "CROSSOVER"}
    await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, **given)
    world.day += timedelta(days=1)
    day = world.day.isoformat()
    await done(world.server, "generateTeeSheet", "teeSheets { id }", **at(world), date=day)
    await world.read()
    clock.now = datetime.fromisoformat(world.tee_times[1]["startsAt"])
    booking_id = await send_off(world, 1, expectedMinutes=180)
    for hole in (10, 18, 1):
        clock.advance(minutes=10 if hole != 18 else 80)
        await play(world, "recordHole", booking_id, hole=hole)
    shown = await pace_of(world, booking_id)
    assert (shown["startHole"], shown["holesCompleted"], shown["minutesBehind"]) == (10, 10, 0)
    problem = await refused(world, "recordHole", who=world.staff, bookingId=booking_id, hole=18)
    assert (problem["__typename"], problem["holesCompleted"]) == ("HoleAlreadyRecorded", 10)
    clock.advance(minutes=80)
    payload = await play(world, "recordHole", booking_id, hole=9)
    assert payload["booking"]["status"] == "COMPLETED"


async def test_eighteen_holes_on_a_course_of_nine_are_two_laps(world, clock):
    given = {"clubId": world.club, "name": "Short", "holes": 9}
    short = (await done(world.server, "createCourse", "course { id }", who=world.admin, **given))["course"]["id"]
    await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, courseId=short, **TEMPLATE)
    day = {"courseId": short, "date": world.day.isoformat()}
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, **day)
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id } } }"
    answer = await world.server.run(query, who=world.staff, c=short, d=world.day.isoformat())
    world.tee_times = answer.data["teeSheet"]["teeTimes"]
    booking_id = await send_off(world, holes=18)
    for number in range(18):
        payload = await play(world, "recordHole", booking_id, hole=number % 9 + 1)
        assert payload["booking"]["pace"]["holesCompleted"] == number + 1
        assert payload["booking"]["status"] == ("ON_COURSE" if number < 17 else "COMPLETED")


async def test_the_gap_to_the_group_ahead(world, clock):
    ahead = await send_off(world, 0)
    clock.advance(minutes=10)
    behind = await send_off(world, 1)
    clock.advance(minutes=3)
    await play(world, "recordHole", ahead, hole=1)
    clock.advance(minutes=14)
    await play(world, "recordHole", behind, hole=1)
    assert (await pace_of(world, ahead))["gapMinutes"] is None
    assert (await pace_of(world, behind))["gapMinutes"] == 4
    clock.advance(minutes=20)
    await play(world, "recordHole", behind, hole=2)
    assert (await pace_of(world, behind))["gapMinutes"] == 4  # the group ahead has not been seen at its second hole


async def test_a_device_reports_holes_and_nothing_else(world, clock):
    booking_id = await send_off(world)
    device = replace(world.staff, roles=(Role.DEVICE,), user_id="cart 7")
    clock.advance(minutes=12)
    given = {"who": device, "bookingId": booking_id, "hole": 1}
    payload = await done(world.server, "recordHole", "pace { holesCompleted } booking { id }", **given)
    assert payload["pace"] == {"holesCompleted": 1}
    assert payload["booking"] is None  # it would tell who plays
    for operation in ("undoCheckIn", "teeOff", "markNoShow"):
        answer = await forbidden(world, operation, who=device, bookingId=booking_id)
        assert answer.code == "NOT_FOUND"
    answer = await forbidden(world, "suspendPlay", who=device, courseId=world.course)
    assert answer.code == "NOT_ALLOWED"
    elsewhere = replace(device, club_ids=())
    answer = await forbidden(world, "recordHole", who=elsewhere, bookingId=booking_id, hole=2)
    assert answer.code == "NOT_FOUND"


async def test_players_do_not_report_their_own_holes(world, clock):
    ana = world.player("ana")
    booking_id = (await book(world, ana, 0))["booking"]["id"]
    await play(world, "checkIn", booking_id)
    await play(world, "teeOff", booking_id)
    answer = await forbidden(world, "recordHole", who=ana, bookingId=booking_id, hole=1)
    assert answer.code == "NOT_ALLOWED"


async def test_a_device_that_was_out_of_reach_says_when_it_was(world, clock):
    booking_id = await send_off(world, expectedMinutes=180)
    clock.advance(minutes=10)
    done_at = clock().isoformat()
    clock.advance(minutes=9)
    payload = await play(world, "recordHole", booking_id, hole=1, completedAt=done_at)
    assert payload["booking"]["pace"]["minutesBehind"] == 0
    assert (await pace_of(world, booking_id))["lastCompletedAt"] == done_at


@pytest.mark.parametrize("minutes", [-1, 9, 21])
async def test_moments_at_which_the_hole_was_not_completed(world, clock, minutes):
    booking_id, begun = await send_off(world), clock()
    clock.advance(minutes=10)
    await play(world, "recordHole", booking_id, hole=1)
    clock.advance(minutes=10)
    given = {"bookingId": booking_id, "hole": 2, "completedAt": (begun + timedelta(minutes=minutes)).isoformat()}
    problem = await refused(world, "recordHole", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "completedAt"])


async def test_holes_that_make_no_sense(world, clock):
    booking_id = await send_off(world, holes=9)
    given = {"who": world.staff, "bookingId": booking_id}
    for hole in (0, 19, -1):
        problem = await refused(world, "recordHole", hole=hole, **given)
        assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "hole"])
    problem = await refused(world, "recordHole", hole=12, **given)
    assert problem.items() >= {"__typename": "HoleNotInRound", "holesOfRound": 9, "startHole": 1}.items()
    await play(world, "recordHole", booking_id, hole=4)
    problem = await refused(world, "recordHole", hole=4, **given)
    assert problem.items() >= {"__typename": "HoleAlreadyRecorded", "holesCompleted": 4}.items()


async def test_a_change_of_the_course_s_pace_is_for_groups_to_come(world, clock):
    booking_id = await send_off(world)
    given = {"courseId": world.course, "minutesFor18Holes": 120, "timePar": [3] * 18}
    await done(world.server, "updateCourse", "course { id }", who=world.admin, **given)
    clock.advance(seconds=800)
    payload = await play(world, "recordHole", booking_id, hole=1)
    assert payload["booking"]["pace"]["minutesBehind"] == 0


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"minutesFor18Holes": 59}, "minutesFor18Holes"),
        ({"minutesFor9Holes": 301}, "minutesFor9Holes"),
        ({"timePar": [13] * 9}, "timePar"),
        ({"timePar": []}, "timePar"),
        ({"timePar": [13] * 17 + [0]}, "timePar"),
        ({"timePar": [13] * 17 + [61]}, "timePar"),
    ],
)
async def test_a_pace_that_no_course_has(world, given, where):
    problem = await refused(world, "updateCourse", who=world.admin, courseId=world.course, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", where])
    new = {"clubId": world.club, "name": "New", "holes": 18}
    problem = await refused(world, "createCourse", who=world.admin, **new, **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", where])


async def test_a_course_says_what_it_expects(world):
    wanted = "course { minutesFor18Holes minutesFor9Holes timePar }"
    new = {"clubId": world.club, "name": "Short", "holes": 9}
    made = await done(world.server, "createCourse", wanted, who=world.admin, **new)
    assert made["course"] == {"minutesFor18Holes": 240, "minutesFor9Holes": 120, "timePar": None}
    given = {"courseId": world.course, "minutesFor9Holes": 110, "timePar": [12] * 18}
    changed = await done(world.server, "updateCourse", wanted, who=world.admin, **given)
    assert changed["course"] == {"minutesFor18Holes": 240, "minutesFor9Holes": 110, "timePar": [12] * 18}
    given = {"courseId": world.course, "timePar": None}
    changed = await done(world.server, "updateCourse", wanted, who=world.admin, **given)
    assert changed["course"]["timePar"] is None


async def test_what_a_worker_missed_is_told_once_it_is_back(world, clock):
    booking_id = await send_off(world, expectedMinutes=180)
    clock.advance(minutes=10)
    await play(world, "recordHole", booking_id, hole=1)
    before = await head(world)
    clock.advance(hours=1)
    await watch(world)
    assert await alerts(world, before) == [("CRITICAL", 50)]
    async with unchanged(world):
        await watch(world)


def test_groups_are_watched_every_minute():
    assert SCHEDULES["watch_pace"] == ("* * * * *", tasks.watch_pace)


async def test_three_workers_tell_of_a_level_once(world, clock):
    ids = [await send_off(world, number, expectedMinutes=180) for number in range(3)]
    clock.advance(minutes=10)
    for booking_id in ids:
        await play(world, "recordHole", booking_id, hole=1)
    before = await head(world)
    clock.advance(minutes=22)
    await gather(*(watch(world) for _ in range(3)))
    assert await alerts(world, before) == [("WARNING", 12)] * 3


async def test_a_level_is_right_however_reports_and_the_watch_meet(world, clock):
    booking_id = await send_off(world, expectedMinutes=180)
    clock.advance(minutes=10)
    await play(world, "recordHole", booking_id, hole=1)
    before = await head(world)
    clock.advance(minutes=22)
    await gather(watch(world), play(world, "recordHole", booking_id, hole=2), watch(world))
    assert (await pace_of(world, booking_id))["level"] == "WARNING"
    assert await alerts(world, before) == [("WARNING", 12)]
