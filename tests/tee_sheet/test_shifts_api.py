"""Tee times that are squeezed in, and frost delays: on ordinary days and on those on which the clock changes."""

from asyncio import gather
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from kit.ids import parse_id
from tests.harness import TEMPLATE, found_world
from tests.tee_sheet.board import Board
from tests.tee_sheet.desk import (
    ask,
    block,
    book,
    booking_events,
    cancel,
    club_events,
    delay,
    done,
    hold,
    refused,
    sheet,
    sheet_events,
    squeeze,
    types,
)
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_snapshot_and_events import assert_followed
from tests.tee_sheet.test_telling_parties import kinds


async def world_at_night(server, zone, day, first="01:00", last="04:00", minutes=30):
    """Found a club whose only sheet is that of a day on which it plays through the night."""
    world = await found_world(server, zone=zone)
    template = TEMPLATE | {"firstStart": first, "lastStart": last, "intervalMinutes": minutes}
    await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, courseId=world.course, **template)
    given = {"courseId": world.course, "date": day}
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, **given)
    world.day = date.fromisoformat(day)
    await world.read()
    return world


def clock_of(shown):
    """Give the starts on the course's clock, in the order in which they are."""
    return [row["localTime"][:5] for row in shown["teeTimes"]]


def minutes_between(before, after):
    return [
        (datetime.fromisoformat(b["startsAt"]) - datetime.fromisoformat(a["startsAt"])).total_seconds() / 60
        for a, b in zip(before["teeTimes"], after["teeTimes"], strict=True)
    ]


async def test_a_frost_delay_shifts_all_starts_from_a_time_on(world):
    bookings = [(await book(world, world.staff, number, places=2))["booking"]["id"] for number in (0, 3, 4)]
    await hold(world, world.player("ana"), 5, places=2)
    await block(world, 6)
    gone = (await book(world, world.staff, 7))["booking"]["id"]
    await cancel(world, world.staff, gone)
    before = await sheet(world)
    payload = await delay(world, "08:30", 25)
    after = await sheet(world)
    assert minutes_between(before, after) == [0] * 3 + [25] * 22
    assert clock_of(after)[2:5] == ["08:20", "08:55", "09:05"]
    assert [row["id"] for row in after["teeTimes"]] == [row["id"] for row in before["teeTimes"]]
    assert [s["status"] for s in after["teeTimes"][5]["slots"]] == ["HELD"] * 2 + ["AVAILABLE"] * 2
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["tee-sheet.changed", "booking.updated", "booking.updated"]
    assert (events[0]["change"], len(events[0]["shiftedTeeTimes"]), events[0]["teeTimes"]) == ("DELAYED", 22, [])
    assert [event["bookingId"] for event in events[1:]] == bookings[1:]
    assert events[1]["changed"] == ["STARTS_AT"]
    assert events[1]["previousStartsAt"] == before["teeTimes"][3]["startsAt"]
    assert events[1]["startsAt"] == after["teeTimes"][3]["startsAt"]
    [told] = await booking_events(world, bookings[1], after=before["cursor"], upto=events[1]["cursor"])
    assert told == events[1]
    await assert_followed(world, before)


async def test_a_hold_lives_on_through_a_delay(world, clock):
    ana = world.player("ana")
    held = await hold(world, ana, 3, places=2)
    await delay(world, "08:00", 60)
    clock.advance(minutes=9)
    booked = await book(world, ana, holdId=held["hold"]["id"])
    assert len(booked["booking"]["players"]) == 2
    shown = await sheet(world)
    assert [s["status"] for s in shown["teeTimes"][3]["slots"]] == ["BOOKED"] * 2 + ["AVAILABLE"] * 2


async def test_a_shift_by_the_interval_itself_meets_no_start_on_its_way(world):
    before = await sheet(world)
    for minutes in (10, 10, 20):
        await delay(world, "08:00", minutes)
    assert minutes_between(before, await sheet(world)) == [40] * 25
    await assert_followed(world, before)


async def test_crossover_starts_are_shifted_together(server):
    world = await found_world(server)
    template = TEMPLATE | {"startFormat": "CROSSOVER"}
    await done(world.server, "setSheetTemplate", "template { id }", who=world.staff, courseId=world.course, **template)
    day = {"courseId": world.course, "date": "2026-05-06"}
    await done(world.server, "generateTeeSheet", "teeSheets { id }", who=world.staff, **day)
    world.day = date(2026, 5, 6)
    before = await sheet(world)
    await delay(world, "09:00", 10, evenIfTurning=True)  # the last of tee 10 meet the first of tee 1 there
    after = await sheet(world)
    assert minutes_between(before, after) == [0] * 12 + [10] * 13
    await squeeze(world, "09:05", tee=10)
    problem = await refused(world, "squeezeTeeTime", who=world.staff, localTime="09:05", tee=2, **day)
    assert (problem["code"], problem["firstStartsAt"]) == ("NOT_BETWEEN_STARTS", None)


