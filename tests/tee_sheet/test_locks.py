"""What a change holds, in which order, and what it sees behind its locks: two transactions, one waits for the other.

That a sale holds no start while it waits for its course is shown where a course closes (`test_closing_meets_sales.py`).
"""

from asyncio import create_task
from datetime import time, timedelta

from sqlalchemy import text

from domain.tee_sheet.booking.access import find_booking_and_club, lock_booking, lock_row
from domain.tee_sheet.desk.squeezing import squeeze_tee_time
from domain.tee_sheet.inventory.slots import lock_on_sale, lock_tee_time
from kit.ids import parse_id
from models.tee_sheet.values import SlotStatus
from tests.tee_sheet.closing import until_somebody_waits_for
from tests.tee_sheet.test_moves_api import booked

LOCK_ALL_STARTS = text("SELECT id FROM tee_times FOR UPDATE NOWAIT")


async def start_of_a_sale(world, tee_time_id):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        _, locked = await lock_on_sale(session, course_id=world.course_id, tee_time_id=tee_time_id)
        return locked.tee_time.starts_at, locked.sheet.is_online, [slot.status for slot in locked.slots]


async def test_a_sale_sees_what_was_changed_while_it_waited_for_the_start(world):
    tee_time_id = parse_id("tee_time", world.tee_time())
    async with world.server.runtime.work.change(world.tenant_id) as change:
        held = await lock_tee_time(change.session, tee_time_id)
        sale = create_task(start_of_a_sale(world, tee_time_id))
        await until_somebody_waits_for(change.session, world)
        held.tee_time.starts_at += timedelta(minutes=5)
        held.sheet.is_online = False
        held.slots[0].status, held.slots[0].blocks = SlotStatus.BLOCKED, 1
    taken = [SlotStatus.BLOCKED, *[SlotStatus.AVAILABLE] * 3]
    assert await sale == (held.tee_time.starts_at, False, taken)


async def start_of_a_booking(world, booking_id):
    async with world.server.runtime.database.tenant(world.tenant_id) as session:
        viewer = world.staff.viewer(world.server.clock())
        booking, _ = await find_booking_and_club(session, viewer=viewer, booking_id=booking_id)
        locked = await lock_booking(session, booking)
        return booking.tee_time_id, locked.tee_time.id, len(locked.slots)


async def test_a_booking_is_locked_before_any_start_and_followed_to_one_that_was_made_meanwhile(world):
    now, booking_id = world.server.clock(), parse_id("booking", await booked(world))
    viewer = world.staff.viewer(now)
    async with world.server.runtime.work.change(world.tenant_id) as change:
        booking, _ = await find_booking_and_club(change.session, viewer=viewer, booking_id=booking_id)
        await lock_row(change.session, booking)
        other = create_task(start_of_a_booking(world, booking_id))
        await until_somebody_waits_for(change.session, world)
        await change.session.execute(LOCK_ALL_STARTS)  # none is held by who waits for the booking
        given = {"course_id": world.course_id, "day": world.day, "local_time": time(8, 5), "tee": 1}
        made = await squeeze_tee_time(change.session, viewer=viewer, now=now, **given)
        booking.tee_time_id = made.id
    assert await other == (made.id, made.id, 4)
