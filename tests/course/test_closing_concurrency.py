"""What holds when a course closes, opens and closes again while many book, hold, cancel and answer offers."""

from asyncio import gather, sleep, timeout
from collections import Counter
from contextlib import suppress

from sqlalchemy import text

from domain.clubs.closures import CourseClosed
from domain.course.problems import NoOverride
from domain.course.rules import Decision
from domain.course.thresholds import set_thresholds
from domain.journeys.course_status import set_status
from domain.tee_sheet.booking.bookings import book_slots, cancel_booking
from domain.tee_sheet.booking.sales import BookingWish
from domain.tee_sheet.offers.holds import hold_slots
from domain.tee_sheet.offers.problems import SlotsUnavailable
from kit.ids import parse_id
from models.clubs.tables import Course
from models.course.tables import CourseClosure
from models.notifications import Notification, NotificationKind
from tests.course.turf import CLOSED, HOUR, MARGIN, OPEN, by, clear, history, look, override, rows, strike
from tests.patience import PATIENCE
from tests.tee_sheet.crowd import at_once
from tests.tee_sheet.desk import PAYER, ask, block, book, hold, unblock
from tests.tee_sheet.test_concurrency import codes
from tests.tee_sheet.waiting import fill, free, join, offers

STORM = {"wind_kmh": 70.0}
LEFT_OVER = """
    SELECT 'a place that is held' FROM slots WHERE status = 'HELD'
    UNION ALL SELECT 'a live hold' FROM holds WHERE status = 'ACTIVE'
    UNION ALL SELECT 'a live offer' FROM waitlist_offers WHERE status = 'PENDING'
    UNION ALL SELECT 'a block of nobody' FROM slots s WHERE s.blocks <> (SELECT count(*) FROM block_slots b
        JOIN blocks ON blocks.id = b.block_id WHERE b.slot_id = s.id AND blocks.removed_at IS NULL)
"""


async def left_over(world):
    """Look where it counts for what must not be there while the course is closed."""
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        return list(await session.scalars(text(LEFT_OVER)))


async def told_bookings(world):
    told = await rows(world, Notification, kind=NotificationKind.COURSE_CLOSED)
    return Counter(row.data["booking_id"] for row in told)


async def close_amid(world):
    """Close the course while all other connections are at work, with many requests behind them."""
    viewer, pool = world.staff.viewer(world.server.clock()), world.server.runtime.database.app.pool
    given = {"course_id": world.course_id, "status": CLOSED, "reason": "Storm", "now": world.server.clock()}
    async with timeout(PATIENCE), world.server.runtime.work.change(world.tenant_id) as change:
        await change.session.connection()
        while True:
            await sleep(0)
            if pool.checkedout() == pool.size():
                break
        await set_status(change.session, viewer=viewer, **given)


async def test_a_closing_among_fifty_who_book_and_fifty_who_hold_leaves_nothing_held_and_tells_all_who_booked(world):
    """Some of them come before the closing, and some after it: which they are is for the locks to say."""
    people = [world.player(f"golfer {n}") for n in range(50)]
    first = (await book(world, people[0], 11))["booking"]["id"]
    await hold(world, people[1], 11)
    wish = {"places": 1, "payer": PAYER}
    acts = [at_once(world, "bookSlots", people[n::5], teeTimeId=world.tee_time(n), **wish) for n in range(5)]
    acts += [at_once(world, "holdSlots", people[n::5], teeTimeId=world.tee_time(n + 3), places=1) for n in range(5)]
    *found, _ = await gather(*acts, close_amid(world))
    payloads = [payload for some in found for payload in some]
    assert {"COURSE_CLOSED"} <= set(codes(payloads)) <= {"DONE", "COURSE_CLOSED", "SLOTS_UNAVAILABLE"}
    assert await left_over(world) == []
    booked = {payload["booking"]["id"] for payload in payloads if payload.get("booking")}
    assert await told_bookings(world) == dict.fromkeys({first, *booked}, 1)


async def test_a_closing_among_those_who_cancel_leaves_no_live_offer_and_the_reopening_makes_them(world):
    for number in range(8):
        await join(world, world.player(f"waits {number}"), number)
    sold = [await fill(world, number) for number in range(8)]
    await gather(*(free(world, booking) for booking in sold[:4]), override(world), *(free(world, b) for b in sold[4:]))
    assert await offers(world) == []
    assert await left_over(world) == []
    await clear(world)
    assert len(await offers(world)) == 8


async def test_closing_and_opening_at_once_with_offers_that_are_answered_ends_whole(world, clock):
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    people = [world.player(f"waits {number}") for number in range(6)]
    for number, who in enumerate(people):
        await join(world, who, number)
        await free(world, await fill(world, number))

    async def answer(who):
        for offer in await offers(world, who):
            await ask(world.server, "acceptWaitlistOffer", who=who, offerId=offer["id"])

    acts = (*map(answer, people), strike(world), override(world, OPEN), clear(world), look(world, **STORM))
    found = await gather(*acts, return_exceptions=True)
    assert {type(one) for one in found if one is not None} <= {Course, Decision, NoOverride}
    await override(world)
    assert await left_over(world) == []
    entries = await history(world)
    assert [entry.previous_status for entry in entries[:-1]] == [entry.new_status for entry in entries[1:]]
    assert len([row for row in await rows(world, CourseClosure) if row.ended_at is None]) == 1


async def sell(world, number):
    """Have some hold, some book, and some give back what they booked, on one tee time; they may be refused."""
    clock, staff = world.server.clock, world.staff.viewer(world.server.clock())
    wish = BookingWish(places=1, payer_first_name="Ana", payer_last_name="García")
    for n in range(6):
        who = world.player(f"golfer {number} {n}").viewer(clock())
        given = {"viewer": who, "tee_time_id": parse_id("tee_time", world.tee_time(number)), "now": clock()}
        with suppress(CourseClosed, SlotsUnavailable):
            async with world.server.runtime.work.change(world.tenant_id) as change:
                if n % 2:
                    await hold_slots(change.session, places=1, **given)
                    continue
                booking = await book_slots(change.session, wish=wish, **given)
            async with world.server.runtime.work.change(world.tenant_id) as change:
                await cancel_booking(change.session, viewer=staff, booking_id=booking.id, now=clock())


async def open_and_close(world):
    for n in range(6):
        await override(world, (CLOSED, OPEN)[n % 2], until=world.server.clock() + (n + 4) * HOUR)


async def storm(world):
    for n in range(6):
        await look(world, **(STORM if n % 2 else {}))
        with suppress(NoOverride):
            await clear(world)


async def put_and_lift_blocks(world):
    for n in range(4):
        made = await block(world, n, keepBookings=True)
        await unblock(world, made["block"]["id"])


async def test_nobody_who_takes_locks_waits_for_another_in_a_circle(world):
    """Most of these call the domain, which knows no second try: PostgreSQL would end one for a circle of locks."""
    await by(world, world.staff, set_thresholds, margin=MARGIN, auto_block_on_severe=True)
    await join(world, world.player("waits"), None)
    await gather(
        *(sell(world, number) for number in range(5)), open_and_close(world), storm(world), put_and_lift_blocks(world)
    )
    await override(world)
    assert await left_over(world) == []
