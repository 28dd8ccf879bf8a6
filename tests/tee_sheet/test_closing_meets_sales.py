"""A course closes while its starts are sold, held and offered: whatever commits behind the closing respects it."""

from asyncio import create_task, gather, timeout
from collections import Counter
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from domain.tee_sheet.booking.bookings import cancel_booking
from kit.ids import parse_id
from tests.patience import PATIENCE
from tests.tee_sheet.closing import close, closing, put_status, set_status, until_somebody_waits_for, withdraw
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import PAYER, ask, club_events, done, head, hold, refused, sheet, types
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.test_moves_api import booked, make_sheet
from tests.tee_sheet.waiting import fill, free, freed, join, node, offers, statuses
from tests.thorough import times

SOLD = text("SELECT count(*) FROM booking_players WHERE slot_id IS NOT NULL")
PLACES = text("SELECT status, count(*) FROM slots GROUP BY status")


async def places(session):
    return {row.status: row.count for row in await session.execute(PLACES)}


async def test_fifty_book_while_the_course_closes_and_nothing_is_sold_behind_it(world):
    people, sold = [world.player(f"golfer {n}") for n in range(50)], 0
    for number in range(4):
        asked = [("bookSlots", {"payer": PAYER}, people[:30]), ("holdSlots", {}, people[30:])]
        acts = [
            at_once(world, operation, crowd[n::5], teeTimeId=world.tee_time(5 * number + n), places=1, **more)
            for operation, more, crowd in asked
            for n in range(5)
        ]
        async with closing_after(world, sold + 1 + 2 * number, gather(*acts)) as (session, selling):
            sold = await session.scalar(SOLD)
            assert "HELD" not in await places(session)
        found = codes([payload for payloads in await selling for payload in payloads])
        async with world.server.runtime.database.tenant(world.tenant_id) as session:
            assert await session.scalar(SOLD) == sold
            assert "HELD" not in await places(session)
        assert set(found) <= {"DONE", "COURSE_CLOSED", "SLOTS_UNAVAILABLE"}
        assert found.total() == 50
        assert found["COURSE_CLOSED"] > 0, "the closing was kept waiting until nobody came any more"
        await set_status(world, "OPEN")


@asynccontextmanager
async def closing_after(world, count, selling):
    """Close the course as soon as so many places are sold or held, by a connection that was there before."""
    now = world.server.clock()
    async with world.server.runtime.work.change(world.tenant_id) as change, timeout(PATIENCE):
        while sum(n for status, n in (await places(change.session)).items() if status in {"BOOKED", "HELD"}) < count:
            pass
        course = await put_status(change.session, world.course_id, "CLOSED")
        await withdraw(change.session, course, now=now)
        yield change.session, selling


async def test_a_day_on_which_the_staff_close_the_course_while_many_book(world):
    """All by the API: the log tells what came before the closing, and that nothing came behind it."""
    people, before = [world.player(f"golfer {n}") for n in range(24)], await head(world)
    status = {"who": world.staff, "courseId": world.course}
    asked = [("bookSlots", {"payer": PAYER}, people[:12]), ("holdSlots", {}, people[12:])]
    acts = [
        at_once(world, operation, crowd[n::3], teeTimeId=world.tee_time(n), places=1, **more)
        for operation, more, crowd in asked
        for n in range(3)
    ]
    closing_it = done(world.server, "setCourseStatus", "course { id }", **status, status="CLOSED", reason="Frost")
    *answers, closed = await gather(*acts, closing_it)
    found = codes([payload for payloads in answers for payload in payloads])
    assert set(found) <= {"DONE", "COURSE_CLOSED", "SLOTS_UNAVAILABLE"}
    late = {"who": people[0], "teeTimeId": world.tee_time(), "places": 1}
    assert (await refused(world, "holdSlots", **late)).items() >= {
        "code": "COURSE_CLOSED",
        "closedReason": "Frost",
    }.items()
    told = types(await club_events(world, after=before, upto=await head(world)))
    behind = told[told.index("course.status.changed") :]
    assert not {"slot.held", "slot.booked", "booking.created"} & set(behind)
    assert behind.count("slot.available") == told.count("slot.held")
    assert closed["problems"] == []
    given = status | {"status": "CONDITIONAL", "reason": "Wet"}
    await done(world.server, "setCourseStatus", "course { id }", **given)
    selection = "hold { id } warnings { code ... on CourseConditional { reason } }"
    payload = await done(world.server, "holdSlots", selection, **late)
    assert payload["warnings"] == [{"code": "COURSE_CONDITIONAL", "reason": "Wet"}]
    await done(world.server, "clearCourseStatusOverride", "course { id }", **status)
    given = {"who": people[0], "holdId": payload["hold"]["id"], "payer": PAYER}
    payload = await done(world.server, "bookSlots", "booking { id } warnings { code }", **given)
    assert payload["warnings"] == []


