"""What was done by mistake on the day of play is taken back, through the API."""

from asyncio import gather
from datetime import timedelta

import pytest

from tests.harness import TEMPLATE
from tests.tee_sheet.desk import (
    book,
    booking_events,
    club_events,
    delay,
    done,
    head,
    play,
    refused,
    send_off,
    sheet,
    types,
)


async def booked(world, number=0, places=3):
    return (await book(world, world.staff, number, places))["booking"]["id"]


def noted(payload):
    players = payload["booking"]["players"]
    return [p["position"] for p in players if p["checkedInAt"]], [p["position"] for p in players if p["noShowAt"]]


async def pace_of(world, booking_id):
    return next(row["pace"] for row in (await sheet(world))["bookings"] if row["id"] == booking_id)


async def test_a_booking_of_no_shows_checks_in_after_all(world, clock):
    booking_id = await booked(world)
    clock.advance(hours=2)
    assert (await play(world, "markNoShow", booking_id))["booking"]["status"] == "NO_SHOW"
    one = await play(world, "checkIn", booking_id, positions=[2])
    assert (one["booking"]["status"], noted(one)) == ("CHECKED_IN", ([2], [1, 3]))
    await play(world, "teeOff", booking_id)


async def test_all_of_a_booking_of_no_shows_come_unless_positions_say_who(world, clock):
    booking_id = await booked(world)
    clock.advance(hours=2)
    await play(world, "markNoShow", booking_id)
    everybody = await play(world, "checkIn", booking_id)
    assert (everybody["booking"]["status"], noted(everybody)) == ("CHECKED_IN", ([1, 2, 3], []))


async def test_a_no_show_is_taken_back(world, clock):
    booking_id = await booked(world)
    clock.advance(hours=2)
    before = await play(world, "markNoShow", booking_id)
    one = await play(world, "undoNoShow", booking_id, positions=[2])
    assert (one["booking"]["status"], noted(one)) == ("CONFIRMED", ([], [1, 3]))
    rest = await play(world, "undoNoShow", booking_id)
    assert (rest["booking"]["status"], noted(rest)) == ("CONFIRMED", ([], []))
    events = await booking_events(world, booking_id, after=before["cursor"], upto=rest["cursor"])
    assert [(event["type"], event["positions"]) for event in events] == [
        ("booking.no-show-undone", [2]),
        ("booking.no-show-undone", [1, 3]),
    ]
    problem = await refused(world, "undoNoShow", who=world.staff, bookingId=booking_id)
    assert (problem["__typename"], problem["positions"]) == ("NotNoShow", [1, 2, 3])


async def test_a_no_show_of_a_group_on_the_course_is_taken_back(world, clock):
    booking_id = await booked(world)
    await play(world, "checkIn", booking_id, positions=[1])
    clock.advance(hours=2)
    await play(world, "teeOff", booking_id)
    await play(world, "markNoShow", booking_id, positions=[2])
    payload = await play(world, "undoNoShow", booking_id, positions=[2])
    assert (payload["booking"]["status"], noted(payload)) == ("ON_COURSE", ([1], []))
    problem = await refused(world, "undoNoShow", who=world.staff, bookingId=booking_id, positions=[2, 3])
    assert problem["positions"] == [2, 3]


async def test_a_tee_off_is_taken_back_with_its_round(world, clock):
    booking_id = await send_off(world, 0, expectedMinutes=180)
    clock.advance(minutes=40)
    await play(world, "recordHole", booking_id, hole=1)
    before = await head(world)
    payload = await play(world, "undoTeeOff", booking_id)
    assert (payload["booking"]["status"], payload["booking"]["pace"]) == ("CHECKED_IN", None)
    events = await club_events(world, after=before, upto=payload["cursor"])
    assert types(events) == ["pace.alert", "booking.tee-off-undone"]
    assert events[0]["level"] is None
    assert (events[1]["holesCompleted"], events[1]["bookingStatus"]) == (1, "CHECKED_IN")
    await play(world, "undoCheckIn", booking_id, positions=[2])
    again = await play(world, "teeOff", booking_id)
    assert again["booking"]["pace"]["holesCompleted"] == 0


async def test_starts_are_delayed_once_a_tee_off_was_taken_back(world):
    booking_id = await send_off(world, 0)
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "08:00", "minutes": 30}
    problem = await refused(world, "delayTeeTimes", who=world.staff, **given)
    assert problem["bookingIds"] == [booking_id]
    await play(world, "undoTeeOff", booking_id)
    await delay(world, "08:00", 30)