async def test_a_delay_past_midnight_is_refused(server):
    late = await world_at_night(server, "Europe/Madrid", "2026-05-06", "20:00", "23:30")
    given = {"courseId": late.course, "date": "2026-05-06", "firstStart": "23:00"}
    problem = await refused(late, "delayTeeTimes", who=late.staff, minutes=30, **given)
    assert (problem["code"], problem["longestMinutes"]) == ("DELAY_TOO_LONG", 29)
    await delay(late, "23:00", 29)
    assert clock_of(await sheet(late))[-2:] == ["23:29", "23:59"]
    problem = await refused(late, "delayTeeTimes", who=late.staff, minutes=1, **given)
    assert problem["longestMinutes"] == 0


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"minutes": 0}, "INVALID_INPUT", ["input", "minutes"]),
        ({"minutes": 601}, "INVALID_INPUT", ["input", "minutes"]),
        ({"firstStart": "12:01"}, "INVALID_INPUT", ["input", "firstStart"]),
        ({"date": "2026-05-09"}, "NO_TEE_SHEET", ["input", "date"]),
    ],
)
async def test_a_delay_of_nothing_is_refused(world, given, code, path):
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "08:00", "minutes": 10} | given
    problem = await refused(world, "delayTeeTimes", who=world.staff, **given)
    assert (problem["code"], problem["path"]) == (code, path)


async def test_groups_that_have_teed_off_are_not_called_back(world):
    booking = (await book(world, world.staff, 0))["booking"]["id"]
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        values = {"id": parse_id("booking", booking)}
        await session.execute(text("UPDATE bookings SET status = 'ON_COURSE' WHERE id = :id"), values)
        await session.commit()
    given = {"courseId": world.course, "date": world.day.isoformat(), "minutes": 10}
    problem = await refused(world, "delayTeeTimes", who=world.staff, firstStart="08:00", **given)
    assert (problem["code"], problem["bookingIds"]) == ("GROUPS_HAVE_TEED_OFF", [booking])
    await delay(world, "08:10", 10)


async def test_the_same_key_delays_once(world):
    before = await sheet(world)
    one, two = [await delay(world, "08:00", 15, idempotencyKey="frost") for _ in range(2)]
    assert one == two
    assert minutes_between(before, await sheet(world)) == [15] * 25


async def test_delays_squeezes_and_bookings_at_once_leave_one_sheet(world):
    before = await sheet(world)
    given = {"courseId": world.course, "date": world.day.isoformat()}
    acts = [ask(world.server, "delayTeeTimes", who=world.staff, firstStart="09:00", minutes=5, **given) for _ in "123"]
    acts += [ask(world.server, "squeezeTeeTime", who=world.staff, localTime="08:05", **given) for _ in "123"]
    payer = {"firstName": "Ana", "lastName": "G"}
    acts += [
        ask(world.server, "bookSlots", who=world.player(f"p{n}"), teeTimeId=world.tee_time(n), places=2, payer=payer)
        for n in range(5, 9)
    ]
    payloads = [next(iter(answer.data.values())) for answer in await gather(*acts)]
    assert codes(payloads) == {"DONE": 3 + 1 + 4, "START_TAKEN": 2}
    after = await sheet(world)
    assert len(after["teeTimes"]) == 26
    starts = {row["id"]: row["startsAt"] for row in after["teeTimes"]}
    shifted = datetime.fromisoformat(starts[world.tee_time(-1)]) - datetime.fromisoformat(
        world.tee_times[-1]["startsAt"]
    )
    assert shifted.total_seconds() == 15 * 60
    await assert_followed(world, before)


async def test_a_tee_time_is_squeezed_in_with_all_its_places(world):
    before = await sheet(world)
    payload = await squeeze(world, "08:05")
    assert (payload["teeTime"]["localTime"], payload["teeTime"]["tee"]) == ("08:05:00", 1)
    assert [(s["number"], s["status"]) for s in payload["teeTime"]["slots"]] == [(n, "AVAILABLE") for n in (1, 2, 3, 4)]
    [event] = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert (event["type"], event["change"], len(event["teeTimes"])) == ("tee-sheet.changed", "SQUEEZED", 1)
    assert clock_of(await sheet(world))[:3] == ["08:00", "08:05", "08:10"]
    await assert_followed(world, before)
    booked = await book(world, world.player("ana"), teeTimeId=payload["teeTime"]["id"], places=4)
    assert booked["booking"]["price"]["amountCents"] == 36_000


