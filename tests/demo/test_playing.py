"""The demo's day is played by the clock, whenever it is loaded."""

from asyncio import gather
from datetime import timedelta

from demo.clubs import EIGHTEEN_ID
from demo.people import OWNER, PEOPLE, TENANT_ID
from demo.playing import STARTER, play_on
from domain.journeys.bookings import undo_check_in
from domain.tee_sheet.play.suspensions import suspend_play
from tests.demo.demos import NOW, Demo

STATES = """
    SELECT b.id, b.status, s.starts_at, r.holes_completed, r.holes, r.level, r.completed_at, r.teed_off_at
    FROM bookings b JOIN tee_times s ON s.id = b.tee_time_id LEFT JOIN rounds r ON r.booking_id = b.id
    ORDER BY s.starts_at, b.id
"""
LATEST = timedelta(minutes=4)
"""Nobody tees off longer after their start."""
LONGEST = timedelta(hours=6)


async def test_whoever_has_started_is_on_the_course_or_in_again(demo: Demo) -> None:
    assert await play_on(demo.work, now=NOW) > 100
    rows = [row for row in await demo.rows(STATES) if row["status"] != "CANCELLED"]
    gone = [row for row in rows if row["starts_at"] <= NOW - LATEST]
    assert {row["status"] for row in gone} == {"ON_COURSE", "COMPLETED"}
    assert all(row["status"] == "COMPLETED" for row in gone if row["starts_at"] < NOW - LONGEST)
    out = [row for row in gone if row["status"] == "ON_COURSE"]
    assert {row["holes_completed"] for row in out} > {0, 3, 9}
    assert any(row["level"] for row in out)
    soon = [row for row in rows if NOW <= row["starts_at"] <= NOW + timedelta(minutes=8)]
    assert {row["status"] for row in soon} == {"CHECKED_IN"}
    later = [row for row in rows if row["starts_at"] > NOW + timedelta(minutes=36)]
    assert {row["status"] for row in later} == {"CONFIRMED"}


async def test_what_is_done_is_not_done_again_and_the_day_goes_on(demo: Demo) -> None:
    await gather(*(play_on(demo.work, now=NOW) for _ in range(3)))
    told = len(demo.told)
    assert await play_on(demo.work, now=NOW) == 0
    assert len(demo.told) == told
    assert await play_on(demo.work, now=NOW + timedelta(minutes=10)) > 5
    kinds = {one.type for one in demo.told[told:]}
    assert kinds >= {"booking.checked-in", "booking.tee-off", "booking.pace-updated"}


async def test_events_come_in_the_order_of_their_moments(demo: Demo) -> None:
    await play_on(demo.work, now=NOW)
    moments = [one.occurred_at for one in demo.told if one.type == "booking.tee-off"]
    assert moments == sorted(moments)


async def test_whom_somebody_else_has_touched_is_left_to_them(demo: Demo) -> None:
    await play_on(demo.work, now=NOW)
    shop = next(person for person in PEOPLE if person.user_id == "demo-pro-shop")
    assert STARTER not in {OWNER, *PEOPLE}
    row = next(row for row in await demo.rows(STATES) if row["status"] == "CHECKED_IN")
    async with demo.work.change(TENANT_ID) as change:
        viewer = shop.viewer(now=NOW)
        await undo_check_in(change.session, viewer=viewer, booking_id=row["id"], now=NOW)
    await play_on(demo.work, now=NOW + timedelta(hours=1))
    assert next(one["status"] for one in await demo.rows(STATES) if one["id"] == row["id"]) == "CONFIRMED"


async def test_nobody_plays_on_while_play_is_suspended(demo: Demo) -> None:
    await play_on(demo.work, now=NOW)
    async with demo.work.change(TENANT_ID) as change:
        await suspend_play(change.session, viewer=OWNER.viewer(now=NOW), course_id=EIGHTEEN_ID, now=NOW)
    before = await demo.rows("SELECT * FROM rounds WHERE course_id = $1 ORDER BY id", EIGHTEEN_ID)
    assert await play_on(demo.work, now=NOW + timedelta(minutes=30)) > 5  # on the course beside it
    assert await demo.rows("SELECT * FROM rounds WHERE course_id = $1 ORDER BY id", EIGHTEEN_ID) == before