@pytest.mark.parametrize("operation", ["undoTeeOff", "correctHole", "endRound"])
async def test_a_group_that_never_teed_off(world, operation):
    booking_id = await booked(world)
    await play(world, "checkIn", booking_id)
    problem = await refused(world, operation, who=world.staff, bookingId=booking_id)
    assert (problem["__typename"], problem["bookingStatus"]) == ("NotOnCourse", "CHECKED_IN")


async def test_the_last_hole_is_corrected_back_and_forward(world, clock):
    booking_id = await send_off(world, 0)
    for hole in (1, 2, 7):
        clock.advance(minutes=13)
        last = await play(world, "recordHole", booking_id, hole=hole)
    back = await play(world, "correctHole", booking_id, hole=2)
    assert back["booking"]["pace"]["holesCompleted"] == 2
    assert (await pace_of(world, booking_id))["lastCompletedAt"] == (clock() - timedelta(minutes=13)).isoformat()
    forward = await play(world, "correctHole", booking_id, hole=3)
    [first, second] = await booking_events(world, booking_id, after=last["cursor"], upto=forward["cursor"])
    assert first["type"] == "booking.hole-corrected"
    told = ("lastHole", "holesCompleted", "previousHolesCompleted")
    assert [first[name] for name in told] == [2, 2, 7]
    assert [second[name] for name in told] == [3, 3, 2]
    assert second["lastCompletedAt"] == clock().isoformat()
    clock.advance(minutes=13)
    assert (await play(world, "recordHole", booking_id, hole=4))["booking"]["pace"]["holesCompleted"] == 4
    none = await play(world, "correctHole", booking_id)
    assert none["booking"]["pace"] == {"holesCompleted": 0, "level": None, "minutesBehind": None}
    problem = await refused(world, "correctHole", who=world.staff, bookingId=booking_id)
    assert (problem["__typename"], problem["holesCompleted"]) == ("HoleAlreadyRecorded", 0)


async def test_a_round_that_ended_by_mistake_goes_on(world, clock):
    booking_id = await send_off(world, 0)
    clock.advance(minutes=30)
    assert (await play(world, "recordHole", booking_id, hole=18))["booking"]["status"] == "COMPLETED"
    back = await play(world, "correctHole", booking_id, hole=2)
    assert (back["booking"]["status"], back["booking"]["pace"]["holesCompleted"]) == ("ON_COURSE", 2)
    assert (await pace_of(world, booking_id))["completedAt"] is None
    on = await play(world, "correctHole", booking_id, hole=18)
    assert on["booking"]["status"] == "COMPLETED"


async def test_when_a_hole_was_completed_is_corrected(world, clock):
    booking_id, begun = await send_off(world, 0), clock()
    clock.advance(minutes=30)
    await play(world, "recordHole", booking_id, hole=1)
    moment = (begun + timedelta(minutes=12)).isoformat()
    await play(world, "correctHole", booking_id, hole=1, completedAt=moment)
    assert (await pace_of(world, booking_id))["lastCompletedAt"] == moment
    given = {"who": world.staff, "bookingId": booking_id}
    for hole, minutes in ((1, -1), (1, 31), (2, 11)):
        at = (begun + timedelta(minutes=minutes)).isoformat()
        problem = await refused(world, "correctHole", hole=hole, completedAt=at, **given)
        assert problem["path"] == ["input", "completedAt"]
    problem = await refused(world, "correctHole", completedAt=moment, **given)
    assert problem["path"] == ["input", "completedAt"]


async def test_a_correction_clears_an_alert_or_raises_one(world, clock):
    booking_id = await send_off(world, 0, expectedMinutes=180)
    clock.advance(minutes=50)
    await play(world, "recordHole", booking_id, hole=1)
    before = await head(world)
    cleared = await play(world, "correctHole", booking_id, hole=5)
    raised = await play(world, "correctHole", booking_id, hole=2)
    events = await club_events(world, after=before, upto=raised["cursor"])
    assert types(events) == ["booking.hole-corrected", "pace.alert"] * 2
    assert [event["level"] for event in events] == [None, None, "CRITICAL", "CRITICAL"]
    assert cleared["booking"]["pace"]["level"] is None


async def test_a_group_walks_in(world, clock):
    booking_id = await send_off(world, 0)
    clock.advance(minutes=60)
    await play(world, "recordHole", booking_id, hole=3)
    before = await head(world)
    clock.advance(minutes=20)
    payload = await play(world, "endRound", booking_id)
    assert (payload["booking"]["status"], payload["booking"]["pace"]["holesCompleted"]) == ("COMPLETED", 3)
    events = await booking_events(world, booking_id, after=before, upto=payload["cursor"])
    assert types(events) == ["booking.round-ended", "pace.alert"]
    assert events[0].items() >= {"lastHole": 3, "roundCompletedAt": clock().isoformat(), "level": None}.items()
    problem = await refused(world, "recordHole", who=world.staff, bookingId=booking_id, hole=4)
    assert problem["__typename"] == "NotOnCourse"
    again = await play(world, "correctHole", booking_id, hole=3)
    assert again["booking"]["status"] == "ON_COURSE"