async def test_where_no_tee_time_can_be_squeezed_in(world, clock):
    given = {"courseId": world.course, "date": world.day.isoformat()}
    problem = await refused(world, "squeezeTeeTime", who=world.staff, localTime="08:10", **given)
    assert (problem["code"], problem["teeTimeId"]) == ("START_TAKEN", world.tee_time(1))
    for outside in ("07:59", "12:01"):
        problem = await refused(world, "squeezeTeeTime", who=world.staff, localTime=outside, **given)
        assert (problem["code"], problem["firstStartsAt"]) == ("NOT_BETWEEN_STARTS", world.tee_times[0]["startsAt"])
    problem = await refused(world, "squeezeTeeTime", who=world.staff, localTime="08:05:30", **given)
    assert problem["path"] == ["input", "localTime"]
    clock.advance(hours=2)
    problem = await refused(world, "squeezeTeeTime", who=world.staff, localTime="08:05", **given)
    assert problem["code"] == "START_IN_THE_PAST"


async def test_the_same_key_squeezes_once(world):
    one, two = [await squeeze(world, "08:05", idempotencyKey="k") for _ in range(2)]
    assert one == two
    assert len((await sheet(world))["teeTimes"]) == 26


CLOCK_CHANGES = [
    # On the day on which the clock is set forward, starts that it jumps over do not exist.
    (
        "America/New_York",
        "2027-03-14",
        ["01:00", "01:30", "03:00", "03:30", "04:00"],
        30,
        ["01:00", "03:00", "03:30", "04:00", "04:30"],
    ),
    (
        "Europe/Madrid",
        "2027-03-28",
        ["01:00", "01:30", "03:00", "03:30", "04:00"],
        30,
        ["01:00", "03:00", "03:30", "04:00", "04:30"],
    ),
    # On the day on which it is set back, minutes that pass are not those that the clock shows.
    (
        "America/New_York",
        "2026-11-01",
        ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00"],
        60,
        ["01:00", "01:30", "03:00", "03:30", "04:00", "04:30", "05:00"],
    ),
    (
        "Europe/Madrid",
        "2026-10-25",
        ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00"],
        60,
        ["01:00", "02:30", "02:00", "02:30", "04:00", "04:30", "05:00"],
    ),
    (
        "Asia/Tokyo",
        "2026-11-01",
        ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30", "04:00"],
        60,
        ["01:00", "02:30", "03:00", "03:30", "04:00", "04:30", "05:00"],
    ),
]


@pytest.mark.parametrize(("zone", "day", "starts", "minutes", "delayed"), CLOCK_CHANGES)
async def test_a_delay_on_a_day_on_which_the_clock_changes(server, zone, day, starts, minutes, delayed):
    world = await world_at_night(server, zone, day)
    before = await sheet(world)
    assert clock_of(before) == starts
    await book(world, world.staff, 1)
    kept = 2 if (zone, day) == ("America/New_York", "2026-11-01") else 1
    await delay(world, starts[kept], minutes)
    after = await sheet(world)
    assert clock_of(after) == delayed
    assert minutes_between(before, after) == [0] * kept + [minutes] * (len(starts) - kept)
    for row in after["teeTimes"]:
        local = datetime.fromisoformat(row["startsAt"]).astimezone(ZoneInfo(zone))
        assert (local.date().isoformat(), local.time().isoformat()) == (day, row["localTime"])
    await assert_followed(world, before)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Madrid"])
async def test_a_start_that_the_clock_jumps_over_is_not_squeezed_in_and_stands_for_the_next_in_a_delay(server, zone):
    day = {"America/New_York": "2027-03-14", "Europe/Madrid": "2027-03-28"}[zone]
    world = await world_at_night(server, zone, day)
    given = {"courseId": world.course, "date": day}
    problem = await refused(world, "squeezeTeeTime", who=world.staff, localTime="02:15", **given)
    assert (problem["code"], problem["path"]) == ("INVALID_INPUT", ["input", "localTime"])
    await squeeze(world, "01:45")
    before = await sheet(world)
    await delay(world, "02:15", 10)
    assert minutes_between(before, await sheet(world)) == [0] * 3 + [10] * 3


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [("America/New_York", "2026-11-01", "05:15"), ("Europe/Madrid", "2026-10-25", "00:15")],
)
async def test_a_start_that_the_clock_shows_twice_is_squeezed_in_once_the_first_time(server, zone, day, first):
    world = await world_at_night(server, zone, day)
    wall = {"America/New_York": "01:15", "Europe/Madrid": "02:15"}[zone]
    payload = await squeeze(world, wall)
    assert payload["teeTime"]["startsAt"][11:16] == first
    given = {"courseId": world.course, "date": day}
    assert (await refused(world, "squeezeTeeTime", who=world.staff, localTime=wall, **given))["code"] == "START_TAKEN"


