"""What a closing does to the tee sheet, and what the reopening undoes: no more than this closing did."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.course.thresholds import set_thresholds
from domain.journeys.course_status import set_status
from models.course.tables import CourseClosure
from models.notifications import Notification, NotificationKind
from models.tee_sheet.desk import Block, BlockKind
from tests.course.turf import (
    CLOSED,
    CONDITIONAL,
    HOUR,
    MARGIN,
    OPEN,
    by,
    clear,
    evaluate,
    facts,
    history,
    look,
    override,
    rows,
    shown,
    strike,
)
from tests.harness import found_world
from tests.tee_sheet.desk import ask, block, book, cancel, done, hold, sheet, unblock
from tests.tee_sheet.waiting import fill, free, join, offers, statuses

STORM = {"wind_kmh": 70.0}


async def told(world, kind=NotificationKind.COURSE_CLOSED):
    """Give who was told of what, with what was said, in order."""
    return [(row.user_id, row.data) for row in await rows(world, Notification, kind=kind)]


async def live_closure(world):
    found = await rows(world, CourseClosure, ended_at=None)
    return found[0] if found else None


async def status_facts(world):
    return await facts(world, "course.status.changed")


async def test_a_closing_ends_the_holds_and_offers_that_it_covers_and_lets_the_bookings_stand(world):
    held = await hold(world, world.player("ana"), 3, places=2)
    await join(world, world.player("ben"), 4)
    await free(world, await fill(world, 4))
    booked = await book(world, world.player("eva"), 5, places=2)
    assert len(await offers(world)) == 1
    await override(world)
    assert await offers(world) == []
    assert {status for number in (3, 4) for status in await statuses(world, number)} == {"AVAILABLE"}
    assert (await statuses(world, 5)).count("BOOKED") == 2
    answer = await ask(world.server, "bookSlots", who=world.player("ana"), holdId=held["hold"]["id"])
    assert answer.data["bookSlots"]["problems"][0]["code"] == "COURSE_CLOSED"
    [(user, said)] = await told(world)
    assert (user, said["booking_id"], said["reason"]) == ("eva", booked["booking"]["id"], "Works on the greens")
    assert [user for user, _ in await told(world, NotificationKind.WAITLIST_OFFER_WITHDRAWN)] == ["ben"]
    [fact] = await status_facts(world)
    assert (fact["previous_status"], fact["new_status"], fact["carts_suspended"]) == ("OPEN", "CLOSED", 0)
    assert f"course:{world.course}:{world.day}" in fact["rooms"]


async def test_what_has_started_before_the_closing_is_let_be(world, clock):
    clock.advance(hours=3)  # 10:00 in Madrid
    early = next(n for n, row in enumerate(world.tee_times) if row["localTime"] > "10:00:00")
    gone = await book(world, world.player("eva"), early, places=1)
    clock.advance(minutes=30)
    await override(world)
    assert await told(world) == []
    assert gone["booking"]["status"] == "CONFIRMED"


async def test_parties_are_told_once_a_closure_and_not_who_closed_it_nor_by_a_club_that_does_not_tell(world, server):
    await book(world, world.player("ana"), 0)
    await book(world, world.staff, 1)
    await override(world)
    await override(world, reason="Still", until=world.server.clock() + 9 * HOUR)
    assert [user for user, _ in await told(world)] == ["ana"]
    silent = await found_world(server, tellsOfClosures=False)
    await book(silent, silent.player("ana"), 0)
    await override(silent)
    assert await told(silent) == []


async def test_parties_whose_players_have_checked_in_are_told_and_those_who_play_or_cancelled_are_not(world):
    booked = {name: (await book(world, world.player(name), n))["booking"]["id"] for n, name in enumerate("abc")}
    await done(world.server, "checkIn", "booking { id }", who=world.staff, bookingId=booked["a"])
    await done(world.server, "checkIn", "booking { id }", who=world.staff, bookingId=booked["b"])
    await done(world.server, "teeOff", "booking { id }", who=world.staff, bookingId=booked["b"])
    await cancel(world, world.staff, booked["c"])
    await override(world)
    assert [user for user, _ in await told(world)] == ["a"]


async def test_what_parties_and_staff_are_told_reads_like_a_sentence(world, clock):
    await book(world, world.player("ana"), 20)
    await override(world, reason="Works on the greens.")
    await clear(world)
    await look(world, **STORM)
    clock.advance(hours=2)
    await evaluate(world, None)

    async def read(who):
        answer = await world.server.run("{ notifications { edges { node { title body } } } }", who=who)
        return [tuple(edge["node"].values()) for edge in answer.data["notifications"]["edges"]]

    kept = "Your booking for 11:20 on Monday 4 May at Old was kept; ask the club before you set out."
    assert ("The course is closed", f"The course is closed: Works on the greens. {kept}") in await read(
        world.player("ana")
    )
    assert await read(world.staff) == [
        (
            "No weather for Old",
            "There is no usable weather for Old. Its status stays as it is; set it by hand if need be.",
        ),
        ("Old is closed now", "Old was open and is closed now: a storm."),
    ]


async def test_what_comes_free_on_a_closed_course_is_offered_when_it_opens_again(world):
    ben, booking = await join(world, world.player("ben"), 4), await fill(world, 4)
    await override(world)
    await free(world, booking)
    assert await offers(world) == []
    await look(world)
    assert await offers(world) == []  # the override has the say
    await clear(world)
    [offer] = await offers(world)
    assert offer["entryId"] == ben["id"]
    assert (await status_facts(world))[-1]["new_status"] == "OPEN"
    assert await live_closure(world) is None


async def test_an_automatic_closing_blocks_the_free_places_of_the_rest_of_the_day_if_the_course_says_so(server, clock):
    world = await found_world(server, days=(0, 1))
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    await book(world, world.player("ana"), 5, places=2)
    staffs = (await block(world, 6))["block"]["id"]
    clock.advance(hours=2)  # 9:00 in Madrid
    await look(world, **STORM)
    past = [n for n, row in enumerate(world.tee_times) if row["localTime"] < "09:00:00"]
    assert set(await statuses(world, past[0])) == {"AVAILABLE"}
    assert await statuses(world, 5) == ["BOOKED"] * 2 + ["AVAILABLE"] * 2  # 8:50 is over
    assert set(await statuses(world, 8)) == {"BLOCKED"}
    [made] = [row for row in await rows(world, Block) if row.kind is BlockKind.WEATHER]
    assert (made.created_by, made.reason) == ("Weather", "a storm")
    tomorrow = await sheet(world, day=(world.day + timedelta(days=1)).isoformat())
    assert {slot["status"] for row in tomorrow["teeTimes"] for slot in row["slots"]} == {"AVAILABLE"}
    for _ in range(2):
        clock.advance(minutes=15)
        await look(world)
    assert (await shown(world)).status is OPEN
    assert set(await statuses(world, 8)) == {"AVAILABLE"}
    assert set(await statuses(world, 6)) == {"BLOCKED"}
    assert [row.removed_at is None for row in await rows(world, Block)] == [True, False]
    await unblock(world, staffs)


async def test_a_block_of_the_closing_that_the_staff_have_removed_is_passed_over(world, clock):
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    await look(world, **STORM)
    [made] = (await sheet(world))["blocks"]
    await unblock(world, made["id"])
    own = (await block(world, 2))["block"]["id"]
    for _ in range(2):
        clock.advance(minutes=15)
        await look(world)
    assert (await shown(world)).status is OPEN
    assert [row["id"] for row in (await sheet(world))["blocks"]] == [own]


async def test_staff_close_without_blocks_whatever_the_thresholds_say(world):
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    await override(world)
    assert await rows(world, Block) == []
    await look(world, **STORM)
    assert await rows(world, Block) == []
    await clear(world)  # now it is the weather that keeps the course closed
    assert {row.kind for row in await rows(world, Block)} == {BlockKind.WEATHER}


async def test_an_override_prolongs_the_weathers_closure_and_only_newly_covered_starts_are_dealt_with(server, clock):
    world = await found_world(server, days=(0, 1, 2))
    await book(world, world.player("today"), 9)
    await look(world, **STORM)
    first = await live_closure(world)
    world.day += timedelta(days=1)
    await world.read()
    await book(world, world.player("tomorrow"), 9)
    await hold(world, world.player("ana"), 3)
    clock.advance(minutes=1)
    end = clock() + timedelta(days=1, hours=16)  # over all of tomorrow
    await override(world, until=end)
    closure = await live_closure(world)
    assert (closure.id, closure.began_at, closure.reaches_until) == (first.id, first.began_at, end)
    assert set(await statuses(world, 3)) == {"AVAILABLE"}
    assert [user for user, _ in await told(world)] == ["today", "tomorrow"]
    fact = (await status_facts(world))[-1]
    assert (fact["previous_status"], fact["new_status"], fact["source"]) == ("CLOSED", "CLOSED", "MANUAL")
    dates = [str(world.day + timedelta(days=n)) for n in (-1, 0)]
    assert fact["dates"] == dates
    assert [entry.source.value for entry in await history(world)] == ["MANUAL", "AUTO_WEATHER"]


async def test_starts_that_a_shorter_closure_does_not_cover_any_more_are_offered(world, clock):
    waiting = [await join(world, world.player(name), number) for number, name in ((2, "ana"), (20, "ben"))]
    bookings = [await fill(world, number) for number in (2, 20)]
    await override(world, until=clock() + 9 * HOUR)
    for booking in bookings:
        await free(world, booking)
    await override(world, until=clock() + 3 * HOUR)  # 10:00: the start at 11:20 is covered no longer
    [offer] = await offers(world)
    assert offer["entryId"] == waiting[1]["id"]
    assert (await live_closure(world)).reaches_until == clock() + 3 * HOUR


async def test_a_shorter_closure_lifts_the_blocks_of_the_weathers(world, clock):
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    await look(world, **STORM)
    await override(world, until=clock() + 3 * HOUR)
    assert (await sheet(world))["blocks"] == []
    assert set(await statuses(world, 20)) == {"AVAILABLE"}
    answer = await ask(world.server, "holdSlots", who=world.player("ana"), teeTimeId=world.tee_time(2), places=1)
    assert answer.data["holdSlots"]["problems"][0]["code"] == "COURSE_CLOSED"
    await hold(world, world.player("ana"), 20)


@pytest.mark.parametrize("status", [OPEN, CONDITIONAL])
async def test_any_other_status_than_closed_reopens(world, status):
    await look(world, **STORM)
    await override(world, status)
    assert await live_closure(world) is None
    await hold(world, world.player("ana"), 2)
    [closure] = await rows(world, CourseClosure)
    assert closure.ended_at is not None


async def test_a_weather_closure_reaches_into_the_new_day_with_the_first_evaluation_after_midnight(server, clock):
    world = await found_world(server, days=(0, 1))
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    await look(world, **STORM)
    world.day += timedelta(days=1)
    await world.read()
    await book(world, world.player("tomorrow"), 9)
    await hold(world, world.player("ana"), 3)
    clock.now = clock().replace(hour=21, minute=50)  # 23:50 in Madrid
    await look(world, **STORM)
    assert len(await status_facts(world)) == 1
    clock.advance(minutes=15)
    await look(world, **STORM)
    assert (await live_closure(world)).reaches_until == clock().replace(hour=22, minute=0) + timedelta(days=1)
    assert [user for user, _ in await told(world)] == ["tomorrow"]
    assert set(await statuses(world, 3)) == {"BLOCKED"}
    first, second = await status_facts(world)
    assert (second["previous_status"], second["new_status"], second["date"]) == ("CLOSED", "CLOSED", str(world.day))
    assert second["closed_until"] > first["closed_until"]
    assert [str(entry.date) for entry in await history(world, day=world.day)] == [str(world.day)]
    clock.advance(minutes=15)
    await look(world, **STORM)
    assert len(await status_facts(world)) == 2
    assert len((await sheet(world))["blocks"]) == 1
    for _ in range(2):
        clock.advance(minutes=15)
        await look(world)
    assert (await sheet(world))["blocks"] == []
    assert set(await statuses(world, 3)) == {"AVAILABLE"}


async def test_a_party_is_not_told_again_within_the_cooldown_though_the_weather_closes_the_course_again(world, clock):
    await book(world, world.player("ana"), 23)
    await strike(world)
    clock.advance(minutes=31)
    await look(world)
    await book(world, world.player("ben"), 22)
    clock.advance(minutes=1)
    await strike(world)
    assert [user for user, _ in await told(world)] == ["ana", "ben"]
    clock.advance(minutes=31)
    await look(world)
    clock.advance(minutes=20)  # 83 minutes after ana was told, and 51 after ben was
    await strike(world)
    assert sorted(user for user, _ in await told(world)) == ["ana", "ana", "ben"]
    assert {said["reason"] for _, said in await told(world)} == {"lightning"}


async def test_a_closing_locks_nothing_beyond_its_reach(server, settings, clock):
    """A year of sheets must not wait for a closing of a day: a tee time of tomorrow can be locked meanwhile."""
    world = await found_world(server, days=(0, 1))
    tomorrow = text(
        "SELECT t.id FROM tee_times t JOIN tee_sheets s ON s.id = t.sheet_id WHERE s.date > :day FOR UPDATE OF t NOWAIT"
    )
    today = text(
        "SELECT t.id FROM tee_times t JOIN tee_sheets s ON s.id = t.sheet_id WHERE s.date = :day"
        " FOR UPDATE OF t SKIP LOCKED"
    )
    viewer, database = world.staff.viewer(clock()), server.runtime.database
    async with database.tenant(world.tenant_id) as closing, database.tenant(world.tenant_id) as other:
        given = {"course_id": world.course_id, "status": CLOSED, "reason": "Storm", "now": clock()}
        await set_status(closing, viewer=viewer, **given)
        assert len((await other.execute(tomorrow, {"day": world.day})).all()) == len(world.tee_times)
        assert (await other.execute(today, {"day": world.day})).all() == []


async def test_an_outage_of_the_weather_neither_closes_nor_opens(world, clock):
    await look(world, **STORM)
    clock.advance(minutes=15)
    decision = await evaluate(world, None)
    assert (decision.stale, (await shown(world)).status) == (True, CLOSED)