async def test_a_group_walks_in_behind_a_hole_that_nobody_reported(world, clock):
    booking_id = await send_off(world, 0)
    clock.advance(minutes=60)
    payload = await play(world, "endRound", booking_id, hole=5)
    assert payload["booking"]["pace"]["holesCompleted"] == 5
    problem = await refused(world, "endRound", who=world.staff, bookingId=booking_id)
    assert (problem["__typename"], problem["bookingStatus"]) == ("NotOnCourse", "COMPLETED")


async def two_laps(world):
    """Go to a course of nine holes, and send a group off for eighteen."""
    given = {"clubId": world.club, "name": "Short", "holes": 9}
    short = (await done(world.server, "createCourse", "course { id }", who=world.admin, **given))["course"]["id"]
    await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, courseId=short, **TEMPLATE)
    day = {"courseId": short, "date": world.day.isoformat()}
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, **day)
    query = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id } } }"
    answer = await world.server.run(query, who=world.staff, c=short, d=world.day.isoformat())
    world.tee_times = answer.data["teeSheet"]["teeTimes"]
    return await send_off(world, 0, holes=18)


async def test_a_second_lap_of_which_nobody_reported_the_first_holes_comes_to_its_end(world, clock):
    booking_id = await two_laps(world)
    for hole in range(1, 10):
        clock.advance(seconds=800)
        await play(world, "recordHole", booking_id, hole=hole)
    clock.advance(seconds=800 * 4)
    for hole in range(5, 10):
        clock.advance(seconds=800)
        payload = await play(world, "recordHole", booking_id, hole=hole)
        assert payload["booking"]["pace"] == {"holesCompleted": 9 + hole, "level": None, "minutesBehind": 0}
    assert payload["booking"]["status"] == "COMPLETED"


async def test_a_report_that_comes_late_or_again_is_not_of_the_second_lap(world, clock):
    booking_id = await two_laps(world)
    moments = {}
    for hole in (*range(1, 10), 1):
        clock.advance(seconds=800)
        moments.setdefault(hole, clock().isoformat())
        await play(world, "recordHole", booking_id, hole=hole)
    clock.advance(minutes=2)
    given = {"who": world.staff, "bookingId": booking_id}
    for hole in range(1, 10):
        problem = await refused(world, "recordHole", hole=hole, completedAt=moments[hole], **given)
        assert (problem["__typename"], problem["holesCompleted"]) == ("HoleAlreadyRecorded", 10)
    for hole in (9, 1):
        problem = await refused(world, "recordHole", hole=hole, **given)
        assert problem["__typename"] == "HoleAlreadyRecorded"


async def test_a_hole_of_the_second_lap_is_corrected(world, clock):
    booking_id = await two_laps(world)
    clock.advance(minutes=150)
    payload = await play(world, "correctHole", booking_id, hole=2, lap=2)
    assert payload["booking"]["pace"]["holesCompleted"] == 11
    for lap in (0, 3):
        problem = await refused(world, "correctHole", who=world.staff, bookingId=booking_id, hole=2, lap=lap)
        assert problem["path"] == ["input", "lap"]


async def test_a_hole_of_a_lap_that_the_group_does_not_play(world):
    booking_id = await send_off(world, 0)
    problem = await refused(world, "correctHole", who=world.staff, bookingId=booking_id, hole=2, lap=2)
    assert problem["__typename"] == "HoleNotInRound"


async def test_one_of_two_takes_a_tee_off_back(world):
    booking_id = await send_off(world, 0)
    given = {"who": world.staff, "bookingId": booking_id}
    acts = ["undoTeeOff", "undoTeeOff", "recordHole", "endRound"]
    answers = await gather(
        *(
            world.server.mutate(act, "booking { id }", **given, **({"hole": 1} if act == "recordHole" else {}))
            for act in acts
        )
    )
    undone = [answer for act, answer in zip(acts, answers, strict=True) if act == "undoTeeOff" and answer["booking"]]
    [shown] = (await sheet(world))["bookings"]
    ended = answers[3]["booking"] is not None
    assert len(undone) == (0 if ended else 1)
    assert (shown["status"], shown["pace"] is None) == (("COMPLETED", False) if ended else ("CHECKED_IN", True))