async def test_a_course_whose_day_lies_across_midnight_utc(server):
    world = await world_at_night(server, "Asia/Tokyo", "2026-05-06", "08:00", "10:00")
    before = await sheet(world)
    assert before["teeTimes"][0]["startsAt"][:16] == "2026-05-05T23:00"
    await squeeze(world, "08:45")
    payload = await delay(world, "08:30", 20)
    after = await sheet(world)
    assert clock_of(after) == ["08:00", "08:50", "09:05", "09:20", "09:50", "10:20"]
    assert [row["startsAt"][:10] for row in after["teeTimes"]] == ["2026-05-05"] * 2 + ["2026-05-06"] * 4
    board = Board(before)
    for event in await sheet_events(world, after=before["cursor"], upto=payload["cursor"], day="2026-05-06"):
        board.apply(event)
    after.pop("cursor")
    assert board.shown() == after


async def test_delayed_starts_come_back(world, clock):
    booking = (await book(world, world.player("ana"), 3, places=2))["booking"]["id"]
    planned = await sheet(world)
    await delay(world, "08:20", 40)
    before = await sheet(world)
    payload = await delay(world, "09:00", -25)
    after = await sheet(world)
    assert minutes_between(planned, after) == [0] * 2 + [15] * 23
    events = await club_events(world, after=before["cursor"], upto=payload["cursor"])
    assert types(events) == ["tee-sheet.changed", "booking.updated"]
    assert (events[0]["change"], events[1]["bookingId"], events[1]["changed"]) == ("ADVANCED", booking, ["STARTS_AT"])
    assert await kinds(world, "ana") == [["TEE_TIMES_ADVANCED", "TEE_TIMES_DELAYED"]]
    await assert_followed(world, before)
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "08:30"}
    problem = await refused(world, "delayTeeTimes", who=world.staff, minutes=-16, **given)
    assert (problem["code"], problem["mostMinutes"]) == ("NOT_DELAYED_SO_MUCH", 15)
    await delay(world, "08:30", -15)
    assert clock_of(await sheet(world)) == clock_of(planned)
    problem = await refused(world, "delayTeeTimes", who=world.staff, minutes=-1, **given)
    assert problem["mostMinutes"] == 0


async def test_starts_come_back_by_what_the_least_delayed_of_them_was_delayed(world):
    await delay(world, "08:30", 10)
    await delay(world, "09:00", 20)
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "08:40"}
    problem = await refused(world, "delayTeeTimes", who=world.staff, minutes=-20, **given)
    assert problem["mostMinutes"] == 10
    await delay(world, "09:20", -20)


async def test_a_start_that_was_squeezed_in_between_comes_back_too(world):
    planned = clock_of(await sheet(world))
    await delay(world, "08:20", 30)
    await squeeze(world, "08:55")
    await squeeze(world, "08:30")
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "08:50"}
    problem = await refused(world, "delayTeeTimes", who=world.staff, minutes=-30, **given)
    assert problem["mostMinutes"] == 19, "behind the one that came between"
    problem = await refused(world, "delayTeeTimes", who=world.staff, minutes=-1, **given | {"firstStart": "08:30"})
    assert problem["mostMinutes"] == 0, "nobody had delayed that one"
    await delay(world, "08:50", -19)
    assert clock_of(await sheet(world))[:5] == [*planned[:2], "08:30", "08:31", "08:36"]


async def test_nobody_is_called_to_a_start_that_is_over(world, clock):
    await delay(world, "08:00", 60)
    clock.now = datetime.fromisoformat(world.tee_times[0]["startsAt"]).replace(minute=30)
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "09:00"}
    problem = await refused(world, "delayTeeTimes", who=world.staff, minutes=-31, **given)
    assert problem["code"] == "START_IN_THE_PAST"
    await delay(world, "09:00", -30)


async def test_a_delay_that_comes_back_twice_at_once_comes_back_once(world):
    planned = clock_of(await sheet(world))
    await delay(world, "08:00", 15)
    given = {"courseId": world.course, "date": world.day.isoformat(), "firstStart": "08:00", "minutes": -15}
    answers = await gather(
        *(world.server.mutate("delayTeeTimes", "teeSheet { id }", who=world.staff, **given) for _ in range(3))
    )
    assert codes(answers) == {"DONE": 1, "NOT_DELAYED_SO_MUCH": 2}
    assert clock_of(await sheet(world)) == planned