async def sales(world):
    """Prepare every way to have a place of the day; gives each with its input."""
    _, [tomorrow, *_] = await make_sheet(world, days=1)
    ana, start = world.player("ana"), {"teeTimeId": world.tee_time()}
    other = {"who": ana, "teeTimeId": tomorrow, "places": 1, "payer": PAYER}
    later = (await done(world.server, "bookSlots", "booking { id }", **other))["booking"]["id"]
    await join(world, ana, 2)
    await freed(world, 2)
    [offer] = await offers(world)
    return {
        "holdSlots": start | {"places": 1},
        "bookSlots": start | {"places": 1, "payer": PAYER},
        "a hold": {"holdId": (await hold(world, ana, 1))["hold"]["id"], "payer": PAYER},
        "updateBooking": {"bookingId": await booked(world, 3, ana), "players": [{"firstName": "Eva"}]},
        "moveBooking": {"bookingId": later} | start,
        "acceptWaitlistOffer": {"offerId": offer["id"]},
    }


async def test_every_sale_waits_for_a_closing_that_is_under_way(world):
    ana, given = world.player("ana"), await sales(world)
    for name, wish in given.items():
        operation = "bookSlots" if name == "a hold" else name
        async with world.server.runtime.work.change(world.tenant_id) as change:
            await put_status(change.session, world.course_id, "CLOSED")
            sale = create_task(ask(world.server, operation, who=ana, **wish))
            await until_somebody_waits_for(change.session, world)  # it has no tee time's lock that the closing needs
            rows = await change.session.execute(text("SELECT id FROM tee_times FOR UPDATE NOWAIT"))
            assert len(rows.all()) == 50
        [problem] = (await sale).data[operation]["problems"]
        assert problem["code"] == "COURSE_CLOSED", name
        await set_status(world, "OPEN")
    for name, wish in given.items():
        operation = "bookSlots" if name == "a hold" else name
        assert (await ask(world.server, operation, who=ana, **wish)).data[operation]["problems"] == []


async def test_a_closing_waits_for_a_sale_that_is_under_way_and_ends_what_it_held(world):
    ana = world.player("ana")
    await join(world, ana, 0)
    booking = await fill(world, 0)
    now = world.server.clock()
    async with world.server.runtime.work.change(world.tenant_id) as change:
        viewer = world.staff.viewer(now)
        await cancel_booking(change.session, viewer=viewer, booking_id=parse_id("booking", booking), now=now)
        await change.session.flush()  # there is an offer, which nobody sees yet
        ending = create_task(close(world))
        await until_somebody_waits_for(change.session, world)
    await ending
    assert await offers(world) == []
    assert await statuses(world, 0) == ["AVAILABLE"] * 4
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        rows = await session.scalars(text("SELECT status FROM waitlist_offers"))
        assert list(rows) == ["WITHDRAWN"]


async def test_what_comes_free_behind_the_closing_s_back_is_offered_to_nobody(world):
    await join(world, world.player("ana"), None)
    booking = await fill(world, 0)
    given = {"courseId": world.course, "date": world.day.isoformat(), "localTime": "08:05"}
    for operation, wish in (("cancelBooking", {"bookingId": booking}), ("squeezeTeeTime", given)):
        async with closing(world) as session:
            act = create_task(ask(world.server, operation, who=world.staff, **wish))
            await until_somebody_waits_for(session, world)
        assert (await act).data[operation]["problems"] == []
        assert await offers(world) == []
        await set_status(world, "OPEN")


@pytest.mark.parametrize("number", range(times(3, usually=2)))
async def test_places_come_free_all_over_the_day_while_it_closes(world, number):
    entries = [await join(world, world.player(f"golfer {n}"), n) for n in range(8)]
    bookings = [await fill(world, n) for n in range(8)]
    acts = [free(world, booking) for booking in bookings]
    acts.insert(2 * number + 1, close(world))
    await gather(*acts)
    assert await offers(world) == []
    shown = Counter(slot["status"] for row in (await sheet(world))["teeTimes"] for slot in row["slots"])
    assert shown == {"AVAILABLE": 100}
    assert {(await node(world, entry["id"]))["status"] for entry in entries} == {"WAITING"}


async def test_staff_who_force_a_sale_meet_a_closing(world):
    given = {"teeTimeId": world.tee_time(), "places": 1, "evenIfClosed": True}
    for number in range(4):
        asked = [ask(world.server, "bookSlots", who=world.staff, payer=PAYER, **given)]
        asked += [ask(world.server, "holdSlots", who=world.player("ana"), teeTimeId=world.tee_time(number), places=1)]
        forced, _, _ = await gather(*asked, close(world))
        assert forced.data["bookSlots"]["problems"] == []
        shown = {slot["status"] for row in (await sheet(world))["teeTimes"] for slot in row["slots"]}
        assert shown == {"AVAILABLE", "BOOKED"}
        await set_status(world, "OPEN")


async def test_a_closing_in_a_transaction_that_is_given_up_changes_nothing(world):
    held = await hold(world, world.player("ana"))
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        course = await put_status(session, world.course_id, "CLOSED")
        await withdraw(session, course, now=world.server.clock())
        await session.rollback()
    given = {"who": world.player("ana"), "holdId": held["hold"]["id"], "payer": PAYER}
    await done(world.server, "bookSlots", "booking { id }", **given)
