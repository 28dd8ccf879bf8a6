"""What happens to a hosted tee time reaches everybody concerned by each way, once, however often it is carried."""

from collections import Counter

import pytest

from kit.sending import Mail as Letter
from tests.house.inventory import SUBSCRIPTION
from tests.matching.golf import golfer
from tests.matching.test_bookings_behind import behind, book, desk
from tests.matching.test_hosted import act, host, notified
from tests.matching.test_what_falls_due import Mail, reachable
from tests.notifications.post import post


@pytest.fixture
async def crew(world):
    """Ana, Ben and Eva, each with an address and a device of their own, by which all can be told."""
    found = {name: (await golfer(world, name))[0] for name in ("ana", "ben", "eva")}
    await reachable(world, *found)
    for name, who in found.items():
        device = SUBSCRIPTION | {"endpoint": SUBSCRIPTION["endpoint"] + name}
        made = await world.server.mutate("registerPushDevice", "device { id }", who=who, **device)
        assert made["problems"] == []
    return found


async def carried(world):
    """Carry all that waits, thrice; give how many e-mails and pushes each was sent, by name and kind."""
    carrier = Mail()
    for _ in range(3):
        await post(world, carrier)
    found = Counter()
    for one in carrier.sent:
        is_mail = isinstance(one, Letter)
        name = one.to.partition("@")[0] if is_mail else one.endpoint.removeprefix(SUBSCRIPTION["endpoint"])
        found[(name, "mail" if is_mail else one.kind)] += 1
    return found


async def told(world, crew, kind):
    return {name: [one for one, _ in await notified(world, who)].count(kind) for name, who in crew.items()}


async def test_a_cancelled_one(world, crew):
    made = await host(world, crew["ana"])
    for name in ("ben", "eva"):
        await act(world, "joinTeeTime", who=crew[name], teeTimeId=made["id"])
    await carried(world)
    await act(world, "cancelHostedTeeTime", who=crew["ana"], teeTimeId=made["id"])
    kind = "TEE_TIME_CANCELLED"
    assert await carried(world) == {(name, way): 1 for name in ("ben", "eva") for way in ("mail", kind)}
    assert await told(world, crew, kind) == {"ana": 0, "ben": 1, "eva": 1}


async def test_one_whose_booking_moves_closes_and_is_cancelled(world, crew):
    booking = await book(world, crew["ana"])
    made = await behind(world, crew["ana"], booking)
    for name in ("ben", "eva"):
        await act(world, "joinTeeTime", who=crew[name], teeTimeId=made["id"])
    await carried(world)
    await desk(world, "moveBooking", booking, teeTimeId=world.tee_time(-2))
    assert await carried(world) == {(name, "BOOKING_MOVED"): 1 for name in crew}
    assert await told(world, crew, "BOOKING_MOVED") == dict.fromkeys(crew, 1)
    given = {"courseId": world.course, "status": "CLOSED", "reason": "Fog"}
    await world.server.mutate("setCourseStatus", "course { id }", who=world.staff, **given)
    assert await carried(world) == {(name, "COURSE_CLOSED"): 1 for name in crew}
    assert await told(world, crew, "COURSE_CLOSED") == dict.fromkeys(crew, 1)
    await desk(world, "cancelBooking", booking)
    cancelled = {"ana": "BOOKING_CANCELLED", "ben": "TEE_TIME_CANCELLED", "eva": "TEE_TIME_CANCELLED"}
    expected = {(name, way): 1 for name, kind in cancelled.items() for way in ("mail", kind)}
    assert await carried(world) == expected
